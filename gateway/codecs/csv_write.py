"""CSV files by declared columns, written: a row for each line of a document, its own columns in every row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from gateway.codecs.csv_layout import DOCUMENT, LINE, Column, Layout
from gateway.codecs.model import Segment
from gateway.core.issues import Issue, Location

_BREAKS = {"crlf": "\r\n", "lf": "\n"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_rows(segments: Sequence[Segment], layout: Layout) -> list[list[str]]:
    """The rows of one document; a document without lines has one row."""
    document = next((segment for segment in segments if segment[0] == DOCUMENT), [DOCUMENT])
    lines = [segment for segment in segments if segment[0] == LINE] or [[LINE]]
    common = _cells(document, layout, "document")
    found = []
    for line in lines:
        cells = common | _cells(line, layout, "line")
        found.append([cells[column.name] for column in layout.column])
    return found


def unwritable(segments: Sequence[Segment], layout: Layout) -> Iterator[Issue]:
    """What cannot be written as this file: characters that its encoding lacks, and formulas."""
    for segment in segments:
        for column, value in zip(layout.of("document" if segment[0] == DOCUMENT else "line"), segment[1:]):
            place = Location(tag=segment[0], reference=column.name)
            try:
                value.encode(layout.encoding)
            except UnicodeEncodeError:
                yield Issue("REC-W02", place, value, {"column": column.name, "encoding": layout.encoding})
            if column.type == "text" and layout.formulas == "refuse" and value.startswith(_FORMULA):
                yield Issue("REC-W01", place, value, {"column": column.name})


def csv_file(documents: Iterable[list[list[str]]], layout: Layout) -> bytes:
    """The file with the rows of these documents. The caller asked :func:`unwritable` before."""
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=layout.delimiter, quotechar=layout.quote, lineterminator=_BREAKS[layout.line_break]
    )
    if layout.header:
        writer.writerow([column.title for column in layout.column])
    for found in documents:
        writer.writerows(found)
    body = text.getvalue().encode(layout.encoding)
    return b"\xef\xbb\xbf" + body if layout.byte_order_mark else body


def _cells(segment: Segment, layout: Layout, level: str) -> dict[str, str]:
    columns = layout.of(level)
    values = [*segment[1:], *[""] * (len(columns) - len(segment) + 1)]
    return {column.name: _written(column, value, layout) for column, value in zip(columns, values)}


def _written(column: Column, value: str, layout: Layout) -> str:
    if not value or column.type == "text":
        return value
    return value.replace(".", layout.decimal) if column.type == "number" else layout.write_date(value)
