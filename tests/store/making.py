"""Rows for tests, as the steps of the pipeline would make them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from gateway.store import Changes, Claim, Database, State, Step, WorkItem, claim, commit, turn

AT = 1_700_000_000_000_000

TRANSLATE = Claim((Step.TRANSLATE,))
HANDLE = Claim((Step.HANDLE,))


def transmission(changes: Changes, name: str, *, endpoint: str = "acme", body: bytes = b"ISA*00~") -> int:
    """A transmission that came in, with its work of translating; its local id."""
    payload = changes.payload(body)
    values = {"direction": "in", "endpoint": endpoint, "transport_id": name, "status": "received", "sha256": "-"}
    local = changes.new("transmissions", **values, payload_id=payload, size=len(body))
    changes.event("transmission.received", transmission_id=local)
    changes.work(Step.TRANSLATE, local, endpoint, turn=(local, 0), size=len(body))
    return local


def received(database: Database, *names: str, endpoint: str = "acme") -> list[int]:
    """Transmissions that came in, committed; their ids."""
    changes = Changes(AT)
    locals_ = [transmission(changes, name, endpoint=endpoint) for name in names]
    commit(database, changes)
    return [changes.real(local) for local in locals_]


def interchange(changes: Changes, transmission_id: int, **values: Any) -> int:
    """An interchange that was accepted; its local id."""
    standard = {"direction": "in", "standard": "x12", "version": "00401", "sender": "ZZ:ACME", "receiver": "ZZ:GLOBEX"}
    usual = {"control_number": "000000001", "status": "accepted"}
    return changes.new("interchanges", transmission_id=transmission_id, **{**standard, **usual, **values})


def document(changes: Changes, **values: Any) -> int:
    """A document that is ready to be handled; its local id."""
    usual = {"direction": "in", "standard": "x12", "version": "004010", "type": "850", "status": "ready", "turn": 1}
    return changes.new("documents", **{**usual, **values})


def handling(
    database: Database, *rows: tuple[str, str | None, int], state: State = State.READY, size: int = 0
) -> list[int]:
    """Rows of handling work: (source, lane, turn) each; the ids of their subjects."""
    changes = Changes(AT)
    subjects = [document(changes) for _ in rows]
    for subject, (source, lane, place) in zip(subjects, rows):
        changes.work(Step.HANDLE, subject, source, turn=place, lane=lane, state=state, size=size)
    commit(database, changes)
    return [changes.real(subject) for subject in subjects]


def translated(database: Database, item: WorkItem, keys: Sequence[str], owner: str) -> None:
    """Ends a row of translating: one document per key, each with its work of handling."""
    changes = Changes(AT)
    for position, key in enumerate(keys, 1):
        local = document(changes, transmission_id=item.subject, business_key=key)
        changes.work(Step.HANDLE, local, item.source, turn=turn(item.subject, position), lane=key)
    commit(database, changes, owner=owner, finished=[item])


def take(database: Database, owner: str = "me", wish: Claim = HANDLE) -> list[WorkItem]:
    return claim(database, owner, wish)


def finish(database: Database, items: Sequence[WorkItem], owner: str = "me") -> None:
    commit(database, Changes(AT), owner=owner, finished=items)


def column(database: Database, sql: str, **values: Any) -> list[Any]:
    """The first column of a query."""
    with database.read() as connection:
        return list(connection.execute(text(sql), values).scalars())


def one(database: Database, sql: str, **values: Any) -> Any:
    """The only value of a query."""
    (value,) = column(database, sql, **values)
    return value
