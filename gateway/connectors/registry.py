"""Connectors by the name that an endpoint's ``connector = "…"`` gives them: one row each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Protocol

import msgspec

from gateway.connectors import amqp, as2, directory, http, sftp, sftp_server, shops
from gateway.core.errors import ConfigurationError
from gateway.core.ports import InboundConnector, OutboundConnector, ProbeStep


class InboxFactory(Protocol):
    def __call__(
        self, options: Mapping[str, object], base: Path, owner: str, *, name: str = "", party: str | None = None
    ) -> InboundConnector: ...


class OutboxFactory(Protocol):
    def __call__(
        self, options: Mapping[str, object], base: Path, owner: str = "", *, name: str = ""
    ) -> OutboundConnector: ...


class ProbeFactory(Protocol):
    """Walks to a door step by step, as lazily as it is asked, and ends with the first step that does not work.

    What it makes there it removes. Raises :class:`ConfigurationError` for options that are wrong.
    """

    def __call__(
        self, options: Mapping[str, object], direction: str, base: Path, *, name: str = ""
    ) -> Iterator[ProbeStep]: ...


class Connector(NamedTuple):
    """What a connector offers: doors in and out, and the options of each. ``about`` is its capability text.

    ``inbox`` None: nothing is polled, partners call. ``outbox`` None: nothing leaves by it.
    ``probe``: what ``crossdock partners test`` asks, None where opening the door is all that can be tried. ``remote``:
    its calls may wait for a network, so it has threads of its own. ``every``: seconds between looks where an endpoint
    does not say it; 0: a look waits itself for what comes. ``answers``: by an endpoint that partners call, answers
    leave to where they wish them. ``called``: by direction, the section of the configuration whose ``listen`` opens
    the door that partners call.
    """

    about: str
    inbox: InboxFactory | None
    inbox_options: type[msgspec.Struct]
    outbox: OutboxFactory | None
    outbox_options: type[msgspec.Struct]
    probe: ProbeFactory | None = None
    remote: bool = False
    every: float = 30.0
    answers: bool = False
    called: Mapping[str, str] = MappingProxyType({})


CONNECTORS: dict[str, Connector] = {
    "amqp": Connector(
        amqp.__doc__ or "",
        amqp.open_inbox,
        amqp.InboxOptions,
        amqp.open_outbox,
        amqp.OutboxOptions,
        amqp.probe,
        remote=True,
        every=0.0,
    ),
    "as2": Connector(
        as2.__doc__ or "",
        None,
        as2.InboxOptions,
        as2.open_outbox,
        as2.OutboxOptions,
        as2.probe,
        remote=True,
        answers=True,
        called={"in": "as2"},
    ),
    "directory": Connector(
        directory.__doc__ or "",
        directory.open_inbox,
        directory.InboxOptions,
        directory.open_outbox,
        directory.OutboxOptions,
        directory.probe,
    ),
    "http": Connector(
        http.__doc__ or "",
        None,
        http.InboundOptions,
        http.open_outbox,
        http.OutboundOptions,
        http.probe,
        remote=True,
        called={"in": "web"},
    ),
    **{
        name: Connector(
            *(shops.__doc__ or "", None, shops.InboxOptions, None, shops.OutboxOptions, shops.probe),
            called={"in": "web"},
        )
        for name in shops.SHOPS
    },
    "sftp": Connector(
        sftp.__doc__ or "",
        sftp.open_inbox,
        sftp.InboxOptions,
        sftp.open_outbox,
        sftp.OutboxOptions,
        sftp.probe,
        remote=True,
    ),
    sftp_server.NAME: Connector(
        sftp_server.__doc__ or "",
        None,
        sftp_server.InboxOptions,
        sftp_server.open_outbox,
        sftp_server.OutboxOptions,
        sftp_server.probe,
        called={"in": "sftp", "out": "sftp"},
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
    """A door in that is polled.

    Raises :class:`ConfigurationError` for a connector or an option that does not exist, and where partners call.
    """
    inbox = _connector(connector, name).inbox
    if inbox is None:
        raise ConfigurationError(f"{connector} is not polled: partners call it.", file=name or "endpoint")
    return inbox(options, base, owner, name=name, party=party)


def open_outbox(
    connector: str, options: Mapping[str, object], base: Path, owner: str = "", *, name: str = ""
) -> OutboundConnector:
    """A door out. Raises like :func:`open_inbox`."""
    outbox = _connector(connector, name).outbox
    if outbox is None:
        raise ConfigurationError(f"nothing leaves by {connector}.", file=name or "endpoint", key="direction")
    return outbox(options, base, owner, name=name)


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
