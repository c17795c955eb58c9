"""Migrations lead to exactly the tables that the program describes, on both databases, there and back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from gateway.store import Database, migrations, open_database
from gateway.store.metadata import metadata
from tests.store.making import received

_POSTGRESQL = """
SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'constraint ' || conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'column ' || table_name || '.' || column_name,
       concat_ws(' ', ordinal_position, data_type, is_nullable, collation_name, column_default)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'options ' || relname, reloptions::text FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
"""

_SQLITE = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"


def schema(database: Database) -> dict[str, str]:
    """Everything in the database that has a definition, but Alembic's own table."""
    with database.read() as connection:
        rows = connection.execute(text(_SQLITE if database.dialect == "sqlite" else _POSTGRESQL)).all()
    return {
        name: " ".join((definition or "").replace('"', "").split())
        for name, definition in rows
        if "alembic_version" not in name
    }


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The URLs of two databases without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/two.db"
        return
    server = make_url(request.getfixturevalue("postgresql_server"))
    names = [f"crossdock_test_{secrets.token_hex(5)}" for _ in range(2)]
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        one, two = (server.set(database=name).render_as_string(hide_password=False) for name in names)
        yield one, two
        for name in names:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


def test_migrations_make_what_the_metadata_says(empty_urls: tuple[str, str]) -> None:
    import gateway.handlers.trading.records  # noqa: F401 - its tables belong to the metadata

    migrated_url, described_url = empty_urls
    migrations.upgrade(migrated_url)
    assert migrations.check(migrated_url) == []
    migrated, described = open_database(migrated_url), open_database(described_url)
    metadata.create_all(described.engine)
    assert schema(migrated) == schema(described)
    migrated.close()
    described.close()


def test_an_upgrade_keeps_the_rows_and_does_nothing_twice(empty_urls: tuple[str, str]) -> None:
    url, _ = empty_urls
    migrations.upgrade(url)
    database = open_database(url)
    received(database, "a")
    migrations.upgrade(url)
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM transmissions")).scalar() == 1
    database.close()


def test_there_and_back(empty_urls: tuple[str, str]) -> None:
    url, _ = empty_urls
    migrations.upgrade(url)
    migrations.downgrade(url, "base")
    database = open_database(url)
    assert schema(database) == {}
    assert migrations.current(database) is None
    database.close()
    migrations.upgrade(url)
    assert migrations.check(url) == []


def test_check_says_what_is_missing(empty_urls: tuple[str, str]) -> None:
    url, _ = empty_urls
    assert "crossdock db upgrade" in migrations.check(url)[0]
    migrations.upgrade(url)
    database = open_database(url)
    with database.write() as connection:
        connection.execute(text("DROP TABLE holds"))
    database.close()
    assert any("holds" in difference for difference in migrations.check(url))
