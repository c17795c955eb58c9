"""What every mapping is, whatever format it is of: its name, what it is for, what it was made of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from gateway.canonical import DOCUMENTS, SCHEMA_VERSION, Document, form_of
from gateway.core.issues import Issue, Location, has_errors
from gateway.mapping.code_tables import CodeTables
from gateway.mapping.conversions import CodeTable
from gateway.mapping.definition import Definition, Example, Texts
from gateway.mapping.fields import fields_of
from gateway.mapping.lines import mistake

_PLACE = re.compile(r"\[\d*\]")

GENERATION = "3"
"""Raised when the generators change what they generate: part of every mapping's digest."""


class Format(NamedTuple):
    """Which grammar a mapping is for: ``x12``, ``004010``, ``850``."""

    standard: str
    version: str
    message: str


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A document in its format. ``ok`` False: it lacks something that it should carry."""

    issues: tuple[Issue, ...]

    @property
    def ok(self) -> bool:
        return not has_errors(self.issues)


class Described:
    """``ignored``: segments and elements that are not carried. ``implied``: fields that follow from what is written,
    so that it is no loss where the format has no place for them; ``only``: what the documents have to be. ``texts`` are
    the files that it was made of, by name: what an archive keeps beside the ``digest``."""

    texts: dict[str, str]
    digest: str

    def __init__(self, definition: Definition, texts: Texts) -> None:
        """Raises MappingDefinitionError for fields, implied or asked for, that the document does not have."""
        self.name = definition.name
        self.file = definition.file
        self.extends = definition.extends
        self.document = definition.document
        self.format = Format(definition.standard, definition.version, definition.message)
        self.examples: tuple[Example, ...] = definition.examples
        self.ignored = frozenset(definition.ignore)
        self.implied = frozenset(definition.implied)
        for field in definition.implied:
            _check_field(form_of(self.document, definition.standard), field, self.file)
        self.only = definition.only
        kind = DOCUMENTS.get(self.document)
        for name in definition.only:
            if not hasattr(kind, name):
                raise mistake(self.file, f"{name} is asked for, and {self.document} has no such field.")
        fields = fields_of(kind) if kind is not None else {}
        self._says = {name: value for name, value in self.only.items() if name in fields}
        self._tables = CodeTables(definition, texts)

    def _consists_of(self, definition: Definition, grammar: str) -> None:
        """When its lines are bound it is known which code tables they name."""
        self.texts = {**definition.texts, **self._tables.used}
        self.digest = digest_of(grammar, self.texts)

    @property
    def tables(self) -> list[CodeTable]:
        """The code tables that its lines name."""
        return list(self._tables.made.values())

    def admits(self, document: Document) -> bool:
        """Whether it is for such a document."""
        return all(getattr(document, name) == value for name, value in self.only.items())

    def said(self, document: Document) -> Document:
        """A document that was read, with what the message itself says."""
        return msgspec.structs.replace(document, **self._says) if self._says else document

    def refused(self, document: Document) -> Iterator[Issue]:
        """What is wrong with writing a document that it is not for."""
        for name, value in self.only.items():
            found = getattr(document, name)
            if found != value:
                params = {"field": name, "value": _shown(found), "reason": f"{self.name} is for {_shown(value)} alone"}
                yield Issue("MAP-VALUE", Location(field=name), _shown(found), params)

    def told(self, issues: Iterable[Issue]) -> tuple[Issue, ...]:
        """The issues of a writing, without those of implied fields."""
        return tuple(
            issue
            for issue in issues
            if not (issue.code == "MAP-UNWRITTEN" and self.implies(issue.location.field or ""))
        )

    def implies(self, field: str) -> bool:
        """Whether this field follows from what is written: ``invoice_lines[2].amount``, whatever the place in lists."""
        return _PLACE.sub("", field) in self.implied or field in self._says


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check_field(part: Any, path: str, where: str) -> None:
    for name in path.split("."):
        known = fields_of(part) if part is not None else {}
        if name not in known:
            hint = f"There are: {', '.join(known)}." if known else None
            raise mistake(where, f"{path} is implied, and it is no field of the document.", hint)
        part = known[name].type if known[name].is_part else None


def digest_of(grammar: str, sources: dict[str, str]) -> str:
    """A hash of everything that decides what the mapping does."""
    digest = hashlib.sha256(f"{GENERATION}\0{SCHEMA_VERSION}\0{grammar}\0".encode())
    for file in sorted(sources):
        digest.update(f"{file}\0{len(sources[file])}\0{sources[file]}".encode())
    return digest.hexdigest()
