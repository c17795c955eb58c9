"""UN/EDIFACT facts → the tables of one directory."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from gateway.core.errors import SchemaError
from gateway.grammar.convert_text import Directory, Element, Group, Item, Message, Place, used_tags, wanted

INTERPRETED = (
    "1001",
    "1153",
    "1225",
    "1229",
    "2005",
    "2379",
    "3035",
    "3155",
    "4343",
    "4347",
    "5025",
    "5125",
    "5283",
    "5463",
    "6063",
    "6343",
    "6347",
    "7077",
    "7143",
)

_REPRESENTATION = re.compile(r"(an|a|n)(\.\.)?(\d+)")
_SERVICE = frozenset({"UNH", "UNT"})

Facts = Mapping[str, Any]


def directory(facts: Facts, messages: Collection[str] | None, codes: Iterable[str] | None) -> Directory:
    """The wanted messages and all that they use."""
    name = facts["directory"]  # D96A
    made = Directory(f"edifact/{name[0]}.{name[1:]}", tags=list(facts["segments"]))
    for kind in wanted(messages, facts["messages"]):
        entry = facts["messages"][kind]
        made.messages[kind] = Message(entry["name"], "", _items(entry["structure"]))
    for tag in facts["segments"] if messages is None else used_tags(made.messages.values()):
        if tag in facts["segments"]:  # UNS is a service segment
            entry = facts["segments"][tag]
            made.segments[tag] = Group(entry["name"].capitalize(), _places(made, facts, entry), [])
    for reference in INTERPRETED if codes is None else codes:
        if reference in made.elements and facts["codes"].get(reference):
            made.codes[reference] = sorted(facts["codes"][reference], key=lambda value: (len(value), value))
    return made


def _items(structure: Iterable[Facts]) -> list[Item]:
    """The tree without UNH and UNT; groups are named SG1, SG2 …"""
    return [
        Item(
            entry["tag"] if "tag" in entry else f"SG{entry['group']}",
            entry["status"] == "M",
            int(entry["max"]),
            _items(entry["items"]) if "items" in entry else None,
        )
        for entry in structure
        if entry.get("tag") not in _SERVICE
    ]


def _places(made: Directory, facts: Facts, entry: Facts) -> list[Place]:
    """The places of a segment or composite; what they refer to is added."""
    places = []
    for use in entry["elements"]:
        reference = use["ref"]
        places.append(Place(reference, use["status"] == "M", int(use.get("max", 1))))
        if reference in facts["composites"]:
            inner = facts["composites"][reference]
            made.composites[reference] = Group(inner["name"].capitalize(), _places(made, facts, inner), [])
        else:
            made.elements[reference] = representation(facts["elements"][reference]["name"], use["repr"])
    return places


def representation(name: str, text: str) -> Element:
    """``an..35`` and ``n8``. Raises SchemaError."""
    match = _REPRESENTATION.fullmatch(text)
    if match is None:
        raise SchemaError(f"{text} is not a representation of a data element.", file="facts")
    most = int(match[3])
    return Element(name, match[1], 1 if match[2] else most, most)
