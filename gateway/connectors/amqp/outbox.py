"""An exchange as a door: published in windows, delivered when the broker confirmed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from amqp import Message
from amqp.exceptions import AMQPError

from gateway.connectors.amqp.confirms import Confirms
from gateway.connectors.amqp.failures import ends_connection, translated, wire_errors
from gateway.connectors.amqp.link import Link
from gateway.connectors.amqp.options import OutboxOptions
from gateway.connectors.amqp.routing import routing_key
from gateway.connectors.amqp.topology import declare_work_queue
from gateway.connectors.http.content import content_type
from gateway.connectors.http.outbound import delivery_id
from gateway.core.errors import ActionNeededError, ConnectorError
from gateway.core.ports import Departure, Outcome
from gateway.core.spooled import in_memory, size_of

#: So many messages and bytes are on their way before their confirms are waited for.
WINDOW, WINDOW_BYTES = 128, 8 * 1024 * 1024


class AmqpOutbox:
    """Publishes to one exchange. Threads may share it: they take turns."""

    def __init__(self, options: OutboxOptions, link: Link, *, name: str = "") -> None:
        self.name = name or f"amqp:{options.exchange or options.routing_key}"
        self._options = options
        self._link = link
        self._confirms: Confirms | None = None
        self._declared: set[str] = set()

    def deliver(self, departures: list[Departure]) -> list[Outcome]:
        """One outcome per departure. When the broker is out of reach what was not sent is handed back untried."""
        outcomes: dict[int, Outcome] = {}
        reason = ""
        for window in _windows(departures):
            if reason:
                outcomes |= {each.transmission: Outcome(each.transmission, reason, untried=True) for each in window}
                continue
            with self._link.lock:
                found = _Window(window)
                try:
                    self._publish(found)
                except ConnectorError as error:
                    found.fail(str(error), error.retryable, isinstance(error, ActionNeededError))
                    reason = f"Not tried: {error}"
            outcomes |= found.outcomes
        return [outcomes[departure.transmission] for departure in departures]

    def close(self) -> None:
        self._link.close()
        self._confirms = None

    def _publish(self, window: _Window) -> None:
        """Raises :class:`ConnectorError` when the connection broke; what has a verdict by then keeps it."""
        with wire_errors(f"Publishing through {self.name}", self._drop):
            try:
                self._send(window, window.left())
            except AMQPError as error:
                if ends_connection(error):
                    raise
                self._one_by_one(window, error)

    def _one_by_one(self, window: _Window, error: AMQPError) -> None:
        """The channel is gone because of one of them: alone, each shows whether it was the one."""
        left = window.left()
        self._forget_channel()
        for departure in left:
            try:
                if len(left) == 1:
                    raise error
                self._send(window, [departure])
            except AMQPError as its:
                if ends_connection(its):
                    raise
                self._forget_channel()
                told = translated(its, f"Publishing {departure.name}")
                window.verdict(delivery_id(departure), str(told), told.retryable)

    def _send(self, window: _Window, departures: Sequence[Departure]) -> None:
        confirms = self._channel()
        confirms.begin(window.verdict)
        for departure in departures:
            id = delivery_id(departure)
            key = routing_key(self._options.routing_key, departure, id)
            self._declare(key)
            confirms.publish(id, self._message(departure, id), self._options.exchange, key)
        confirms.finish(self._link, self._options.seconds)

    def _channel(self) -> Confirms:
        channel = self._link.channel("publish")
        if self._confirms is None or self._confirms.channel is not channel:
            self._confirms = Confirms(channel)
        return self._confirms

    def _declare(self, queue: str) -> None:
        if self._options.declare and not self._options.exchange and queue not in self._declared:
            declare_work_queue(self._link, queue, self._options.delivery_limit)
            self._declared.add(queue)

    def _message(self, departure: Departure, id: str) -> Message:
        headers: dict[str, Any] = {
            **departure.headers,
            "transmission": f"tx_{departure.transmission}",
            "endpoint": departure.endpoint,
            "file-name": departure.name,
        }
        return Message(
            in_memory(departure.body),
            message_id=id,
            delivery_mode=2,
            content_type=self._options.content_type or content_type(departure.name, departure.body),
            type=departure.headers.get("type", "")[:255],
            app_id="crossdock",
            timestamp=int(time.time()),
            application_headers=headers,
        )

    def _forget_channel(self) -> None:
        self._link.forget("publish")
        self._confirms = None

    def _drop(self) -> None:
        self._link.drop()
        self._confirms = None
        self._declared.clear()


class _Window:
    """Departures that are under way together, and what became of each."""

    def __init__(self, departures: Sequence[Departure]) -> None:
        self._departures = {delivery_id(departure): departure for departure in departures}
        self.outcomes: dict[int, Outcome] = {}

    def left(self) -> list[Departure]:
        return [each for each in self._departures.values() if each.transmission not in self.outcomes]

    def verdict(self, id: str, error: str | None, retryable: bool) -> None:
        departure = self._departures.get(id)
        if departure is not None:
            transmission = departure.transmission
            receipt = id if error is None else None
            self.outcomes[transmission] = Outcome(transmission, error, retryable, receipt)

    def fail(self, error: str, retryable: bool, mend: bool) -> None:
        """What has no verdict: it may have arrived, so it was a try; it comes again under the same id."""
        for departure in self.left():
            self.outcomes[departure.transmission] = Outcome(departure.transmission, error, retryable, mend=mend)


def _windows(departures: Sequence[Departure]) -> Iterator[list[Departure]]:
    window: list[Departure] = []
    size = 0
    for departure in departures:
        if window and (len(window) >= WINDOW or size + size_of(departure.body) > WINDOW_BYTES):
            yield window
            window, size = [], 0
        window.append(departure)
        size += size_of(departure.body)
    if window:
        yield window
