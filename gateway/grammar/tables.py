"""The segment, composite, element and code entries of a version, each read from its few lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from gateway.grammar import layers, notation
from gateway.grammar.layers import Entry, Layer
from gateway.grammar.model import Component, Composite, Condition, ElementType, ElementUse, SegmentTable
from gateway.grammar.notation import Line

TYPES = frozenset({"AN", "ID", "DT", "TM", "R", "B", "a", "n", "an"} | {f"N{digits}" for digits in range(10)})
_TAG = re.compile(notation.TAG)

Elements = Mapping[str, ElementType]
Composites = Mapping[str, Composite]


class _Place(NamedTuple):
    """One line below a segment or composite."""

    line: Line
    position: int
    reference: str
    mandatory: bool
    repeats: int


def element(entry: Entry, codes: Callable[[str], frozenset[str] | None]) -> ElementType:
    """``codes`` hands out the code list of a reference, or None. Raises SchemaError."""
    line = layers.only_line(entry)
    reference, kind = line.words[0], line.word(1, "The type")
    if kind not in TYPES:
        raise line.error(f'"{kind}" is not a type.')
    least, most = notation.length(line, 2)
    return ElementType(reference, line.rest(3) or reference, kind, least, most, codes(reference))


def composite(entry: Entry, elements: Elements) -> Composite:
    """Raises SchemaError."""
    head, body = layers.block(entry)
    places, conditions = _places(body)
    parts = tuple(Component(p.position, _element(p, elements), p.mandatory, p.repeats) for p in places)
    if not parts:
        raise head.error(f"Composite {head.words[0]} is empty.")
    return Composite(head.words[0], head.rest(1) or head.words[0], parts, conditions)


def segment(entry: Entry, elements: Elements, composites: Composites) -> SegmentTable:
    """Raises SchemaError."""
    head, body = layers.block(entry)
    if not _TAG.fullmatch(head.words[0]):
        raise head.error(f"{head.words[0]} is not a segment tag.")
    places, conditions = _places(body)
    uses = tuple(ElementUse(p.position, _item(p, elements, composites), p.mandatory, p.repeats) for p in places)
    return SegmentTable(head.words[0], head.rest(1) or head.words[0], uses, conditions)


def code_words(texts: list[Layer]) -> dict[str, str]:
    """Value → our words for it, from the topmost layer that has some; they may be empty. Raises SchemaError."""
    said: dict[str, str] = {}
    for layer in texts:
        for value, entry in layers.entries([layer]).items():
            said[value] = said.get(value) or layers.only_line(entry).rest(1)
    return {value: said[value] for value in layers.entries(texts)}


def tags(file: str, text: str) -> frozenset[str]:
    """The segment tags of a list of them. Raises SchemaError."""
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


def _item(place: _Place, elements: Elements, composites: Composites) -> ElementType | Composite:
    """The element or composite that a place refers to."""
    return composites[place.reference] if place.reference in composites else _element(place, elements)


def _element(place: _Place, elements: Elements) -> ElementType:
    if place.reference not in elements:
        raise place.line.error(f"There is no element {place.reference} in the tables of this version.")
    return elements[place.reference]
