"""A server that ends connections, a disk that is full: a typed error, nothing half done, and on it goes afterwards."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text

from gateway.core.errors import StoreError
from gateway.core.ports import Arrival
from gateway.pipeline.intake import DatabaseIntake
from gateway.store import Database, open_database
from gateway.store.payloads import Payloads
from tests.conftest import empty
from tests.observe.test_observe_metrics import Still

COUNT = text("SELECT count(*) FROM transmissions")


def arrival(number: int, size: int = 100) -> Arrival:
    return Arrival(source="globex-in", transport_id=f"a{number}", body=os.urandom(size), party="globex")


def accept(database: Database, number: int, size: int = 100) -> None:
    DatabaseIntake(database, Still(), lambda step: None).accept([arrival(number, size)])


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(COUNT).scalar_one())


@pytest.fixture
def server(migrated_postgresql: str, tmp_path: Path) -> Iterator[Database]:
    empty(migrated_postgresql)
    opened = open_database(migrated_postgresql, Payloads(tmp_path / "payloads"))
    yield opened
    opened.close()


def kill(database: Database) -> None:
    """Ends all connections of others to the database, as an administrator or a failover does."""
    sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
    engine = create_engine(database.engine.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(sql), {"name": database.engine.url.database})
    engine.dispose()


def test_connections_that_idle_are_ended_and_the_second_try_works(server: Database) -> None:
    accept(server, 1)
    assert count(server) == 1
    kill(server)
    with pytest.raises(StoreError) as found:
        count(server)
    assert found.value.retryable
    assert count(server) == 1
    kill(server)
    with pytest.raises(StoreError) as found:
        accept(server, 2)
    assert found.value.retryable
    accept(server, 2)
    assert count(server) == 2


@pytest.mark.parametrize(
    "trouble",
    [
        "SET LOCAL idle_in_transaction_session_timeout = '50ms'",  # this process was stopped in a transaction
        "SET LOCAL transaction_read_only = on",  # another server took over, and this one only follows
    ],
)
def test_a_server_that_has_left_us_is_out_of_reach_and_not_our_mistake(server: Database, trouble: str) -> None:
    accept(server, 1)

    def write() -> None:
        with server.write() as connection:
            connection.execute(text(trouble))
            time.sleep(0.2)
            connection.execute(text("UPDATE transmissions SET status = 'held'"))

    with pytest.raises(StoreError) as found:
        write()
    assert found.value.retryable
    accept(server, 2)
    assert count(server) == 2


def test_a_connection_that_is_ended_in_a_transaction_leaves_nothing_behind(server: Database) -> None:
    accept(server, 1)

    def write() -> None:
        with server.write() as connection:
            connection.execute(text("UPDATE transmissions SET status = 'held'"))
            kill(server)

    with pytest.raises(StoreError) as found:
        write()
    assert found.value.retryable
    with server.read() as connection:
        assert connection.execute(text("SELECT status FROM transmissions")).scalars().all() == ["received"]


def test_many_writers_and_readers_go_on_while_connections_are_ended(server: Database) -> None:
    """Each arrival is handed in until it is accepted, as doors do; under its name it is known again."""
    failed: list[BaseException] = []
    told: list[bool] = []
    over = threading.Event()

    def write(first: int) -> None:
        for number in range(first, first + 40):
            while True:
                try:
                    accept(server, number)
                    break
                except StoreError as error:
                    told.append(error.retryable)

    def read() -> None:
        while not over.is_set():
            try:
                count(server)
            except StoreError as error:
                told.append(error.retryable)

    def guarded(work: object, *arguments: int) -> None:
        try:
            work(*arguments)  # type: ignore[operator]
        except BaseException as error:
            failed.append(error)

    writers = [threading.Thread(target=guarded, args=(write, first)) for first in (0, 100, 200)]
    readers = [threading.Thread(target=guarded, args=(read,)) for _ in range(2)]
    for thread in (*writers, *readers):
        thread.start()
    for _ in range(15):
        kill(server)
    for thread in writers:
        thread.join()
    over.set()
    for thread in readers:
        thread.join()
    assert failed == []
    assert False not in told
    assert count(server) == 120


def test_a_database_that_is_full_says_so_and_takes_nothing_by_halves(tmp_path: Path, migrated_sqlite: Path) -> None:
    path = tmp_path / "crossdock.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    database = open_database(f"sqlite:///{path}")
    accept(database, 1)
    pages = path.stat().st_size // 4096 + 20
    limit = [f"PRAGMA max_page_count = {pages}"]

    @event.listens_for(database.engine, "connect")
    def _bound(connection: object, record: object) -> None:
        connection.execute(limit[0])  # type: ignore[attr-defined]

    database._writers.clear()
    database.engine.dispose()
    with pytest.raises(StoreError, match="full") as found:
        accept(database, 2, 200_000)
    assert found.value.retryable, "space may come back"
    assert count(database) == 1
    accept(database, 3)
    assert count(database) == 2, "what is small still fits"
    limit[0] = "PRAGMA max_page_count = 1000000"
    database._writers.clear()
    database.engine.dispose()
    accept(database, 2, 200_000)
    assert count(database) == 3
    database.close()
