"""Connectors by the name that an endpoint's ``connector = "…"`` gives them: one row each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from gateway.connectors import directory
from gateway.core.errors import ConfigurationError
from gateway.core.ports import InboundConnector, OutboundConnector


class InboxFactory(Protocol):
    def __call__(
        self, options: Mapping[str, object], base: Path, owner: str, *, name: str = "", party: str | None = None
    ) -> InboundConnector: ...


class OutboxFactory(Protocol):
    def __call__(
        self, options: Mapping[str, object], base: Path, owner: str = "", *, name: str = ""
    ) -> OutboundConnector: ...


class Connector(NamedTuple):
    """What a connector offers: doors in and out, and the options of each. ``about`` is its capability text."""

    about: str
    inbox: InboxFactory
    inbox_options: type[msgspec.Struct]
    outbox: OutboxFactory
    outbox_options: type[msgspec.Struct]


CONNECTORS: dict[str, Connector] = {
    "directory": Connector(
        directory.__doc__ or "",
        directory.open_inbox,
        directory.InboxOptions,
        directory.open_outbox,
        directory.OutboxOptions,
    ),
}


def open_inbox(
    connector: str,
    options: Mapping[str, object],
    base: Path,
    owner: str,
    *,
    name: str = "",
    party: str | None = None,
) -> InboundConnector:
    """A door in. Raises :class:`ConfigurationError` for a connector or an option that does not exist."""
    return _connector(connector, name).inbox(options, base, owner, name=name, party=party)


def open_outbox(
    connector: str, options: Mapping[str, object], base: Path, owner: str = "", *, name: str = ""
) -> OutboundConnector:
    """A door out. Raises like :func:`open_inbox`."""
    return _connector(connector, name).outbox(options, base, owner, name=name)


def _connector(connector: str, name: str) -> Connector:
    found = CONNECTORS.get(connector)
    if found is None:
        raise ConfigurationError(
            f'There is no connector "{connector}".',
            file=name or "endpoint",
            key="connector",
            hint=f"There are: {', '.join(CONNECTORS)}.",
        )
    return found
