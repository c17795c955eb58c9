"""Reading rows by their ids, open work and archived texts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection

from gateway.store.bulk import shape
from gateway.store.statements import Both, both, run

AnyRow = Any

_OPEN_WORK = both(
    "SELECT step, state, count(*) AS number, min(due) AS due FROM work GROUP BY step, state ORDER BY step, state"
)
_TEXT = both("SELECT name, body FROM texts WHERE kind = :kind AND digest = :digest")


@cache
def _by_ids(table: str, columns: tuple[str, ...]) -> Both:
    names = ", ".join(f'"{column}"' for column in columns or shape(table).columns)
    return both(f'SELECT {names} FROM "{table}" WHERE id {{ids}}')  # noqa: S608


def rows(connection: Connection, table: str, ids: Iterable[int], *columns: str) -> dict[int, AnyRow]:
    """Rows by their ids, with all columns or with ``columns`` (``id`` among them). Ids without a row are left out."""
    wanted = sorted(set(ids))
    return {row.id: row for row in run(connection, _by_ids(table, columns), ids=wanted).all()} if wanted else {}


def open_work(connection: Connection) -> list[AnyRow]:
    """Rows of work by step and state: step, state, number, due (the earliest)."""
    return list(run(connection, _OPEN_WORK).all())


def archived(connection: Connection, kind: str, digest: str) -> tuple[str, str] | None:
    """Name and text of an agreement, mapping or schema that processed something."""
    row = run(connection, _TEXT, kind=kind, digest=digest).first()
    return None if row is None else (row.name, row.body)
