"""Lines of XML bound to the table of their document and to the canonical one: an author's mistakes are found here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from typing import Any

from gateway.canonical import DOCUMENTS, Part, form_of
from gateway.grammar.xml_schema import Structure, ValueType, XmlTable
from gateway.grammar.xml_values import Primitive
from gateway.mapping.bind_line import Tables
from gateway.mapping.conversions import (
    INTEGER,
    TEXT,
    X12_NUMBER,
    Conversion,
    ConversionError,
    Memory,
    Numbers,
    plain,
)
from gateway.mapping.definition import Definition
from gateway.mapping.fields import Field, field_at
from gateway.mapping.lines import Computed, Constant, Hole, Path, Place, dotted, mistake
from gateway.mapping.xml_lines import XmlLine

_ZONE = re.compile(r"(?:Z|[+-]\d\d:\d\d)$", re.ASCII)
_FINE = re.compile(r"\.\d{7,}")


def _read_number(text: str) -> Decimal:
    assert X12_NUMBER.table is not None
    number: Decimal = X12_NUMBER.table[text.removeprefix("+")]
    return number


def _read_date(text: str) -> date:
    if _ZONE.search(text[10:]):
        raise ConversionError("it has a time zone, and the field has no place for it")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConversionError("it is not a day of the years 1 to 9999") from None


def _read_time(text: str) -> time:
    try:
        if not _FINE.search(text):
            return time.fromisoformat(text)
    except ValueError:
        pass
    raise ConversionError("it is not a time of day down to microseconds")


_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def _read_flag(text: str) -> bool:
    if text not in _FLAGS:
        raise ConversionError("it is neither true nor false")
    return _FLAGS[text]


_BY_TYPE: dict[type[Any], Conversion] = {
    str: TEXT,
    Decimal: Conversion("XML_NUMBER", Numbers(_read_number), plain, numeric=True),
    int: INTEGER,
    date: Conversion("XML_DATE", Memory(_read_date), date.isoformat),
    time: Conversion("XML_TIME", Memory(_read_time), time.isoformat),
    bool: Conversion("XML_FLAG", Memory(_read_flag), lambda value: "true" if value else "false"),
}
"""By the type of the field."""


@dataclass(frozen=True)
class Value:
    """A place that is tied. ``trimmed``: blanks at its ends mean nothing (identifiers, codes, numbers)."""

    place: Constant | Hole | Computed
    type: Primitive
    path: Path = ()
    conversion: Conversion = TEXT
    trimmed: bool = True

    @cached_property
    def hole(self) -> Hole | None:
        return self.place if isinstance(self.place, Hole) else None

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What selects here."""
        return self.place.words if isinstance(self.place, Constant) and not self.place.written_only else ()

    @cached_property
    def name(self) -> str:
        return dotted(self.path)


@dataclass(slots=True, eq=False)
class Row:
    """One element that is tied. ``path`` leads from the object around it to what its rows fill; ``part`` is the type of
    the object that each instance makes (``each``)."""

    tag: str
    where: str
    position: int
    line: XmlLine
    content: Value | None = None
    attributes: dict[str, Value] = field(default_factory=dict)
    path: Path = ()
    part: type[Part] | None = None
    rows: list[Row] = field(default_factory=list)
    by: dict[str, list[Row]] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)  # the order of the lines: of two values the first counts
    selects: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    structure: Structure | None = None
    single: bool = False  # the element occurs once

    @property
    def has_data(self) -> bool:
        """Whether anything in it says something of the document: without, it is written with what is around it."""
        values = [self.content, *self.attributes.values()]
        own = any(value is not None and not isinstance(value.place, Constant) for value in values)
        return own or any(row.has_data for row in self.rows)

    @property
    def chooses(self) -> bool:
        """Whether it takes some of the elements of its name only."""
        return bool(self.selects or self.line.without or (self.content and self.content.words))

    @property
    def many(self) -> bool:
        return self.part is not None or bool(self.content and self.content.hole and self.content.hole.many)


def bind_xml(definition: Definition, table: XmlTable, tables: Tables) -> Row:
    """The root of the mapping, bound. Raises MappingDefinitionError with file and line of a mistake."""
    document = form_of(definition.document, definition.standard)
    assert definition.elements is not None
    if document is None:
        known = ", ".join(sorted(DOCUMENTS))
        raise mistake(definition.file, f"There is no canonical document {definition.document}.", f"There are: {known}.")
    root = Row(table.type, definition.file, 0, definition.elements, part=document, structure=table.root)
    _Binder(table, document, tables).fill(root, document, ())
    return root


