"""In-memory twins of a polled door and of an outgoing one: for tests, with failures on demand and no disk."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO

from gateway.core.errors import ConnectorError, TooLargeError
from gateway.core.ports import Arrival, Departure, Outcome
from gateway.core.spooled import in_memory


class Failures:
    """Errors that are raised by the next calls of a method, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._planned: defaultdict[str, deque[ConnectorError]] = defaultdict(deque)

    def plan(self, method: str, error: ConnectorError, times: int = 1) -> None:
        self._planned[method].extend([error] * times)

    def next(self, method: str) -> ConnectorError | None:
        return self._planned[method].popleft() if self._planned[method] else None


class MemoryInbox:
    """Keeps the promises of the directory's inbox: oldest first, one claim each, the same identity when met again."""

    def __init__(self, name: str = "memory", party: str | None = None) -> None:
        self.name = name
        self.failures = Failures()
        self.settled: list[Arrival] = []
        self.closed = False
        self._party = party
        self._waiting: dict[str, Arrival] = {}
        self._claimed: dict[str, Arrival] = {}
        self._number = 0

    def put(self, body: bytes, file_name: str = "", transport_id: str = "", **headers: str) -> str:
        """Something comes in; returns its transport id."""
        self._number += 1
        identity = transport_id or f"{self.name}-{self._number}"
        self._waiting[identity] = Arrival(
            source=self.name,
            transport_id=identity,
            body=body,
            file_name=file_name,
            headers=headers,
            party=self._party,
            token=identity,
        )
        return identity

    def take(self, limit: int) -> list[Arrival]:
        self._fail("take")
        taken = list(self._waiting.values())[:limit]
        for arrival in taken:
            self._claimed[arrival.transport_id] = self._waiting.pop(arrival.transport_id)
        return taken

    def settle(self, arrivals: Iterable[Arrival]) -> None:
        self._fail("settle")
        self.settled += [self._claimed.pop(a.transport_id) for a in arrivals if a.transport_id in self._claimed]

    def give_back(self, arrivals: Iterable[Arrival]) -> None:
        self._fail("give_back")
        back = {a.transport_id: self._claimed.pop(a.transport_id) for a in arrivals if a.transport_id in self._claimed}
        self._waiting = back | self._waiting

    def crash(self) -> None:
        """The process that held the claims is gone: they are met again."""
        self._waiting = self._claimed | self._waiting
        self._claimed = {}

    def close(self) -> None:
        self.give_back(list(self._claimed.values()))
        self.closed = True

    def _fail(self, method: str) -> None:
        error = self.failures.next(method)
        if error is not None:
            raise error


class MemorySpool:
    """The :class:`~gateway.core.spooled.Spool` of doors that were given none: everything stays in memory."""

    def write(self, most: int | None = None) -> MemoryWriter:
        return MemoryWriter(most)

    def scratch(self, most: int | None = None) -> MemoryScratch:
        return MemoryScratch(most)


class _Bytes:
    """One body in memory."""

    in_memory = True

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._buffer = BytesIO()

    @property
    def size(self) -> int:
        return self._buffer.tell()

    def write(self, chunk: bytes | bytearray | memoryview, /) -> int:
        if self._most is not None and self.size + memoryview(chunk).nbytes > self._most:
            raise TooLargeError(f"It is larger than {self._most} bytes.")
        return self._buffer.write(chunk)

    def discard(self) -> None:
        self._buffer = BytesIO()


class MemoryScratch(_Bytes):
    """Intermediate content."""

    def finish(self) -> BinaryIO:
        self._buffer.seek(0)
        return self._buffer


class MemoryWriter(_Bytes):
    """A body on its way in."""

    def finish(self) -> bytes:
        return self._buffer.getvalue()

    def __enter__(self) -> MemoryWriter:
        return self

    def __exit__(self, *error: object) -> None:
        self.discard()


class MemoryOutbox:
    """Keeps the promises of the directory's outbox: never replaced, the same bytes again are fine.

    Planned failures of ``deliver`` become the outcomes of single departures, one each.
    """

    def __init__(self, name: str = "memory") -> None:
        self.name = name
        self.failures = Failures()
        self.delivered: dict[str, bytes] = {}
        self.attempts: list[Departure] = []
        self.closed = False

    def deliver(self, departures: list[Departure]) -> list[Outcome]:
        return [self._deliver(departure) for departure in departures]

    def close(self) -> None:
        self.closed = True

    def _deliver(self, departure: Departure) -> Outcome:
        self.attempts.append(departure)
        error = self.failures.next("deliver")
        if error is not None:
            return Outcome(departure.transmission, error=str(error), retryable=error.retryable)
        body = in_memory(departure.body)
        if self.delivered.setdefault(departure.name, body) != body:
            text = f"{departure.name}: a file of this name with other content is there."
            return Outcome(departure.transmission, error=text, retryable=False)
        return Outcome(departure.transmission)
