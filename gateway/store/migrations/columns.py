"""Short words for what migrations say over and over. What they mean never changes: a new need gets a new word."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def postgresql() -> bool:
    """Whether this runs on PostgreSQL."""
    return op.get_bind().dialect.name == "postgresql"


def big(names: str, *, nullable: bool = False) -> list[sa.Column[int]]:
    """64-bit integers; ``names`` stand apart by blanks."""
    return [sa.Column(name, BIG, nullable=nullable, autoincrement=False) for name in names.split()]


def small(names: str, *, nullable: bool = False) -> list[sa.Column[int]]:
    """16-bit integers: flags."""
    return [sa.Column(name, sa.SmallInteger, nullable=nullable, autoincrement=False) for name in names.split()]


def text(names: str, *, nullable: bool = False) -> list[sa.Column[str]]:
    """Texts that compare by bytes."""
    return [sa.Column(name, TEXT, nullable=nullable) for name in names.split()]


def key(name: str, *columns: str) -> sa.PrimaryKeyConstraint:
    """The primary key of the table ``name``: ``id`` unless columns are given."""
    return sa.PrimaryKeyConstraint(*columns or ("id",), name=f"pk_{name}")


def check(name: str, condition: str, column: str) -> sa.CheckConstraint:
    """A condition on a column of the table ``name``."""
    return sa.CheckConstraint(condition, name=op.f(f"ck_{name}_{column}"))


def index(name: str, columns: str, *, where: str | None = None, as_: str | None = None, unique: bool = False) -> None:
    """An index, of the rows of ``where`` alone when that is given."""
    condition = sa.text(where) if where else None
    op.create_index(
        as_ or f"ix_{name}_{'_'.join(columns.split())}",
        name,
        columns.split(),
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def references(name: str, *columns: str) -> None:
    """An index on each of the columns, of the rows where it is set."""
    for column in columns:
        index(name, column, where=f"{column} IS NOT NULL")
