"""The doorbell: it says that a step has work, nothing else. The database is the record, so a ring may be lost.

``amqp://…`` wakes workers on other machines; a ring is transient and unconfirmed, and there is one short queue per
step. ``memory://`` wakes a worker of the same process. Without a broker the workers of ``crossdock serve`` are woken
through a pipe, and poll for what other processes leave them.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from kombu.connection import Connection
from kombu.entity import Queue
from kombu.exceptions import KombuError
from kombu.messaging import Consumer

from gateway.core.ports import Bell, Ringer

log = structlog.get_logger(__name__)

#: More rings than this wait for nobody: the oldest go.
_MOST = 100

#: Seconds between looks of the in-memory transport; its own default is a second.
_MEMORY_POLL = 0.01

#: Seconds in which what is there already is taken.
_AT_ONCE = 0.001

#: Seconds for a connection, and for each answer of the broker: nobody works while a bell is waited for.
_PATIENCE = 2

#: Seconds between tries to connect: the first, and the longest while the broker stays away.
_PAUSES = (1.0, 30.0)


class NullBell:
    """No bell: waiting is sleeping, and workers poll."""

    def ring(self, step: str) -> None:
        """Nobody hears it."""

    def wait(self, timeout: float) -> bool:
        time.sleep(timeout)
        return False

    def close(self) -> None:
        """Nothing is open."""


class OneWay(NullBell):
    """Rings elsewhere, and hears nothing: for who works until nothing is left."""

    def __init__(self, ringer: Ringer) -> None:
        self._ringer = ringer

    def ring(self, step: str) -> None:
        self._ringer.ring(step)


class PipeBell:
    """The bell between a process and those that it started: each byte that comes through the pipe is a ring, and what
    it rings itself it hears itself. One thread; not for sharing.

    ``others``: pipes, not blocking, of those that wait for a step elsewhere; its own steps are the rest.
    """

    def __init__(self, pipe: int, others: Mapping[str, int] | None = None) -> None:
        self._pipe: int | None = pipe
        self._others = dict(others or {})
        self._rung = False

    def ring(self, step: str) -> None:
        """The next wait is none, here or there. One that was rung for often and did not look is passed by."""
        pipe = self._others.get(step)
        if pipe is None:
            self._rung = True
        else:
            with contextlib.suppress(OSError):
                os.write(pipe, b".")

    def wait(self, timeout: float) -> bool:
        """Waits at most ``timeout`` seconds; True when it rang. Who rang may be gone: then waiting is sleeping."""
        if self._rung:
            self._rung = False
            return True
        if self._pipe is None:
            time.sleep(timeout)
            return False
        ready, _, _ = select.select([self._pipe], [], [], timeout)
        if ready and not os.read(self._pipe, _MOST):
            self._pipe = None
        return bool(ready)

    def close(self) -> None:
        """The pipe is not ours to close."""


class KombuBell:
    """A bell over a broker that kombu speaks to. One for each thread: connections are not for sharing.

    ``steps`` are the steps whose rings are waited for. A broker that is away costs nothing but the rings: nothing is
    ever raised.
    """

    def __init__(self, url: str, steps: Sequence[str] = (), name: str = "crossdock.bell") -> None:
        self._url, self._steps, self._name = url, tuple(steps), name
        self._connection: Any = None
        self._consumer: Any = None
        self._producer: Any = None
        self._heard = False
        self._retry_at = 0.0
        self._pause = _PAUSES[0]

    def ring(self, step: str) -> None:
        """Tells one of the workers of this step. Never raises."""
        with self._forgiving():
            if self._connect():
                queue = self._queue(step)
                if not self._full(queue):
                    self._producer.publish(
                        {"step": step}, routing_key=queue.name, exchange="", declare=[queue], delivery_mode=1
                    )

    def wait(self, timeout: float) -> bool:
        """Waits at most ``timeout`` seconds; True when it rang. What else is queued is taken too. Never raises."""
        end = time.monotonic() + timeout
        self._heard = False
        with self._forgiving():
            if self._connect():
                self._listen()
                # A ring that was queued may have come while the consumer was being set up.
                self._drain(_AT_ONCE if self._heard else timeout)
        if not self._heard:
            time.sleep(max(0.0, end - time.monotonic()))
        return self._heard

    def close(self) -> None:
        connection, self._connection = self._connection, None
        self._consumer = self._producer = None
        if connection is not None:
            with contextlib.suppress(KombuError, OSError):
                connection.close()

    def _queue(self, step: str) -> Queue:
        return Queue(f"{self._name}.{step}", routing_key=f"{self._name}.{step}", durable=True, max_length=_MOST)

    def _connect(self) -> bool:
        """The connection, opened anew at most once a second, and more and more seldom while nobody answers."""
        if self._connection is not None:
            return True
        if time.monotonic() < self._retry_at:
            return False
        options = {"polling_interval": _MEMORY_POLL}
        connection = Connection(self._url, connect_timeout=_PATIENCE, transport_options=options)
        self._connection = connection
        first, longest = _PAUSES
        try:
            connection.ensure_connection(max_retries=0)  # a broker that is away is not waited for
            if not self._url.startswith("memory:"):
                _bound(connection)
            self._producer = connection.Producer(serializer="json", auto_declare=False)
        except Exception:
            self._retry_at = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, longest)
            raise
        self._pause = first
        self._retry_at = time.monotonic() + first
        return True

    def _listen(self) -> None:
        if self._consumer is None:
            queues = [self._queue(step) for step in self._steps]
            consumer = Consumer(self._connection.channel(), queues, callbacks=[self._hear], accept=["json"])
            consumer.consume()
            self._consumer = consumer

    def _hear(self, body: object, message: Any) -> None:
        message.ack()
        self._heard = True

    def _drain(self, timeout: float) -> None:
        """One ring within ``timeout``, then whatever else is there."""
        with contextlib.suppress(socket.timeout):
            self._connection.drain_events(timeout=timeout)
            while True:
                self._connection.drain_events(timeout=_AT_ONCE)

    def _full(self, queue: Queue) -> bool:
        """In memory nothing else bounds a queue that nobody listens to."""
        if not self._url.startswith("memory:"):
            return False
        bound = queue(self._producer.channel)
        return bool(bound.queue_declare().message_count >= _MOST)

    @contextlib.contextmanager
    def _forgiving(self) -> Any:
        """Whatever the broker does costs the connection and no more."""
        errors = (KombuError, OSError)
        if self._connection is not None:
            errors += self._connection.connection_errors + self._connection.channel_errors
        try:
            yield
        except errors as error:
            log.info("bell.lost", error=str(error))
            self.close()


def _bound(connection: Any) -> None:
    """py-amqp would wait for ever for a broker that is silent, and spin on half a frame when it publishes."""
    inner = connection.connection
    inner.transport.sock.settimeout(_PATIENCE)
    inner.client_properties.get("capabilities", {})["connection.blocked"] = False


def open_bell(url: str, steps: Sequence[str] = ()) -> Bell:
    """The bell at ``amqp://…`` or ``memory://``; an empty URL: none, workers poll."""
    return KombuBell(url, steps) if url else NullBell()
