"""A service segment as it stood in the interchange, and issues that point into it."""

from __future__ import annotations

from typing import NamedTuple

from gateway.codecs.charset import width
from gateway.codecs.model import Delimiters, Segment
from gateway.codecs.split import components, unescape, values
from gateway.core.issues import Issue, Location


class Line(NamedTuple):
    """ISA, UNB, SE … : ``number`` counts from 1 in the interchange or, for ST … SE and UNH … UNT, in the document."""

    segment: Segment
    number: int
    offset: int  # bytes from the start of the transmission to the tag
    delimiters: Delimiters
    charset: str

    @property
    def tag(self) -> str:
        """Without the nesting that EDIFACT may put behind it (ISO 9735:1988 §8: ``UNH:1``)."""
        return self.segment[0].partition(self.delimiters.component)[0]

    def raw(self, element: int) -> str:
        """An element as it stands there; empty when it is not there."""
        return self.segment[element] if element < len(self.segment) else ""

    def text(self, element: int) -> str:
        """An element unescaped, as a whole; empty when it is not there."""
        return unescape(self.raw(element), self.delimiters)

    def value(self, element: int, component: int = 1) -> str:
        """A component, unescaped; empty when it is not there."""
        raw, marks = self.raw(element), self.delimiters
        if marks.release is not None and marks.release in raw:
            parts = values(raw, marks)
        elif component == 1:
            return raw.partition(marks.component)[0]
        else:
            parts = raw.split(marks.component)
        return parts[component - 1] if component <= len(parts) else ""

    def issue(
        self, code: str, element: int = 0, component: int = 0, /, value: str | None = None, **params: str
    ) -> Issue:
        """An issue of this segment at an element (0: at the tag)."""
        place = Location(
            segment=self.number,
            tag=self.tag,
            element=element or None,
            component=component or None,
            offset=self._offset(element, component),
        )
        return Issue(code, place, value, params)

    def _offset(self, element: int, component: int) -> int:
        """In ISO 2022, whose shifts make widths uncertain, the segment's begin stands for all places in it."""
        if self.charset.startswith("iso2022") and not all(part.isascii() for part in self.segment):
            return self.offset
        before = self.segment[:element]
        length = sum(width(part, self.charset) + 1 for part in before)
        if component > 1:
            ahead = components(self.raw(element), self.delimiters)[: component - 1]
            length += sum(width(part, self.charset) + 1 for part in ahead)
        whole = width(self.delimiters.element.join(self.segment), self.charset)
        return self.offset + min(length, whole)
