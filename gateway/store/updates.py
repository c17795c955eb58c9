"""Updates of existing rows: one statement for all that get the same values, one for all that get different ones."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql

from gateway.store.bulk import shape
from gateway.store.changes import Changes, Update, turn_of
from gateway.store.database import ConflictError
from gateway.store.metadata import metadata
from gateway.store.statements import Both, both, run, run_many

Columns = tuple[str, ...]

_FEW = 4
_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]


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
        sets.sort(key=itemgetter("one"))
        once = len({values["one"] for values in sets}) == len(sets)  # of two for one row the later one counts
        if len(sets) > _FEW and once and connection.dialect.name == "postgresql":
            lists = {name: [values[name] for values in sets] for name in sets[0]}
            found = run(connection, _each(table, columns, guards), **lists).rowcount
        else:
            found = run_many(connection, _one(table, columns, guards), sets)
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


@cache
def _each(table: str, columns: Columns, guards: Columns) -> Both:
    """For PostgreSQL: many rows, each with its own values, in one exchange."""
    given = {"one": "id"} | {f"v_{name}": name for name in columns} | {f"x_{name}": name for name in guards}
    types = {name: metadata.tables[table].c[column].type.compile(_POSTGRESQL) for name, column in given.items()}
    lists = ", ".join(f"CAST(:{name} AS {type.partition(' COLLATE')[0]}[])" for name, type in types.items())
    sets = ", ".join(f'"{name}" = n.v_{name}' for name in columns)
    where = "".join(f' AND o."{name}" = n.x_{name}' for name in guards)
    return both(
        f'UPDATE "{table}" AS o SET {sets} FROM unnest({lists}) AS n({", ".join(given)}) WHERE o.id = n.one{where}'  # noqa: S608
    )


def _sql(table: str, columns: Columns, guards: Columns, which: str) -> str:
    sets = ", ".join(f'"{name}" = :v_{name}' for name in columns)
    where = "".join(f' AND "{name}" = :x_{name}' for name in guards)
    return f'UPDATE "{table}" SET {sets} WHERE {which}{where}'  # noqa: S608
