"""Byte offsets of the places of one document, for lineage and issues: found in one pass over its text."""

from __future__ import annotations

import msgspec

from gateway.codecs.charset import encode
from gateway.codecs.model import RawDocument
from gateway.codecs.split import components, layout
from gateway.core.issues import Issue
from gateway.mapping.runtime import Lineage


class Offsets:
    """Where each segment of a document starts, in bytes from the start of the transmission."""

    def __init__(self, document: RawDocument) -> None:
        self.document = document
        self.segments = document.segments()
        self.starts = self._starts()

    def place(self, segment: int, element: int, component: int = 0) -> tuple[int, int]:
        """Offset and length of a place; all count from 1, element 0 is the whole segment, component 0 all of it."""
        if self.document.origins:  # a record: where it begins
            return self.document.offset_of(segment), 0
        cells = self.segments[segment - 1]
        marks = self.document.delimiters
        start = self.starts[segment - 1]
        if not element:
            return start, self._bytes(marks.element.join(cells))
        before = marks.element.join(cells[:element]) + marks.element
        text = cells[element] if element < len(cells) else ""
        if component:
            pieces = components(text, marks)
            before += "".join(piece + marks.component for piece in pieces[: component - 1])
            text = pieces[component - 1] if component <= len(pieces) else ""
        return start + self._bytes(before), self._bytes(text)

    def of_lineage(self, entry: Lineage) -> Lineage:
        offset, length = self.place(entry.segment, entry.element, entry.component)
        return entry._replace(offset=offset, length=length)

    def of_issue(self, issue: Issue) -> Issue:
        where = issue.location
        if where.segment is None:
            return issue
        offset, _ = self.place(where.segment, where.element or 0, where.component or 0)
        origins = self.document.origins
        line = origins[min(where.segment, len(origins)) - 1].line if origins else where.line
        return msgspec.structs.replace(issue, location=msgspec.structs.replace(where, offset=offset, line=line))

    def _starts(self) -> list[int]:
        marks = self.document.delimiters
        breaks = layout(self.document.text, marks).breaks
        starts, at = [], self.document.offset
        for cells, blanks in zip(self.segments, breaks):
            at += self._bytes(blanks)
            starts.append(at)
            at += self._bytes(marks.element.join(cells) + marks.terminator)
        return starts

    def _bytes(self, text: str) -> int:
        return len(text) if text.isascii() else len(encode(text, self.document.charset))
