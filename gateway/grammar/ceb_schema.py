"""The tables of customs messages: ``schemas/ceb/EDITION`` compiled on first use into those of XML documents.

================  ==========================================================================================
file              grammar (``[]`` optional)
================  ==========================================================================================
messages/TYPE     ``message TYPE SIDE SIGNATURE``, then what stands in it, in order and nested by indentation:
                  ``NAME STATUS FORMAT [COUNT] [= VALUE …]``
groups            ``group NAME`` and nested below it what stands in it, for groups that many messages have
================  ==========================================================================================

SIDE is import or export. SIGNATURE: ``required`` always, ``declared`` of what is declared and not only staged,
``optional``, or ``none``.

STATUS: M mandatory, O optional; S where only the XML schema asks for it and the text of the specification does not, T
where only the text does. What we write has all of M, S and T; of what comes in M alone is asked (the port itself sends
receipts without their numbers).

FORMAT: ``C18`` characters, exactly so many; ``C1..60``, ``C..60``; ``C..20|30``: where the two say different things,
20 are written and 30 read. ``N19,5`` a decimal number, its digits and those behind the point; ``N9`` a whole number.
``D8`` a day, ``T14`` a time, ``T17`` with milliseconds; ``G36`` a guid. ``group`` has elements, ``any`` is not looked
into. VALUE: ``<0`` is any number below zero.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gateway.codecs.ceb import CEB, EDITION, NAMESPACE, PREFIXES
from gateway.core.errors import SchemaError
from gateway.grammar.ceb_values import VERSION, formatted, guid
from gateway.grammar.model import UNBOUNDED
from gateway.grammar.notation import Line, lines
from gateway.grammar.versions import is_name
from gateway.grammar.xml_schema import Attribute, Child, Files, Names, Structure, ValueType, XmlTable

SIDES = ("import", "export")
SIGNATURES = ("required", "declared", "optional", "none")
_STATUS = "MOST"


class CebTable(NamedTuple):
    """One message. ``read`` judges what came in, ``write`` what leaves; ``listed``: the values that an element has by
    the text of the specification, by the tags of its parent and its own."""

    type: str
    side: str
    signature: str
    read: XmlTable
    write: XmlTable
    listed: dict[tuple[str, str], list[str]]


class CebSchemas:
    """All tables below ``schemas/ceb``. Threads may share it."""

    def __init__(self, files: Files, names: Names) -> None:
        self._files, self._names = files, names
        self._tables: dict[str, CebTable] = {}

    def types(self) -> list[str]:
        """The messages there are: ``CEB213Message`` …"""
        found = self._names(f"{CEB}/{EDITION}/messages/")
        return sorted(name.rpartition("/")[2].removesuffix(".txt") for name in found)

    def table(self, type: str) -> CebTable:
        """The table of a message. Raises SchemaError when there is none, and on one that is wrong."""
        if type not in self._tables:
            self._tables[type] = self._read(type)
        return self._tables[type]

    def _read(self, type: str) -> CebTable:
        file = f"{CEB}/{EDITION}/messages/{type}.txt"
        text = self._files(file) if is_name(type) else None
        if text is None:
            there = ", ".join(self.types())
            detail = f"There is no table for {type} in {CEB} {EDITION}."
            raise SchemaError(detail, file=f"schemas/{CEB}", hint=f"There are: {there}.")
        common = self._files(f"{CEB}/{EDITION}/groups.txt") or ""
        rows = list(lines(f"schemas/{file}", text))
        head = rows[0]
        if head.words[:2] != ["message", type] or head.word(2, "The side") not in SIDES:
            raise head.error(f'It begins with "message {type}", and import or export.')
        if head.word(3, "The signature") not in SIGNATURES:
            raise head.error(f"The signature is one of: {', '.join(SIGNATURES)}.")
        groups = _groups(lines(f"schemas/{CEB}/{EDITION}/groups.txt", common))
        digest = hashlib.sha256(common.encode() + text.encode()).hexdigest()
        tree = _nested(rows[1:], 0)
        read, write = (_Compiled(type, groups, strict=strict).table(tree, digest) for strict in (False, True))
        return CebTable(type, head.words[2], head.words[3], read, write, dict(_listed(tree)))


class _Node(NamedTuple):
    line: Line
    inside: list[_Node]


def _nested(rows: list[Line], depth: int) -> list[_Node]:
    """Lines as a tree by their depth."""
    found: list[_Node] = []
    at = 0
    while at < len(rows):
        if rows[at].depth != depth:
            raise rows[at].error("It is indented too far.")
        end = next((n for n in range(at + 1, len(rows)) if rows[n].depth <= depth), len(rows))
        found.append(_Node(rows[at], _nested(rows[at + 1 : end], depth + 1)))
        at = end
    return found


def _groups(rows: Iterable[Line]) -> dict[str, list[_Node]]:
    found = {}
    for node in _nested(list(rows), 0):
        if node.line.words[0] != "group":
            raise node.line.error('A section begins with "group".')
        found[node.line.word(1, "The name")] = node.inside
    return found


def _listed(nodes: list[_Node], parent: str = "") -> Iterator[tuple[tuple[str, str], list[str]]]:
    for node in nodes:
        _, values = _rest(node.line)
        if values:
            yield (parent, _tag(node.line)), values
        yield from _listed(node.inside, _tag(node.line))


class _Compiled:
    """A message on its way to be a table of XML."""

    def __init__(self, type: str, groups: dict[str, list[_Node]], *, strict: bool) -> None:
        self._type, self._groups, self._strict = type, groups, strict
        self._structures: dict[str, Structure] = {}
        self._values: dict[str, ValueType] = {}
        self._elements: dict[str, str] = {}

    def table(self, tree: list[_Node], digest: str) -> XmlTable:
        root = self._structure(self._type, tree)
        named = (Attribute("guid", True, guid(strict=self._strict)), Attribute("version", True, VERSION))
        attributes = ValueType(self._type, VERSION, {each.name: each for each in named}, ("guid", "version"))
        return XmlTable(
            EDITION,
            self._type,
            NAMESPACE,
            root,
            self._structures,
            self._values,
            self._elements,
            digest,
            PREFIXES,
            attributes,
            frozenset({"any"}),
        )

    def _structure(self, name: str, nodes: list[_Node]) -> Structure:
        return Structure(name, [self._child(node, place) for place, node in enumerate(nodes) if _tag(node.line) != "*"])

    def _child(self, node: _Node, place: int) -> Child:
        line, tag = node.line, _tag(node.line)
        status, format = line.word(1, "The status"), line.word(2, "The format")
        if len(status) != 1 or status not in _STATUS:
            raise line.error(f'"{status}" is no status: M, O, S or T.')
        count, values = _rest(line)
        mandatory = status == "M" or (self._strict and status in "ST")
        of = format
        if format == "group":
            inside = node.inside or self._groups.get(tag.partition(":")[2], [])
            free = [_tag(each.line) for each in inside] == ["*"]
            of = "any" if free else tag
            if not free:
                self._structures[tag] = self._structure(tag, inside)
        elif format != "any":
            of = self._value(line, format, values, mandatory=mandatory)
        self._elements[tag] = of
        return Child(tag, mandatory, count, place, of)

    def _value(self, line: Line, format: str, values: list[str], *, mandatory: bool) -> str:
        """The name of the type of value; made when it is met for the first time."""
        name = " ".join([format, "" if mandatory else "empty", *values])
        if name not in self._values:
            type = formatted(format, values, strict=self._strict, empty=not mandatory)
            if type is None:
                raise line.error(f'"{format}" is no format.')
            self._values[name] = ValueType(name, type, {}, ())
        return name


def _tag(line: Line) -> str:
    name = line.words[0]
    return name if ":" in name or name == "*" else f"ceb:{name}"


def _rest(line: Line) -> tuple[int, list[str]]:
    """How often, and which values; all there is behind the format."""
    rest = line.words[3:]
    equals = rest.index("=") if "=" in rest else len(rest)
    counted, values = rest[:equals], rest[equals + 1 :]
    if len(counted) > 1 or not all(each == "*" or each.isdecimal() for each in counted):
        raise line.error(f'"{" ".join(counted)}" is no count.')
    many = counted[0] if counted else "1"
    return UNBOUNDED if many == "*" else int(many), values
