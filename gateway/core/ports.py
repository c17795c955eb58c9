"""What inner rings ask of outer ones. Ports are small; adapters implement them and translate their library's errors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import msgspec


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of transport that came in, before anything looked into it.

    ``source`` names the endpoint, ``transport_id`` the unit at that endpoint (equal ids are the same unit met again),
    ``token`` is the connector's own and is handed back to ``settle``.
    """

    source: str
    transport_id: str
    body: bytes
    file_name: str = ""
    headers: dict[str, str] = {}
    party: str | None = None
    token: object = None


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of transport that goes out. ``name`` is stable: the same transmission always leaves under it."""

    transmission: int
    endpoint: str
    name: str
    body: bytes
    headers: dict[str, str] = {}


class Outcome(msgspec.Struct, frozen=True):
    """What became of one departure. ``error`` None: it is durable at the other side."""

    transmission: int
    error: str | None = None
    retryable: bool = True
    receipt: str | None = None


class InboundConnector(Protocol):
    """A door that is polled. ``take`` claims at most ``limit`` units; ``settle`` is called after the commit."""

    name: str

    def take(self, limit: int) -> list[Arrival]: ...

    def settle(self, arrivals: Iterable[Arrival]) -> None: ...

    def give_back(self, arrivals: Iterable[Arrival]) -> None: ...

    def close(self) -> None: ...


class OutboundConnector(Protocol):
    """A door that units leave by, many at a time. Never raises for a single unit: its outcome says what happened."""

    name: str

    def deliver(self, departures: list[Departure]) -> list[Outcome]: ...

    def close(self) -> None: ...


class Bell(Protocol):
    """The doorbell: losing every ring costs one sweep interval, never a document."""

    def ring(self, step: str) -> None: ...

    def wait(self, timeout: float) -> bool: ...

    def close(self) -> None: ...


class Clock(Protocol):
    """Microseconds since 1970, UTC."""

    def now(self) -> int: ...
