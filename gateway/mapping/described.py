"""What every mapping is, whatever format it is of: its name, what it is for, what it was made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from gateway.canonical import DOCUMENTS
from gateway.core.issues import Issue, has_errors
from gateway.mapping.definition import Definition, Example
from gateway.mapping.fields import fields_of
from gateway.mapping.lines import mistake

_PLACE = re.compile(r"\[\d+\]")


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
    so that it is no loss where the format has no place for them."""

    def __init__(self, definition: Definition) -> None:
        """Raises MappingDefinitionError for an implied field that the document does not have."""
        self.name = definition.name
        self.file = definition.file
        self.extends = definition.extends
        self.document = definition.document
        self.format = Format(definition.standard, definition.version, definition.message)
        self.examples: tuple[Example, ...] = definition.examples
        self.ignored = frozenset(definition.ignore)
        self.implied = frozenset(definition.implied)
        for field in definition.implied:
            _check_field(DOCUMENTS.get(self.document), field, self.file)

    def told(self, issues: Iterable[Issue]) -> tuple[Issue, ...]:
        """The issues of a writing, without those of implied fields."""
        return tuple(issue for issue in issues if not (issue.code == "MAP-UNWRITTEN" and self._is_implied(issue)))

    def _is_implied(self, issue: Issue) -> bool:
        return _PLACE.sub("", issue.location.field or "") in self.implied


def _check_field(part: Any, path: str, where: str) -> None:
    for name in path.split("."):
        known = fields_of(part) if part is not None else {}
        if name not in known:
            hint = f"There are: {', '.join(known)}." if known else None
            raise mistake(where, f"{path} is implied, and it is no field of the document.", hint)
        part = known[name].type if known[name].is_part else None
