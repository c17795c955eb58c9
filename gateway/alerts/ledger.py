"""The table of alerts: one row from when something begins to be the case to when it is over, and what is to be told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import structlog
from sqlalchemy import Connection

from gateway.alerts.kinds import KINDS, Condition
from gateway.alerts.watch import Found
from gateway.core.errors import NotFoundError
from gateway.observe.redact import shown
from gateway.store import ConflictError, Database, numbers
from gateway.store.statements import both, run

log = structlog.get_logger(__name__)

_OPEN = both("SELECT * FROM alerts WHERE closed_at IS NULL ORDER BY kind, subject")
_MUTED = both(
    "SELECT kind, subject, max(muted_until) AS until FROM alerts WHERE muted_until > :now GROUP BY kind, subject"
)
_INSERT = both(
    "INSERT INTO alerts (id, kind, subject, severity, text, count, opened_at, seen_at, reminded_at, muted_until) "
    "VALUES (:id, :kind, :subject, :severity, :text, :count, :at, :at, :at, :muted)"
)
_SEEN = both("UPDATE alerts SET count = :count, text = :text, seen_at = :at WHERE id = :id")
_CLOSE = both("UPDATE alerts SET closed_at = :at WHERE id = :id")
_REMIND = both("UPDATE alerts SET reminded_at = :at WHERE id = :id")
_MESSAGE = both(
    "INSERT INTO alert_messages (id, alert_id, channel, what, due, attempts) "
    "VALUES (:id, :alert, :channel, :what, :due, 0)"
)
#: What was never told need not be told to be over.
_UNTOLD = both(
    "UPDATE alert_messages SET done_at = :at, error = 'over before it was told' "
    "WHERE alert_id = :id AND done_at IS NULL AND attempts = 0 RETURNING channel"
)
_MUTE = both("UPDATE alerts SET muted_until = :until, muted_by = :by WHERE id = :id")
_PURGE_MESSAGES = both("DELETE FROM alert_messages WHERE alert_id IN (SELECT id FROM alerts WHERE closed_at < :before)")
_PURGE = both("DELETE FROM alerts WHERE closed_at < :before")
_LAST = both("SELECT * FROM alerts ORDER BY id DESC LIMIT :limit")
_KEPT = 90 * 86_400_000_000  # microseconds that alerts are kept that are over


class Ledger:
    """Writes down what began and what is over. ``channels`` are told of it; times in microseconds.

    ``gather``: how long a message waits for others; ``remind``: after which an alert that is still open is told again.
    """

    def __init__(self, database: Database, channels: Sequence[str], gather: int, remind: int) -> None:
        self._database, self._channels, self._gather, self._remind = database, tuple(channels), gather, remind

    def write(self, found: Found, now: int) -> None:
        """Opens, closes and reminds. Raises :class:`~gateway.core.errors.StoreError`."""
        conditions = {(each.kind, each.subject): each for each in found.conditions}
        with self._database.read() as connection:
            opened = run(connection, _OPEN).all()
        if not self._differs(conditions, opened, found, now):
            return
        told: list[tuple[str, Condition | Any]] = []
        try:
            with self._database.write() as connection:
                told = self._write(connection, conditions, found, now)
        except ConflictError:
            return  # another process had the same idea
        for what, alert in told:
            _tell(what, alert)

    def _differs(self, conditions: dict[tuple[str, str], Condition], opened: list[Any], found: Found, now: int) -> bool:
        known = {(row.kind, row.subject): row for row in opened}
        if conditions.keys() - known.keys():
            return True
        return any(
            self._over(row, conditions, found, now) or self._due(row, now) or _changed(row, conditions)
            for row in opened
        )

    def _write(
        self, connection: Connection, conditions: dict[tuple[str, str], Condition], found: Found, now: int
    ) -> list[tuple[str, Any]]:
        opened = {(row.kind, row.subject): row for row in run(connection, _OPEN).all()}
        told: list[tuple[str, Any]] = []
        for place, row in opened.items():
            if self._over(row, conditions, found, now):
                self._close(connection, row, now)
                told.append(("closed", row))
                continue
            if _changed(row, conditions):
                condition = conditions[place]
                run(connection, _SEEN, id=row.id, count=condition.count, text=shown(condition.text), at=now)
            if self._due(row, now) or (_staged(row) and _changed(row, conditions) and not _muted(row, now)):
                run(connection, _REMIND, id=row.id, at=now)
                self._message(connection, row.id, "reminder", now)
        new = [conditions[place] for place in sorted(conditions.keys() - opened.keys())]
        muted = {(row.kind, row.subject): row.until for row in run(connection, _MUTED, now=now)} if new else {}
        for condition in new:
            self._open(connection, condition, muted.get((condition.kind, condition.subject)), now)
            told.append(("opened", condition))
        run(connection, _PURGE_MESSAGES, before=now - _KEPT)
        run(connection, _PURGE, before=now - _KEPT)
        return told

    def _open(self, connection: Connection, condition: Condition, muted: int | None, now: int) -> None:
        (id,) = numbers.take_ids(connection, 1)
        values = {"kind": condition.kind, "subject": condition.subject, "severity": KINDS[condition.kind].severity}
        run(
            connection, _INSERT, id=id, count=condition.count, text=shown(condition.text), at=now, muted=muted, **values
        )
        if muted is None:
            self._message(connection, id, "opened", now)

    def _close(self, connection: Connection, row: Any, now: int) -> None:
        run(connection, _CLOSE, id=row.id, at=now)
        untold = set(run(connection, _UNTOLD, id=row.id, at=now).scalars())
        if not _muted(row, now):
            self._message(connection, row.id, "closed", now, without=untold)

    def _message(self, connection: Connection, alert: int, what: str, now: int, without: Collection[str] = ()) -> None:
        wanted = [channel for channel in self._channels if channel not in without]
        ids = numbers.take_ids(connection, len(wanted)) if wanted else ()
        for id, channel in zip(ids, wanted, strict=True):
            run(connection, _MESSAGE, id=id, alert=alert, channel=channel, what=what, due=now + self._gather)

    def _over(self, row: Any, conditions: dict[tuple[str, str], Condition], found: Found, now: int) -> bool:
        place = (row.kind, row.subject)
        if place in conditions or place in found.unknown:
            return False
        kind = KINDS.get(row.kind)
        return kind is None or now - row.seen_at >= kind.lingers

    def _due(self, row: Any, now: int) -> bool:
        return not _staged(row) and not _muted(row, now) and now - row.reminded_at >= self._remind


def mute(database: Database, id: int, until: int, by: str) -> None:
    """Nothing is told of an alert until then, nor of one of the same kind and subject that follows it.

    Raises NotFoundError and StoreError.
    """
    with database.write() as connection:
        if run(connection, _MUTE, id=id, until=until, by=by).rowcount == 0:
            raise NotFoundError(f"There is no alert {id}.", hint="crossdock alerts lists those that are open.")


def find(connection: Connection, *, closed: bool = False, limit: int = 1000) -> list[Any]:
    """The alerts that are open; with ``closed`` the last ones, whether they are over or not."""
    return run(connection, _LAST, limit=limit).all() if closed else run(connection, _OPEN).all()[:limit]


def _changed(row: Any, conditions: dict[tuple[str, str], Condition]) -> bool:
    """Whether there is more or less of it; of what is a moment, whether it happened again."""
    condition = conditions.get((row.kind, row.subject))
    return condition is not None and (KINDS[row.kind].lingers > 0 or condition.count != row.count)


def _staged(row: Any) -> bool:
    return row.kind in KINDS and KINDS[row.kind].staged


def _muted(row: Any, now: int) -> bool:
    return row.muted_until is not None and row.muted_until > now


def _tell(what: str, alert: Any) -> None:
    tell = log.warning if what == "opened" else log.info
    more = {"hint": alert.hint} if isinstance(alert, Condition) else {}
    tell(f"alert.{what}", kind=alert.kind, subject=alert.subject, count=alert.count, text=alert.text, **more)
