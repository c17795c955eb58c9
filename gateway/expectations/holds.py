"""Holds: what waits, why, and what releases it. One mechanism for transmissions and documents.

A held transmission has no work; its release makes it anew. A held document keeps its row of work in its place, where it
blocks its lane and nothing else, until it is released or cancelled.

``pending`` of an interchange does not count held documents: whoever holds one counts it down, a release counts it up.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from gateway.acknowledgments import APPLICATION, RECEIPTS
from gateway.core.errors import IllegalTransitionError, NotFoundError, UsageError
from gateway.core.lifecycle import DOCUMENT, EXPECTATION
from gateway.expectations.subject import AnyRow, locked, move, source_of, work_of_transmission
from gateway.store import Changes, Database, State, Step, write
from gateway.store.claims import wake
from gateway.store.ids import Reference
from gateway.store.queries import archived
from gateway.store.statements import both, run

OPERATOR = "operator"

#: The handler of work that tells a partner what became of a document.
VERDICT = "verdict"
CONFIGURATION = "configuration"

_CLOSE = {
    "transmission": both(
        "UPDATE holds SET released_at = :at, released_by = :by "
        "WHERE transmission_id = :id AND document_id IS NULL AND released_at IS NULL"
    ),
    "document": both(
        "UPDATE holds SET released_at = :at, released_by = :by WHERE document_id = :id AND released_at IS NULL"
    ),
}
_READY = both("UPDATE work SET state = 0 WHERE subject = :id AND state = 4 RETURNING id")
_DROP = both("DELETE FROM work WHERE subject = :id AND state <> 1 RETURNING lane, step, state, handler")
#: Of a transmission that was translated in part. A later attempt is no repeat of what was never answered.
_END_BEGUN = both(
    "UPDATE interchanges SET status = 'partial', identity = NULL WHERE transmission_id = :id AND status = 'pending' "
    "RETURNING id"
)
#: What waits behind a document that was withheld, and nobody else composes.
_BEHIND = both(
    "SELECT DISTINCT d.source_interchange_id FROM documents d JOIN interchanges i ON i.id = d.source_interchange_id "
    "WHERE d.business_key = :key AND d.agreement = :agreement AND d.turn > :turn AND d.status || '' = 'emitted' "
    "AND i.pending <= 0"
)
_VOID = both(
    "UPDATE interchanges SET status = 'void' WHERE transmission_id = :id AND status = 'composed' "
    "RETURNING id, control_number"
)
_END_DOCUMENTS = both(
    f"UPDATE documents SET status = '{DOCUMENT['composed', 'cancel']}', updated_at = :at "  # noqa: S608
    "WHERE transmission_id = :id AND status = 'composed' RETURNING id"
)
_WAIVE = both(
    f"UPDATE expectations SET state = '{EXPECTATION['open', 'waive']}', resolved_at = :at "  # noqa: S608
    "WHERE transmission_id = :id AND state IN ('open', 'overdue')"
)
#: What waits for the next time at which an agreement sends.
_LEAVE = both("UPDATE work SET state = 0 WHERE state = 3 AND step = :step AND handler = :agreement RETURNING id")
#: What waits at a door to be fetched.
_TAKE_DOWN = both("DELETE FROM shelf WHERE transmission_id = :id")
_OPEN_WITH = both(
    "SELECT transmission_id, document_id FROM holds WHERE condition = :condition AND released_at IS NULL "
    "AND (transmission_id IS NOT NULL OR document_id IS NOT NULL) ORDER BY id"
)
_FULFIL = both("UPDATE holds SET condition = :due WHERE condition = :condition AND released_at IS NULL")
_OPEN_UNTIL = both(
    "SELECT DISTINCT condition FROM holds WHERE condition >= 'date:' AND condition <= :until AND released_at IS NULL"
)


def awaited_document(business_key: str) -> str:
    """The condition of what waits for a document with this key."""
    return f"document:{business_key}"


def fulfil(changes: Changes, condition: str) -> None:
    """What waits for ``condition`` waits for the next sweep from now on: within the commit that makes it true."""
    changes.execute(_FULFIL, condition=condition, due=until(changes.at))


def until(moment: int) -> str:
    """The condition of what waits for a moment, in microseconds."""
    return f"date:{moment:020d}"


def hold(
    changes: Changes,
    *,
    code: str,
    text: str,
    condition: str = OPERATOR,
    configuration: str | None = None,
    transmission_id: int | None = None,
    interchange_id: int | None = None,
    document_id: int | None = None,
) -> int:
    """Writes down that a document (or, without one, a transmission) waits; its status is the caller's to set.

    ``code`` and ``text`` say why, as an issue does; ``configuration`` is the line that would admit it.
    """
    kind = "document" if document_id is not None else "transmission"
    ids = {"transmission_id": transmission_id, "interchange_id": interchange_id, "document_id": document_id}
    log = {"reason": code, "condition": condition}
    changes.event(f"{kind}.held", data={"code": code, "text": text, "condition": condition}, log=log, **ids)
    values = {"code": code, "text": text, "condition": condition, "configuration": configuration}
    return changes.new("holds", **values, **ids)


def release(database: Database, reference: Reference, by: str, at: int) -> str:
    """Lets go on what was held or withheld; returns its new status. ``by`` says who or what released it. A document
    that waits for the time of its agreement leaves now, and with it all that waits for it.

    Raises :class:`~gateway.core.errors.IllegalTransitionError` when it is not held, NotFoundError and UsageError.
    """
    with database.write() as connection:
        row = locked(connection, reference)
        changes = Changes(at)
        status = move(changes, reference, row, "release", by)
        run(connection, _CLOSE[reference.kind], id=reference.id, at=at, by=by)
        if status == "received":
            work_of_transmission(changes, row, Step.TRANSLATE)
        elif status == "ready":
            _release_work(connection, changes, row)
        elif row.status == "emitted":
            run(connection, _LEAVE, step=int(Step.COMPOSE), agreement=row.agreement)
        elif status == "emitted":
            _compose_again(connection, changes, row)
        write(connection, changes)
    return status


def cancel(database: Database, reference: Reference, by: str, at: int) -> str:
    """Ends what was held, failed, withheld or stopped, or waits for a time; what it blocked goes on. Returns its new
    status.

    Raises as :func:`release` does, and UsageError for a document that is in an interchange already.
    """
    with database.write() as connection:
        row = locked(connection, reference)
        if reference.kind == "document" and row.status == "composed":
            whole = Reference("transmission", row.transmission_id)
            hint = f"crossdock cancel {whole} ends all of it, once its delivery is given up."
            raise UsageError(f"{reference} leaves with {whole}, in which it stands.", hint=hint)
        changes = Changes(at)
        status = move(changes, reference, row, "cancel", by)
        run(connection, _CLOSE[reference.kind], id=reference.id, at=at, by=by)
        dropped = run(connection, _DROP, id=reference.id).all()
        lanes = {each.lane for each in dropped if each.lane is not None}
        if reference.kind == "document":  # what other handlers would still have done is awaited no more
            handling = [each for each in dropped if each.step == Step.HANDLE and each.handler != VERDICT]
            changes.pending_of(reference.id, -sum(each.state != State.HELD for each in handling))
        if row.direction == "out":
            _end_outgoing(connection, changes, reference, row)
        elif reference.kind == "transmission":
            for interchange in run(connection, _END_BEGUN, id=reference.id).scalars():
                changes.pending(interchange, -1)  # what its chunks released does not wait for the rest
        elif row.direction == "in" and _verdict_is_asked(connection, row):
            source = source_of(connection, row.transmission_id)
            changes.work(Step.HANDLE, row.id, source, turn=row.turn, handler=VERDICT)
        write(connection, changes)
        wake(connection, sorted(lanes))
    return status


def release_matching(database: Database, condition: str, by: str, at: int) -> list[Reference]:
    """Releases everything that waits for ``condition``; returns what it was. What ended meanwhile is passed over."""
    with database.read() as connection:
        rows = run(connection, _OPEN_WITH, condition=condition).all()
    released: list[Reference] = []
    for row in rows:
        document = row.document_id is not None
        reference = Reference("document" if document else "transmission", row.document_id or row.transmission_id)
        try:
            release(database, reference, by, at)
        except (IllegalTransitionError, NotFoundError):
            continue
        released.append(reference)
    return released


def release_due(database: Database, now: int) -> list[Reference]:
    """Releases what waited for a date that has come."""
    with database.read() as connection:
        conditions = list(run(connection, _OPEN_UNTIL, until=until(now)).scalars())
    return [reference for each in sorted(conditions) for reference in release_matching(database, each, each, now)]


def _compose_again(connection: Connection, changes: Changes, row: AnyRow) -> None:
    """A document that was withheld goes its way, and with it what stood behind it."""
    waiting = run(connection, _BEHIND, key=row.business_key, agreement=row.agreement, turn=row.turn).scalars()
    for interchange in dict.fromkeys((row.source_interchange_id, *waiting)):
        if interchange is not None:
            changes.work(Step.COMPOSE, interchange, "", turn=row.turn)


def _end_outgoing(connection: Connection, changes: Changes, reference: Reference, row: AnyRow) -> None:
    """What stood behind a document goes on; of a transmission that never left, the control number is void."""
    if reference.kind == "document":
        if row.status != "emitted":
            _compose_again(connection, changes, row)
        return
    numbers = [(each.id, each.control_number) for each in run(connection, _VOID, id=row.id)]
    for interchange, number in numbers:
        about = {"transmission_id": row.id, "interchange_id": interchange}
        changes.event("interchange.void", data={"control_number": number}, log=None, **about)
    for document in run(connection, _END_DOCUMENTS, id=row.id, at=changes.at).scalars():
        changes.event("document.cancelled", data={"before": "composed"}, transmission_id=row.id, document_id=document)
    run(connection, _WAIVE, id=row.id, at=changes.at)
    run(connection, _TAKE_DOWN, id=row.id)


def _verdict_is_asked(connection: Connection, row: AnyRow) -> bool:
    """Whether the agreement by which the document came in, as it was then, wants to hear what became of it."""
    if row.type in RECEIPTS | APPLICATION:
        return False  # what is a receipt itself is never told of
    known = archived(connection, "agreement", row.agreement_digest or "")
    agreed = msgspec.json.decode(known[1]).get("acknowledgments", ()) if known is not None else ()
    return bool(APPLICATION.intersection(agreed))


def _release_work(connection: Connection, changes: Changes, row: AnyRow) -> None:
    """Its rows of work are ready again, in their old place; a document that has none is handled from the beginning."""
    count = len(run(connection, _READY, id=row.id).all())
    if not count:
        changes.work(Step.HANDLE, row.id, source_of(connection, row.transmission_id), turn=row.turn, size=row.length)
    if row.interchange_id is not None:
        changes.pending(row.interchange_id, count or 1)
