"""The transmission or document that an operator speaks of: found, locked, moved on, and its work made again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from gateway.core.errors import NotFoundError, UsageError
from gateway.core.lifecycle import DOCUMENT, TRANSMISSION, decide
from gateway.store import Changes, Step, turn
from gateway.store.ids import Reference
from gateway.store.statements import Both, both, run

#: How history calls what an operator did.
_PAST = {"release": "released", "cancel": "cancelled", "reprocess": "reprocessed", "resend": "resent"}

LIFECYCLES = {"transmission": TRANSMISSION, "document": DOCUMENT}

_LOCK: dict[str, Both] = {
    "transmission": both("SELECT * FROM transmissions WHERE id = :id {locked}"),
    "document": both("SELECT * FROM documents WHERE id = :id {locked}"),
}
_SOURCE = both("SELECT endpoint FROM transmissions WHERE id = :id")

AnyRow = Any


def locked(connection: Connection, reference: Reference) -> AnyRow:
    """The row, nobody else's until the commit.

    Raises :class:`~gateway.core.errors.NotFoundError`, and :class:`~gateway.core.errors.UsageError` for an interchange:
    what can be released or repeated is its transmission or its documents.
    """
    if reference.kind not in _LOCK:
        hint = "Name its transmission (tx_…) or its documents (doc_…): crossdock trace shows them."
        raise UsageError(f"{reference} is an {reference.kind}, which has no work of its own.", hint=hint)
    row = run(connection, _LOCK[reference.kind], id=reference.id).first()
    if row is None:
        raise NotFoundError(f"There is no {reference.kind} {reference}.")
    return row


def move(changes: Changes, reference: Reference, row: AnyRow, event: str, by: str) -> str:
    """The status after ``event``, written with a line of history. Raises IllegalTransitionError."""
    status = decide(LIFECYCLES[reference.kind], row.status, event)
    changes.update(reference.table, reference.id, expected={"status": row.status}, status=status, reason=None)
    name, data = f"{reference.kind}.{_PAST[event]}", {"by": by, "before": row.status}
    changes.event(name, data=data, log=None, **about(reference, row))
    return status


def about(reference: Reference, row: AnyRow) -> dict[str, int | None]:
    """What the history of the row is filed under."""
    if reference.kind == "transmission":
        return {"transmission_id": row.id}
    return {"transmission_id": row.transmission_id, "interchange_id": row.interchange_id, "document_id": row.id}


def work_of_transmission(changes: Changes, row: AnyRow, step: Step) -> None:
    """Translating or delivering it again, at its old turn: later documents of its source wait for it again."""
    changes.work(step, row.id, row.endpoint, turn=turn(row.id), size=row.size)


def source_of(connection: Connection, transmission: int | None) -> str:
    """The endpoint that a document came in through; empty for one that came in through none."""
    return "" if transmission is None else run(connection, _SOURCE, id=transmission).scalar() or ""
