"""Everything about one transmission, interchange or document: where it came from, what it led to, what happened.

Upwards it follows parents only; downwards everything that came of it; and the transmissions that answered those that it
came in.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.core.errors import NotFoundError
from gateway.store.database import Database
from gateway.store.ids import Reference
from gateway.store.statements import both, run

AnyRow = Any
Found = dict[str, set[int]]

#: Where a kind leads: (from kind, to kind, statement giving ids of the latter).
_UP = (
    ("document", "interchange", both("SELECT interchange_id FROM documents WHERE id {ids}")),
    ("document", "interchange", both("SELECT source_interchange_id FROM documents WHERE id {ids}")),
    ("document", "transmission", both("SELECT transmission_id FROM documents WHERE id {ids}")),
    ("document", "document", both("SELECT parent_id FROM documents WHERE id {ids}")),
    ("interchange", "transmission", both("SELECT transmission_id FROM interchanges WHERE id {ids}")),
    ("transmission", "transmission", both("SELECT parent_id FROM transmissions WHERE id {ids}")),
)
_DOWN = (
    ("transmission", "interchange", both("SELECT id FROM interchanges WHERE transmission_id {ids}")),
    ("transmission", "document", both("SELECT id FROM documents WHERE transmission_id {ids}")),
    ("transmission", "transmission", both("SELECT id FROM transmissions WHERE parent_id {ids}")),
    ("interchange", "document", both("SELECT id FROM documents WHERE interchange_id {ids}")),
    ("interchange", "document", both("SELECT id FROM documents WHERE source_interchange_id {ids}")),
    ("document", "document", both("SELECT id FROM documents WHERE parent_id {ids}")),
)
#: What partners answered to what we sent.
_ANSWERS = both("SELECT id, transmission_id FROM documents WHERE source_interchange_id {ids} AND direction = 'in'")
_ROWS = {
    kind: both(f"SELECT * FROM {kind}s WHERE id {{ids}} ORDER BY id")  # noqa: S608
    for kind in ("transmission", "interchange", "document")
}
_ABOUT = {
    table: {
        kind: both(f"SELECT * FROM {table} WHERE {kind}_id {{ids}} ORDER BY id")  # noqa: S608
        for kind in ("transmission", "interchange", "document")
    }
    for table in ("issues", "expectations", "holds")
}
#: Of each line of history once, with the smallest thing that it is about: as they are indexed.
_ABOUT["events"] = {
    kind: both(f"SELECT * FROM events WHERE {kind}_id {{ids}}{smaller} ORDER BY id")  # noqa: S608
    for kind, smaller in (
        ("transmission", " AND interchange_id IS NULL AND document_id IS NULL"),
        ("interchange", " AND interchange_id IS NOT NULL AND document_id IS NULL"),
        ("document", " AND document_id IS NOT NULL"),
    )
}

#: Documents of the second step that are not the first of their lane, and the one that is.
_WAITS = both(
    "SELECT w.subject AS document_id, q.subject AS behind_id FROM work w JOIN work q ON q.lane = w.lane "
    "AND q.turn = (SELECT min(h.turn) FROM work h WHERE h.lane = w.lane) "
    "WHERE w.subject {ids} AND w.step = 2 AND q.step = 2 AND q.id <> w.id ORDER BY w.turn"
)

#: What one page can bear: a transmission of ten thousand documents is shown in part.
_MOST = 2000


class Timeline(msgspec.Struct, frozen=True):
    """Rows as dictionaries, each list in the order in which the rows were made.

    ``waits``: ``document_id`` is handled after ``behind_id``, which is of the same business key and not done yet.
    """

    transmissions: list[dict[str, Any]]
    interchanges: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    events: list[dict[str, Any]]
    issues: list[dict[str, Any]]
    expectations: list[dict[str, Any]]
    holds: list[dict[str, Any]]
    waits: list[dict[str, Any]]


def timeline(database: Database, reference: Reference) -> Timeline:
    """Everything about ``reference``. Raises :class:`~gateway.core.errors.NotFoundError` when there is no such row."""
    with database.read() as connection:
        if not run(connection, _ROWS[reference.kind], ids=[reference.id]).all():
            raise NotFoundError(f"There is no {reference.kind} {reference}.")
        start: Found = {kind: set() for kind in _ROWS}
        start[reference.kind].add(reference.id)
        above = _follow(connection, start, _UP)
        below = _follow(connection, start, _DOWN)
        # What was sent below, and the receipts of what it came in.
        sent = _follow(connection, {kind: set(ids) for kind, ids in below.items()}, _UP[:3])
        receipts = run(connection, _DOWN[2][2], ids=sorted(above["transmission"])).scalars()
        found = {kind: above[kind] | below[kind] | sent[kind] for kind in _ROWS}
        found["transmission"].update(receipts)
        answered = run(connection, _ANSWERS, ids=sorted(above["interchange"])).all()
        found["transmission"].update(row.transmission_id for row in answered)
        found["document"].update(row.id for row in answered)
        return _read(connection, found)


def _follow(connection: Connection, start: Found, ways: tuple[tuple[str, str, Any], ...]) -> Found:
    """``start`` and all that the ways lead to from it."""
    found = {kind: set(ids) for kind, ids in start.items()}
    new = {kind: set(ids) for kind, ids in start.items()}
    while any(new.values()) and sum(map(len, found.values())) < _MOST:
        met: Found = {kind: set() for kind in found}
        for here, there, statement in ways:
            if new[here]:
                met[there].update(id for id in run(connection, statement, ids=sorted(new[here])).scalars() if id)
        new = {kind: met[kind] - found[kind] for kind in found}
        for kind, ids in new.items():
            found[kind] |= ids
    return found


def _read(connection: Connection, found: Found) -> Timeline:
    lists = {f"{kind}s": _dicts(run(connection, _ROWS[kind], ids=sorted(ids)).all()) for kind, ids in found.items()}
    for table, statements in _ABOUT.items():
        rows: dict[int, AnyRow] = {}
        for kind, statement in statements.items():
            if found[kind]:
                rows |= {row.id: row for row in run(connection, statement, ids=sorted(found[kind]))}
        # What is filed under a transmission may be about a document of it that is not asked for.
        lists[table] = _dicts([rows[id] for id in sorted(rows) if _concerns(rows[id], found)])
    lists["waits"] = _dicts(run(connection, _WAITS, ids=sorted(found["document"])).all())
    return Timeline(**lists)


def _concerns(row: AnyRow, found: Found) -> bool:
    for kind, id in (("document", row.document_id), ("interchange", row.interchange_id)):
        if id is not None:
            return id in found[kind]
    return True


def _dicts(rows: Any) -> list[dict[str, Any]]:
    return [row._asdict() for row in rows]
