"""A Declaration as the values of a customs message, and back, by the tables beside. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from gateway.canonical.declaration import Declaration
from gateway.core.errors import UnreadableError
from gateway.grammar.ceb_codes import CebCodes
from gateway.grammar.ceb_schema import CebTable
from gateway.grammar.xml_schema import Structure
from gateway.mapping.customs.tables import MESSAGES, Row

_CODES = ("country", "currency", "unit")
_WEIGHT_UNIT = "KGM"

#: What is filled in when a message leaves.
_AT_LEAVING = frozenset({"guid", "appType", "appTime", "appStatus", "declTime"})


class Missing(NamedTuple):
    """A mandatory element that nothing fills, the field that would, and the line that it is of ("" of the head)."""

    element: str
    field: str
    line: str = ""

    def __str__(self) -> str:
        where = f"goods_items {self.line}: " if self.line else ""
        return f"{where}{self.field or '?'} ({self.element})"


class Written(NamedTuple):
    """Head and lines by the names of elements, and what is missing in them."""

    head: dict[str, str]
    lines: list[dict[str, str]]
    missing: tuple[Missing, ...]


def written_values(declaration: Declaration, table: CebTable, codes: CebCodes) -> Written:
    """The declaration as a message of the table. Raises KeyError for a message that declarations are not written as."""
    message = MESSAGES[table.type]
    head = _values(message.head, declaration, declaration, codes)
    lines = [_values(message.lines, line, declaration, codes) for line in declaration.goods_items]
    lines = lines if message.lines else []
    structures = _structures(table)
    missing = list(_missing(structures[0], head, message.head))
    for line, values in zip(declaration.goods_items, lines, strict=False):
        missing += [each._replace(line=line.id) for each in _missing(structures[-1], values, message.lines)]
    if message.lines and not lines:
        missing.append(Missing("List", "goods_items"))
    return Written(_known(structures[0], head), [_known(structures[-1], each) for each in lines], tuple(missing))


def _structures(table: CebTable) -> list[Structure]:
    """Of the head, and of the lines behind it."""
    place = table.write.structures[table.write.root.children[0].of]
    inner = [child.of for child in place.children if child.of in table.write.structures]
    return [table.write.structures[name] for name in inner] or [place]


def _missing(structure: Structure, values: Mapping[str, str], rows: Iterable[Row]) -> Iterable[Missing]:
    fields = {row.element: row.field for row in rows}
    for child in structure.children:
        name = child.tag.rpartition(":")[2]
        if child.mandatory and not values.get(name) and name not in _AT_LEAVING:
            yield Missing(name, fields.get(name, ""))


def _known(structure: Structure, values: dict[str, str]) -> dict[str, str]:
    names = {child.tag.rpartition(":")[2] for child in structure.children}
    return {name: value for name, value in values.items() if name in names}


def _values(rows: Iterable[Row], part: Any, root: Declaration, codes: CebCodes) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        if row.field.startswith("="):
            found[row.element] = row.field[1:]
            continue
        value = _at(root, row.field[1:]) if row.field.startswith("/") else _at(part, row.field)
        text = _text(value, row.kind, codes)
        if text:
            found.setdefault(row.element, text)
    return found


def _at(part: Any, path: str) -> Any:
    for name in path.split("."):
        part = getattr(part, name, None)
        if part is None:
            return None
    return part


def _text(value: Any, kind: str, codes: CebCodes) -> str:
    if value is None:
        return ""
    if kind == "quantity":
        value = value.value
    if kind == "day":
        return str(value.strftime("%Y%m%d"))
    if kind in _CODES:
        return codes.code(kind, str(value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def read_declaration(
    type: str, head: Mapping[str, str], lines: Iterable[Mapping[str, str]], codes: CebCodes
) -> Declaration:
    """The declaration that a list (621, 603) is. Raises UnreadableError for values that a declaration cannot have."""
    message = MESSAGES[type]
    tree: dict[str, Any] = {"document": "Declaration", "direction_code": message.direction}
    _read(tree, message.head, head, codes, tree)
    tree["goods_items"] = []
    for line in lines:
        part: dict[str, Any] = {}
        _read(part, message.lines, line, codes, tree)
        tree["goods_items"].append(part)
    try:
        return msgspec.convert(tree, Declaration)
    except msgspec.ValidationError as error:
        raise UnreadableError(f"This list is no declaration: {error}.") from error


def _read(
    tree: dict[str, Any], rows: Iterable[Row], values: Mapping[str, str], codes: CebCodes, root: dict[str, Any]
) -> None:
    for row in rows:
        text = values.get(row.element, "")
        if not text or row.field.startswith("="):
            continue
        value = _value(text, row.kind, codes)
        if row.field.startswith("/"):
            root.setdefault(row.field[1:], value)
            continue
        *outer, last = row.field.split(".")
        here = tree
        for name in outer:
            here = here.setdefault(name, {})
        here.setdefault(last, value)


def _value(text: str, kind: str, codes: CebCodes) -> Any:
    if kind in _CODES:
        return codes.canonical(kind, text)
    if kind == "day":
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if kind == "quantity":
        return {"value": text, "unit_code": _WEIGHT_UNIT}
    if kind == "count":
        return int(text)
    return text
