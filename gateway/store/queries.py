"""Reading, for the steps of the pipeline: many rows in one statement, named once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row

from gateway.store.bulk import shape
from gateway.store.statements import Both, both, run

AnyRow = Row[*tuple[Any, ...]]

_BODIES = both("SELECT id, body FROM payloads WHERE id {ids}")
_KNOWN = both(
    "SELECT transport_id, id FROM transmissions WHERE endpoint = :endpoint AND direction = :direction "
    "AND transport_id {names}"
)
_BY_IDENTITY = both("SELECT * FROM interchanges WHERE identity {names}")
_BY_CONTROL_NUMBER = both(
    "SELECT * FROM interchanges WHERE control_number {names} AND direction = :direction ORDER BY id DESC"
)
_OF_INTERCHANGES = both("SELECT * FROM documents WHERE interchange_id {ids} ORDER BY interchange_id, position, id")
_EMITTED = both(
    "SELECT * FROM documents WHERE source_interchange_id {ids} AND status = 'emitted' "
    "ORDER BY source_interchange_id, turn, id"
)
_BY_STATUS = {
    table: both(f"SELECT direction, status, count(*) AS number FROM {table} GROUP BY direction, status")  # noqa: S608
    for table in ("transmissions", "documents")
}
_OPEN_WORK = both(
    "SELECT step, state, count(*) AS number, min(due) AS due FROM work GROUP BY step, state ORDER BY step, state"
)
_SETTING = both("SELECT value FROM settings WHERE name = :name")
_SET = both(
    "INSERT INTO settings (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_TEXT = both("SELECT name, body FROM texts WHERE kind = :kind AND digest = :digest")


@cache
def _by_ids(table: str, columns: tuple[str, ...]) -> Both:
    names = ", ".join(f'"{column}"' for column in columns or shape(table).columns)
    return both(f'SELECT {names} FROM "{table}" WHERE id {{ids}}')  # noqa: S608


def rows(connection: Connection, table: str, ids: Iterable[int], *columns: str) -> dict[int, AnyRow]:
    """Rows by their ids, with all columns or with ``columns`` (``id`` among them). Ids without a row are left out."""
    wanted = sorted(set(ids))
    return {row.id: row for row in run(connection, _by_ids(table, columns), ids=wanted)} if wanted else {}


def bodies(connection: Connection, payloads: Iterable[int]) -> dict[int, bytes]:
    """The bytes of payloads by their ids."""
    wanted = sorted(set(payloads))
    return {row.id: bytes(row.body) for row in run(connection, _BODIES, ids=wanted)} if wanted else {}


def known_transmissions(
    connection: Connection, endpoint: str, direction: str, transport_ids: Sequence[str]
) -> dict[str, int]:
    """Those of ``transport_ids`` that the endpoint has had before, with the transmission that each became."""
    values = {"endpoint": endpoint, "direction": direction, "names": list(transport_ids)}
    return {row.transport_id: row.id for row in run(connection, _KNOWN, **values)}


def interchanges_by_identity(connection: Connection, identities: Iterable[str]) -> dict[str, AnyRow]:
    """The interchanges that count, by identity: what a repeat or a conflict is judged against."""
    return {row.identity: row for row in run(connection, _BY_IDENTITY, names=sorted(set(identities)))}


def interchanges_by_control_number(
    connection: Connection, direction: str, control_numbers: Iterable[str]
) -> list[AnyRow]:
    """Interchanges with these control numbers, the latest first: what an acknowledgment speaks of is among them."""
    values = {"direction": direction, "names": sorted(set(control_numbers))}
    return list(run(connection, _BY_CONTROL_NUMBER, **values))


def documents_of(connection: Connection, interchanges: Iterable[int]) -> dict[int, list[AnyRow]]:
    """The documents of interchanges, in the order in which they stand there."""
    return _grouped(connection, _OF_INTERCHANGES, interchanges, "interchange_id")


def emitted_by(connection: Connection, interchanges: Iterable[int]) -> dict[int, list[AnyRow]]:
    """What handling the documents of interchanges led to and is still to be composed, in the order of receipt."""
    return _grouped(connection, _EMITTED, interchanges, "source_interchange_id")


def _grouped(connection: Connection, statement: Both, ids: Iterable[int], column: str) -> dict[int, list[AnyRow]]:
    wanted = sorted(set(ids))
    groups: dict[int, list[AnyRow]] = {id: [] for id in wanted}
    for row in run(connection, statement, ids=wanted):
        groups[row._mapping[column]].append(row)
    return groups


def counts_by_status(connection: Connection, table: str) -> dict[tuple[str, str], int]:
    """How many ``transmissions`` or ``documents`` there are, by (direction, status)."""
    return {(row.direction, row.status): row.number for row in run(connection, _BY_STATUS[table])}


def open_work(connection: Connection) -> list[AnyRow]:
    """Rows of work by step and state: step, state, number, due (the earliest)."""
    return list(run(connection, _OPEN_WORK))


def archived(connection: Connection, kind: str, digest: str) -> tuple[str, str] | None:
    """Name and text of an agreement, mapping or schema that processed something."""
    row = run(connection, _TEXT, kind=kind, digest=digest).first()
    return None if row is None else (row.name, row.body)


def setting(connection: Connection, name: str) -> str | None:
    """A setting that processes share; None when it was never set."""
    return run(connection, _SETTING, name=name).scalar()


def set_setting(connection: Connection, name: str, value: str) -> None:
    """Sets it, within a transaction that writes."""
    run(connection, _SET, name=name, value=value)
