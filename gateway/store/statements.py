"""Statements in the two dialects: named once at module level, written once where the dialects agree.

A list of ids is one parameter, so that a statement has one text for every size of batch: ``= ANY(:ids)`` on
PostgreSQL, ``IN (SELECT value FROM json_each(:ids))`` on SQLite.

They go straight to the driver, within the transaction that SQLAlchemy began: an order takes about a hundred of them
where it comes alone, and each is several times as quick that way.
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, TextClause, text

Both = Mapping[str, TextClause]

#: What stands for these words in a statement: ``{ids}`` is a test for membership in a list of integers named ids,
#: ``{names}`` one in a list of texts named names, ``{now}`` the database's clock in microseconds.
WORDS = {
    "sqlite": {
        "ids": "IN (SELECT value FROM json_each(:ids))",
        "names": "IN (SELECT value FROM json_each(:names))",
        "now": "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)",
        "locked": "",
        "free": "",
    },
    "postgresql": {
        "ids": "= ANY(CAST(:ids AS bigint[]))",
        "names": "= ANY(CAST(:names AS text[]))",
        "now": "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)",
        "locked": "FOR UPDATE",
        "free": "FOR UPDATE SKIP LOCKED",
    },
}


def both(sql: str, **differences: tuple[str, str]) -> Both:
    """``sql`` for each dialect. ``differences`` are further words: (on SQLite, on PostgreSQL)."""
    result: dict[str, TextClause] = {}
    for place, (dialect, words) in enumerate(WORDS.items()):
        more = {name: texts[place].format_map(words) for name, texts in differences.items()}
        result[dialect] = text(sql.format_map(words | more))
    return result


#: A parameter as SQLAlchemy finds it in a text.
_PARAMETER = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")


def storable(text: str) -> str:
    """Text as both databases take it: without NUL, and what could not be decoded written as ``\\udc80``.

    Rows are written in this form; what is compared with them has to be brought into it.
    """
    if text.isascii():
        return text.replace("\0", "\\0") if "\0" in text else text
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")


class Rows:
    """What a statement gave: rows whose columns are attributes. Read once, in the transaction."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        """How many rows were written."""
        return int(self._cursor.rowcount)

    def all(self) -> list[Any]:
        """All rows."""
        return list(map(self._make(), self._cursor.fetchall()))

    def __iter__(self) -> Iterator[Any]:
        return iter(self.all())

    def first(self) -> Any | None:
        """The first row, or None."""
        found = self._cursor.fetchone()
        return None if found is None else self._make()(found)

    def one(self) -> Any:
        """The only row."""
        (row,) = self.all()
        return row

    def scalars(self) -> list[Any]:
        """The first column of all rows."""
        return list(map(_first, self._cursor.fetchall()))

    def scalar(self) -> Any:
        """The first column of the first row; None where there is no row."""
        found = self._cursor.fetchone()
        return None if found is None else found[0]

    def scalar_one(self) -> Any:
        """The only column of the only row."""
        ((value,),) = self._cursor.fetchall()
        return value

    def _make(self) -> Callable[[Iterable[Any]], Any]:
        return _row_type(tuple([column[0] for column in self._cursor.description]))


_first = itemgetter(0)


@cache
def _row_type(columns: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    row: Any = namedtuple("Row", columns, rename=True)  # type: ignore[misc]  # its columns are the statement's
    make: Callable[[Iterable[Any]], Any] = row._make
    return make


def run(connection: Connection, statement: Both, **values: Any) -> Rows:
    """Executes it in the connection's dialect; lists become what the dialect takes for one, texts are made storable."""
    dialect = connection.dialect.name
    given = {name: _parameter(value, dialect) for name, value in values.items()}
    return Rows(driver_of(connection).execute(_of_driver(statement[dialect], dialect), given))


def run_many(connection: Connection, statement: Both, sets: Iterable[Mapping[str, Any]]) -> int:
    """Executes it once for each set of values, which hold no lists; returns how many rows were written."""
    dialect = connection.dialect.name
    cursor = driver_of(connection).cursor()
    cursor.executemany(_of_driver(statement[dialect], dialect), list(sets))
    return int(cursor.rowcount)


def driver_of(connection: Connection) -> Any:
    """The driver's own connection, in whose transaction everything happens."""
    return connection.connection.driver_connection


@cache
def _of_driver(statement: TextClause, dialect: str) -> str:
    """The statement as the driver takes it."""
    if dialect == "sqlite":
        return statement.text
    return _PARAMETER.sub(r"%(\1)s", statement.text.replace("%", "%%"))


def _parameter(value: Any, dialect: str) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        clean = [storable(each) if isinstance(each, str) else each for each in value]
        return msgspec.json.encode(clean).decode() if dialect == "sqlite" else clean
    return value
