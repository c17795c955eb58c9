"""A TCP proxy that fails as networks fail, for tests: faults by connection, direction, and number of bytes.

    with ChaosProxy(("127.0.0.1", port), cut(40, SERVER), clean()) as proxy:
        ...connect to proxy.address: the first connection is cut after 40 bytes towards the server; the others work.

Faults are given for one connection each, in the order in which they are made; ``then`` is for all that come after
(``clean()`` unless told). A connection may have several faults: ``[delay(0.1), reset(5000, CLIENT)]``.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

SERVER = "towards the server"
CLIENT = "towards the client"

_CHUNK = 65536
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, 0 seconds: closing sends RST and throws away what was not sent


@dataclass(frozen=True)
class Fault:
    """``kind`` begins once ``after`` bytes went in one direction. ``seconds`` is of a delay."""

    kind: str
    after: int = 0
    towards: str = SERVER
    seconds: float = 0.0


def clean() -> list[Fault]:
    """Nothing happens to the connection."""
    return []


def refuse() -> Fault:
    """The connection is accepted and closed at once; nothing is said, the server does not hear of it."""
    return Fault("refuse")


def cut(after: int, towards: str = SERVER) -> Fault:
    """Both sides see the other one close, in order."""
    return Fault("cut", after, towards)


def reset(after: int, towards: str = SERVER) -> Fault:
    """Both sides get RST: "connection reset by peer"."""
    return Fault("reset", after, towards)


def half_close(after: int, towards: str = SERVER) -> Fault:
    """This direction ends in order (the receiver reads end of file); the other one goes on."""
    return Fault("half_close", after, towards)


def truncate(after: int, towards: str = SERVER) -> Fault:
    """What follows is swallowed: nobody hears of it, until the sender closes or a timeout strikes."""
    return Fault("truncate", after, towards)


def stall(after: int, towards: str = SERVER) -> Fault:
    """What follows is not read either: the sender's buffers fill."""
    return Fault("stall", after, towards)


def delay(seconds: float, towards: str = SERVER, after: int = 0) -> Fault:
    """Each piece waits so long (a piece is what one read yields, at most 64 KiB)."""
    return Fault("delay", after, towards, seconds)


Faults = Fault | Sequence[Fault]


class ChaosProxy:
    """Listens on a free port of 127.0.0.1 and passes on to ``server``. All its threads end with ``close``."""

    def __init__(self, server: tuple[str, int], *plans: Faults, then: Faults = ()) -> None:
        self._server = server
        self._plans = deque(_listed(plan) for plan in plans)
        self._then = _listed(then)
        self._lock = threading.Lock()
        self._links: list[_Link] = []
        self._closed = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.address: tuple[str, int] = self._listener.getsockname()[:2]
        self._acceptor = threading.Thread(target=self._accept, name="chaos-accept", daemon=True)
        self._acceptor.start()

    @property
    def host(self) -> str:
        return self.address[0]

    @property
    def port(self) -> int:
        return self.address[1]

    @property
    def connections(self) -> int:
        """How many were made so far."""
        with self._lock:
            return len(self._links)

    @property
    def struck(self) -> int:
        """How many connections met a fault that ends or swallows something."""
        with self._lock:
            return sum(link.struck for link in self._links)

    def passed(self, towards: str) -> int:
        """Bytes that went in one direction, over all connections."""
        with self._lock:
            return sum(link.passed[towards] for link in self._links)

    def plan(self, *plans: Faults) -> None:
        """What the next new connections meet, one each, after what is planned already."""
        with self._lock:
            self._plans.extend(_listed(plan) for plan in plans)

    def then(self, faults: Faults) -> None:
        """What all new connections meet that nothing is planned for."""
        with self._lock:
            self._then = _listed(faults)

    def cut_all(self) -> None:
        """All connections that are open end now, in order."""
        for link in self._open():
            link.end(with_reset=False)

    def reset_all(self) -> None:
        """All connections that are open end now, with RST."""
        for link in self._open():
            link.end(with_reset=True)

    def close(self) -> None:
        self._closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._listener.close()
        for link in list(self._links):
            link.end(with_reset=False)
            link.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _open(self) -> list[_Link]:
        with self._lock:
            return [link for link in self._links if link.alive()]

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                faults = self._plans.popleft() if self._plans else self._then
                link = _Link(client, faults)
                self._links.append(link)
            link.start(self._server)


