"""The one :class:`~sqlalchemy.MetaData` of the database, and the few kinds of column that its tables are made of.

Time is microseconds since 1970 in UTC. Ids are 64-bit and come from one sequence for all tables, taken in blocks inside
the transaction that uses them; so a parent is known before its children are written, and no insert has to return
anything. There are no foreign keys: rows point to rows of the same commit or of an earlier one, and nothing that is
pointed to is ever deleted.

Tables of other packages (the records of handlers) join this metadata; their migrations stand beside those of the store.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Sequence, SmallInteger, Text

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)

#: PostgreSQL takes ids from it. SQLite has no sequences: there the row ``ids`` of ``sequence_blocks`` stands for it.
IDS = Sequence("ids", metadata=metadata, start=1)

_BIG = BigInteger().with_variant(Integer, "sqlite")
# Byte order: quicker to compare, and the indexes survive an upgrade of the C library's collations.
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def key() -> Column[int]:
    """``id``, the primary key."""
    return Column("id", _BIG, primary_key=True, autoincrement=False)


def reference(name: str, *, nullable: bool = True) -> Column[int]:
    """A column that holds the id of another row: local ids of a batch are resolved in it."""
    return Column(name, _BIG, nullable=nullable, info={"reference": True})


def turn() -> Column[int]:
    """The order of receipt in one sortable number: transmission << 24 | position."""
    return Column("turn", _BIG, nullable=False, info={"turn": True})


def number(name: str, *, nullable: bool = False, default: int | None = None) -> Column[int]:
    """A 64-bit integer: sizes, offsets, microseconds."""
    return Column(name, _BIG, nullable=nullable, default=default)


def small(name: str, *, nullable: bool = False, default: int | None = None) -> Column[int]:
    return Column(name, SmallInteger, nullable=nullable, default=default)


def text(
    name: str,
    *,
    nullable: bool = False,
    primary_key: bool = False,
    default: str | None = None,
    server_default: str | None = None,
) -> Column[str]:
    """``server_default`` is what rows have that were there before the column."""
    return Column(
        name, _TEXT, nullable=nullable, primary_key=primary_key, default=default, server_default=server_default
    )


def blob(name: str, *, nullable: bool = True) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=nullable)


def partial(condition: Any) -> dict[str, Any]:
    """The keyword arguments of an index that holds only the rows of ``condition``, on both databases."""
    return {"sqlite_where": condition, "postgresql_where": condition}
