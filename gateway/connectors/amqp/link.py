"""One connection to a broker: made when it is needed, dropped when it breaks, kept alive by a thread of its own.

py-amqp is not for several threads: whoever uses the connection holds ``lock``.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from amqp import Channel, Connection

from gateway.connectors.amqp.brokers import Server, refuse_unprotected, tls
from gateway.connectors.amqp.failures import WIRE_ERRORS, translated, wire_errors
from gateway.connectors.amqp.options import Broker
from gateway.core.errors import ConnectorError

log = structlog.get_logger(__name__)

#: The shortest wait for something from the broker: with none at all py-amqp spins when half a frame has come.
_SHORTEST = 0.001

#: Seconds that a close may take in which the broker is told of it.
_CLOSE_SECONDS = 2.0


class Link:
    """``servers`` is asked at each connect, so that a changed password is picked up.

    ``generation`` counts connections: what a broker numbered on one of them means nothing on the next.
    """

    def __init__(self, options: Broker, servers: Callable[[], list[Server]], home: Path, name: str) -> None:
        self.lock = threading.RLock()
        self.generation = 0
        self.blocked = False
        self._options = options
        self._servers = servers
        self._home = home
        self._name = name
        self._connection: Any = None
        self._channels: dict[str, Any] = {}
        self._heard = (0, 0.0)
        self._stop = threading.Event()
        self._pulse: threading.Thread | None = None

    @property
    def connection(self) -> Any:
        """The open connection. Raises :class:`ConnectorError`."""
        if self._connection is None or not self._connection.connected:
            self.drop()
            self._connect()
        return self._connection

    def channel(self, purpose: str) -> Any:
        """The channel for one purpose; a new one when it is the first time or the last one was closed."""
        connection = self.connection
        channel = self._channels.get(purpose)
        if channel is None or not channel.is_open:
            channel = Channel(connection, auto_decode=False)
            channel.open()
            self._channels[purpose] = channel
        return channel

    def forget(self, purpose: str) -> None:
        """Ends a channel after an error: py-amqp opens it again by itself, but as one that confirms nothing."""
        channel = self._channels.pop(purpose, None)
        if channel is not None and channel.is_open and channel.connection is not None:
            channel.close()

    def drain(self, seconds: float) -> bool:
        """Handles one thing that comes from the broker; False when nothing came in time. A silent broker is dropped:
        raises TimeoutError."""
        connection = self.connection
        try:
            connection.drain_events(timeout=max(seconds, _SHORTEST))
        except TimeoutError:
            self._listen_for_silence(connection)
            return False
        return True

    def drop(self) -> None:
        """Forgets the connection without a word to the broker, which gives back what was not acknowledged."""
        connection, self._connection = self._connection, None
        self._channels.clear()
        self.blocked = False
        if connection is not None:
            with suppress(*WIRE_ERRORS, AttributeError):
                connection.collect()

    def close(self) -> None:
        """Ends the connection and the thread."""
        self._stop.set()
        with self.lock:
            connection = self._connection
            if connection is not None and connection.connected:
                with suppress(*WIRE_ERRORS, AttributeError):
                    connection.transport.sock.settimeout(_CLOSE_SECONDS)
                    connection.close()
            self.drop()
        if self._pulse is not None and self._pulse is not threading.current_thread():
            self._pulse.join(timeout=5)
            self._pulse = None

    # Connecting

    def _connect(self) -> None:
        with wire_errors(self._name):
            found = self._servers()
        last: ConnectorError | None = None
        for server in found:
            try:
                with wire_errors(f"Connecting to {server.shown}"):
                    self._connection = self._open(server)
            except ConnectorError as error:
                last = error
                continue
            self.generation += 1
            self._heard = (0, time.monotonic())
            self._keep_alive()
            log.info("broker.connected", endpoint=self._name, broker=server.netloc, vhost=server.vhost)
            return
        assert last is not None
        raise last

    def _open(self, server: Server) -> Any:
        options = self._options
        refuse_unprotected(server, options)
        connection = Connection(
            host=server.netloc,
            userid=server.user,
            password=server.password,
            login_method="PLAIN",
            virtual_host=server.vhost,
            ssl=tls(server, options, self._home),
            connect_timeout=options.connect_seconds,
            heartbeat=options.heartbeat,
            on_blocked=self._on_blocked,
            on_unblocked=self._on_unblocked,
            client_properties={"product": "Crossdock", "connection_name": f"crossdock {self._name}"},
            # The default would end a connection that the broker slows down for a second.
            socket_settings={socket.TCP_USER_TIMEOUT: int(options.seconds * 1000)},
        )
        try:
            connection.connect()
            connection.transport.sock.settimeout(options.seconds)
        except BaseException:
            with suppress(*WIRE_ERRORS, AttributeError):
                connection.collect()
            raise
        return connection

    def _on_blocked(self, reason: str) -> None:
        self.blocked = True

    def _on_unblocked(self) -> None:
        self.blocked = False

    # Staying alive

    def _listen_for_silence(self, connection: Any) -> None:
        """The broker sends heartbeats when it has nothing else to say; none for two intervals: it is gone."""
        received, since = self._heard
        now = time.monotonic()
        if connection.bytes_recv != received:
            self._heard = (connection.bytes_recv, now)
        elif connection.heartbeat and now - since > 2 * connection.heartbeat:
            raise TimeoutError("the broker is silent")

    def _keep_alive(self) -> None:
        if self._pulse is None and not self._stop.is_set():
            self._pulse = threading.Thread(target=self._beat, name=f"heartbeat {self._name}", daemon=True)
            self._pulse.start()

    def _beat(self) -> None:
        """Between two uses, however far apart they are, the broker hears that we live."""
        while not self._stop.wait(self._options.heartbeat / 3):
            with self.lock:
                connection = self._connection
                if connection is None or not connection.connected:
                    continue
                try:
                    connection.send_heartbeat()
                except WIRE_ERRORS as error:
                    log.info("broker.lost", endpoint=self._name, error=str(translated(error, "heartbeat")))
                    self.drop()
