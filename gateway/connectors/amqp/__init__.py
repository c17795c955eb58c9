"""AMQP 0-9-1: a queue of a broker (RabbitMQ) that documents come in by, and an exchange or queue they leave to.

In:

- A message is acknowledged after the database has it. What was not acknowledged when a connection or a process ends
  the broker delivers again; what was received of it is recognised and acknowledged.
- It is recognised by the sender's id (`message_id`, or the header that `id_header` names) together with its bytes;
  without an id, by the sender's timestamp and its bytes. The same id with other bytes is another transmission: nothing
  is dropped unseen.
- Messages of one queue are handed on in its order. Any number of gateways may consume one queue; then no order is
  promised between them.
- Messages that are empty or above `max_bytes` go to the queue `QUEUE.refused`, with the reason in the header
  `crossdock-reason`, and stay there. When that queue cannot be written to they stay where they are.
- Here without being settled are at most `prefetch` messages. When the database is out of reach they wait here: giving
  them back would count as a delivery, and a queue with a delivery limit would turn them away.
- The properties and headers of a message are kept with the transmission. A header `file-name` is its file name.

Out:

- Messages are persistent and mandatory, and delivered when the broker confirmed them.
- `message_id` is the same in every try, also after `crossdock resend`, and for no other bytes: receivers that remember
  ids process nothing twice.
- A message that no queue takes is a refusal: the transmission stops until an operator sends it again
  (`crossdock resend`), so that a missing binding loses nothing. An alternate exchange takes such messages instead.
- Headers: `party`, `type` (also the property), `documents` (ids), `transmission`, `endpoint`, `file-name`. The content
  type is told by the file name, as for HTTP.
- What has a business key in common leaves one after the other.

Both:

- `amqps://` verifies certificate and host name always. `amqp://` is for this machine and private networks, unless
  `plain` says otherwise.
- Connections are made anew when they break; secrets are looked up at each connect.
- Queues are made only where `declare` says so: quorum queues with a delivery limit and a queue of dead letters. Their
  properties never change: give names a version (`orders.v1`).

Limits:

- Messages without id and timestamp are recognised only by the process that they were delivered to: when it is killed
  between its commit and the broker's hearing of it, they come in twice.
- Repeats are possible when a connection breaks between the broker's storing a message and its confirm; they come with
  the same `message_id`.
- One message is held in memory whatever its size: the broker's `max_message_size` bounds it.
- Content encodings (`gzip`) are not undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gateway.config import resolve_secret
from gateway.connectors.amqp import brokers, routing
from gateway.connectors.amqp.inbox import AmqpInbox
from gateway.connectors.amqp.link import Link
from gateway.connectors.amqp.options import Broker, InboxOptions, OutboxOptions
from gateway.connectors.amqp.outbox import AmqpOutbox
from gateway.connectors.amqp.probe import probe
from gateway.connectors.homes import home_of
from gateway.core.strict import convert

__all__ = ["AmqpInbox", "AmqpOutbox", "InboxOptions", "OutboxOptions", "open_inbox", "open_outbox", "probe"]


def open_inbox(
    options: Mapping[str, object], base: Path, owner: str, *, name: str = "", party: str | None = None
) -> AmqpInbox:
    """A consumer of ``options["queue"]``; it connects when it is polled.

    ``name`` becomes the source of its arrivals, ``party`` whom they come from. Raises :class:`ConfigurationError` for
    options that are wrong; secrets that are missing are met when it connects.
    """
    checked = convert(options, InboxOptions, name or "amqp")
    return AmqpInbox(checked, _link(checked, base, name or f"amqp:{checked.queue}"), name=name, party=party)


def open_outbox(options: Mapping[str, object], base: Path, owner: str = "", *, name: str = "") -> AmqpOutbox:
    """A publisher to ``options["exchange"]``; otherwise like :func:`open_inbox`."""
    checked = convert(options, OutboxOptions, name or "amqp")
    routing.check(checked.routing_key, name or "amqp")
    return AmqpOutbox(checked, _link(checked, base, name or "amqp"), name=name)


def _link(options: Broker, base: Path, name: str) -> Link:
    home = home_of(base)
    brokers.check(options, name)
    return Link(
        options,
        lambda: brokers.servers(options, lambda reference: resolve_secret(reference, home), name),
        home,
        name,
    )
