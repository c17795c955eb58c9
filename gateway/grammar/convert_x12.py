"""X12 facts → the tables of one version."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from gateway.core.errors import SchemaError
from gateway.grammar.convert_text import Directory, Element, Group, Item, Message, Place, used_tags, wanted

INTERPRETED = (
    *("66", "92", "110", "143", "235", "353", "355", "374", "479", "587", "639", "640", "668", "670"),
    *("715", "716", "717", "718", "720", "723", "735", "1005"),
)

ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"})  # of every version: schemas/x12/service

Facts = Mapping[str, Any]


def directory(facts: Facts, messages: Collection[str] | None, names: Facts, codes: Iterable[str] | None) -> Directory:
    """The wanted sets and all that they use."""
    maker = _Maker(facts, names)
    made = maker.made
    for kind in wanted(messages, facts["sets"]):
        entry = facts["sets"][kind]
        made.messages[kind] = Message(entry.get("name", ""), entry.get("fg", ""), _items(entry["structure"]))
    for tag in set(facts["segments"]) - ENVELOPE if messages is None else used_tags(made.messages.values()):
        maker.add_segment(tag)
    for reference in INTERPRETED if codes is None else codes:
        values = facts["elements"].get(reference, {}).get("codes")
        if values and reference in made.elements:
            made.codes[reference] = sorted(values)
    return made


def _items(structure: Iterable[Facts]) -> list[Item]:
    """The tree. A loop is named by the segment that starts it."""
    return [
        Item(
            entry["seg"] if "seg" in entry else entry["items"][0]["seg"],
            entry["req"] == "M",
            int(entry["max"]),
            _items(entry["items"]) if "items" in entry else None,
        )
        for entry in structure
    ]


class _Maker:
    """Gathers segments with what they refer to."""

    def __init__(self, facts: Facts, names: Facts) -> None:
        self.made = Directory(f"x12/{facts['version']}", tags=list(facts["segments"]))
        self._facts = facts
        self._composites = facts["composites"]
        self._second: dict[str, list[Facts]] = {}
        for use in _uses(names):
            self._second.setdefault(use["elem"], []).append(use)
        self._segment_names = names.get("segment_names", {})

    def add_segment(self, tag: str) -> None:
        entry = self._facts["segments"][tag]
        places = [Place(use["ref"], use["req"] == "M") for use in entry["elements"]]
        for place in places:
            self._add_item(place.reference)
        own: list[str] = []
        for condition in entry.get("syntax") or ():
            inside, placed = self._placed(condition, places)
            if inside is None:
                own.append(placed)
            elif placed not in self.made.composites[inside].conditions:
                self.made.composites[inside].conditions.append(placed)
        self.made.segments[tag] = Group(self._segment_names.get(tag, ""), places, own)

    def _add_item(self, reference: str) -> None:
        """An element, or a composite with its elements."""
        if reference not in self._composites:
            self.made.elements[reference] = self._element(reference)
            return
        parts = self._composites[reference]["elements"]
        places = [Place(part["ref"], part["req"] == "M") for part in parts]
        self.made.composites.setdefault(reference, Group(self._name(reference), places, []))
        for place in places:
            self._add_item(place.reference)

    def _element(self, reference: str) -> Element:
        """Facts write R8 for R. Where a second source says ID for AN it is right; where lengths differ the wider
        holds."""
        entry = self._facts["elements"][reference]
        others = self._second.get(reference, [])
        kind = "R" if entry["type"].startswith("R") else entry["type"]
        if kind == "AN" and any(other["type"] == "ID" for other in others):
            kind = "ID"
        least = min(int(source["min"]) for source in (entry, *others))
        most = max(int(source["max"]) for source in (entry, *others))
        return Element(self._name(reference), kind, least, most)

    def _name(self, reference: str) -> str:
        """From whichever source has one."""
        entry = self._facts["elements"].get(reference, {})
        return entry.get("name") or next((use["name"] for use in self._second.get(reference, ())), "")

    def _placed(self, condition: str, places: list[Place]) -> tuple[str | None, str]:
        """Facts count the components of a composite as positions of the segment. Gives the composite that a condition
        lies in (None: the segment) and the condition with the positions counted there."""
        flat = [
            (position, part)
            for position, place in enumerate(places, 1)
            for part in range(1, self._components(place.reference) + 1) or (0,)
        ]
        numbers = _numbers(condition)
        if max(numbers) > len(flat):
            raise SchemaError(f"Condition {condition} names a position that is not there.", file="facts")
        spots = [flat[number - 1] for number in numbers]
        inside = {position for position, _ in spots}
        if len(inside) == 1:
            reference = places[inside.pop() - 1].reference
            return reference, condition[0] + "".join(f"{part:02d}" for _, part in spots)
        return None, condition[0] + "".join(f"{position:02d}" for position, _ in spots)

    def _components(self, reference: str) -> int:
        return len(self._composites[reference]["elements"]) if reference in self._composites else 0


def _numbers(condition: str) -> list[int]:
    """Positions have two digits, beyond 99 three: an odd count of digits tells that there are such, and they rise."""
    digits = condition[1:]
    if len(digits) % 2 == 0:
        return [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    return next(_rising(digits, 0), [0])


def _rising(digits: str, least: int) -> Iterator[list[int]]:
    """The ways to read digits as rising numbers of two or three digits."""
    if not digits:
        yield []
    for width in (2, 3):
        number = int(digits[:width]) if len(digits) >= width else 0
        if number > least:
            yield from ([number, *rest] for rest in _rising(digits[width:], number))


def _uses(names: Facts) -> list[Facts]:
    """Every place of every segment and composite of the second source."""
    places = [use for uses in names.get("segments", {}).values() for use in uses]
    return [part for use in places for part in (use, *use.get("components", ()))]
