"""What goes by many numbers (a consignment, a customs case): the table of its numbers, how one of them finds it, and
how one that turns out to be another becomes that one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Index, Table
from sqlalchemy import text as sql

from gateway.store import Changes
from gateway.store.metadata import key, metadata, partial, reference, small, text
from gateway.store.statements import both, run

#: Of those that one number finds, at most: a person who asks for more asks for another number.
MOST_FOUND = 50


class Named:
    """``owners``: the table of what is named; ``owner``: the column that points to it from ``names`` and ``facts``.

    The table of owners has ``merged_into``. A strong number is of one of them alone.
    """

    def __init__(self, owners: str, names: str, facts: str, owner: str, columns: str) -> None:
        self.names = Table(
            names,
            metadata,
            key(),
            reference(owner, nullable=False),
            text("own_party"),
            text("lane"),
            text("kind"),
            text("value"),
            text("short"),
            small("strong"),
            Index(f"ix_{names}_{owner}", owner),
            Index(f"ix_{names}_value", "own_party", "lane", "value"),
            Index(f"ix_{names}_short", "short"),
            Index(
                *(f"uq_{names}_strong", "own_party", "lane", "kind", "value"), unique=True, **partial(sql("strong = 1"))
            ),
        )
        self._search = both(
            f"SELECT DISTINCT o.id FROM {owners} o JOIN {names} n ON n.{owner} = o.id "  # noqa: S608 - our own tables
            "WHERE (n.value = :value OR n.short = :value) AND o.merged_into IS NULL ORDER BY o.id LIMIT :most"
        )
        self._rows = both(f"SELECT {columns} FROM {owners} WHERE id {{ids}} ORDER BY id")  # noqa: S608
        self._moves = tuple(
            both(f"UPDATE {table} SET {owner} = :survivor WHERE {owner} = :gone")  # noqa: S608
            for table in (names, facts)
        )

    def search(self, connection: Connection, value: str) -> list[int]:
        """The ids of those that go by this number, whoever issued it."""
        return [int(id) for id in run(connection, self._search, value=value, most=MOST_FOUND).scalars()]

    def rows(self, connection: Connection, ids: list[int]) -> list[Any]:
        """Their rows, in the order of their ids."""
        return list(run(connection, self._rows, ids=ids)) if ids else []

    def move(self, changes: Changes, gone: int, survivor: int) -> None:
        """Everything of one that turned out to be another becomes that one's."""
        for statement in self._moves:
            changes.execute(statement, {"gone": gone, "survivor": survivor})


def name_row(kind: str, value: str, *, strong: bool) -> dict[str, Any]:
    """The columns of a number, without whose it is. ``short`` is what people call it: without its issuer."""
    return {"kind": kind, "value": value, "short": value.rpartition("/")[2], "strong": int(strong)}
