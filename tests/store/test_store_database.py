"""Opening databases, transactions, and errors that do not leak."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.core.errors import ConfigurationError, StoreError
from gateway.store import ConflictError, Database, open_database, storable
from gateway.store.statements import both, run
from tests.store.making import one, received


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://localhost/x", "sqlite://", "sqlite:///:memory:", "postgresql+asyncpg://h/x"]
)
def test_other_databases_are_refused_with_the_key_to_change(url: str) -> None:
    with pytest.raises(ConfigurationError, match="database"):
        open_database(url)


def test_sqlite_is_durable_and_lets_readers_read(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/a.db")
    with database.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
    database.close()


@pytest.mark.postgres
def test_postgresql_is_durable_and_plans_for_values(migrated_postgresql: str) -> None:
    database = open_database(migrated_postgresql)
    with database.read() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
        assert connection.execute(text("SHOW plan_cache_mode")).scalar() == "force_custom_plan"
        assert connection.execute(text("SHOW transaction_isolation")).scalar() == "read committed"
    database.close()


def test_the_clock_of_the_database_runs(database: Database) -> None:
    before = time.time_ns() // 1000
    now = database.now()
    assert abs(now - before) < 60_000_000
    time.sleep(0.005)
    assert database.now() > now


def test_an_exception_rolls_back(database: Database) -> None:
    def interrupted() -> None:
        with database.write() as connection:
            connection.execute(text("INSERT INTO pair_sequences VALUES ('a', 1)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert one(database, "SELECT count(*) FROM pair_sequences") == 0


def test_errors_of_the_driver_become_ours(database: Database) -> None:
    with pytest.raises(StoreError) as caught, database.read() as connection:
        connection.execute(text("SELECT x FROM nowhere"))
    assert "nowhere" in str(caught.value)
    assert "SELECT" not in str(caught.value)
    with pytest.raises(ConflictError), database.write() as connection:
        connection.execute(text("INSERT INTO pair_sequences VALUES ('a', 1), ('a', 2)"))


def test_a_database_out_of_reach_is_retryable() -> None:
    database = open_database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2")
    with pytest.raises(StoreError) as caught:
        database.now()
    assert caught.value.retryable
    database.close()


def test_writers_wait_for_each_other_and_none_fails(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("INSERT INTO pair_sequences VALUES ('n', 0)"))
    lock = "" if database.dialect == "sqlite" else " FOR UPDATE"
    errors: list[Exception] = []

    def count() -> None:
        try:
            for _ in range(20):
                with database.write() as connection:
                    value = connection.execute(text(f"SELECT value FROM pair_sequences{lock}")).scalar_one()
                    connection.execute(text("UPDATE pair_sequences SET value = :v"), {"v": value + 1})
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert one(database, "SELECT value FROM pair_sequences") == 80


def test_a_writer_of_another_process_is_waited_for(tmp_path: Path) -> None:
    """Two engines on one file know of each other as two processes do."""
    first, second = (open_database(f"sqlite:///{tmp_path / 'one.db'}") for _ in range(2))
    with first.write() as connection:
        connection.execute(text("CREATE TABLE seen (n INTEGER)"))
    order: list[str] = []

    def write() -> None:
        with second.write() as connection:
            order.append("second")
            connection.execute(text("INSERT INTO seen VALUES (2)"))

    other = threading.Thread(target=write)
    with first.write() as connection:
        other.start()
        connection.execute(text("INSERT INTO seen VALUES (1)"))
        time.sleep(0.05)
        order.append("first")
    other.join()
    assert order == ["first", "second"]
    assert one(first, "SELECT count(*) FROM seen") == 2
    for database in (first, second):
        database.close()


def test_a_writer_that_waited_too_long_is_told_and_may_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.store.database._PATIENCE", 0.02)
    first, second = (open_database(f"sqlite:///{tmp_path / 'one.db'}") for _ in range(2))
    with first.write(), pytest.raises(StoreError) as caught, second.write():
        pass
    assert caught.value.retryable
    with second.write():
        pass
    for database in (first, second):
        database.close()


def test_what_is_compared_has_the_form_of_what_is_written(database: Database) -> None:
    odd = "caf\udce9\0.edi"  # the name of a file that is no UTF-8
    received(database, odd)
    statement = both("SELECT count(*) FROM transmissions WHERE transport_id {names} AND transport_id = :name")
    with database.read() as connection:
        assert run(connection, statement, names=[odd], name=odd).scalar() == 1
    assert one(database, "SELECT transport_id FROM transmissions") == storable(odd) == "caf\\udce9\\0.edi"
