"""The tables of XML documents: ``schemas/ubl/2.1`` compiled on first use.

================  ==========================================================================================
file              grammar (``…`` repeated)
================  ==========================================================================================
messages/TYPE     ``message TYPE``, ``namespace NAMESPACE``, then its children in order: ``NAME STATUS [COUNT]``
aggregates        ``aggregate NAME`` and its children likewise, …
elements          ``NAME TYPE``: an aggregate or a type of value
types             ``type NAME PRIMITIVE`` and its attributes, ``@NAME STATUS PRIMITIVE``, …
================  ==========================================================================================

STATUS is M or O, COUNT how often; ``*`` without bound, 1 where it is not said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from gateway.codecs.ubl import PREFIXES, UBL
from gateway.core.errors import SchemaError
from gateway.grammar.model import UNBOUNDED
from gateway.grammar.notation import Line, lines
from gateway.grammar.versions import is_name
from gateway.grammar.xml_values import PRIMITIVES, Primitive

Files = Callable[[str], str | None]
Names = Callable[[str], list[str]]

#: UBL 2.1 takes every document of UBL 2.0 (UBL 2.1, "minor revision").
_SERVED = {"2.0": "2.1"}


class Attribute(NamedTuple):
    name: str
    mandatory: bool
    type: Primitive


class ValueType(NamedTuple):
    """What stands in a basic element: ``Amount``."""

    name: str
    type: Primitive
    attributes: dict[str, Attribute]
    required: tuple[str, ...]  # names of attributes


class Child(NamedTuple):
    """A place in an aggregate. ``of`` names what stands in it: an aggregate or a type of value."""

    tag: str
    mandatory: bool
    most: int
    position: int
    of: str


class Structure:
    """An aggregate or a whole document: its children in order. Empty: anything may stand in it."""

    def __init__(self, name: str, children: list[Child]) -> None:
        self.name = name
        self.children = children
        self.index = {child.tag: child for child in children}
        mandatory = [child.position for child in children if child.mandatory]
        self.next_mandatory = [
            next((at for at in mandatory if at > position), len(children)) for position in range(-1, len(children))
        ]
        """By position + 1: the next place behind it that must be filled."""


class XmlTable(NamedTuple):
    """All that there is to know of one kind of document. ``structures`` and ``values`` are those of its version.

    ``prefixes``: namespace → prefix of the tags; ``attributes``: those of the root; ``free``: structures in which
    anything may stand.
    """

    version: str
    type: str
    namespace: str
    root: Structure
    structures: dict[str, Structure]
    values: dict[str, ValueType]
    elements: dict[str, str]
    digest: str
    prefixes: Mapping[str, str] = PREFIXES
    attributes: ValueType | None = None
    free: frozenset[str] = frozenset()


class _Common(NamedTuple):
    elements: dict[str, str]
    structures: dict[str, Structure]
    values: dict[str, ValueType]
    digest: bytes


class XmlSchemas:
    """All tables below ``schemas/ubl``, found as :class:`gateway.grammar.Schemas` finds the others."""

    def __init__(self, files: Files, names: Names) -> None:
        self._files, self._names = files, names
        self._common: dict[str, _Common] = {}
        self._tables: dict[tuple[str, str], XmlTable] = {}

    def versions(self) -> list[str]:
        """The versions that have tables."""
        return sorted({name.split("/")[1] for name in self._names(f"{UBL}/")})

    def types(self, version: str) -> list[str]:
        """The kinds of document of a version."""
        found = self._names(f"{UBL}/{version}/messages/")
        return sorted(name.rpartition("/")[2].removesuffix(".txt") for name in found)

    def table(self, version: str, type: str, base: str = "") -> XmlTable:
        """The table of a document. ``base``: the version that serves where this one has none.

        Raises SchemaError when there is no such table, and says which there are; and on one that is wrong.
        """
        key = (self.served(version, base), type)
        if key not in self._tables:
            self._tables[key] = self._read(*key)
        return self._tables[key]

    def served(self, version: str, base: str = "") -> str:
        """The version whose tables serve for it."""
        there = self.versions()
        found = _SERVED.get(version, version)
        return found if found in there or not base else base

    def _read(self, version: str, type: str) -> XmlTable:
        file = f"{UBL}/{version}/messages/{type}.txt"
        text = self._files(file) if is_name(version) and is_name(type) else None
        if text is None:
            there = ", ".join(self.types(version) if version in self.versions() else self.versions())
            detail = f"There is no table for {type} in {UBL} {version}."
            raise SchemaError(detail, file=f"schemas/{UBL}", hint=f"There are: {there}.")
        common = self._shared(version)
        rows = list(lines(f"schemas/{file}", text))
        if [row.words[0] for row in rows[:2]] != ["message", "namespace"]:
            raise SchemaError("It begins with its message and its namespace.", file=f"schemas/{file}")
        root = _structure(type, rows[2:], common.elements)
        digest = hashlib.sha256(common.digest + text.encode()).hexdigest()
        space = rows[1].word(1, "The namespace")
        return XmlTable(version, type, space, root, common.structures, common.values, common.elements, digest)

    def _shared(self, version: str) -> _Common:
        if version not in self._common:
            self._common[version] = self._read_shared(version)
        return self._common[version]

    def _read_shared(self, version: str) -> _Common:
        digest = hashlib.sha256()

        def rows(name: str) -> list[Line]:
            file = f"{UBL}/{version}/{name}.txt"
            text = self._files(file)
            if text is None:
                raise SchemaError("It is missing.", file=f"schemas/{file}")
            digest.update(text.encode())
            return list(lines(f"schemas/{file}", text))

        elements = {row.words[0]: row.word(1, "The type") for row in rows("elements")}
        values = _values(rows("types"))
        structures: dict[str, Structure] = {}
        for head, inside in _sections(rows("aggregates"), "aggregate"):
            name = head.word(1, "The name")
            structures[name] = _structure(name, inside, elements)
        for tag, of in elements.items():
            if of not in values and of not in structures:
                structures[of] = Structure(tag, [])
        return _Common(elements, structures, values, digest.digest())


def _sections(rows: list[Line], word: str) -> list[tuple[Line, list[Line]]]:
    found: list[tuple[Line, list[Line]]] = []
    for row in rows:
        if row.words[0] == word:
            found.append((row, []))
        elif not found:
            raise row.error(f'A section begins with "{word}".')
        else:
            found[-1][1].append(row)
    return found


def _structure(name: str, rows: list[Line], elements: dict[str, str]) -> Structure:
    children = []
    for position, row in enumerate(rows):
        tag, status = row.words[0], row.word(1, "The status")
        count = row.words[2] if len(row.words) > 2 else "1"
        if tag not in elements or status not in ("M", "O") or not (count == "*" or count.isdecimal()):
            raise row.error(f'"{row.rest(0)}" is no place: NAME STATUS [COUNT], with a NAME of elements.txt.')
        most = UNBOUNDED if count == "*" else int(count)
        children.append(Child(tag, status == "M", most, position, elements[tag]))
    return Structure(name, children)


def _values(rows: list[Line]) -> dict[str, ValueType]:
    found = {}
    for head, inside in _sections(rows, "type"):
        attributes = {}
        for row in inside:
            name = row.words[0].removeprefix("@")
            attributes[name] = Attribute(name, row.word(1, "The status") == "M", _primitive(row, 2))
        required = tuple(each.name for each in attributes.values() if each.mandatory)
        name = head.word(1, "The name")
        found[name] = ValueType(name, _primitive(head, 2), attributes, required)
    return found


def _primitive(row: Line, index: int) -> Primitive:
    name = row.word(index, "The primitive type")
    if name not in PRIMITIVES:
        raise row.error(f"There is no primitive type {name}.")
    return PRIMITIVES[name]
