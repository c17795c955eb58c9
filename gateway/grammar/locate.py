"""From a finding to an issue with its place in the bytes that were received."""

from __future__ import annotations

import re

import msgspec

from gateway.codecs.charset import UNDECODED, encode
from gateway.codecs.model import RawDocument, Segment
from gateway.codecs.split import layout
from gateway.core.issues import Issue, Location
from gateway.grammar.findings import Finding, Kind
from gateway.grammar.model import Node

_LONGEST_VALUE = 255  # a sender chooses it, and issues are kept
_LONGEST_TAG = 8
_UNDECODED = re.compile(f"[{UNDECODED}]")
_OF_CHARACTERS = frozenset({Kind.UNDECODED, Kind.CONTROL_CHARACTER})


class Locator:
    """Finds places in one document. Segments are cut once; bytes are counted on from the last place asked for."""

    def __init__(self, document: RawDocument) -> None:
        self.segments: list[Segment] = document.segments()
        self._document = document
        self._texts = [document.delimiters.element.join(segment) for segment in self.segments]
        self._starts: list[int] = []
        at = 0
        for blanks, text in zip(layout(document.text, document.delimiters).breaks, self._texts):
            self._starts.append(at + len(blanks))
            at += len(blanks) + len(text) + 1
        self._last = (0, document.offset)
        level = document.syntax.partition(":")[0] if document.standard == "edifact" else ""
        self._declared = level or document.charset

    def issue(self, finding: Finding, number: int, node: Node | None) -> Issue:
        """The issue of a finding at segment ``number``."""
        place, tag = finding.node or node, finding.tag or self.segments[number - 1][0]
        location = Location(
            segment=number,
            tag=shown(tag, _LONGEST_TAG),
            loop=(place.path or None) if place is not None else None,
            element=finding.element or None,
            component=finding.component or None,
            repetition=finding.repetition or None,
            offset=self._offset(number, finding),
            reference=finding.reference,
            line=self._line(number),
        )
        params = finding.params
        if finding.kind in _OF_CHARACTERS:
            params = {"charset": self._declared} | params
        value = None if finding.value is None else shown(finding.value, _LONGEST_VALUE)
        return Issue(finding.kind.code(self._document.standard), location, value, params)

    def _line(self, number: int) -> int | None:
        """The line of a record; other documents are not told by lines."""
        origins = self._document.origins
        return origins[min(number, len(origins)) - 1].line if origins else None

    def _offset(self, number: int, finding: Finding) -> int:
        """Bytes to the place, counted in the segment alone by the rules of the codec."""
        if self._document.origins:
            return self._document.offset_of(number)
        start = self._starts[number - 1]
        known, offset = self._last
        if start < known:
            known, offset = 0, self._document.offset
        offset += len(encode(self._document.text[known:start], self._document.charset))
        self._last = (start, offset)
        alone = msgspec.structs.replace(self._document, text=self._texts[number - 1], offset=offset)
        return alone.offset_of(1, finding.element, finding.component, finding.repetition)


def shown(text: str, most: int) -> str:
    """Cut, and as text that can be stored: bytes that are none are written ``\\xfc``."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return _UNDECODED.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", cut)
