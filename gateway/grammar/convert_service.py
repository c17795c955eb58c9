"""Facts of the service segments and of CONTRL, for one version of the EDIFACT syntax (ISO 9735)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from gateway.core.errors import SchemaError
from gateway.grammar.convert_text import Directory, Element, Group, Item, Message, Place

INTERPRETED = ("0081", "0083", "0085")
SEGMENTS = ("UNB", "UNG", "UNH", "UNS", "UNT", "UNE", "UNZ", "UCI", "UCF", "UCM", "UCS", "UCD")

Facts = Mapping[str, Any]


def directory(facts: Facts, codes: Iterable[str] | None) -> Directory:
    """The segments of batch interchanges and CONTRL. Syntax version 4 is told by 0135, which it has for 0013."""
    version = "4" if any(use["id"] == "0135" for use in facts["segments"]["UCI"]["elements"]) else "3"
    made = Directory(f"edifact/service-{version}", tags=list(facts["segments"]))
    made.messages["CONTRL"] = Message("Syntax and service report message", "", _items(facts["CONTRL"]))
    for tag in SEGMENTS:
        entry = facts["segments"][tag]
        made.segments[tag] = Group(_title(entry["name"]), [_place(made, use) for use in entry["elements"]], [])
    for reference in INTERPRETED if codes is None else codes:
        if facts["codes"].get(reference):
            made.codes[reference] = sorted(facts["codes"][reference], key=lambda value: (len(value), value))
    return made


def _items(structure: Iterable[Facts]) -> list[Item]:
    return [
        Item(
            entry["seg"] if "seg" in entry else entry["group"],
            entry["status"] == "M",
            int(entry["max"]),
            _items(entry["children"]) if "children" in entry else None,
        )
        for entry in structure
        if entry.get("seg") not in ("UNH", "UNT")
    ]


def _place(made: Directory, use: Facts) -> Place:
    reference = use["id"]
    if use.get("components"):
        parts = [_place(made, part) for part in use["components"]]
        made.composites[reference] = Group(_title(use["name"]), parts, [])
    else:
        most = int(use["len"] if "len" in use else use["max"])
        least = most if "len" in use else int(use.get("min", 1))
        element = Element(_title(use["name"]), use["type"], least, most)
        if made.elements.setdefault(reference, element)[1:] != element[1:]:
            raise SchemaError(f"Element {reference} has two representations.", file="facts")
    return Place(reference, bool(use["req"]), int(use.get("rep") or 1))


def _title(name: str) -> str:
    """``interchangeSender`` → Interchange sender."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
