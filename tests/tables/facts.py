"""Reads tables of facts and mends what is known to be wrong or missing in them."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Facts = dict[str, Any]

UNBOUNDED = 999_999
CUT = 99_999

#: Sets that the facts give no name to.
X12_NAMES = {
    "218": "Motor Carrier Tariff Information",
    "240": "Motor Carrier Package Status",
    "753": "Request for Routing Instructions",
    "754": "Routing Instructions",
    "871": "Component Parts Content",
    "999": "Implementation Acknowledgment",
}


def read(path: Path) -> Facts:
    """A file of JSON, packed or not."""
    raw = path.read_bytes()
    found: Facts = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    return found


def x12_004010(folder: Path) -> tuple[Facts, Facts]:
    """The facts, and further ones that name things: what 005010 calls an element is better than nothing."""
    facts, names = read(folder / "x12" / "004010.json"), read(folder / "x12" / "004010_named.json")
    later = x12_005010(folder)
    for kind, entry in facts["sets"].items():
        entry.setdefault("name", X12_NAMES.get(kind, ""))
    for reference, entry in facts["elements"].items():
        if entry.get("name") == reference:
            del entry["name"]
    named = {use["elem"] for use in _uses(names)}
    for reference, entry in facts["elements"].items():
        if reference not in named and "name" not in entry:
            name = next((use["name"] for use in _uses(later) if use["elem"] == reference), None)
            entry.update({"name": name} if name else {})
    _agree_on_mandatory(facts, names)
    names["segment_names"] = {**later["segment_names"], **names["segment_names"]}
    return facts, names


def x12_005010(folder: Path) -> Facts:
    """The facts, all sets with a name."""
    facts = read(folder / "x12" / "005010.json")
    for kind, entry in facts["transactions"].items():
        if kind in X12_NAMES:
            entry["name"] = X12_NAMES[kind]
    return facts


def edifact(folder: Path) -> list[Facts]:
    """The directories, the oldest first."""
    found = [read(path) for path in (folder / "edifact").glob("D*.json.gz")]
    found.sort(key=lambda facts: _age(facts["directory"]))
    service = read(folder / "edifact" / "service.json")["V4"]
    names = {ref: entry["name"] for facts in reversed(found) for ref, entry in facts["elements"].items()}
    before: Facts = {}
    for facts in found:
        _add_service_segments(facts, service)
        _add_missing_elements(facts, names)
        _name(facts, before)
        for message in facts["messages"].values():
            _start_groups_once(message["structure"])
        before = facts
    return found


def unbounded(structure: list[Facts]) -> list[Facts]:
    """The same with every repetition that may be a larger number cut off taken as one without bound."""
    return [
        {
            **entry,
            "max": UNBOUNDED if entry["max"] == CUT else entry["max"],
            **({"items": unbounded(entry["items"])} if "items" in entry else {}),
        }
        for entry in structure
    ]


def _age(directory: str) -> tuple[int, str]:
    year = int(directory[1:3])
    return year + (1900 if year > 80 else 2000), directory[3:]


def _uses(facts: Facts) -> list[Facts]:
    places = [use for uses in facts["segments"].values() for use in uses]
    return [part for use in places for part in (use, *use.get("components", ()))]


def _add_service_segments(facts: Facts, service: Facts) -> None:
    """UGH and UGT stand in messages as UNS does, and only syntax version 4 has them."""
    for tag in ("UGH", "UGT"):
        if any(_has(message["structure"], tag) for message in facts["messages"].values()):
            entry = service["segments"][tag]
            uses = [{"ref": use["id"], "status": "M", "repr": f"an..{use['max']}"} for use in entry["elements"]]
            facts["segments"][tag] = {"name": _words(entry["name"]), "elements": uses}
            for use, said in zip(uses, entry["elements"], strict=True):
                facts["elements"][use["ref"]] = {"name": _words(said["name"]), "repr": use["repr"]}


def _has(structure: list[Facts], tag: str) -> bool:
    return any(entry.get("tag") == tag or _has(entry.get("items", []), tag) for entry in structure)


def _add_missing_elements(facts: Facts, names: dict[str, str]) -> None:
    """Elements that are used and not described: their uses say the representation, another directory the name."""
    groups = [*facts["segments"].values(), *facts["composites"].values()]
    for use in [use for group in groups for use in group["elements"]]:
        if use["ref"] not in facts["elements"] and use["ref"] not in facts["composites"]:
            facts["elements"][use["ref"]] = {"name": names.get(use["ref"], ""), "repr": use["repr"]}


def _start_groups_once(structure: list[Facts]) -> None:
    """A segment that starts a group and repeats in it (one group in each of three directories) starts it each time."""
    for group in (entry for entry in structure if "items" in entry):
        first = group["items"][0]
        group["max"], first["max"] = group["max"] * first["max"], 1
        _start_groups_once(group["items"])


def _name(facts: Facts, before: Facts) -> None:
    """Names that are run together (``addressUsage``) or missing: as the directory before has them, else split."""
    for kind in ("messages", "segments", "composites", "elements"):
        for key, entry in facts[kind].items():
            known = before.get(kind, {}).get(key, {}).get("name", "")
            if not entry["name"] or _letters(entry["name"]) == _letters(known):
                entry["name"] = known or key
            elif entry["name"].isupper():
                entry["name"] = entry["name"].capitalize()
            elif re.fullmatch(r"[a-z]+(?:[A-Z0-9][a-zA-Z0-9]*)+", entry["name"]):
                entry["name"] = _words(entry["name"])


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _words(name: str) -> str:
    """``addressUsage`` → Address usage."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).capitalize()


def _agree_on_mandatory(facts: Facts, names: Facts) -> None:
    """The facts call some places optional that are mandatory in their loop; the further ones know. Where they differ
    in segments (210 lacks a loop), the further ones hold."""
    for kind, entry in names["transactions"].items():
        theirs = _as_items(entry["structure"][0]["children"])
        ours = facts["sets"][kind]["structure"]
        mine, other = list(_flat(ours)), list(_flat(theirs))
        if [row[0] for row in mine] != [row[0] for row in other]:
            facts["sets"][kind]["structure"] = theirs
            continue
        for (_, around, item), (_, about, better) in zip(mine, other, strict=True):
            if around == about and ("items" in item) == ("items" in better) and better["req"] == "M":
                item["req"] = "M"


def _as_items(structure: list[Facts]) -> list[Facts]:
    """The further layout in the layout of the facts."""
    found = []
    for entry in (entry for entry in structure if entry["seg"] not in ("ST", "SE")):
        item = {"req": "M" if entry["min"] else "O", "max": UNBOUNDED if entry["max"] == CUT else entry["max"]}
        if "children" in entry:
            start = {"seg": entry["seg"], "req": "M", "max": 1}
            found.append({**item, "loop": entry["seg"], "items": [start, *_as_items(entry["children"])]})
        else:
            found.append({**item, "seg": entry["seg"]})
    return found


def _flat(structure: list[Facts], around: int = -1, at: list[int] | None = None) -> Iterator[tuple[str, int, Facts]]:
    """Every segment with the number of the one that starts the loop around it; a loop stands for its first segment."""
    counted = at if at is not None else [0]
    for item in structure:
        number, counted[0] = counted[0], counted[0] + 1
        if "items" in item:
            yield item["items"][0]["seg"], around, item
            yield from _flat(item["items"][1:], number, counted)
        else:
            yield item["seg"], around, item
