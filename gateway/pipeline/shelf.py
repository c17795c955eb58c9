"""What doors show that partners look into: files that came in, for a while, and files that wait to be fetched.

Nothing lies on a disk: what is shown are rows, and their bytes those of their transmissions. So every process that
opens such a door shows the same, and a file that was fetched at one of them is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection

from gateway.core.errors import NotFoundError
from gateway.core.ports import Arrival, Clock, Shown
from gateway.core.spooled import Body
from gateway.pipeline import queries
from gateway.pipeline.delivered import delivered
from gateway.pipeline.narrate import narrate
from gateway.store import Changes, ConflictError, Database, write
from gateway.store.statements import both, run

T = TypeVar("T")

#: The folder that shows what came in.
INBOX = "inbox"

#: Where those are kept in mind, until their time has passed, that the partner deleted from it.
REMOVED = "removed"

#: How often a pick-up is tried that met a receipt on the same documents.
_TRIES = 5

_SHOW = both(
    "INSERT INTO shelf (endpoint, folder, name, transmission_id, at, until) "
    "VALUES (:endpoint, :folder, :name, :id, :at, :until) ON CONFLICT (endpoint, folder, name) "
    "DO UPDATE SET transmission_id = excluded.transmission_id, at = excluded.at, until = excluded.until"
)
_SHOWN = "SELECT s.name, s.transmission_id, s.at, t.size, t.sha256 FROM shelf s JOIN transmissions t "
_SHOWN += "ON t.id = s.transmission_id WHERE s.endpoint = :endpoint AND s.folder = :folder "
LIST = both(_SHOWN + "AND s.name > :after AND (s.until IS NULL OR s.until > :now) ORDER BY s.name LIMIT :limit")
FIND = both(_SHOWN + "AND s.name = :name AND (s.until IS NULL OR s.until > :now)")
_TRANSMISSION = both(
    "SELECT id, endpoint, party, file_name, format, parent_id, size, status FROM transmissions WHERE id = :id {locked}"
)
_FETCHED = both("UPDATE shelf SET until = :until WHERE transmission_id = :id AND until IS NULL")
_REMOVE = both(
    "DELETE FROM shelf WHERE endpoint = :endpoint AND folder = :folder AND name = :name RETURNING transmission_id"
)
_HIDE = both("UPDATE shelf SET folder = :removed WHERE endpoint = :endpoint AND folder = :folder AND name = :name")
ANY_EXPIRED = both("SELECT 1 FROM shelf WHERE until <= :now LIMIT 1")
EXPIRE = both("DELETE FROM shelf WHERE until <= :now")


def show(changes: Changes, arrival: Arrival, transmission: int) -> None:
    """What came in is shown as long as the arrival says; of two with one name the later one."""
    where = {"endpoint": arrival.source, "folder": INBOX, "name": arrival.file_name}
    changes.execute(_SHOW, {"id": transmission}, **where, at=changes.at, until=arrival.shown_until)


class DatabaseShelf:
    """The :class:`~gateway.core.ports.Shelf` of a database. Threads may share it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def list(self, endpoint: str, folder: str, *, after: str = "", limit: int = 1000) -> list[Shown]:
        values: dict[str, Any] = {"endpoint": endpoint, "folder": folder, "after": after, "limit": limit}
        with self._database.read() as connection:
            return [_shown(row) for row in run(connection, LIST, now=self._clock.now(), **values).all()]

    def find(self, endpoint: str, folder: str, name: str) -> Shown | None:
        with self._database.read() as connection:
            values = {"endpoint": endpoint, "folder": folder, "name": name}
            row = run(connection, FIND, now=self._clock.now(), **values).first()
        return None if row is None else _shown(row)

    def body(self, transmission: int) -> Body:
        with self._database.read() as connection:
            found = queries.raw_bodies(connection, [transmission])
        if transmission not in found:
            raise NotFoundError(f"There are no bytes of tx_{transmission}.")
        return found[transmission]

    def known(self, endpoint: str, transport_ids: Sequence[str]) -> bool:
        with self._database.read() as connection:
            return bool(queries.known_units(connection, [(endpoint, each) for each in transport_ids]))

    def fetched(self, transmission: int, shown_until: int) -> bool:
        def fetch(connection: Connection, changes: Changes) -> bool:
            run(connection, _FETCHED, id=transmission, until=shown_until)
            return _left(connection, changes, transmission, "fetched")

        return self._change(fetch)

    def removed(self, endpoint: str, folder: str, name: str) -> bool:
        def hide(connection: Connection, changes: Changes) -> bool:
            where = {"endpoint": endpoint, "name": name}
            run(connection, _REMOVE, folder=REMOVED, **where)
            return run(connection, _HIDE, folder=folder, removed=REMOVED, **where).rowcount > 0

        def remove(connection: Connection, changes: Changes) -> bool:
            transmission = run(connection, _REMOVE, endpoint=endpoint, folder=folder, name=name).scalar()
            if transmission is not None:
                _left(connection, changes, transmission, "removed")
            return transmission is not None

        return self._change(hide if folder == INBOX else remove)

    def expire(self) -> None:
        """Takes down what was shown long enough. Raises :class:`~gateway.core.errors.StoreError`."""
        now = self._clock.now()
        with self._database.read() as connection:
            if run(connection, ANY_EXPIRED, now=now).first() is None:
                return
        with self._database.write() as connection:
            run(connection, EXPIRE, now=now)

    def _change(self, act: Callable[[Connection, Changes], T]) -> T:
        """One transaction, repeated when somebody else wrote what it would write."""
        for tries_left in range(_TRIES, 0, -1):
            changes = Changes(self._clock.now())
            try:
                with self._database.write() as connection:
                    found = act(connection, changes)
                    write(connection, changes)
            except ConflictError:
                if tries_left == 1:
                    raise
                continue
            narrate(changes)
            return found
        raise AssertionError


def _left(connection: Connection, changes: Changes, transmission: int, how: str) -> bool:
    """Delivered, when it waited for that."""
    row = run(connection, _TRANSMISSION, id=transmission).one()
    if row.status == "cancelled":  # while it was being read
        log = {"party": row.party, "endpoint": row.endpoint, "file_name": row.file_name}
        changes.event("transmission.fetched_cancelled", data={"how": how}, log=log, transmission_id=row.id)
    if row.status != "deposited":
        return False
    documents = queries.documents_of(connection, [transmission])
    delivered(changes, row, documents, before="deposited", how=how)
    return True


def _shown(row: Any) -> Shown:
    return Shown(transmission=row.transmission_id, name=row.name, size=row.size, at=row.at, sha256=row.sha256)
