"""The characters that UNOA and UNOB allow (ISO 9735:1988 §5, levels A and B)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from gateway.codecs.charset import UNDECODED
from gateway.codecs.model import Delimiters, RawDocument, Segment
from gateway.codecs.split import components
from gateway.grammar.findings import Finding, Kind
from gateway.grammar.values import CONTROLS, escape

_PUNCTUATION = " .,-()/='+:?!\"%&*;<>"
_LETTERS = {"UNOA": "A-Z0-9", "UNOB": "A-Za-z0-9"}


class Repertoire(NamedTuple):
    """The characters of one level. ``outside`` finds one that is not among them; what is no text at all is left out,
    since every level reports it."""

    name: str
    outside: re.Pattern[str]

    def strays(self, segments: Sequence[Segment], delimiters: Delimiters) -> Iterator[tuple[int, Finding]]:
        """Each element with such characters, by the number of its segment."""
        for number, segment in enumerate(segments, 1):
            for position, element in enumerate(segment[1:], 1):
                if self.outside.search(element):
                    yield from self._components(number, position, segment[0], element, delimiters)

    def _components(
        self, number: int, position: int, tag: str, element: str, delimiters: Delimiters
    ) -> Iterator[tuple[int, Finding]]:
        parts = components(element, delimiters)
        for place, part in enumerate(parts, 1):
            if self.outside.search(part):
                component = place if len(parts) > 1 else 0
                params = {"name": f"{tag} element {position}", "charset": self.name}
                yield number, Finding(Kind.BEYOND_REPERTOIRE, params, part, position, component)


def repertoire_of(document: RawDocument) -> Repertoire | None:
    """The repertoire of a document, where its interchange declares one that is less than its character set."""
    level = document.syntax[:4]
    return _repertoire(level, document.delimiters) if level in _LETTERS else None


@lru_cache(maxsize=32)
def _repertoire(level: str, delimiters: Delimiters) -> Repertoire:
    service = "".join(mark for mark in delimiters if mark)
    allowed = _LETTERS[level] + escape(_PUNCTUATION + service)
    return Repertoire(level, re.compile(f"[^{allowed}{CONTROLS}{UNDECODED}]"))
