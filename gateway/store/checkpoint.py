"""Moving what was committed from SQLite's log into the database file, beside the work and not within it.

SQLite does so by itself, in the commit that finds the log long: that commit then takes as long as a hundred others. A
thread that keeps the log short leaves little to it. It waits for nobody and nobody waits for it.
"""

from __future__ import annotations

import threading

import structlog

from gateway.core.errors import StoreError
from gateway.store.database import Database, map_exceptions

log = structlog.get_logger(__name__)


def checkpoint(database: Database) -> int:
    """Moves what can be moved now; returns how many pages of the log are left. Raises StoreError."""
    with map_exceptions(database.engine), database.engine.connect() as connection:
        driver = connection.connection.driver_connection  # within a transaction of SQLAlchemy there is no checkpoint
        assert driver is not None
        _, pages, moved = driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return int(pages - moved)


def keep_short(database: Database, stop: threading.Event, interval: float = 0.2) -> None:
    """A checkpoint every ``interval`` seconds until ``stop`` is set. PostgreSQL has its own: only waits."""
    while not stop.wait(interval if database.dialect == "sqlite" else None):
        try:
            checkpoint(database)
        except StoreError as error:
            log.warning("checkpoint.failed", error=str(error))
