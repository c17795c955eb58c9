"""The doors of a gateway: opened when they are needed, exchanged when their endpoint is described otherwise."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType

from gateway.agreements import Agreements, Endpoint
from gateway.connectors import as2, registry, sftp_server
from gateway.core.errors import ConfigurationError
from gateway.core.ports import InboundConnector, Ledger, OutboundConnector, Remembers, Spools
from gateway.core.spooled import Spool
from gateway.core.strict import problems
from gateway.work.breaker import Breaker
from gateway.work.guarded import Guarded
from gateway.work.polls import Polled

Current = Callable[[], Agreements]
BreakerOf = Callable[[Endpoint], Breaker]
Maker = Callable[[Endpoint], OutboundConnector]

#: Seconds between looks into an endpoint of this machine that only says when not to look.
_NEAR = 0.1


def mistakes_of(endpoint: Endpoint, file: str) -> list[ConfigurationError]:
    """What its connector says about its options; nothing is opened."""
    known = registry.CONNECTORS.get(endpoint.connector)
    if known is None:
        hint = f"There are: {', '.join(registry.CONNECTORS)}."
        text = f'there is no connector "{endpoint.connector}".'
        return [ConfigurationError(text, file=file, key=f"endpoint {endpoint.name}", hint=hint)]
    if endpoint.direction == "out" and known.outbox is None:
        text = f'nothing leaves by {endpoint.connector}: direction = "in" is needed.'
        return [ConfigurationError(text, file=file, key=f"endpoint {endpoint.name}")]
    if endpoint.direction == "in" and known.inbox is None and (endpoint.poll or endpoint.every is not None):
        word = "poll" if endpoint.poll else "every"
        text = f"{endpoint.connector} is not polled: partners call it."
        return [ConfigurationError(text, file=file, key=f"endpoint {endpoint.name}.{word}", hint=f"Remove {word}.")]
    kind = known.inbox_options if endpoint.direction == "in" else known.outbox_options
    return problems(endpoint.options, kind, file, f"endpoint {endpoint.name}")


def mistakes(agreements: Agreements) -> list[ConfigurationError]:
    """What connectors say about the options of all endpoints, and about what several of them share."""
    found = [
        mistake
        for party in agreements.parties.values()
        for endpoint in party.endpoints
        for mistake in mistakes_of(endpoint, party.file)
    ]
    return found or [*sftp_server.mistakes(agreements), *as2.mistakes(agreements)]


def check(agreements: Agreements) -> None:
    """Raises ConfigurationError for the first endpoint that no door can be made of."""
    for mistake in mistakes(agreements):
        raise mistake


def is_polled(endpoint: Endpoint) -> bool:
    """Whether we look into it; the others are called."""
    known = registry.CONNECTORS.get(endpoint.connector)
    return known is None or known.inbox is not None


def is_remote(endpoint: Endpoint) -> bool:
    """Whether its other end may let us wait."""
    known = registry.CONNECTORS.get(endpoint.connector)
    return known is not None and known.remote


def answers(endpoint: Endpoint) -> bool:
    """Whether answers leave by it, to where callers wish them, though it is for what comes in."""
    known = registry.CONNECTORS.get(endpoint.connector)
    return known is not None and known.answers


def has_own_thread(endpoint: Endpoint) -> bool:
    """Whether it is looked into by a thread of its own: it is far, or it has a schedule."""
    return is_remote(endpoint) or bool(endpoint.poll) or endpoint.every is not None


@lru_cache(maxsize=4)
def remote_outboxes(agreements: Agreements) -> frozenset[str]:
    """The endpoints that a deliverer delivers to, and no worker of the pipeline."""
    return frozenset(
        endpoint.name
        for endpoint in agreements.endpoints()
        if is_remote(endpoint) and (endpoint.direction == "out" or answers(endpoint))
    )


def polled(
    agreements: Agreements,
    base: Path,
    owner: str,
    breaker_of: BreakerOf,
    ledger: Ledger | None = None,
    spool: Spool | None = None,
) -> dict[str, Polled]:
    """The endpoints that have a thread of their own, and what it needs."""
    return {
        endpoint.name: Polled(
            endpoint,
            partial(_open_inbox, endpoint, base, owner, ledger, spool),
            breaker_of(endpoint),
            registry.CONNECTORS[endpoint.connector].every if is_remote(endpoint) else _NEAR,
        )
        for endpoint in agreements.endpoints("in")
        if is_polled(endpoint) and has_own_thread(endpoint)
    }


def _open_inbox(
    endpoint: Endpoint, base: Path, owner: str, ledger: Ledger | None = None, spool: Spool | None = None
) -> InboundConnector:
    door = registry.open_inbox(
        endpoint.connector, endpoint.options, base, owner, name=endpoint.name, party=endpoint.party
    )
    if ledger is not None and isinstance(door, Remembers):
        door.ledger = ledger
    if spool is not None and isinstance(door, Spools):
        door.spool = spool
    return door


class Inboxes:
    """The doors that one thread looks into, in turn: iterating gives those that are agreed on now."""

    def __init__(self, agreements: Current, base: Path, owner: str, spool: Spool | None = None) -> None:
        self._agreements = agreements
        self._base = base
        self._owner = owner
        self._spool = spool
        self._open: dict[str, tuple[Endpoint, InboundConnector]] = {}

    def __iter__(self) -> Iterator[InboundConnector]:
        """Raises ConfigurationError for options that are wrong."""
        found = self._agreements().endpoints("in")
        wanted = {e.name: e for e in found if is_polled(e) and not has_own_thread(e)}
        for name, (endpoint, door) in list(self._open.items()):
            if wanted.get(name) != endpoint:
                door.close()
                del self._open[name]
        return iter([self._door(endpoint) for endpoint in wanted.values()])

    def _door(self, endpoint: Endpoint) -> InboundConnector:
        if endpoint.name not in self._open:
            self._open[endpoint.name] = (endpoint, _open_inbox(endpoint, self._base, self._owner, spool=self._spool))
        return self._open[endpoint.name][1]


class Outboxes:
    """The doors that documents leave by, by the names of their endpoints; far ones behind their breakers.
    Threads may share it."""

    def __init__(
        self,
        agreements: Current,
        base: Path,
        owner: str,
        breaker_of: BreakerOf,
        makers: Mapping[str, Maker] = MappingProxyType({}),
    ) -> None:
        """``makers``: what opens the doors of connectors that need more of the gateway than their options."""
        self._agreements = agreements
        self._makers = makers
        self._breaker_of = breaker_of
        self._base = base
        self._owner = owner
        self._open: dict[str, tuple[Endpoint, OutboundConnector]] = {}
        self._lock = threading.Lock()

    def __call__(self, name: str) -> OutboundConnector:
        """Raises NotFoundError for an endpoint that nobody has, ConfigurationError for options that are wrong."""
        endpoint = self._agreements().endpoint(name)
        with self._lock:
            known = self._open.get(name)
            if known is None or known[0] != endpoint:
                # One that is exchanged is not closed: another thread may be delivering by it.
                door = self._make(endpoint)
                door = Guarded(door, self._breaker_of(endpoint)) if is_remote(endpoint) else door
                self._open[name] = known = (endpoint, door)
            return known[1]

    def _make(self, endpoint: Endpoint) -> OutboundConnector:
        maker = self._makers.get(endpoint.connector)
        if maker is not None:
            return maker(endpoint)
        return registry.open_outbox(endpoint.connector, endpoint.options, self._base, self._owner, name=endpoint.name)

    def close(self) -> None:
        for _, door in self._open.values():
            door.close()
