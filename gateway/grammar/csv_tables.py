"""Descriptions of CSV files as tables: a file of columns becomes a message of two kinds of records, DOC and ROW."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from gateway.codecs.csv_layout import DOCUMENT, LINE, Column, Layout
from gateway.codecs.records import CSV
from gateway.core.errors import SchemaError
from gateway.grammar.model import ElementType, ElementUse, MessageTable, Node, SegmentTable
from gateway.grammar.versions import is_name

_MOST_LINES = 1_000_000
_DIGITS = 30


class Described(NamedTuple):
    """One description, as the codec and as the validator read it."""

    layout: Layout
    table: MessageTable


class CsvSchemas:
    """All descriptions below ``schemas/csv/<version>/<type>.toml``. ``files`` and ``names`` as in ``Schemas``."""

    def __init__(self, files: Callable[[str], str | None], names: Callable[[str], list[str]]) -> None:
        self._files, self._names = files, names
        self._known: dict[tuple[str, str], Described] = {}

    def kinds(self) -> list[tuple[str, str]]:
        """Version and type of every description, in order."""
        found = [name.removesuffix(".toml").split("/") for name in self._names(f"{CSV}/") if name.endswith(".toml")]
        return sorted((parts[1], parts[2]) for parts in found if len(parts) == 3)

    def get(self, version: str, type: str) -> Described:
        """Raises SchemaError where there is none, and for one that is wrong."""
        key = (version, type)
        if key not in self._known:
            self._known[key] = self._read(version, type)
        return self._known[key]

    def _read(self, version: str, type: str) -> Described:
        file = f"{CSV}/{version}/{type}.toml"
        text = self._files(file) if is_name(version) and is_name(type) else None
        if text is None:
            there = ", ".join(f"{kind} of {whose}" for whose, kind in self.kinds()) or "none"
            hint = f"It would stand in schemas/{file}. There are: {there}."
            raise SchemaError(f"There is no table for {type} in {version}.", file="schemas/csv", hint=hint)
        try:
            layout = msgspec.convert(tomllib.loads(text), Layout)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise SchemaError(f"{error}.", file=file, key="column") from error
        if mistakes := layout.mistakes():
            raise SchemaError(f"{'; '.join(mistakes)}.", file=file, key="column")
        return Described(layout, _table(layout, version, type, hashlib.sha256(text.encode()).hexdigest()))


def _table(layout: Layout, version: str, type: str, digest: str) -> MessageTable:
    root = Node("UNH", True, 1, 0, type)
    document = Node(DOCUMENT, True, 1, 0, DOCUMENT, parent=root)
    loop = Node(LINE, False, _MOST_LINES, 1, LINE, parent=root)
    loop.children = (Node(LINE, True, 1, 0, LINE, parent=loop),)
    root.children = (document, loop)
    segments = {
        DOCUMENT: _segment(DOCUMENT, "Document", layout.of("document")),
        LINE: _segment(LINE, "Line", layout.of("line")),
    }
    return MessageTable(CSV, version, type, layout.name, root, segments, digest, tags=frozenset(segments))


def _segment(tag: str, name: str, columns: list[Column]) -> SegmentTable:
    uses = [ElementUse(at, _element(column), column.required) for at, column in enumerate(columns, 1)]
    return SegmentTable(tag, name, tuple(uses))


def _element(column: Column) -> ElementType:
    codes = frozenset(column.codes) if column.codes else None
    kind, least, most = {
        "text": ("an", 1, column.length),
        "number": ("n", 1, min(column.length, _DIGITS)),
        "date": ("DT", 8, 8),
    }[column.type]
    return ElementType(column.name, column.heading, kind, least, most, codes)
