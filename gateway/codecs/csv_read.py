"""CSV files by declared columns: rows gathered to documents, with everything that is wrong about them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import msgspec

from gateway.codecs.csv_layout import DOCUMENT, LINE, Column, Layout
from gateway.codecs.csv_rows import Row, rows
from gateway.codecs.model import LIMITS, Limits, Origin, RawDocument, Segment
from gateway.codecs.records import CSV, DELIMITERS, framed, placed
from gateway.core.issues import Issue, Location

_SHOWN = 80


def csv_documents(
    body: bytes, layout: Layout, version: str, type: str, limits: Limits = LIMITS
) -> Iterator[RawDocument]:
    """The documents of a file. What is wrong with one does not stop the others; never raises."""
    reader = _Reader(layout, version, type, limits)
    if b"\0" in body:
        place = body.index(b"\0")
        at = Origin(body.count(b"\n", 0, place) + 1, place)
        yield reader.unreadable(at, len(body), _at("REC-F01", at, reason="it has a zero byte, and is no text"))
        return
    yield from reader.documents(rows(body, layout), len(body))


def headings(body: bytes, layout: Layout) -> list[str]:
    """The first row of a file, as this layout reads it."""
    first = next(rows(body[:65536], layout), None)
    return [cell.strip() for cell in first.cells] if first is not None else []


def fits(body: bytes, layout: Layout) -> bool:
    """Whether the first row names every column that must be there, and none that is not declared."""
    found = set(headings(body, layout))
    declared = {column.title for column in layout.column} | set(layout.ignore)
    return layout.header and {column.title for column in layout.column if column.required} <= found <= declared


class _Open(msgspec.Struct):
    """The document whose rows are being read."""

    key: tuple[str, ...]
    start: Origin
    values: dict[str, str]
    lines: list[Segment] = []
    origins: list[Origin] = []
    issues: list[Issue] = []
    size: int = 0
    large: bool = False


class _Reader:
    def __init__(self, layout: Layout, version: str, type: str, limits: Limits) -> None:
        self.layout, self.version, self.type, self.limits = layout, version, type, limits
        self.count = 0
        self.closed: set[tuple[str, ...]] = set()
        self.date = re.compile(layout.date_pattern, re.ASCII)
        self.number = re.compile(rf"[+-]?\d+(?:{re.escape(layout.decimal)}\d+)?", re.ASCII)
        self.document, self.line = layout.of("document"), layout.of("line")

    def documents(self, found: Iterator[Row], end: int) -> Iterator[RawDocument]:
        columns: list[Column | None] = list(self.layout.column)
        if self.layout.header:
            first = next(found, None)
            if first is None:
                return
            issues = self._wrong(first)
            if issues:
                yield self.unreadable(first.origin, end, *issues)
                return
            known = {column.title: column for column in self.layout.column}
            columns = [known.get(cell.strip()) for cell in first.cells]
        open_: _Open | None = None
        for row in found:
            if row.error:
                issue = _at("REC-F02", row.origin, reason=row.error)
                if open_ is None:
                    yield self.unreadable(row.origin, end, issue)
                    return
                open_.issues.append(issue)
                break
            values = {c.name: cell for c, cell in zip(columns, row.cells) if c is not None}
            key = tuple(values.get(name, "").strip() for name in self.layout.key)
            if open_ is None or (key != open_.key and any(key)):
                if open_ is not None:
                    yield self._made(open_, row.origin.offset)
                open_ = self._begun(key, row, values)
            self._row(open_, row, values, columns)
        if open_ is not None:
            yield self._made(open_, end)

    def unreadable(self, at: Origin, end: int, *issues: Issue) -> RawDocument:
        """What stands for a file, or the rest of it, that cannot be read."""
        return self._raw("", at.offset, end, issues, ())

    def _wrong(self, first: Row) -> list[Issue]:
        """What is wrong with the headings."""
        if first.error:
            return [_at("REC-F02", first.origin, reason=first.error)]
        given = [cell.strip() for cell in first.cells]
        known = {column.title for column in self.layout.column} | set(self.layout.ignore)
        found = [
            _at("REC-F03", first.origin, title, column=title)
            for title in (column.title for column in self.layout.column if column.required)
            if title not in given
        ]
        found += [_at("REC-F04", first.origin, _cut(title)) for title in given if title and title not in known]
        twice = sorted({title for title in given if title and given.count(title) > 1})
        return found + [_at("REC-F05", first.origin, _cut(title)) for title in twice]

    def _begun(self, key: tuple[str, ...], row: Row, values: dict[str, str]) -> _Open:
        opened = _Open(key, row.origin, values)
        if key in self.closed:
            shown = _cut(" ".join(key))
            opened.issues.append(_at("REC-R03", row.origin, shown, self.layout.key[0]))
        self.closed.add(key)
        return opened

    def _row(self, open_: _Open, row: Row, values: dict[str, str], columns: list[Column | None]) -> None:
        """One more row of a document."""
        open_.size += sum(map(len, row.cells))
        if open_.large or open_.size > self.limits.document_bytes or len(open_.lines) >= self.limits.document_segments:
            if not open_.large:
                open_.issues.append(_at("REC-D01", row.origin, str(self.limits.document_bytes)))
            open_.large = True
            open_.lines.clear()
            return
        if len(row.cells) < len(columns) or any(cell.strip() for cell in row.cells[len(columns) :]):
            params = {"found": str(len(row.cells)), "expected": str(len(columns))}
            self._tell(open_, _at("REC-R01", row.origin, **params))
        for column in self.document:
            later = values.get(column.name, "").strip()
            if later and row.origin != open_.start and later != open_.values.get(column.name, "").strip():
                self._tell(open_, _at("REC-R02", row.origin, _cut(later), column.name))
        cells = [self._value(column, values.get(column.name, ""), row.origin, open_) for column in self.line]
        if any(cells):
            open_.lines.append([LINE, *cells])
            open_.origins.append(row.origin)

    def _tell(self, open_: _Open, issue: Issue) -> None:
        if len(open_.issues) < self.limits.issues_per_document:
            open_.issues.append(issue)

    def _value(self, column: Column, given: str, origin: Origin, open_: _Open) -> str:
        """A value in the one form of numbers and dates; as it stands where it is none."""
        text = given.strip()
        if not text or column.type == "text":
            return text
        if column.type == "number":
            if self.number.fullmatch(text):
                return text.lstrip("+").replace(self.layout.decimal, ".")
            self._tell(open_, _at("REC-R04", origin, _cut(text), column.name, decimal=self.layout.decimal))
            return text
        written = self._date(text)
        if written is None:
            self._tell(open_, _at("REC-R05", origin, _cut(text), column.name, format=self.layout.date))
        return written or text

    def _date(self, text: str) -> str | None:
        found = self.date.fullmatch(text)
        if found is None:
            return None
        try:
            return dt.date(int(found["year"]), int(found["month"]), int(found["day"])).strftime("%Y%m%d")
        except ValueError:
            return None

    def _made(self, open_: _Open, end: int) -> RawDocument:
        cells = [self._value(column, open_.values.get(column.name, ""), open_.start, open_) for column in self.document]
        text = framed([[DOCUMENT, *cells], *open_.lines])
        return self._raw(
            "" if open_.large else text, open_.start.offset, end, open_.issues, placed([open_.start, *open_.origins])
        )

    def _raw(
        self, text: str, start: int, end: int, issues: list[Issue] | tuple[Issue, ...], origins: tuple[Origin, ...]
    ) -> RawDocument:
        self.count += 1
        return RawDocument(
            standard=CSV,
            type=self.type,
            version=self.version,
            association="",
            control_number=str(self.count),
            position=self.count,
            text=text,
            offset=start,
            length=end - start,
            delimiters=DELIMITERS,
            charset=self.layout.encoding,
            issues=tuple(issues),
            origins=origins,
        )


def _at(code: str, origin: Origin, value: str | None = None, column: str | None = None, **params: str) -> Issue:
    place = Location(reference=column, line=origin.line, offset=origin.offset)
    return Issue(code, place, value, ({"column": column} if column else {}) | params)


def _cut(text: str) -> str:
    safe = text.encode("utf-8", "backslashreplace").decode()
    return safe if len(safe) <= _SHOWN else safe[: _SHOWN - 1] + "…"
