"""The log of an embedded database is kept short beside the work; nothing of it is lost."""

from __future__ import annotations

import threading
from pathlib import Path

from gateway.store import Database, migrations, open_database
from gateway.store.checkpoint import checkpoint, keep_short
from tests.store import making
from tests.store.making import one


def test_what_was_committed_moves_into_the_file(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    migrations.upgrade(f"sqlite:///{path}")
    database = open_database(f"sqlite:///{path}")
    making.received(database, *(f"{n}.edi" for n in range(100)))
    assert checkpoint(database) == 0
    (tmp_path / "gateway.db-wal").rename(tmp_path / "away")
    (tmp_path / "gateway.db-shm").unlink()
    copy = open_database(f"sqlite:///{path}")
    assert one(copy, "SELECT count(*) FROM transmissions") == 100
    copy.close()
    (tmp_path / "away").unlink()
    database.close()


def test_what_somebody_still_reads_stays_in_the_log(tmp_path: Path) -> None:
    migrations.upgrade(f"sqlite:///{tmp_path}/gateway.db")
    database = open_database(f"sqlite:///{tmp_path}/gateway.db")
    checkpoint(database)
    with database.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM transmissions").all()
        making.received(database, "a.edi")
        assert checkpoint(database) > 0
    assert checkpoint(database) == 0
    database.close()


def test_it_goes_on_until_it_is_told_to_stop_whatever_happens(database: Database) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=keep_short, args=(database, stop, 0.001))
    thread.start()
    making.received(database, "a.edi", "b.edi")
    thread.join(0.05)
    assert thread.is_alive()  # a thread of the gateway that ends would end the gateway, with PostgreSQL too
    stop.set()
    thread.join()
    assert one(database, "SELECT count(*) FROM transmissions") == 2
