"""Updates of existing rows: one statement for all that get the same values, one for all that get different ones."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from gateway.store.bulk import shape
from gateway.store.changes import Changes, Update, turn_of
from gateway.store.database import ConflictError
from gateway.store.statements import Both, both, run, run_many

Columns = tuple[str, ...]


def write_updates(connection: Connection, changes: Changes) -> None:
    """Writes the updates. Raises :class:`ConflictError` when a row is not as it was expected to be."""
    single: dict[tuple[str, Columns, Columns], list[dict[str, Any]]] = defaultdict(list)
    for update, ids in changes.updates.items():
        values = _resolved(update, changes)
        columns = tuple(name for name, _ in update.values)
        guards = tuple(name for name, _ in update.expected)
        if len(ids) == 1:
            single[update.table, columns, guards].append(values | {"one": changes.real(ids[0])})
            continue
        real = sorted(changes.real(id) for id in ids)
        found = run(connection, _many(update.table, columns, guards), ids=real, **values).rowcount
        _check(update.table, found, len(set(real)), guards)
    for (table, columns, guards), sets in single.items():
        found = run_many(connection, _one(table, columns, guards), sorted(sets, key=itemgetter("one")))
        _check(table, found, len(sets), guards)


def _check(table: str, found: int, wanted: int, guards: Columns) -> None:
    if found != wanted and guards:
        raise ConflictError(f"{wanted - found} of {wanted} rows of {table} are not as they were: somebody was faster.")


def _resolved(update: Update, changes: Changes) -> dict[str, Any]:
    """The values as parameters: ``v_`` what is set, ``x_`` what is expected."""
    references, turns = _special(update.table)
    values: dict[str, Any] = {f"x_{name}": value for name, value in update.expected}
    for name, value in update.values:
        if name in references and value is not None:
            value = changes.real(value)
        elif name in turns:
            value = turn_of(value, changes.real)
        values[f"v_{name}"] = value
    return values


@cache
def _special(table: str) -> tuple[frozenset[str], frozenset[str]]:
    """The columns that hold ids, and those that hold turns."""
    form = shape(table)
    references, turns = (frozenset(form.columns[place] for place in places) for places in (form.references, form.turns))
    return references, turns


@cache
def _many(table: str, columns: Columns, guards: Columns) -> Both:
    return both(_sql(table, columns, guards, "id {ids}"))


@cache
def _one(table: str, columns: Columns, guards: Columns) -> Both:
    return both(_sql(table, columns, guards, "id = :one"))


def _sql(table: str, columns: Columns, guards: Columns, which: str) -> str:
    sets = ", ".join(f'"{name}" = :v_{name}' for name in columns)
    where = "".join(f' AND "{name}" = :x_{name}' for name in guards)
    return f'UPDATE "{table}" SET {sets} WHERE {which}{where}'  # noqa: S608
