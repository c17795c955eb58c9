"""Where connections come in: counted by caller before anything is read, with a bounded time for the TLS handshake.

uvicorn leaves this to asyncio, which knows no bounds by address and gives a handshake a minute.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import OrderedDict
from collections.abc import Callable

import structlog

from gateway.observe import metrics
from gateway.settings import Web
from gateway.web.callers import Proxies, Room, caller, plain
from gateway.web.certificate import Certificate

log = structlog.get_logger(__name__)

#: Connections beyond the bounds that are still told why they are refused; further ones are closed at once.
_TOLD = 8

#: At most so many are taken at once before others have their turn.
_AT_ONCE = 128

#: Seconds until it is tried again, when the system gives no more sockets; and that saying goodbye may take in TLS.
_PAUSE, _GOODBYE = 1.0, 5.0

#: Seconds in which one caller is told of once in the log, and callers that are remembered for that.
_SELDOM, _REMEMBERED = 60.0, 1000

#: The first byte of TLS: a record of the kind handshake (RFC 8446, 5.1).
_HANDSHAKE = b"\x16"
_NO_TLS = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
    b"Content-Length: 24\r\n\r\nThis port speaks HTTPS.\n"
)


class Place:
    """One connection. ``refused``: what there was no room for, of all or of the caller."""

    def __init__(self, room: Room, host: str, *, proxy: bool) -> None:
        self.host, self.proxy = host, proxy
        self._room = room
        self._caller = None if proxy else caller(host)
        self.refused = room.full(self._caller)
        self._taken = not room.full(self._caller, _TOLD)
        if self._taken:
            room.enter(self._caller)

    def __bool__(self) -> bool:
        return self._taken

    def leave(self) -> None:
        """It has ended. May be called twice."""
        if self._taken:
            self._taken = False
            self._room.leave(self._caller)


class Doorway:
    """Stands where uvicorn expects an ``asyncio.Server``."""

    def __init__(
        self,
        listening: socket.socket,
        make: Callable[[Place], asyncio.Protocol],
        settings: Web,
        proxies: Proxies,
        certificate: Certificate | None,
    ) -> None:
        self._listening, self._make = listening, make
        self._certificate, self._proxies = certificate, proxies
        self._seconds = settings.header_seconds
        self._room = Room(settings.connections, settings.connections_per_address)
        self._loop = asyncio.get_running_loop()
        self._greeting: set[asyncio.Task[None]] = set()
        self._told: OrderedDict[str, float] = OrderedDict()
        self._closed = False
        listening.setblocking(False)
        self._resume()

    def close(self) -> None:
        """Nobody comes in any more."""
        if not self._closed:
            self._closed = True
            self._loop.remove_reader(self._listening)

    async def wait_closed(self) -> None:
        """Who is at the handshake is cut."""
        for task in self._greeting:
            task.cancel()
        await asyncio.gather(*self._greeting, return_exceptions=True)

    def _resume(self) -> None:
        if not self._closed:
            self._loop.add_reader(self._listening, self._come)

    def _come(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                sock, address = self._listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:  # no descriptor left, or no memory
                log.error("web.cannot_accept", error=error.strerror)
                self._loop.remove_reader(self._listening)
                self._loop.call_later(_PAUSE, self._resume)
                return
            self._receive(sock, plain(address[0]))

    def _receive(self, sock: socket.socket, host: str) -> None:
        place = Place(self._room, host, proxy=host in self._proxies)
        if place.refused:
            self._tell(place)
        if not place:
            sock.close()
            return
        sock.setblocking(False)
        task = self._loop.create_task(self._greet(sock, place))
        self._greeting.add(task)
        task.add_done_callback(self._greeting.discard)

    async def _greet(self, sock: socket.socket, place: Place) -> None:
        """Until the protocol has the connection; from then on it keeps the time itself."""
        try:
            if self._certificate is None:
                await self._loop.connect_accepted_socket(lambda: self._make(place), sock)
            else:
                await self._greet_safely(sock, place, self._certificate)
        except BaseException as error:
            sock.close()
            place.leave()
            if not isinstance(error, Exception):
                raise
            metrics.http_connections.labels("handshake").inc()
            if not isinstance(error, OSError | TimeoutError):
                log.error("web.greeting_failed", exc_info=error)

    async def _greet_safely(self, sock: socket.socket, place: Place, certificate: Certificate) -> None:
        """Raises OSError and TimeoutError where no handshake comes of it."""
        async with asyncio.timeout(self._seconds):
            first = await self._peek(sock)
            if first != _HANDSHAKE:
                if first:
                    await self._loop.sock_sendall(sock, _NO_TLS)
                    sock.shutdown(socket.SHUT_WR)
                    await self._loop.sock_recv(sock, 65536)  # what is not read would undo what is written
                raise ConnectionResetError
            await self._loop.connect_accepted_socket(
                lambda: self._make(place),
                sock,
                ssl=certificate.context(),
                ssl_handshake_timeout=self._seconds,
                ssl_shutdown_timeout=_GOODBYE,
            )

    async def _peek(self, sock: socket.socket) -> bytes:
        """The first byte, which is left where it is."""
        come = asyncio.Event()
        self._loop.add_reader(sock, come.set)
        try:
            await come.wait()
        finally:
            self._loop.remove_reader(sock)
        return sock.recv(1, socket.MSG_PEEK)

    def _tell(self, place: Place) -> None:
        metrics.http_connections.labels("too_many").inc()
        key = "all" if place.refused == "all" else place.host
        now = time.monotonic()
        if now - self._told.get(key, -_SELDOM) < _SELDOM:
            return
        self._told[key] = now
        self._told.move_to_end(key)
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        setting = "web.connections" if place.refused == "all" else "web.connections_per_address"
        log.warning("http.too_many_connections", peer=place.host, bound=setting)