class _Link:
    """One connection: a socket to each side, and a thread for each direction."""

    def __init__(self, client: socket.socket, faults: list[Fault]) -> None:
        self.passed = {SERVER: 0, CLIENT: 0}
        self.struck = False
        self._client = client
        self._upstream: socket.socket | None = None
        self._faults = faults
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._pumps: list[threading.Thread] = []
        self._pumping = 0

    def start(self, server: tuple[str, int]) -> None:
        if any(fault.kind == "refuse" for fault in self._faults):
            self.struck = True
            self._client.close()
            return
        try:
            self._upstream = socket.create_connection(server, timeout=10)
        except OSError:
            _close(self._client, with_reset=True)
            return
        self._upstream.settimeout(None)
        for side in (self._client, self._upstream):
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ways = ((self._client, self._upstream, SERVER), (self._upstream, self._client, CLIENT))
        self._pumping = len(ways)
        for way in ways:
            pump = threading.Thread(target=self._pump, args=way, name=f"chaos {way[2]}", daemon=True)
            self._pumps.append(pump)
        for pump in self._pumps:
            pump.start()

    def alive(self) -> bool:
        return any(pump.is_alive() for pump in self._pumps)

    def join(self) -> None:
        for pump in self._pumps:
            pump.join(timeout=10)

    def end(self, *, with_reset: bool) -> None:
        """Ends both directions. The sockets are closed by the last thread that reads from them."""
        with self._lock:
            if self._upstream is None or self._ending.is_set():
                return
            self._ending.set()  # first: a pump that reads the end must not pass it on as one in order
            for side in (self._client, self._upstream):
                with suppress(OSError):
                    if with_reset:
                        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    side.shutdown(socket.SHUT_RD if with_reset else socket.SHUT_RDWR)

    def _pump(self, source: socket.socket, target: socket.socket, towards: str) -> None:
        try:
            self._carry(source, target, towards)
        except OSError:
            self.end(with_reset=True)  # one side broke off: the other one learns it as it was
        finally:
            with self._lock:
                self._pumping -= 1
                last = self._pumping == 0
            if last:
                for side in (source, target):
                    side.close()

    def _carry(self, source: socket.socket, target: socket.socket, towards: str) -> None:
        while not self._ending.is_set():
            piece = source.recv(_CHUNK)
            if not piece:
                break
            self._delay(towards)
            fault = self._next(towards, len(piece))
            if fault is None:
                self._send(target, piece, towards)
            else:
                self._send(target, piece[: max(0, fault.after - self.passed[towards])], towards)
                self.struck = True
                self._strike(fault, source, target)
                return
        if not self._ending.is_set():
            target.shutdown(socket.SHUT_WR)

    def _send(self, target: socket.socket, piece: bytes, towards: str) -> None:
        target.sendall(piece)
        self.passed[towards] += len(piece)

    def _delay(self, towards: str) -> None:
        for fault in self._faults:
            if fault.kind == "delay" and fault.towards == towards and fault.after <= self.passed[towards]:
                self._ending.wait(fault.seconds)

    def _next(self, towards: str, size: int) -> Fault | None:
        """The fault that this piece meets: ``after`` bytes pass, and what is left of the piece does not."""
        met = [f for f in self._faults if f.kind != "delay" and f.towards == towards]
        return next((f for f in met if self.passed[towards] + size > f.after), None)

    def _strike(self, fault: Fault, source: socket.socket, target: socket.socket) -> None:
        match fault.kind:
            case "cut":
                self.end(with_reset=False)
            case "reset":
                self.end(with_reset=True)
            case "half_close":
                target.shutdown(socket.SHUT_WR)
                self._swallow(source)
            case "truncate":
                self._swallow(source)
                if not self._ending.is_set():
                    target.shutdown(socket.SHUT_WR)
            case "stall":
                self._ending.wait()
            case other:
                raise AssertionError(f"no such fault: {other}")

    def _swallow(self, source: socket.socket) -> None:
        while not self._ending.is_set() and source.recv(_CHUNK):
            pass


def _listed(faults: Faults) -> list[Fault]:
    return [faults] if isinstance(faults, Fault) else list(faults)


def _close(side: socket.socket, *, with_reset: bool) -> None:
    if with_reset:
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    side.close()
