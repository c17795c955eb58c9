"""SFTP version 3 as a client speaks it (draft-ietf-secsh-filexfer-02), with many requests under way.

Requests are written and answers read by one thread; how many wait for an answer is the caller's choice. Pieces are
cut so that a request to write fills one packet of the connection: a second, small one would cost as much.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import paramiko

from gateway.connectors.sftp.failures import LinkError, StatusError, ssh_errors
from gateway.connectors.sftp_server.wire import Code, Fields, Flag, Kind
from gateway.core.errors import UnreadableError

READ_PIECE = 32 * 1024
_LEAST_PIECE = 4 * 1024
_MOST = 1024 * 1024  # a longer packet is none: servers send pieces of at most 256 KiB
_RECEIVE = 1024 * 1024
_FRAME_ROOM = 64  # what paramiko leaves free in a packet
_WRITE_HEAD = 4 + 1 + 4 + 4 + 8 + 4
_HEAD = struct.Struct(">IBI")
_INT, _LONG = struct.Struct(">I"), struct.Struct(">Q")

Many = Iterable[tuple[Kind, bytes]]


class Said(Fields):
    """The fields of an answer. Raises :class:`LinkError` where there are none left."""

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def _take(self, count: int) -> bytes:
        try:
            return super()._take(count)
        except UnreadableError:
            raise LinkError("An answer of the server is shorter than it says.") from None


class Answer(NamedTuple):
    """What came back for a request: its kind and its fields behind the id."""

    kind: int
    fields: Said


class Protocol:
    """One SFTP channel. One thread uses it. Every method raises :class:`ConnectorError`; after a
    :class:`LinkError` it is of no more use."""

    def __init__(self, channel: paramiko.Channel, in_flight: int, where: str) -> None:
        self._channel = channel
        self.in_flight = in_flight
        self.where = where
        self.extensions: dict[bytes, bytes] = {}
        self.write_piece = _LEAST_PIECE
        self._buffer = bytearray()
        self._next_id = 0
        self._start()

    def _start(self) -> None:
        self._send_raw(struct.pack(">IBI", 5, Kind.INIT, 3))
        kind, body = self._packet()
        if kind != Kind.VERSION:
            raise LinkError(f"{self.where}: what answers there is no SFTP server.")
        rest = Said(bytes(body))
        rest.u32()
        while rest.left:
            name = rest.string()
            self.extensions[name] = rest.string()
        size = self._channel.out_max_packet_size - _FRAME_ROOM
        self.write_piece = max(_LEAST_PIECE, size - _WRITE_HEAD - 16)

    # Single requests

    def call(self, kind: Kind, body: bytes, doing: str = "") -> Answer:
        """One request and its answer. Raises :class:`StatusError` for a failure."""
        (answer,) = self.calls([(kind, body)])
        if isinstance(answer, StatusError):
            raise answer.about(doing)
        return answer

    def calls(self, requests: Many) -> Iterator[Answer | StatusError]:
        """Many requests that do not depend on each other; their answers in the same order."""
        order: deque[int] = deque()
        got: dict[int, Answer | StatusError] = {}
        for kind, body in requests:
            order.append(self.send(kind, body))
            while len(order) >= self.in_flight:
                yield self._in_turn(order, got)
        while order:
            yield self._in_turn(order, got)

    def _in_turn(self, order: deque[int], got: dict[int, Answer | StatusError]) -> Answer | StatusError:
        id = order.popleft()
        while id not in got:
            other, kind, body = self.receive()
            got[other] = _judged(kind, body)
        return got.pop(id)

    # The wire

    def send(self, kind: Kind, body: bytes) -> int:
        """Sends a request; returns its id."""
        self._next_id = id = (self._next_id + 1) & 0xFFFFFFFF
        self._send_raw(_HEAD.pack(5 + len(body), kind, id) + body)
        return id

    def receive(self) -> tuple[int, int, memoryview]:
        """The next answer: id, kind, and what follows."""
        kind, body = self._packet()
        if len(body) < 4:
            raise LinkError(f"{self.where}: an answer is shorter than it may be.")
        return int.from_bytes(body[:4]), kind, body[4:]

    def _send_raw(self, packet: bytes) -> None:
        with ssh_errors(f"{self.where}: sending"):
            self._channel.sendall(packet)

    def _packet(self) -> tuple[int, memoryview]:
        size = int.from_bytes(self._take(4))
        if not 1 <= size <= _MOST:
            raise LinkError(f"{self.where}: what comes back is no SFTP.", hint="Does the account print a greeting?")
        body = memoryview(self._take(size))
        return body[0], body[1:]

    def _take(self, count: int) -> bytes:
        buffer = self._buffer
        while len(buffer) < count:
            with ssh_errors(f"{self.where}: waiting for an answer"):
                piece = self._channel.recv(_RECEIVE)
                if not piece:
                    raise EOFError
            buffer += piece
        found = bytes(memoryview(buffer)[:count])
        del buffer[:count]
        return found

    # Pieces of files

    def read_into(self, handle: bytes, target: memoryview, at: int = 0) -> int:
        """The bytes of a file from ``at`` on, as many as there are at most ``len(target)``; returns how many.

        Servers may answer with less than was asked for: the rest is asked for again.
        """
        asked, end = at, at + len(target)
        waiting: dict[int, tuple[int, int]] = {}
        again: list[tuple[int, int]] = []
        while waiting or again or asked < end:
            while len(waiting) < self.in_flight and (again or asked < end):
                place, length = again.pop() if again else (asked, min(READ_PIECE, end - asked))
                asked = max(asked, place + length)
                waiting[self.send(Kind.READ, _text(handle) + _LONG.pack(place) + _INT.pack(length))] = (place, length)
            id, kind, body = self.receive()
            place, length = waiting.pop(id, (0, 0))
            if kind == Kind.STATUS:
                if _code(body) != Code.EOF:
                    self._drain(set(waiting))
                    raise _status(body)
                end = min(end, place)
                again = [each for each in again if each[0] < end]
                continue
            got = self._piece(kind, body, length)
            target[place - at : place - at + len(got)] = got
            if len(got) < length:
                again.append((place + len(got), length - len(got)))
        return end - at

    def _drain(self, waiting: set[int]) -> None:
        """Answers that nobody waits for any more."""
        while waiting:
            waiting.discard(self.receive()[0])

    def _piece(self, kind: int, body: memoryview, most: int) -> memoryview:
        if kind != Kind.DATA or len(body) < 4 or not 0 < (size := int.from_bytes(body[:4])) <= min(most, len(body) - 4):
            raise LinkError(f"{self.where}: an answer to a read holds no piece of the file.")
        return body[4 : 4 + size]

    def write_from(self, handle: bytes, body: memoryview, at: int = 0) -> None:
        """``body`` into a file from ``at`` on; all of it is confirmed when this returns."""
        head, end, place = _text(handle), len(body), 0
        waiting: set[int] = set()
        while waiting or place < end:
            if place < end and len(waiting) < self.in_flight:
                piece = body[place : place + self.write_piece]
                fields = b"".join((head, _LONG.pack(at + place), _INT.pack(len(piece)), piece))
                waiting.add(self.send(Kind.WRITE, fields))
                place += len(piece)
                if not self._channel.recv_ready():
                    continue
            id, kind, answer = self.receive()
            if kind != Kind.STATUS or id not in waiting:
                raise LinkError(f"{self.where}: an answer to a write says something else.")
            waiting.discard(id)
            if _code(answer) != Code.OK:
                self._drain(waiting)
                raise _status(answer)


def path_of(path: str) -> bytes:
    """A path as a field. Names that were no UTF-8 go back as they came."""
    return _text(path.encode("utf-8", "surrogateescape"))


def to_open(path: str, flags: Flag) -> tuple[Kind, bytes]:
    """A request to open a file."""
    return Kind.OPEN, path_of(path) + _INT.pack(flags) + _INT.pack(0)


def handle_of(handle: bytes) -> bytes:
    """A handle as a field."""
    return _text(handle)


def _judged(kind: int, body: memoryview) -> Answer | StatusError:
    if kind == Kind.STATUS and _code(body) != Code.OK:
        return _status(body)
    return Answer(kind, Said(bytes(body)))


def _code(body: memoryview) -> int:
    return int.from_bytes(body[:4])


def _status(body: memoryview) -> StatusError:
    fields = Said(bytes(body))
    code = fields.u32()
    text = fields.string().decode("utf-8", "replace") if fields.left else ""
    return StatusError(code, "".join(letter for letter in text[:200] if letter.isprintable()))


def _text(value: bytes) -> bytes:
    return _INT.pack(len(value)) + value
