"""A document segment by segment: the name of each, the place it took in the message, and what its elements mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from gateway.codecs.model import Delimiters, RawDocument, Segment
from gateway.codecs.split import components, repetitions, unescape
from gateway.explain.decode import DTM_FORMAT, DTM_VALUE, Decoder, Words
from gateway.grammar import Composite, ElementType, ElementUse, MessageTable, Node, SegmentTable
from gateway.grammar.placing import places

_TRAILERS = frozenset({"SE", "UNT", "UIT"})


class Entry(msgspec.Struct, frozen=True):
    """One value: ``place`` is ``01`` or ``01-2`` (component 2), ``meaning`` is empty where the value says it all."""

    place: str
    name: str
    value: str
    meaning: str = ""
    reference: str = ""


class Annotated(msgspec.Struct, frozen=True):
    """One segment. ``depth`` counts the loops around it; ``opens`` names the loop that it starts."""

    number: int
    tag: str
    name: str
    depth: int
    opens: str
    entries: tuple[Entry, ...]


class Annotator:
    """Explains documents of one message. ``table`` None: it is not known, and only its segments are told apart.
    ``words``: our words for the values of a coded element."""

    def __init__(self, table: MessageTable | None, words: Words) -> None:
        self._table = table
        self._words = words

    def segments(self, document: RawDocument) -> Iterator[Annotated]:
        """All segments between the header and the trailer, numbered from 1 at the header. Never raises."""
        decoder = Decoder(self._words, document.delimiters.decimal)
        placed = places(self._table, document) if self._table is not None else {}
        for number, segment in enumerate(document.segments()[1:], 2):
            if segment[0] not in _TRAILERS:
                yield self._segment(number, segment, placed.get(number), document.delimiters, decoder)

    def alone(self, segment: Segment, marks: Delimiters) -> Annotated:
        """A segment that is no part of a document: TA1."""
        return self._segment(1, segment, None, marks, Decoder(self._words, marks.decimal))

    def _segment(
        self, number: int, segment: Segment, node: Node | None, marks: Delimiters, decoder: Decoder
    ) -> Annotated:
        table = _table_of(self._table, node, segment[0])
        entries = tuple(entry for entry in _entries(table, segment, marks, decoder))
        depth, opens = _standing(node)
        return Annotated(number, segment[0], table.name if table else "", depth, opens, entries)


def _table_of(message: MessageTable | None, node: Node | None, tag: str) -> SegmentTable | None:
    at_place = node.segment if node is not None else None
    return at_place or (message.segments.get(tag) if message is not None else None)


def _standing(node: Node | None) -> tuple[int, str]:
    """How deep in loops it stands, and the loop it opens."""
    if node is None:
        return 0, ""
    depth, loop = 0, node.parent
    while loop is not None and loop.parent is not None:
        depth, loop = depth + 1, loop.parent
    opens = node.parent is not None and node.parent.parent is not None and node.position == 0
    return depth, node.parent.name if opens and node.parent is not None else ""


def _entries(table: SegmentTable | None, segment: Segment, marks: Delimiters, decoder: Decoder) -> Iterator[Entry]:
    uses: Mapping[int, ElementUse] = {use.position: use for use in table.elements} if table is not None else {}
    for position, text in enumerate(segment[1:], 1):
        if not text:
            continue
        use = uses.get(position)
        for one in repetitions(text, marks) if use and use.repeats > 1 else [text]:
            yield from _element(f"{position:02d}", use, one, marks, decoder)


def _element(place: str, use: ElementUse | None, text: str, marks: Delimiters, decoder: Decoder) -> Iterator[Entry]:
    item = use.item if use is not None else None
    if isinstance(item, Composite):
        yield from _composite(place, item, components(text, marks), marks, decoder)
    else:
        yield _entry(place, item, unescape(text, marks), decoder)


def _composite(
    place: str, composite: Composite, parts: list[str], marks: Delimiters, decoder: Decoder
) -> Iterator[Entry]:
    elements = {component.position: component.element for component in composite.components}
    values = {elements[number].reference: part for number, part in enumerate(parts, 1) if number in elements}
    for number, part in enumerate(parts, 1):
        if not part:
            continue
        element, value = elements.get(number), unescape(part, marks)
        entry = _entry(f"{place}-{number}", element, value, decoder)
        if entry.reference == DTM_VALUE:
            moment = decoder.moment(value, values.get(DTM_FORMAT, ""))
            entry = msgspec.structs.replace(entry, meaning=moment)
        yield entry


def _entry(place: str, element: ElementType | None, value: str, decoder: Decoder) -> Entry:
    if element is None:
        return Entry(place, "", value)
    meaning = decoder.meaning(element, value)
    name = "" if element.name == element.reference else element.name
    return Entry(place, name, value, "" if meaning == value else meaning, element.reference)
