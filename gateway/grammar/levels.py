"""The hierarchical levels of health care guides: HL01 counts on from 1, HL02 names a level that is open, and the
service lines of a claim (837: LX01) count on from 1. Relations between segments, which a table of places has not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from gateway.codecs.model import Delimiters, RawDocument
from gateway.codecs.split import blanks_of
from gateway.core.issues import Issue
from gateway.grammar.findings import Finding, Kind
from gateway.grammar.locate import Locator
from gateway.grammar.validator import Validator
from gateway.grammar.values import escape

_SHOWN = 8


class Levelled(Validator):
    """Checks levels and lines beside what its table asks for."""

    def _issues(self, document: RawDocument) -> Iterator[Issue]:
        yield from super()._issues(document)
        locator: Locator | None = None
        for number, finding in _findings(document, self.table.type == "837"):
            locator = locator or Locator(document)
            yield locator.issue(finding, number, None)


def _findings(document: RawDocument, lines_counted: bool) -> Iterator[tuple[int, Finding]]:
    """By number of segment."""
    hierarchy, lines = _Hierarchy(), _Lines()
    marks, text = document.delimiters, document.text
    at, number = 0, 1
    for match in _pattern(marks).finditer(text):
        tag, own, parent = match[1], _simple(match[2], marks), _simple(match[3], marks)
        findings: Iterator[Finding] = iter(())
        if tag == "HL":
            findings = hierarchy.enter(own, parent)
        elif tag == "CLM":
            lines = _Lines()
        elif lines_counted:
            findings = lines.enter(own)
        for finding in findings:
            number += text.count(marks.terminator, at, match.start(1))
            at = match.start(1)
            yield number, finding


def _simple(value: str | None, marks: Delimiters) -> str:
    """A value; a composite, which none of these elements can be, is wrong as an element, and counts as unknown."""
    return value if value is not None and marks.component not in value else ""


class _Lines:
    """The service lines of one claim. Of numbers that do not count on, the first is found."""

    def __init__(self) -> None:
        self._count = 0
        self._in_order = True

    def enter(self, own: str) -> Iterator[Finding]:
        """The next line; what is no number is wrong as an element."""
        self._count += 1
        if self._in_order and own.isascii() and own.isdigit() and own.lstrip("0") != str(self._count):
            self._in_order = False
            yield _out_of_order("LX01", own, self._count, "554")


class _Hierarchy:
    """The levels that are open. One with a wrong number answers to that and to the number that it should have."""

    def __init__(self) -> None:
        self._count = 0
        self._in_order = True
        self._open: list[tuple[str, str]] = []
        self._depths: dict[str, int] = {}

    def enter(self, own: str, parent: str) -> Iterator[Finding]:
        """The next level. Of numbers that do not count on, the first is found: those behind it follow from it."""
        self._count += 1
        counted = str(self._count)
        if own and own.lstrip("0") != counted and self._in_order:
            self._in_order = False
            yield _out_of_order("HL01", own, self._count, "628")
        above = self._depths.get(parent) if parent else None
        if above is not None:
            self._close(above + 1)
        elif parent:
            opened = ", ".join(name for name, _ in self._open[:_SHOWN])
            yield Finding(Kind.UNKNOWN_LEVEL, {"explained": f"Open are: {opened or 'none'}."}, parent, 2, 0, 0, "734")
        for name in (own, counted):
            self._depths[name] = len(self._open)
        self._open.append((own, counted))

    def _close(self, depth: int) -> None:
        """All levels from that depth on."""
        for place in range(len(self._open) - 1, depth - 1, -1):
            for name in self._open.pop():
                if self._depths.get(name) == place:
                    del self._depths[name]


def _out_of_order(name: str, value: str, expected: int, reference: str) -> Finding:
    return Finding(Kind.OUT_OF_COUNT, {"name": name, "expected": str(expected)}, value, 1, 0, 0, reference)


@lru_cache(maxsize=32)
def _pattern(delimiters: Delimiters) -> re.Pattern[str]:
    element, end = escape(delimiters.element), escape(delimiters.terminator)
    value = f"(?:{element}([^{element}{end}]*+))?+"
    return re.compile(f"{end}[{escape(blanks_of(delimiters))}]*+(HL|LX|CLM)(?![^{element}{end}]){value}{value}")
