"""Files of partners that were received and stay where they are, so that an unchanged one is not fetched again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.core.ports import Clock, Met
from gateway.store.database import Database
from gateway.store.statements import both, run, run_many, storable

_KNOWN = both(
    "SELECT name, size, modified, sha256 FROM pickups WHERE endpoint = :endpoint AND folder = :folder ORDER BY name"
)
_REMEMBER = both(
    "INSERT INTO pickups (endpoint, folder, name, size, modified, sha256, at) "
    "VALUES (:endpoint, :folder, :name, :size, :modified, :sha256, :at) ON CONFLICT (endpoint, folder, name) DO UPDATE "
    "SET size = excluded.size, modified = excluded.modified, sha256 = excluded.sha256, at = excluded.at"
)
_FORGET = both("DELETE FROM pickups WHERE endpoint = :endpoint AND folder = :folder AND name {names}")


class DatabaseLedger:
    """The :class:`~gateway.core.ports.Ledger` of a database. Threads may share it.

    Names are kept as the database takes them: one that is no UTF-8 with its bytes written as escapes.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def known(self, endpoint: str, folder: str) -> dict[str, Met]:
        with self._database.read() as connection:
            rows = run(connection, _KNOWN, endpoint=endpoint, folder=folder).all()
        return {row.name: Met(row.size, row.modified, row.sha256) for row in rows}

    def remember(self, endpoint: str, folder: str, files: Mapping[str, Met]) -> None:
        at = self._clock.now()
        where = {"endpoint": storable(endpoint), "folder": storable(folder), "at": at}
        rows = [where | {"name": storable(name)} | met._asdict() for name, met in sorted(files.items())]
        with self._database.write() as connection:
            run_many(connection, _REMEMBER, rows)

    def forget(self, endpoint: str, folder: str, names: Sequence[str]) -> None:
        with self._database.write() as connection:
            run(connection, _FORGET, endpoint=endpoint, folder=folder, names=list(names))
