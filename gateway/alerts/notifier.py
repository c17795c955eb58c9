"""Telling: a thread for each channel that takes what is due, and sends one message for all of it.

A channel that does not work is tried again, at growing intervals; it delays no other, and nothing of the pipeline.
"""

from __future__ import annotations

import threading
from typing import Any, Protocol

import structlog

from gateway.alerts.message import Message, compose
from gateway.core.errors import CrossdockError, StoreError
from gateway.core.ports import Clock
from gateway.core.retry import RetryPolicy
from gateway.observe import metrics
from gateway.store import Database
from gateway.store.statements import both, run

log = structlog.get_logger(__name__)

#: About two days of tries.
POLICY = RetryPolicy(attempts=60, first=15.0, most=3600.0)

#: Messages that are told at once, and seconds for which they are nobody else's.
_MOST, _LEASE = 500, 120.0

_TAKE = both(
    "UPDATE alert_messages SET due = :until, attempts = attempts + 1 WHERE id IN ("
    "SELECT id FROM alert_messages WHERE channel = :channel AND done_at IS NULL AND due <= :now "
    "ORDER BY due LIMIT :most {free}) RETURNING id, alert_id, what, attempts"
)
_ALERTS = both(
    "SELECT m.id AS message_id, m.what, a.* FROM alert_messages m JOIN alerts a ON a.id = m.alert_id WHERE m.id {ids}"
)
_DONE = both("UPDATE alert_messages SET done_at = :at, error = :error WHERE id {ids}")
_LATER = both("UPDATE alert_messages SET due = :due, error = :error WHERE id {ids}")


class Channel(Protocol):
    """A way to people."""

    name: str

    def send(self, message: Message) -> None:
        """Raises ConnectorError."""
        ...


class Notifier:
    """Tells by one channel. ``gateway`` is how the gateway calls itself in messages."""

    def __init__(self, database: Database, clock: Clock, channel: Channel, gateway: str, every: float = 1.0) -> None:
        self._database, self._clock, self._channel, self._gateway, self._every = (
            database,
            clock,
            channel,
            gateway,
            every,
        )

    def run(self, stop: threading.Event) -> None:
        """Tells until ``stop`` is set."""
        while not stop.wait(self._every):
            try:
                self.run_once()
            except StoreError as error:
                log.warning("alerts.not_told", channel=self._channel.name, error=str(error))
            except Exception:
                log.exception("alerts.not_told", channel=self._channel.name)

    def run_once(self) -> int:
        """Tells what is due; returns how many alerts that were. Raises StoreError."""
        now = self._clock.now()
        values = {"channel": self._channel.name, "now": now, "until": now + round(_LEASE * 1e6), "most": _MOST}
        with self._database.read() as connection:
            if run(connection, _ANY, channel=self._channel.name, now=now).first() is None:
                return 0
        with self._database.write() as connection:
            taken = run(connection, _TAKE, **values).all()
        if not taken:
            return 0
        ids = sorted(row.id for row in taken)
        with self._database.read() as connection:
            rows: list[Any] = run(connection, _ALERTS, ids=ids).all()
        # The same messages have the same id in every try: who gets one twice can tell.
        message = compose(rows, f"alerts-{ids[0]}-{ids[-1]}", self._gateway)
        self._send(message, ids, max(row.attempts for row in taken))
        return len(rows)

    def _send(self, message: Message, ids: list[int], attempt: int) -> None:
        try:
            self._channel.send(message)
        except CrossdockError as error:
            metrics.alert_messages.labels(self._channel.name, "failed").inc()
            delay = POLICY.delay(attempt, ids[0]) if error.retryable else None
            log.warning("alerts.not_told", channel=self._channel.name, error=str(error), retry_in=delay)
            with self._database.write() as connection:
                if delay is None:
                    run(connection, _DONE, ids=ids, at=self._clock.now(), error=str(error))
                else:
                    run(connection, _LATER, ids=ids, due=self._clock.now() + round(delay * 1e6), error=str(error))
            return
        metrics.alert_messages.labels(self._channel.name, "sent").inc()
        with self._database.write() as connection:
            run(connection, _DONE, ids=ids, at=self._clock.now(), error=None)


_ANY = both("SELECT 1 FROM alert_messages WHERE channel = :channel AND done_at IS NULL AND due <= :now LIMIT 1")
