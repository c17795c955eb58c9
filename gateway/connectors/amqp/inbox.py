"""A queue as a door: consumed, handed out, acknowledged after the commit."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple

import structlog
from amqp import Message
from amqp.exceptions import AMQPError

from gateway.connectors.amqp.confirms import Confirms
from gateway.connectors.amqp.failures import ends_connection, translated, wire_errors
from gateway.connectors.amqp.link import Link
from gateway.connectors.amqp.options import InboxOptions
from gateway.connectors.amqp.topology import REFUSED, declare_kept, declare_work_queue
from gateway.connectors.amqp.units import Units, body_of, file_name, headers_of, properties, told
from gateway.core.ports import Arrival
from gateway.core.spooled import size_of

#: A batch ends here even when fewer messages were asked for: its bodies are in memory.
BATCH_BYTES = 16 * 1024 * 1024

#: Seconds that are waited for the first message, and for one more once there is one.
WAIT, LINGER = 0.05, 0.002

log = structlog.get_logger(__name__)


class _Token(NamedTuple):
    """One delivery: its number means something on the connection of this generation only."""

    generation: int
    tag: int


class AmqpInbox:
    """Consumes one queue. One thread uses it; any number of processes may consume the same queue.

    Every method raises :class:`ConnectorError` when the broker cannot be used. What is not acknowledged by then the
    broker delivers again, and it is recognised when it was received.
    """

    def __init__(self, options: InboxOptions, link: Link, *, name: str = "", party: str | None = None) -> None:
        self.name = name or f"amqp:{options.queue}"
        self._options = options
        self._link = link
        self._party = party
        self._units = Units(options.queue, options.id_header)
        self._refused = options.refused or options.queue + REFUSED
        self._fresh: deque[Any] = deque()  # delivered, not looked at
        self._waiting: deque[Arrival] = deque()  # given back: handed out first
        self._unsettled: dict[int, None] = {}  # delivery tags in their order
        self._consumer: Any = None
        self._confirms: Confirms | None = None

    def take(self, limit: int) -> list[Arrival]:
        """At most ``limit`` messages, in the order of the queue; waits a moment for the first."""
        with self._link.lock, wire_errors(f"Consuming {self._options.queue}", self._drop):
            self._consume()
            arrivals: list[Arrival] = []
            room = BATCH_BYTES
            until = time.monotonic() + WAIT
            while len(arrivals) < limit and room > 0:
                arrival = self._next()
                if arrival is not None:
                    arrivals.append(arrival)
                    room -= size_of(arrival.body)
                elif not self._fresh and not self._drain(LINGER if arrivals else until - time.monotonic()):
                    break
            return arrivals

    def settle(self, arrivals: Iterable[Arrival]) -> None:
        """They are durable elsewhere: the broker may forget them."""
        with self._link.lock, wire_errors(f"Acknowledging messages of {self._options.queue}", self._drop):
            tags = {token.tag for token in map(_token, arrivals) if token.generation == self._link.generation}
            tags &= self._unsettled.keys()
            if tags and self._consumer is not None:
                self._acknowledge(tags)

    def give_back(self, arrivals: Iterable[Arrival]) -> None:
        """They were not received: they are handed out again by the next ``take``.

        The broker keeps them for us meanwhile. Giving them back to it would count as one more delivery, and a queue
        with a delivery limit would soon turn them away.
        """
        with self._link.lock:
            mine = [arrival for arrival in arrivals if _token(arrival).tag in self._unsettled]
            self._waiting.extendleft(reversed(mine))

    def close(self) -> None:
        """What was not settled goes back to the queue."""
        self._link.close()
        self._forget()

    # Taking

    def _next(self) -> Arrival | None:
        """What was given back first, then what came. None: nothing is there, or it was turned away."""
        while self._waiting:
            arrival = self._waiting.popleft()
            token = _token(arrival)
            if token.generation == self._link.generation and token.tag in self._unsettled:
                return arrival
        return self._arrival(self._fresh.popleft()) if self._fresh else None

    def _drain(self, seconds: float) -> bool:
        return self._link.drain(max(seconds, 0.0))

    def _arrival(self, message: Any) -> Arrival | None:
        tag = message.delivery_info["delivery_tag"]
        self._unsettled[tag] = None
        body = body_of(message)
        reason = ""
        if len(body) > self._options.max_bytes:
            reason = f"{len(body)} bytes; at most {self._options.max_bytes} are taken (max_bytes)."
        elif not body:
            reason = "There is nothing in it."
        if reason:
            self._refuse(message, body, reason)
            return None
        return Arrival(
            source=self.name,
            transport_id=self._units.identity(message, body),
            body=body,
            file_name=file_name(message),
            headers=told(message),
            party=self._party,
            token=_Token(self._link.generation, tag),
        )

    # Consuming

    def _consume(self) -> None:
        """The consumer, made anew on a connection that is new."""
        connection = self._link.connection
        if self._consumer is not None and self._consumer.connection is connection and self._consumer.is_open:
            return
        self._forget()
        if self._options.declare:
            declare_work_queue(self._link, self._options.queue, self._options.delivery_limit)
        channel = self._link.channel("consume")
        channel.basic_qos(0, self._options.prefetch, False)  # for each consumer: quorum queues know no other
        channel.basic_consume(self._options.queue, callback=self._fresh.append)
        self._consumer = channel

    def _drop(self) -> None:
        self._link.drop()
        self._forget()

    def _forget(self) -> None:
        self._fresh.clear()
        self._waiting.clear()
        self._unsettled.clear()
        self._consumer = None

    # Settling

    def _acknowledge(self, tags: set[int]) -> None:
        """The oldest in one word, those behind one that is not among them one by one."""
        last = 0
        for tag in self._unsettled:
            if tag not in tags:
                break
            last = tag
        if last:
            self._consumer.basic_ack(last, multiple=True)
        for tag in tags:
            if tag > last:
                self._consumer.basic_ack(tag)
            del self._unsettled[tag]

    def _refuse(self, message: Any, body: bytes, reason: str) -> None:
        """A copy with the reason into the queue for them; only then it is acknowledged.

        Where that is not possible it stays with us unacknowledged: nothing is thrown away.
        """
        tag = message.delivery_info["delivery_tag"]
        try:
            error = self._put_aside(self._copy(message, body, reason))
        except AMQPError as its:
            if ends_connection(its):
                raise
            self._link.forget("refuse")
            error = str(translated(its, f"Putting a message aside into {self._refused}"))
        if error is not None:
            log.error("message.not_refused", endpoint=self.name, reason=reason, error=error, id=_id(message))
            return
        self._acknowledge({tag})
        log.warning("message.refused", endpoint=self.name, reason=reason, queue=self._refused, id=_id(message))

    def _put_aside(self, copy: Message) -> str | None:
        """Why the queue did not take it; None: it is there."""
        declare_kept(self._link, self._refused)
        channel = self._link.channel("refuse")
        if self._confirms is None or self._confirms.channel is not channel:
            self._confirms = Confirms(channel)
        verdicts: list[str | None] = []
        self._confirms.begin(lambda id, error, retryable: verdicts.append(error))
        self._confirms.publish(str(copy.properties.get("message_id", "")), copy, "", self._refused)
        self._confirms.finish(self._link, self._options.seconds)
        return verdicts[0]

    def _copy(self, message: Any, body: bytes, reason: str) -> Message:
        info = message.delivery_info
        headers = {
            **headers_of(message),
            "crossdock-reason": reason,
            "crossdock-queue": self._options.queue,
            "crossdock-exchange": info["exchange"],
            "crossdock-routing-key": info["routing_key"],
        }
        return Message(body, **{**properties(message), "application_headers": headers, "delivery_mode": 2})


def _token(arrival: Arrival) -> _Token:
    return arrival.token if isinstance(arrival.token, _Token) else _Token(-1, -1)


def _id(message: Any) -> str:
    return str(properties(message).get("message_id") or "")
