"""Alembic migrations, run by the program itself: there is no ``alembic.ini``.

A migration says literally what it does and imports no table, so that it means the same for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from gateway.core.errors import StoreError
from gateway.store.database import Database, open_database
from gateway.store.metadata import metadata
from gateway.store.statements import both, run

#: One upgrade at a time, whoever starts it: a number of our own for PostgreSQL's advisory locks.
_LOCK = both("SELECT {lock}", lock=("1", "pg_advisory_xact_lock(7246013519)"))


def upgrade(url: str, revision: str = "head") -> None:
    """Brings the schema to ``revision``, in one transaction. Raises :class:`~gateway.core.errors.StoreError`."""
    with _opened(url) as database, database.write() as connection:
        run(connection, _LOCK)
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Takes the schema back to ``revision`` (``base``: nothing is left), in one transaction."""
    with _opened(url) as database, database.write() as connection:
        run(connection, _LOCK)
        command.downgrade(_config(connection), revision)


def current(database: Database) -> str | None:
    """The revision that the database has; None when it is empty."""
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The revision that this program needs."""
    revision = ScriptDirectory.from_config(_config(None)).get_current_head()
    if revision is None:
        raise StoreError("The installation has no migrations.", hint="Install crossdock again.")
    return revision


def check(url: str) -> list[str]:
    """In what the database differs from what this program needs; empty when it is right."""
    with _opened(url) as database:
        found = current(database)
        if found != head():
            return [f"The schema is at revision {found or 'none'}, this program needs {head()}: crossdock db upgrade."]
        with database.read() as connection:
            return [str(difference) for difference in differences(connection)]


def differences(connection: Connection) -> list[object]:
    """What Alembic finds between the database and the metadata. Tables that no loaded package knows are left out."""
    options = {"compare_type": True, "include_object": _known}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def _known(item: object, name: str | None, kind: str, reflected: bool, compared: object) -> bool:
    return not (kind == "table" and reflected and compared is None)


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", "gateway.store:migrations")
    config.attributes["connection"] = connection
    return config
