"""Going on with a transmission that is translated in chunks: the verdicts that earlier chunks committed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from gateway.acknowledgments.model import DocumentVerdict
from gateway.core.issues import Issue, Level, Location, Severity
from gateway.pipeline import queries


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What earlier chunks committed of an interchange: the verdicts on its documents by their position in it."""

    id: int
    status: str
    verdicts: dict[int, DocumentVerdict] = {}


class _Stored(msgspec.Struct, frozen=True):
    """An issue as it was written."""

    code: str
    severity: Severity
    location: Location
    value: str | None = None


def begun_interchanges(connection: Connection, transmissions: Sequence[int]) -> dict[int, dict[int, Begun]]:
    """Interchanges by transmission and position in it. Those that are concluded come without verdicts."""
    if not transmissions:
        return {}
    rows = queries.begun(connection, transmissions)
    verdicts = _verdicts(connection, [row.id for row in rows if row.status == "pending"])
    found: dict[int, dict[int, Begun]] = {}
    for row in rows:
        one = Begun(id=row.id, status=row.status, verdicts=verdicts.get(row.id, {}))
        found.setdefault(row.transmission_id, {})[row.position] = one
    return found


def _verdicts(connection: Connection, interchanges: Sequence[int]) -> dict[int, dict[int, DocumentVerdict]]:
    issues = queries.document_issues(connection, interchanges)
    found: dict[int, dict[int, DocumentVerdict]] = {}
    for row in queries.written_documents(connection, interchanges):
        stored = tuple(_issue(text) for text in issues.get(row.id, ()))
        told = tuple(issue for issue in stored if issue.level not in (Level.MAPPING, Level.BUSINESS))
        verdict = DocumentVerdict(type=row.type, control_number=row.control_number, issues=told)
        found.setdefault(row.interchange_id, {})[row.position] = verdict
    return found


def _issue(text: str) -> Issue:
    stored = msgspec.json.decode(text, type=_Stored)
    return Issue(stored.code, stored.location, stored.value, override=stored.severity)
