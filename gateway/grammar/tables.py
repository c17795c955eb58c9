"""The segment, composite, element and code tables of one version, read from their texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from gateway.grammar import notation
from gateway.grammar.model import Component, Composite, Condition, ElementType, ElementUse, SegmentTable
from gateway.grammar.notation import Line

TYPES = frozenset({"AN", "ID", "DT", "TM", "R", "B", "a", "n", "an"} | {f"N{digits}" for digits in range(10)})
_Item = TypeVar("_Item")
_TAG = re.compile(r"[A-Z][A-Z0-9]{1,2}")


class _Place(NamedTuple):
    """One line below a segment or composite."""

    line: Line
    position: int
    reference: str
    mandatory: bool
    repeats: int


def elements(file: str, text: str, codes: Callable[[str], frozenset[str] | None]) -> dict[str, ElementType]:
    """Reference → element. ``codes`` hands out the code list of a reference, or None. Raises SchemaError."""
    found: dict[str, ElementType] = {}
    for line in notation.lines(file, text):
        reference, kind = line.words[0], line.word(1, "The type")
        if kind not in TYPES:
            raise line.error(f'"{kind}" is not a type.')
        if reference in found:
            raise line.error(f"Element {reference} stands here twice.")
        least, most = notation.length(line, 2)
        found[reference] = ElementType(reference, line.rest(3), kind, least, most, codes(reference))
    return found


def composites(file: str, text: str, known: dict[str, ElementType]) -> dict[str, Composite]:
    """Reference → composite. Raises SchemaError."""
    found: dict[str, Composite] = {}
    for head, body in notation.blocks(file, text):
        places, conditions = _places(body)
        parts = tuple(Component(p.position, _named(p, known), p.mandatory, p.repeats) for p in places)
        if not parts or head.words[0] in found:
            raise head.error(f"Composite {head.words[0]} is empty or stands here twice.")
        found[head.words[0]] = Composite(head.words[0], head.rest(1), parts, conditions)
    return found


def segments(
    file: str, text: str, known: dict[str, ElementType], grouped: dict[str, Composite]
) -> dict[str, SegmentTable]:
    """Tag → segment. Raises SchemaError."""
    items: dict[str, ElementType | Composite] = {**known, **grouped}
    found: dict[str, SegmentTable] = {}
    for head, body in notation.blocks(file, text):
        tag = head.words[0]
        if not _TAG.fullmatch(tag) or tag in found:
            raise head.error(f"{tag} is not a segment tag or stands here twice.")
        places, conditions = _places(body)
        uses = tuple(ElementUse(p.position, _named(p, items), p.mandatory, p.repeats) for p in places)
        found[tag] = SegmentTable(tag, head.rest(1), uses, conditions)
    return found


def code_words(file: str, text: str) -> dict[str, str]:
    """Value → our words for it, which may be empty. Raises SchemaError."""
    found: dict[str, str] = {}
    for line in notation.lines(file, text):
        if line.words[0] in found:
            raise line.error(f"Value {line.words[0]} stands here twice.")
        found[line.words[0]] = line.rest(1)
    return found


def tags(file: str, text: str) -> frozenset[str]:
    """Every segment tag of the version. Raises SchemaError."""
    found: set[str] = set()
    for line in notation.lines(file, text):
        wrong = [word for word in line.words if not _TAG.fullmatch(word)]
        if wrong:
            raise line.error(f"{wrong[0]} is not a segment tag.")
        found.update(line.words)
    return frozenset(found)


def _places(body: list[Line]) -> tuple[list[_Place], tuple[Condition, ...]]:
    """The places in order, and the conditions, which come last."""
    places: list[_Place] = []
    conditions: tuple[Condition, ...] = ()
    for line in body:
        if line.words[0] == "conditions":
            conditions += notation.conditions(line, len(places))
            continue
        if line.words[0] != f"{len(places) + 1:02d}" or conditions:
            raise line.error(f"Position {len(places) + 1:02d} is expected here.")
        line.at_most(4)
        reference = line.word(1, "The reference of the element")
        place = _Place(line, len(places) + 1, reference, notation.status(line, 2), notation.count(line, 3))
        places.append(place)
    return places, conditions


def _named(place: _Place, known: Mapping[str, _Item]) -> _Item:
    """The item that a place refers to."""
    if place.reference not in known:
        raise place.line.error(f"There is no element {place.reference} in the tables of this version.")
    return known[place.reference]
