"""A mapping's TOML files, read strictly: what it extends, its lines, parts, code tables and examples."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, NamedTuple

from gateway.codecs.ubl import UBL
from gateway.grammar.notation import TAG
from gateway.mapping.inherit import merge
from gateway.mapping.lines import Block, mistake
from gateway.mapping.notation import SEPARATORS, Source, parse
from gateway.mapping.xml_lines import TAG as ELEMENT
from gateway.mapping.xml_lines import XmlLine, merge_xml, parse_xml

Texts = Callable[[str], str | None]
"""Gives the text of a file under ``mappings/`` by its relative name, ``x12/850.toml``; None where there is none."""

CodeValue = str | bool | int

Only = dict[str, str | bool]
"""What the canonical documents of a mapping have to be: a field, or what is asked of the document, and its value."""

Codes = dict[str, CodeValue | list[CodeValue]]

_KEYS: dict[str, type] = {
    "format": str,
    "document": str,
    "extends": str,
    "ignore": list,
    "implied": list,
    "only": dict,
    "map": str,
    "part": dict,
    "code": dict,
    "example": list,
}
_IGNORED = re.compile(rf"{TAG}(?:-\d\d)?|{ELEMENT}|@\w+", re.ASCII)
_EXAMPLE_KEYS: dict[str, type] = {"name": str, "input": str, "document": str, "written": str, "issues": list}


@dataclass(frozen=True, slots=True)
class Example:
    """A document in the format, and the canonical JSON that it is read as.

    ``written`` is the body that the canonical document is written as, where it differs from ``input``; ``issues`` are
    the codes that reading reports.
    """

    name: str
    input: str
    document: str
    written: str | None
    issues: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Definition:
    """One mapping with everything it inherits, before it is bound to a grammar. ``texts``: all files it is made of.
    ``elements`` are the lines of one for XML, ``root`` those of the others."""

    name: str
    file: str
    standard: str
    version: str
    message: str
    document: str
    root: Block
    codes: dict[str, Codes]
    examples: tuple[Example, ...]
    texts: dict[str, str]
    elements: XmlLine | None = None
    extends: bool = False
    ignore: tuple[str, ...] = ()
    implied: tuple[str, ...] = ()
    only: Only = field(default_factory=dict)

    @property
    def format(self) -> str:
        return f"{self.standard} {self.version} {self.message}"


class Purpose(NamedTuple):
    """What a mapping is for: a message of a standard and the canonical document that it is read as.

    ``extends``: it is another mapping with changes. ``only``: what such documents have to be.
    """

    standard: str
    version: str
    message: str
    document: str
    extends: bool
    only: Only


@dataclass(frozen=True, slots=True)
class _File:
    """One file as it stands, without what it extends."""

    file: str
    text: str
    data: dict[str, Any]

    def where(self, key: str) -> str:
        """``file:line`` of a key, or of the table of that name."""
        pattern = rf"^[ \t]*(?:\[+[^\n\]]*\b{re.escape(key)}\b[^\n]*\]|{re.escape(key)}[ \t]*=)"
        found = re.search(pattern, self.text, re.MULTILINE)
        return f"{self.file}:{self.text.count(chr(10), 0, found.start()) + 1}" if found else self.file

    def source(self, key: str, text: str) -> Source:
        """A multi-line text of this file, with the line where it starts."""
        at = self.text.find(text)
        return Source(text, self.file, self.text.count("\n", 0, at) + 1 if at >= 0 else 1)


def load(name: str, texts: Texts) -> Definition:
    """The mapping of that name. Raises MappingDefinitionError naming file and line of the first mistake."""
    return _Loader(texts).definition(name)


def purpose(name: str, texts: Texts) -> Purpose:
    """What the mapping of that name is for. Raises as :func:`load` does, but does not look at its lines."""
    base, *changes = _Loader(texts).chain(name, f"mappings/{name}.toml")
    return Purpose(*_format(base), _document(base), bool(changes), _only([base, *changes]))


class _Loader:
    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.read: dict[str, str] = {}
        self.borrowing: list[str] = []

    def definition(self, name: str) -> Definition:
        chain = self.chain(name, f"mappings/{name}.toml")
        base, leaf = chain[0], chain[-1]
        standard, version, message = _format(base)
        self.borrowing = [name]
        parts = self._parts(chain)
        sources = [file.source("map", file.data.get("map", "")) for file in chain]
        root, elements = Block("root", base.where("map")), None
        if standard == UBL:
            elements = reduce(merge_xml, [parse_xml(source, parts) for source in sources])
        else:
            root = reduce(merge, [parse(source, parts, SEPARATORS[standard]) for source in sources])
        return Definition(
            name=name,
            file=leaf.file,
            standard=standard,
            version=version,
            message=message,
            document=_document(base),
            root=root,
            codes=self._codes(chain),
            examples=tuple(_example(leaf, table, index) for index, table in enumerate(leaf.data.get("example", ()))),
            texts=dict(self.read),
            elements=elements,
            extends=len(chain) > 1,
            ignore=tuple(dict.fromkeys(place for file in chain for place in _ignored(file))),
            implied=tuple(dict.fromkeys(field for file in chain for field in _implied(file))),
            only=_only(chain),
        )

    def _file(self, name: str, asked: str) -> _File:
        """``asked``: file and line of who names it."""
        path, file = f"{name}.toml", f"mappings/{name}.toml"
        text = self.texts(path)
        if text is None:
            raise mistake(asked, f"There is no mapping {name} ({file}).")
        self.read[file] = text
        data = _toml(text, file)
        _check_keys(data, _KEYS, file)
        return _File(file, text, data)

    def chain(self, name: str, asked: str) -> list[_File]:
        """The files from the one that extends nothing to the one that ``asked`` (a file and line) names."""
        chain: list[_File] = []
        seen: list[str] = []
        wanted = name
        while wanted:
            if wanted in seen:
                raise mistake(asked, f"The mappings extend each other in a circle: {' → '.join([*seen, wanted])}.")
            seen.append(wanted)
            file = self._file(wanted, asked)
            chain.insert(0, file)
            wanted, asked = file.data.get("extends", ""), file.where("extends")
            if wanted and ("format" in file.data or "document" in file.data):
                raise mistake(asked, "A mapping that extends another has its format and document from there.")
        return chain

    def _parts(self, chain: list[_File]) -> dict[str, Source]:
        parts: dict[str, Source] = {}
        for file in chain:
            for part, value in file.data.get("part", {}).items():
                if not isinstance(value, str):
                    raise mistake(file.where(part), f"The part {part} must be a text of lines.")
                if "\n" in value:
                    parts[part] = file.source(part, value)
                else:
                    parts[part] = self._borrowed(file, part, value, "part", self._parts)
        return parts

    def _codes(self, chain: list[_File]) -> dict[str, Codes]:
        """Tables merged by key, the nearer file first: the first word of a value is the one that is written."""
        tables: dict[str, Codes] = {}
        for file in chain:
            for name, value in file.data.get("code", {}).items():
                own = value
                if isinstance(value, str):
                    own = self._borrowed(file, name, value, "code table", self._codes)
                _check_codes(own, file.where(name))
                tables[name] = {**own, **{key: item for key, item in tables.get(name, {}).items() if key not in own}}
        return tables

    def _borrowed(
        self, file: _File, name: str, other: str, what: str, all_of: Callable[[list[_File]], dict[str, Any]]
    ) -> Any:
        """A part or a table of another mapping."""
        where = file.where(name)
        if other in self.borrowing:
            raise mistake(where, f"The mappings borrow from each other in a circle: {' → '.join(self.borrowing)}.")
        self.borrowing.append(other)
        found = all_of(self.chain(other, where))
        self.borrowing.pop()
        if name not in found:
            raise mistake(where, f"The mapping {other} has no {what} {name}.")
        return found[name]


def shared_codes(name: str, texts: Texts) -> tuple[str, str, Codes] | None:
    """The table of general use ``mappings/codes/NAME.toml``: its file, its text and its rows; None: there is none."""
    text = texts(f"codes/{name}.toml")
    if text is None:
        return None
    file = f"mappings/codes/{name}.toml"
    codes = _toml(text, file)
    _check_codes(codes, file)
    return file, text, codes


def _format(base: _File) -> tuple[str, str, str]:
    words = base.data.get("format", "").split()
    if len(words) != 3:
        raise mistake(
            base.where("format"), 'A mapping says its format = "standard version message", or what it extends.'
        )
    if words[0] not in (*SEPARATORS, UBL):
        known = ", ".join((*SEPARATORS, UBL))
        raise mistake(base.where("format"), f"Mappings of {words[0]} are not supported.", f"Supported: {known}.")
    return words[0], words[1], words[2]


def _ignored(file: _File) -> list[str]:
    """What its author decided not to carry: segments, ``TD5``, and elements, ``PO4-02``."""
    places: list[str] = file.data.get("ignore", [])
    for place in places:
        if not isinstance(place, str) or not _IGNORED.fullmatch(place):
            hint = 'A segment, "TD5", or an element of one, "PO4-02".'
            raise mistake(file.where("ignore"), f"{place!r} cannot be ignored.", hint)
    return places


def _implied(file: _File) -> list[str]:
    """Fields that its author calls no loss where they are not written."""
    fields: list[Any] = file.data.get("implied", [])
    for name in fields:
        if not isinstance(name, str):
            hint = 'A field of the document, "tax_exclusive_amount".'
            raise mistake(file.where("implied"), f"{name!r} is no field.", hint)
    return fields


def _only(chain: list[_File]) -> Only:
    """What documents have to be; the nearer file goes before."""
    found: Only = {}
    for file in chain:
        for name, value in file.data.get("only", {}).items():
            if not isinstance(value, str | bool):
                raise mistake(file.where("only"), f"{name} is a text, or true or false.")
            found[name] = value
    return found


def _document(base: _File) -> str:
    if not base.data.get("document"):
        raise mistake(base.where("format"), 'A mapping says its document = "Order", or what it extends.')
    return str(base.data["document"])


def _example(file: _File, table: Any, index: int) -> Example:
    where = file.where("example")
    if not isinstance(table, dict):
        raise mistake(where, "An example is a table: [[example]].")
    _check_keys(table, _EXAMPLE_KEYS, where)
    missing = [key for key in ("input", "document") if key not in table]
    if missing:
        raise mistake(where, f"Example {index + 1} has no {missing[0]}.")
    return Example(
        name=table.get("name", str(index + 1)),
        input=table["input"],
        document=table["document"],
        written=table.get("written"),
        issues=tuple(table.get("issues", ())),
        where=file.source("input", table["input"]).where(0),
    )


def _toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise mistake(file, f"This is not TOML: {error}.") from error


def _check_keys(data: dict[str, Any], known: dict[str, type], where: str) -> None:
    for key, value in data.items():
        if key not in known:
            raise mistake(where, f"Unknown key {key}.", f"Known keys: {', '.join(sorted(known))}.")
        if not isinstance(value, known[key]):
            raise mistake(where, f"{key} must be a {known[key].__name__}, not {type(value).__name__}.")


def _check_codes(codes: Any, where: str) -> None:
    if not isinstance(codes, dict):
        raise mistake(where, 'A code table is a table of format = "canonical", or the name of a mapping that has it.')
    for key, value in codes.items():
        meanings = value if isinstance(value, list) else [value]
        if not meanings or not all(isinstance(meaning, CodeValue) for meaning in meanings):
            raise mistake(where, f"The code {key} must stand for a text, a number or true or false, or a list of them.")
        if key == "*" and value != "=":
            raise mistake(where, 'The only general row is "*" = "=": unknown codes pass through.')
