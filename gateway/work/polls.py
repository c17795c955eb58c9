"""Endpoints that have a thread of their own to look into them: far ones, and those with a schedule.

One that hangs or fails delays nobody else. Threads begin and end as the agreements change.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import structlog

from gateway.agreements import Endpoint
from gateway.agreements.schedule import next_time
from gateway.core.errors import ActionNeededError, ConfigurationError, ConnectorError, CrossdockError, StoreError
from gateway.core.ports import Clock, InboundConnector
from gateway.work.breaker import Breaker
from gateway.work.receiver import Receiver

log = structlog.get_logger(__name__)

#: Seconds that looks in hand have when it is time to stop, and between looks at what is agreed on.
PATIENCE, _LOOK = 20.0, 0.5

#: Seconds until an endpoint is looked into again whose thread ended by a mistake, or while the database is away.
_OUTAGE = 1.0

#: Seconds of one look after which somebody is told: what hangs says nothing by itself.
_LONG = 3600.0


class Polled(NamedTuple):
    """An endpoint and what its thread needs. ``usual``: seconds between looks where nothing else was said."""

    endpoint: Endpoint
    open: Callable[[], InboundConnector]
    breaker: Breaker
    usual: float


class Polls:
    """``wanted`` are the endpoints that are agreed on now, by their names."""

    def __init__(self, receiver: Receiver, clock: Clock, wanted: Callable[[], Mapping[str, Polled]]) -> None:
        self._receiver, self._clock, self._wanted = receiver, clock, wanted
        self._running: dict[str, _Poll] = {}

    def run(self, stop: threading.Event) -> None:
        """Keeps the threads running that are wanted, until ``stop`` is set; looks in hand have ``PATIENCE`` seconds."""
        while not stop.is_set():
            self.keep()
            stop.wait(_LOOK)
        self.close()

    def keep(self) -> None:
        """Ends threads whose endpoint is gone or described otherwise, and begins those that are missing."""
        wanted = self._wanted()
        for name, poll in list(self._running.items()):
            if name not in wanted or wanted[name].endpoint != poll.polled.endpoint:
                poll.stop.set()
            poll.doubt()
            if not poll.thread.is_alive():  # the next of this name begins when the one before has ended
                del self._running[name]
        for name in wanted.keys() - self._running.keys():
            self._running[name] = _Poll(wanted[name], self._receiver, self._clock)
            self._running[name].thread.start()

    def close(self, patience: float = PATIENCE) -> list[str]:
        """Ends all; returns the endpoints that did not come to an end."""
        until = time.monotonic() + patience
        for poll in self._running.values():
            poll.stop.set()
        for poll in self._running.values():
            poll.thread.join(max(0.0, until - time.monotonic()))
        left = sorted(name for name, poll in self._running.items() if poll.thread.is_alive())
        if left:
            log.warning("polls.left", endpoints=left)
        return left


class _Poll:
    """The thread of one endpoint."""

    def __init__(self, polled: Polled, receiver: Receiver, clock: Clock) -> None:
        self.polled, self._receiver, self._clock = polled, receiver, clock
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, name=f"poll {polled.endpoint.name}", daemon=True)
        self._door: InboundConnector | None = None
        self._began: float | None = None  # the look in hand, until it was doubted

    def doubt(self, long: float = _LONG) -> None:
        """Tells of a look that lasts very long, once: a large file on a thin line, or an other side that plays dead."""
        began = self._began
        if began is not None and time.monotonic() - began > long:
            self._began = None
            text = f"A look has lasted longer than {long:g} seconds, and has not come to an end."
            self.polled.breaker.fail(text)
            log.warning("inbox.failed", endpoint=self.polled.endpoint.name, error=text, retryable=True)

    def _run(self) -> None:
        if self.polled.endpoint.poll:
            self.stop.wait(self._until_next())
        while not self.stop.is_set():
            try:
                pause = self._look()
            except Exception:  # no mistake may end it
                log.exception("poll.failed", endpoint=self.polled.endpoint.name)
                pause = _OUTAGE
            self._rest(pause)
        if self._door is not None:
            self._door.close()

    def _rest(self, pause: float) -> None:
        """Waits; an endpoint that was left alone and may be tried before that is tried."""
        end, shut = time.monotonic() + pause, not self.polled.breaker.ready()
        while (left := end - time.monotonic()) > 0 and not self.stop.wait(min(left, _LOOK) if shut else left):
            if shut and self.polled.breaker.ready():
                return

    def _look(self) -> float:
        """Looks once; returns the seconds until the next time."""
        breaker, name = self.polled.breaker, self.polled.endpoint.name
        if breaker.enter() is None:
            return max(0.05, breaker.standing.probe_in)
        try:
            if self._door is None:
                self._door = self.polled.open()
            self._began = time.monotonic()
            try:
                found = self._receiver.poll(self._door)
            finally:
                self._began = None
        except StoreError as error:
            breaker.succeed()  # it is not the endpoint that does not answer
            log.warning("inbox.failed", endpoint=name, error=str(error))
            return _OUTAGE
        except CrossdockError as error:
            self._failed(error)
            return breaker.standing.probe_in or self._until_next()
        except BaseException as error:
            breaker.fail(f"{type(error).__name__}: {error}")
            raise
        breaker.succeed()
        return 0.0 if found >= self._receiver.limit else self._until_next()

    def _failed(self, error: CrossdockError) -> None:
        """Whoever said no is there: but a door that is described wrongly, or that turns us out, is no open door."""
        mend = isinstance(error, ActionNeededError | ConfigurationError)
        self.polled.breaker.fail(str(error), mend=mend)
        network = isinstance(error, ConnectorError) and error.retryable
        log.warning("inbox.failed", endpoint=self.polled.endpoint.name, error=str(error), retryable=network)

    def _until_next(self) -> float:
        endpoint = self.polled.endpoint
        if not endpoint.poll:
            return self.polled.usual if endpoint.every is None else endpoint.every
        now = self._clock.now()
        return (next_time(endpoint.poll, endpoint.time_zone, now) - now) / 1_000_000
