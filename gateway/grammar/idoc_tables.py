"""The tables of IDocs: ``schemas/idoc/segments.txt``, and a message for each basic type and message type."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from gateway.codecs.idoc_columns import REST, FlatField, FlatSegment
from gateway.codecs.idoc_write import Placed
from gateway.codecs.model import Segment
from gateway.codecs.records import IDOC
from gateway.core.errors import SchemaError
from gateway.grammar import messages, notation
from gateway.grammar.model import ElementType, ElementUse, MessageTable, Node, SegmentTable
from gateway.grammar.versions import is_name

_SEGMENTS = f"{IDOC}/segments.txt"
_KINDS = {"": "an", "n": "n", "date": "DT", "time": "TM", "beside": "an"}


class IdocSchemas:
    """All tables below ``schemas/idoc``. ``files`` and ``names`` as in ``Schemas``."""

    def __init__(self, files: Callable[[str], str | None], names: Callable[[str], list[str]]) -> None:
        self._files, self._names = files, names
        self._known: dict[tuple[str, str], MessageTable] = {}

    def kinds(self) -> list[tuple[str, str]]:
        """Basic type and message type of every table, in order."""
        found = [name.removesuffix(".txt").split("/") for name in self._names(f"{IDOC}/")]
        return sorted((parts[1], parts[2]) for parts in found if len(parts) == 3)

    @cached_property
    def _flat(self) -> dict[str, tuple[str, FlatSegment]]:
        """Tag → name and columns. Raises SchemaError."""
        found: dict[str, tuple[str, FlatSegment]] = {}
        tag, name, definition = "", "", ""
        fields: list[FlatField] = []
        for line in notation.lines(_SEGMENTS, self._files(_SEGMENTS) or ""):
            if line.depth == 0:
                tag, definition, name = line.words[0], line.word(1, "The definition"), line.rest(2)
                fields = []
            else:
                kind = _KINDS.get(line.words[2] if len(line.words) > 2 else "")
                beside = line.words[3] if len(line.words) > 3 else ""
                if kind is None or not line.word(1, "The length").isdecimal() or not tag:
                    raise line.error(
                        "A field is NAME LENGTH, and n, date or time where it is no text, or beside FIELD."
                    )
                fields.append(FlatField(line.words[0], int(line.words[1]), kind, beside))
            found[tag] = (name, FlatSegment(definition, tuple(fields)))
        return found

    def segment(self, tag: str) -> FlatSegment | None:
        """The columns of a segment. Raises SchemaError on tables that are wrong."""
        found = self._flat.get(tag)
        return found[1] if found else None

    def table(self, version: str, type: str) -> MessageTable:
        """The table of a message: ORDERS of ORDERS05. Raises SchemaError."""
        key = (version, type)
        if key not in self._known:
            self._known[key] = self._read(version, type)
        return self._known[key]

    def _read(self, version: str, type: str) -> MessageTable:
        file = f"{IDOC}/{version}/{type}.txt"
        text = self._files(file) if is_name(version) and is_name(type) else None
        if text is None:
            there = ", ".join(f"{kind} of {base}" for base, kind in self.kinds()) or "none"
            raise SchemaError(
                f"There is no table for {type} in {version}.", file="schemas/idoc", hint=f"There are: {there}."
            )
        read = messages.message(file, text, IDOC)
        segments = {tag: _segment(tag, name, flat) for tag, (name, flat) in self._flat.items()}
        for node in read.root.walk():
            if node.parent is not None and node.tag not in segments:
                raise SchemaError(f"There is no segment {node.tag} in segments.txt.", file=file)
        digest = hashlib.sha256((text + (self._files(_SEGMENTS) or "")).encode()).hexdigest()
        return MessageTable(IDOC, version, type, read.name, read.root, segments, digest, tags=frozenset(segments))


def placed(table: MessageTable, segments: Sequence[Segment]) -> Iterator[Placed]:
    """Segments in the order of their message, each with its depth."""
    loops: list[Node] = [table.root]
    for segment in segments:
        while len(loops) > 1 and not any(child.tag == segment[0] for child in (loops[-1].children or ())[1:]):
            loops.pop()
        yield Placed(len(loops) - 1, segment)
        opened = next((child for child in loops[-1].children or () if child.tag == segment[0] and child.is_loop), None)
        if opened is not None:
            loops.append(opened)


def _segment(tag: str, name: str, flat: FlatSegment) -> SegmentTable:
    uses = [ElementUse(at, _element(field), False) for at, field in enumerate(flat.fields, 1)]
    return SegmentTable(tag, name, tuple(uses))


def _element(field: FlatField) -> ElementType:
    most = field.length if field.name != REST else 100_000
    least = {"DT": 8, "TM": 6}.get(field.kind, 1)
    return ElementType(field.name, "", field.kind, least, most)
