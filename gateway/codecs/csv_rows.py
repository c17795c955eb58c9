"""The rows of a CSV file (RFC 4180), each with the line and the byte at which it begins."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import NamedTuple

from gateway.codecs.csv_layout import Layout
from gateway.codecs.model import Origin

_BOM = b"\xef\xbb\xbf"


class Row(NamedTuple):
    """One row. ``error``: why reading ends here; then the cells are empty."""

    cells: list[str]
    origin: Origin
    error: str = ""


def rows(body: bytes, layout: Layout) -> Iterator[Row]:
    """The rows that are not blank. Bytes that are no text survive as surrogates, and are reported at their place."""
    start = len(_BOM) if body.startswith(_BOM) else 0
    try:
        text = body[start:].decode(layout.encoding, "surrogateescape")
    except UnicodeDecodeError as error:
        yield Row([], Origin(1, 0), f"it is not {layout.encoding}: {error.reason} at byte {start + error.start}")
        return
    lines = _Lines(text, start, layout.encoding)
    reader = csv.reader(lines, delimiter=layout.delimiter, quotechar=layout.quote, strict=True, skipinitialspace=False)
    while True:
        begun = lines.here
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row([], begun, f"{error}")
            return
        if any(cell.strip() for cell in cells):
            yield Row(cells, begun)


class _Lines:
    """The lines of a text; ``here`` is where the next one begins."""

    def __init__(self, text: str, offset: int, encoding: str) -> None:
        self._text, self._encoding, self._at = text, encoding, 0
        self.here = Origin(1, offset)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._at >= len(self._text):
            raise StopIteration
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end + 1
        line = self._text[self._at : end]
        self._at = end
        size = len(line) if line.isascii() else len(line.encode(self._encoding, "surrogateescape"))
        self.here = Origin(self.here.line + 1, self.here.offset + size)
        return line
