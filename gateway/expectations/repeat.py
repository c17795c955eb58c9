"""Giving up, and trying again: what failed is reprocessed, what was sent is sent again."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.core.errors import UsageError
from gateway.core.lifecycle import DOCUMENT, TRANSMISSION, decide
from gateway.expectations.subject import AnyRow, locked, move, source_of, work_of_transmission
from gateway.store import Changes, Database, Step, WorkItem, write
from gateway.store.ids import Reference
from gateway.store.statements import both, run


def _given_up(table: str, before: str, after: str, column: str = "id") -> Any:
    return both(
        f"UPDATE {table} SET status = '{after}', reason = :reason, updated_at = :at "  # noqa: S608
        f"WHERE {column} = :id AND status = '{before}'"
    )


#: Per step: what its subject is called, and what giving up does to it.
_GIVEN_UP = {
    Step.TRANSLATE: ("transmission", _given_up("transmissions", "received", TRANSMISSION["received", "fail"])),
    Step.HANDLE: ("document", _given_up("documents", "ready", DOCUMENT["ready", "fail"])),
    Step.COMPOSE: (
        "interchange",
        _given_up("documents", "emitted", DOCUMENT["emitted", "withhold"], "source_interchange_id"),
    ),
    Step.DELIVER: ("transmission", _given_up("transmissions", "composed", TRANSMISSION["composed", "stop"])),
}

_FAILURES = both(
    "SELECT data FROM events WHERE document_id = :id AND name = 'document.failed' AND id > coalesce("
    "(SELECT max(id) FROM events WHERE document_id = :id AND name = 'document.reprocessed'), 0) ORDER BY id"
)
#: Its next try is due now. What somebody has in hand at this moment is being tried.
_HURRY = both("UPDATE work SET state = 0, due = 0 WHERE subject = :id AND step = :step AND state = 3")

_REJECTED = both(
    "SELECT id FROM documents WHERE transmission_id = :id AND direction = 'out' AND status = 'rejected' ORDER BY id"
)
_AWAITED = both(
    "SELECT document_id, kind, party, min(due) AS due FROM expectations WHERE document_id {ids} "
    "GROUP BY document_id, kind, party ORDER BY document_id, kind"
)


def give_up(changes: Changes, item: WorkItem, error: str, **about: int | None) -> None:
    """What a step writes when it gives an item up: the status, and what reprocessing needs, in the history.

    The subject of translating and delivering is a transmission, of handling a document, of composing an interchange,
    whose emitted documents are withheld. ``about``: what else the event is filed under.
    """
    kind, statement = _GIVEN_UP[item.step]
    work = {"handler": item.handler, "source": item.source, "lane": item.lane, "turn": item.turn, "size": item.size}
    data = {"error": error, "step": item.step.name.lower(), "attempts": item.attempts, "work": work}
    changes.execute(statement, {"id": item.subject}, reason=error, at=changes.at)
    if item.step is Step.HANDLE:
        changes.pending_of(item.subject, -1)  # its siblings' answers do not wait for it
    log = {"step": data["step"], "endpoint": item.source, "attempts": item.attempts, "error": error}
    changes.event(f"{kind}.failed", data=data, log=log, **{**about, f"{kind}_id": item.subject})


def reprocess(database: Database, reference: Reference, by: str, at: int) -> str:
    """Tries again what was given up, at its old place in the order; returns its new status.

    Raises IllegalTransitionError when it did not fail, NotFoundError, UsageError.
    """
    with database.write() as connection:
        row = locked(connection, reference)
        changes = Changes(at)
        status = move(changes, reference, row, "reprocess", by)
        if reference.kind == "transmission":
            work_of_transmission(changes, row, Step.TRANSLATE)
        else:
            _handle_again(connection, changes, row)
        write(connection, changes)
    return status


def resend(database: Database, reference: Reference, by: str, at: int) -> str:
    """Delivers an outgoing transmission (or the one that a document left in) again, under its old name; one that waits
    for its next try does so no longer.

    Raises IllegalTransitionError when it is cancelled or lies at a door of ours, NotFoundError, UsageError.
    """
    with database.write() as connection:
        row = locked(connection, reference)
        if row.direction != "out" or (reference.kind == "document" and row.transmission_id is None):
            raise UsageError(f"{reference} has not left the gateway.", hint="crossdock reprocess repeats what came in.")
        if reference.kind == "document":
            reference = Reference("transmission", row.transmission_id)
            row = locked(connection, reference)
        changes = Changes(at)
        status = move(changes, reference, row, "resend", by)
        if row.status == "composed":
            run(connection, _HURRY, id=row.id, step=int(Step.DELIVER))
        else:
            _await_again(connection, changes, row)
            work_of_transmission(changes, row, Step.DELIVER)
        write(connection, changes)
    return status


def _await_again(connection: Connection, changes: Changes, row: AnyRow) -> None:
    """What was rejected in it is judged anew, by the answers that were awaited before, in the same time."""
    documents = list(run(connection, _REJECTED, id=row.id).scalars())
    after = decide(DOCUMENT, "rejected", "resend")
    for document in documents:
        changes.update("documents", document, expected={"status": "rejected"}, status=after, reason=None)
    for known in run(connection, _AWAITED, ids=documents) if documents else ():
        due = changes.at + known.due - row.created_at
        about = {"document_id": known.document_id, "transmission_id": row.id}
        changes.new("expectations", kind=known.kind, party=known.party, due=due, **about)


def _handle_again(connection: Connection, changes: Changes, row: AnyRow) -> None:
    """One row of work for each handler that gave it up."""
    works = [msgspec.json.decode(data).get("work", {}) for data in run(connection, _FAILURES, id=row.id).scalars()]
    blank = {"source": source_of(connection, row.transmission_id), "turn": row.turn, "size": row.length}
    for work in works or [blank]:
        values = blank | work
        changes.work(Step.HANDLE, row.id, values.pop("source"), **values)
    if row.interchange_id is not None:
        changes.pending(row.interchange_id, len(works) or 1)