class _Binder:
    def __init__(self, table: XmlTable, document: type[Part], tables: Tables) -> None:
        self._table, self._document, self._tables = table, document, tables

    def fill(self, row: Row, part: type[Part], prefix: Path) -> None:
        """The rows of an element. ``part`` is the object around them, ``prefix`` what of it they fill."""
        structure = row.structure
        assert structure is not None
        for line in row.line.items:
            place = structure.index.get(line.tag)
            if line.removes:
                raise mistake(line.where, "Only a mapping that extends another removes lines.")
            if place is None:
                there = ", ".join(child.tag for child in structure.children)
                raise mistake(line.where, f"{line.tag} does not occur in {row.tag}.", f"There are: {there}.")
            made = Row(line.tag, line.where, place.position, line)
            self._bind(made, place.of, part, prefix)
            made.single = place.most == 1
            if made.many and made.single and line.having is None:
                raise mistake(line.where, f"{line.tag} occurs once: it cannot hold a list.")
            row.rows.append(made)
            row.by.setdefault(made.tag, []).append(made)
        row.selects = [
            ((inner.tag, *path), words) for inner in row.rows if not inner.many for path, words in _selects(inner)
        ]
        row.ranks = {tag: rank for rank, tag in enumerate(row.by)}
        self._check_reach(row)

    def _bind(self, row: Row, of: str, part: type[Part], prefix: Path) -> None:
        line, kind = row.line, self._table.values.get(of)
        for condition in (line.when, line.unless):
            if condition is not None:
                field_at(part, prefix + condition, line.where)
        for name, place in line.attributes.items():
            attribute = kind.attributes.get(name) if kind else None
            if attribute is None:
                there = ", ".join(f"@{each}" for each in kind.attributes) if kind else ""
                raise mistake(line.where, f"{line.tag} has no attribute {name}.", f"There are: {there or 'none'}.")
            row.attributes[name] = self._value(place, attribute.type, part, prefix, line.where)
        if kind is not None:
            self._check_value(line, kind)
            assert line.content is not None
            row.content = self._value(line.content, kind.type, part, prefix, line.where)
            return
        row.structure = self._table.structures[of]
        if not row.structure.children or not line.items:
            raise mistake(line.where, f"No line says what stands in {line.tag}.", "Indent the lines of its elements.")
        if line.kind:
            found = field_at(part, prefix + line.path, line.where)
            _check_part(line, found)
            row.path = line.path
            if line.kind == "each":
                row.part = found.type
                if line.having is not None and field_at(found.type, line.having[0], line.where).type is not str:
                    raise mistake(line.where, f"{dotted(line.having[0])} is no text.")
                self.fill(row, found.type, ())
                return
        self.fill(row, part, prefix + row.path)
        if line.without and line.without not in row.structure.index:
            raise mistake(line.where, f"{line.without} does not occur in {line.tag}: it is always without.")

    def _check_value(self, line: XmlLine, kind: ValueType) -> None:
        if line.items or line.kind:
            raise mistake(line.where, f"{line.tag} is a value ({kind.name}): no element stands in it.")
        if line.content is None:
            raise mistake(line.where, f"Nothing says what stands in {line.tag}.", "Write {field} or a constant.")

    def _value(self, place: Place, type: Primitive, part: type[Part], prefix: Path, where: str) -> Value:
        trimmed = type.name != "string"
        if isinstance(place, Computed):
            return Value(place, type)
        if isinstance(place, Constant):
            return Value(place, type, trimmed=trimmed)
        if len(place.paths) > 1 or place.default is not None:
            raise mistake(where, "In XML a place has one field and no default.")
        path = place.paths[0] if place.from_root else prefix + place.paths[0]
        found = field_at(self._document if place.from_root else part, path, where)
        if found.is_part or found.many != place.many:
            hint = f"It is a list: {{{dotted(path)}[]}}." if found.many and not found.is_part else None
            raise mistake(where, f"{dotted(path)} cannot stand in one value.", hint)
        return Value(place, type, path, self._conversion(place, found, type, where), trimmed)

    def _conversion(self, place: Hole, found: Field, type: Primitive, where: str) -> Conversion:
        if place.conversion is None:
            return _BY_TYPE[found.type]
        table = self._tables(place.conversion, where)
        for left, right in table.items():
            if right.__class__ is not found.type:
                raise mistake(where, f"The table {table.name} gives {right!r} for {left}: {found.name} cannot hold it.")
        if table.passing and found.type is not str:
            raise mistake(where, f"The table {table.name} lets unknown codes pass, and {found.name} is not a text.")
        return Conversion(f"TABLE_{table.name}", table, table.write, coarse=table.coarse)

    def _check_reach(self, row: Row) -> None:
        for tag, rivals in row.by.items():
            for index, later in enumerate(rivals):
                taken = [other for other in rivals[:index] if other.many and not other.chooses]
                if taken:
                    detail = f"This line can never be reached: {taken[0].where} takes every {tag}."
                    raise mistake(later.where, detail)


def _selects(row: Row) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The constants in an element that tell whether it is this one: where they stand, and the words."""
    if row.content is not None:
        return [((), row.content.words)] if row.content.words else []
    return row.selects


def _check_part(line: XmlLine, found: Field) -> None:
    name = dotted(line.path)
    if not found.is_part:
        raise mistake(line.where, f"{name} is a value, not a part.", f"Write {{{name}}} in a cbc: line.")
    if found.many and line.kind == "part":
        raise mistake(line.where, f"{name} is a list.", f"Write each {name}")
    if not found.many and line.kind == "each":
        raise mistake(line.where, f"{name} is no list.", f"Write {name}")


Tied = dict[str, Any]
"""The fields of an object that rows tie: None for a value, the same again for a part."""


def tied(row: Row) -> Tied:
    """What an object's rows tie."""
    found: Tied = {}
    _tie(row, found, ())
    return found


def _tie(row: Row, here: Tied, prefix: Path) -> None:
    for value in (row.content, *row.attributes.values()):
        if value is not None and value.hole is not None and not value.hole.from_root:
            _at(here, value.path[:-1])[value.path[-1]] = None
    for inner in row.rows:
        if inner.part is not None:
            if inner.line.having is not None:
                _at(here, prefix + inner.path)[inner.line.having[0][-1]] = None
            _tie(inner, _at(here, prefix + inner.path), ())
        else:
            _tie(inner, here, prefix + inner.path)


def _at(tree: Tied, path: Path) -> Tied:
    for name in path:
        tree = tree.setdefault(name, {})
    return tree
