"""What inner rings ask of outer ones. Ports are small; adapters implement them and translate their library's errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import msgspec

from gateway.core.spooled import Body, Spool


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of transport that came in, before anything looked into it.

    ``source`` names the endpoint, ``transport_id`` the unit at that endpoint (equal ids are the same unit met again),
    ``token`` is the connector's own and is handed back to ``settle``. ``shown_until`` (microseconds): how long a door
    that partners look into goes on showing it under its file name. A ``body`` that is spooled belongs to whoever
    receives it: it is discarded when it was committed; a door that gives up before discards it itself.
    """

    source: str
    transport_id: str
    body: Body
    file_name: str = ""
    headers: dict[str, str] = {}
    party: str | None = None
    token: object = None
    shown_until: int | None = None


class Enclosure(NamedTuple):
    """A file that goes with a unit: a drawing, a certificate of origin."""

    name: str
    content_type: str
    body: Body


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of transport that goes out. ``name`` is stable: the same transmission always leaves under it.

    ``headers``: its ``party``, ``type`` and ``documents`` (ids), where they are known. ``receipt``: nothing is in it
    but acknowledgments of what came in. A large ``body`` is a file of the payload store: read it in pieces.
    ``enclosures``: what goes with it, at doors whose endpoint says so.
    """

    transmission: int
    endpoint: str
    name: str
    body: Body
    headers: dict[str, str] = {}
    receipt: bool = False
    enclosures: tuple[Enclosure, ...] = ()


class Deposit(msgspec.Struct, frozen=True):
    """Where something waits to be picked up: in which folder of the door, and under which name."""

    folder: str
    name: str


class Awaits(NamedTuple):
    """An answer that the other side owes from now on: of this ``kind``, by ``due`` (microseconds; 0: it is expected
    already)."""

    kind: str
    party: str
    due: int


class Outcome(msgspec.Struct, frozen=True):
    """What became of one departure. ``error`` None: it is durable at the other side, or, where it is ``deposited``, it
    may be shown at a door of ours until the other side fetches it.

    ``retry_after``: seconds that the other side asked us to wait at least. ``untried``: nothing was sent, because the
    door was busy or out of reach; this was none of its tries. ``mend``: a person must act before anything leaves here
    (:class:`~gateway.core.errors.ActionNeededError`); what waits goes on waiting.
    """

    transmission: int
    error: str | None = None
    retryable: bool = True
    receipt: str | None = None
    deposited: Deposit | None = None
    retry_after: float | None = None
    untried: bool = False
    mend: bool = False
    awaits: Awaits | None = None


class InboundConnector(Protocol):
    """A door that is polled. ``take`` claims at most ``limit`` units; ``settle`` is called after the commit."""

    name: str

    def take(self, limit: int) -> list[Arrival]: ...

    def settle(self, arrivals: Iterable[Arrival]) -> None: ...

    def give_back(self, arrivals: Iterable[Arrival]) -> None: ...

    def close(self) -> None: ...


class Receipt(msgspec.Struct, frozen=True):
    """What became of an arrival: its transmission. ``repeated``: it was there before, with the ``same_body`` or not."""

    transmission: int
    repeated: bool = False
    same_body: bool = True


class Intake(Protocol):
    """What doors hand their arrivals to that are called from outside. Threads may share it."""

    def accept(self, arrivals: Sequence[Arrival]) -> list[Receipt]:
        """Returns after the commit, one receipt for each. Raises :class:`~gateway.core.errors.StoreError` when they
        could not be committed: then nothing may be answered as received."""
        ...


class OutboundConnector(Protocol):
    """A door that units leave by, many at a time. Never raises for a single unit: its outcome says what happened."""

    name: str

    def deliver(self, departures: list[Departure]) -> list[Outcome]: ...

    def close(self) -> None: ...


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a door shows: ``size`` in bytes, ``at`` in microseconds. ``sha256`` of its bytes, in hexadecimal."""

    transmission: int
    name: str
    size: int
    at: int
    sha256: str


class Shelf(Protocol):
    """What doors show that partners look into. It is kept in the database, so that all processes show the same.

    All methods raise :class:`~gateway.core.errors.StoreError` when the database is out of reach.
    """

    def list(self, endpoint: str, folder: str, *, after: str = "", limit: int = 1000) -> list[Shown]:
        """Files of a folder by their names (in bytes), those behind ``after``."""
        ...

    def find(self, endpoint: str, folder: str, name: str) -> Shown | None:
        """One file."""
        ...

    def body(self, transmission: int) -> Body:
        """The bytes of a transmission. Raises :class:`~gateway.core.errors.NotFoundError`."""
        ...

    def known(self, endpoint: str, transport_ids: Sequence[str]) -> bool:
        """Whether a unit was received at the endpoint under one of these identities."""
        ...

    def fetched(self, transmission: int, shown_until: int) -> bool:
        """The partner has the whole of it; it is shown on until then. True when it was not fetched before."""
        ...

    def removed(self, endpoint: str, folder: str, name: str) -> bool:
        """The partner does not want to see it any more; what was deposited counts as fetched. False: not there.

        What came in is still found in the folder ``removed``, as long as it would have been shown.
        """
        ...


class ProbeStep(msgspec.Struct, frozen=True):
    """One step on the way to a door: whether it works, what was found, and what to do where it does not."""

    name: str
    ok: bool
    detail: str = ""
    hint: str = ""


class Met(NamedTuple):
    """A file of a partner as it was received: ``modified`` in seconds since 1970."""

    size: int
    modified: int
    sha256: str


class Ledger(Protocol):
    """What was received of files that stay where they are, so that an unchanged one is not fetched again.

    All methods raise :class:`~gateway.core.errors.StoreError` when the database is out of reach.
    """

    def known(self, endpoint: str, folder: str) -> dict[str, Met]:
        """All files of a folder that were received, by name."""
        ...

    def remember(self, endpoint: str, folder: str, files: Mapping[str, Met]) -> None:
        """They were received; called after the commit. Later ones of a name take the place of earlier ones."""
        ...

    def forget(self, endpoint: str, folder: str, names: Sequence[str]) -> None:
        """They are not there any more."""
        ...


@runtime_checkable
class Spools(Protocol):
    """An inbox that writes what it takes to a spool; whoever opens it gives it its own."""

    spool: Spool


@runtime_checkable
class Remembers(Protocol):
    """An inbox that leaves files where they are; whoever opens it gives it its ledger."""

    ledger: Ledger


class Ringer(Protocol):
    """The doorbell from outside: losing every ring costs one sweep interval, never a document."""

    def ring(self, step: str) -> None: ...


class Bell(Ringer, Protocol):
    """And from inside: whoever works waits for it."""

    def wait(self, timeout: float) -> bool: ...

    def close(self) -> None: ...


class Clock(Protocol):
    """Microseconds since 1970, UTC."""

    def now(self) -> int: ...
