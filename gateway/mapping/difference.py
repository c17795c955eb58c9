"""Two versions of a mapping over the same document: which canonical fields and which issues differ."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from gateway.canonical import Document, to_json
from gateway.codecs.model import Delimiters, Segment
from gateway.core.issues import Issue
from gateway.mapping.mapping import Mapping

_INDEX = re.compile(r"\[\d+\]")


class Change(NamedTuple):
    """One field with another value. None: absent. What is carried has its address for a name, ``extensions PO4[2]-03``.

    ``old`` and ``new`` are the values as JSON has them."""

    field: str
    old: Any
    new: Any

    @property
    def kind(self) -> str:
        """The field without numbers of items: what changes of several documents are counted by."""
        return _INDEX.sub("[]", self.field)


class Said(NamedTuple):
    """An issue of one version only. ``appears``: of the second."""

    appears: bool
    issue: str
    severity: str
    field: str | None
    text: str


class Difference(NamedTuple):
    """Empty lists: both versions read the document alike."""

    changes: list[Change]
    issues: list[Said]


def difference(old: Mapping, new: Mapping, segments: list[Segment], delimiters: Delimiters) -> Difference:
    """What the second version reads otherwise than the first. MAP-UNMAPPED is among the changes, not the issues."""
    left, right = old.read_careful(segments, delimiters), new.read_careful(segments, delimiters)
    before, after = _values(left.document), _values(right.document)
    names = list(dict.fromkeys((*before, *after)))
    changes = [Change(name, before.get(name), after.get(name)) for name in names]
    return Difference(
        [change for change in changes if change.old != change.new], _issues(list(left.issues), list(right.issues))
    )


def _values(document: Document | None) -> dict[str, Any]:
    """All values of a document by the name of their field."""
    if document is None:
        return {}
    tree = json.loads(to_json(document))
    carried = tree.pop("extensions", ())
    return dict(_flat(tree, "")) | {f"extensions {one['address']}": one["text"] for one in carried}


def _flat(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _flat(inner, f"{name}[{index}]")
    else:
        yield name, value


def _issues(left: list[Issue], right: list[Issue]) -> list[Said]:
    gone = [issue for issue in left if issue.code != "MAP-UNMAPPED" and not _among(issue, right)]
    come = [issue for issue in right if issue.code != "MAP-UNMAPPED" and not _among(issue, left)]
    return [_said(issue, appears=False) for issue in gone] + [_said(issue, appears=True) for issue in come]


def _among(issue: Issue, others: list[Issue]) -> bool:
    """The same finding: its line in the mapping may have moved."""
    return any(
        (other.code, other.location, other.value) == (issue.code, issue.location, issue.value) for other in others
    )


def _said(issue: Issue, *, appears: bool) -> Said:
    return Said(appears, issue.code, str(issue.severity.value), issue.location.field, issue.text)
