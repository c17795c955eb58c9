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


def test_control_numbers_go_on_behind_the_highest_that_was_given(empty_urls: tuple[str, str]) -> None:
    """Before 0003 receipts were counted for each pair of parties and lane, files of JSON for each agreement."""
    url, _ = empty_urls
    migrations.upgrade(url, "0002")
    database = open_database(url)
    with database.write() as connection:
        for id, lane, sender in (
            (1, "production", "ZZ:GLOBEX"),
            (2, "test", "ZZ:GLOBEX"),
            (3, "production", "ZZ:GLOBEX2"),
        ):
            connection.execute(_INTERCHANGE, {"id": id, "lane": lane, "sender": sender})
        for id, (source, number, canonical) in enumerate(_SENT, 10):
            values = {"id": id, "source": source, "number": number, "canonical": canonical}
            connection.execute(_DOCUMENT, values)
        for agreement, kind, value in _COUNTED:
            connection.execute(_NUMBER, {"agreement": agreement, "kind": kind, "value": value})
    database.close()
    migrations.upgrade(url)
    database = open_database(url)
    with database.read() as connection:
        found = {tuple(row) for row in connection.execute(text("SELECT * FROM control_numbers"))}
        kept = connection.execute(text("SELECT count(*) FROM interchanges")).scalar()
    database.close()
    assert found == {
        ("x12", "ZZ:ACME", "ZZ:GLOBEX", 1007),
        ("x12", "ZZ:ACME", "ZZ:GLOBEX2", 7),  # the counter had jumped ahead of what was sent to it
        ("json", "", "erp-orders", 41),
    }
    assert kept == 3
    migrations.downgrade(url, "0002")
    migrations.upgrade(url)
    assert migrations.check(url) == []


#: The receipts to Globex were to begin at 1001, and seven were sent in production, three in test.
_SENT = ((1, "1007", None), (1, "1006", None), (2, "1003", None), (3, "5", None), (1, "41", "Order"))
_COUNTED = (
    ("acme>globex|x12|production", "interchange", 7),
    ("acme>globex|x12|test", "interchange", 3),
    ("erp-orders", "file", 41),
)
_INTERCHANGE = text(
    "INSERT INTO interchanges (id, direction, standard, version, sender, receiver, from_party, to_party, "
    'control_number, date, time, lane, position, "offset", length, status, pending, documents, created_at) '
    "VALUES (:id, 'in', 'x12', '00401', :sender, 'ZZ:ACME', 'globex', 'acme', "
    "'1', '', '', :lane, 1, 0, 0, 'accepted', 0, 1, 1)"
)
_DOCUMENT = text(
    "INSERT INTO documents (id, direction, source_interchange_id, position, standard, version, type, canonical, "
    'control_number, status, "offset", length, turn, created_at, updated_at) '
    "VALUES (:id, 'out', :source, 1, 'x12', '', '997', :canonical, :number, 'sent', 0, 0, 1, 1, 1)"
)
_NUMBER = text("INSERT INTO control_numbers (agreement, kind, value) VALUES (:agreement, :kind, :value)")
