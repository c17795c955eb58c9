"""Going on with a transmission that is translated in chunks: what earlier chunks committed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from gateway.core.issues import Issue, Location, Severity
from gateway.pipeline import queries


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What earlier chunks committed of an interchange: what was told of its documents, by their position in it."""

    id: int
    status: str
    issues: dict[int, tuple[Issue, ...]] = {}


class _Stored(msgspec.Struct, frozen=True):
    """An issue as it was written."""

    code: str
    severity: Severity
    location: Location
    value: str | None = None


#: Codes that the partner is not told: what was found by our mappings, handlers and agreements.
_OURS = ("MAP-", "TRD-", "GTW-", "RCP-")


def begun_interchanges(connection: Connection, transmissions: Sequence[int]) -> dict[int, dict[int, Begun]]:
    """Interchanges by transmission and position in it. Those that are concluded come without issues."""
    rows = queries.begun(connection, transmissions)
    issues = _issues(connection, [row.id for row in rows if row.status == "pending"])
    found: dict[int, dict[int, Begun]] = {}
    for row in rows:
        one = Begun(id=row.id, status=row.status, issues=issues.get(row.id, {}))
        found.setdefault(row.transmission_id, {})[row.position] = one
    return found


def _issues(connection: Connection, interchanges: Sequence[int]) -> dict[int, dict[int, tuple[Issue, ...]]]:
    if not interchanges:
        return {}
    stored = queries.document_issues(connection, interchanges)
    found: dict[int, dict[int, tuple[Issue, ...]]] = {}
    for row in queries.written_documents(connection, interchanges):
        issues = tuple(_issue(text) for text in stored.get(row.id, ()))
        told = tuple(issue for issue in issues if not issue.code.startswith(_OURS))
        found.setdefault(row.interchange_id, {})[row.position] = told
    return found


def _issue(text: str) -> Issue:
    stored = msgspec.json.decode(text, type=_Stored)
    return Issue(stored.code, stored.location, stored.value, override=stored.severity)
