"""The doors of a gateway: opened when they are needed, exchanged when their endpoint is described otherwise."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from gateway.agreements import Agreements, Endpoint
from gateway.connectors import registry, sftp_server
from gateway.core.errors import ConfigurationError
from gateway.core.ports import InboundConnector, OutboundConnector
from gateway.core.strict import problems

Current = Callable[[], Agreements]


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
    return found or sftp_server.mistakes(agreements)


def check(agreements: Agreements) -> None:
    """Raises ConfigurationError for the first endpoint that no door can be made of."""
    for mistake in mistakes(agreements):
        raise mistake


def is_polled(endpoint: Endpoint) -> bool:
    """Whether we look into it; the others are called."""
    known = registry.CONNECTORS.get(endpoint.connector)
    return known is None or known.inbox is not None


class Inboxes:
    """The doors that are polled: iterating gives those that are agreed on now. For one thread."""

    def __init__(self, agreements: Current, base: Path, owner: str) -> None:
        self._agreements = agreements
        self._base = base
        self._owner = owner
        self._open: dict[str, tuple[Endpoint, InboundConnector]] = {}

    def __iter__(self) -> Iterator[InboundConnector]:
        """Raises ConfigurationError for options that are wrong."""
        wanted = {endpoint.name: endpoint for endpoint in self._agreements().endpoints("in") if is_polled(endpoint)}
        for name, (endpoint, door) in list(self._open.items()):
            if wanted.get(name) != endpoint:
                door.close()
                del self._open[name]
        return iter([self._door(endpoint) for endpoint in wanted.values()])

    def _door(self, endpoint: Endpoint) -> InboundConnector:
        if endpoint.name not in self._open:
            door = registry.open_inbox(
                endpoint.connector, endpoint.options, self._base, self._owner, name=endpoint.name, party=endpoint.party
            )
            self._open[endpoint.name] = (endpoint, door)
        return self._open[endpoint.name][1]


class Outboxes:
    """The doors that documents leave by, by the names of their endpoints. Threads may share it."""

    def __init__(self, agreements: Current, base: Path, owner: str) -> None:
        self._agreements = agreements
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
                door = registry.open_outbox(endpoint.connector, endpoint.options, self._base, self._owner, name=name)
                self._open[name] = known = (endpoint, door)
            return known[1]

    def close(self) -> None:
        for _, door in self._open.values():
            door.close()
