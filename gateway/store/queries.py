"""Reading, for the steps of the pipeline: many rows in one statement, named once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row

from gateway.store.bulk import shape
from gateway.store.statements import Both, both, run

AnyRow = Row[*tuple[Any, ...]]

_BODIES = both("SELECT id, body FROM payloads WHERE id {ids}")
_BY_CONTROL_NUMBER = both(
    "SELECT * FROM interchanges WHERE control_number {names} AND direction = :direction ORDER BY id DESC"
)
_OF_INTERCHANGES = both("SELECT * FROM documents WHERE interchange_id {ids} ORDER BY interchange_id, position, id")
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


def interchanges_by_control_number(
    connection: Connection, direction: str, control_numbers: Iterable[str]
) -> list[AnyRow]:
    """Interchanges with these control numbers, the latest first: what an acknowledgment speaks of is among them."""
    values = {"direction": direction, "names": sorted(set(control_numbers))}
    return list(run(connection, _BY_CONTROL_NUMBER, **values))


def documents_of(connection: Connection, interchanges: Iterable[int]) -> dict[int, list[AnyRow]]:
    """The documents of interchanges, in the order in which they stand there."""
    wanted = sorted(set(interchanges))
    groups: dict[int, list[AnyRow]] = {id: [] for id in wanted}
    for row in run(connection, _OF_INTERCHANGES, ids=wanted):
        groups[row.interchange_id].append(row)
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
