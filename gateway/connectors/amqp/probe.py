"""Trying a broker: its name, a connection, the login, and the queue or exchange. No message is taken or sent."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from gateway.config import resolve_secret
from gateway.connectors.amqp import brokers, routing
from gateway.connectors.amqp.failures import wire_errors
from gateway.connectors.amqp.link import Link
from gateway.connectors.amqp.options import Broker, InboxOptions, OutboxOptions
from gateway.connectors.homes import home_of
from gateway.connectors.http import address
from gateway.core.errors import ConnectorError
from gateway.core.ports import ProbeStep
from gateway.core.strict import convert

Step = tuple[str, Callable[[], str]]


def probe(options: Mapping[str, object], direction: str, base: Path, *, name: str = "") -> Iterator[ProbeStep]:
    """Steps towards the broker, the first one that its URL names."""
    kind: type[InboxOptions | OutboxOptions] = InboxOptions if direction == "in" else OutboxOptions
    checked = convert(options, kind, name or "amqp")
    brokers.check(checked, name or "amqp")
    home = home_of(base)
    servers = brokers.servers(checked, lambda reference: resolve_secret(reference, home), name or "amqp")
    link = Link(checked, lambda: servers, home, name or "amqp")
    try:
        for step, act in (*_way(checked, servers[0]), ("login", lambda: _login(link)), _place(link, checked)):
            try:
                with wire_errors(step, link.drop):
                    told = act()
            except ConnectorError as error:
                yield ProbeStep(step, False, error.detail, error.hint or "")
                return
            yield ProbeStep(step, True, told)
    finally:
        link.close()


def _way(options: Broker, server: brokers.Server) -> list[Step]:
    def look_up() -> str:
        found = address.addresses(server.host, server.port, link_local=True)
        return f"{server.host} is {', '.join(map(str, found))}"

    def connect() -> str:
        with socket.create_connection((server.host, server.port), timeout=options.connect_seconds):
            return f"{server.host} port {server.port}"

    return [("name", look_up), ("connection", connect)]


def _login(link: Link) -> str:
    about = link.connection.server_properties
    return f"{about.get('product', 'a broker')} {about.get('version', '')}".strip()


def _place(link: Link, options: InboxOptions | OutboxOptions) -> Step:
    """A look at what is there; what the first delivery would make is not made."""
    if isinstance(options, OutboxOptions) and options.exchange:
        return "exchange", lambda: _exchange(link, options.exchange)
    if isinstance(options, InboxOptions):
        return "queue", lambda: "made at first use" if options.declare else _queue(link, options.queue)
    if "{" in options.routing_key or options.declare:
        routing.check(options.routing_key, "amqp")
        return "queue", lambda: f"{options.routing_key}: known when something leaves"
    return "queue", lambda: _queue(link, options.routing_key)


def _queue(link: Link, queue: str) -> str:
    found = link.channel("probe").queue_declare(queue, passive=True)
    return f"{queue}: {found.message_count} messages, {found.consumer_count} consumers"


def _exchange(link: Link, exchange: str) -> str:
    link.channel("probe").exchange_declare(exchange, "direct", passive=True)
    return exchange
