"""A RabbitMQ for tests: queues with names of their own, looked into and removed by a connection of the test's own."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable
from typing import Any

import amqp
import pytest
from amqp.exceptions import NotFound
from kombu.utils.url import parse_url

BROKER = os.environ.get("CROSSDOCK_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//")


def needs_rabbitmq() -> None:
    """Skips the test where none answers."""
    parts = parse_url(BROKER)
    try:
        socket.create_connection((parts["hostname"], int(parts["port"] or 5672)), timeout=1).close()
    except OSError as error:
        pytest.skip(f"no RabbitMQ at {parts['hostname']}:{parts['port'] or 5672}: {error}")


class Rabbit:
    """``queue()`` gives names; whatever begins with them is deleted at the end."""

    def __init__(self) -> None:
        needs_rabbitmq()
        parts = parse_url(BROKER)
        self.host, self.port = parts["hostname"], int(parts["port"] or 5672)
        self.user, self.password = parts["userid"] or "guest", parts["password"] or "guest"
        self.connection = amqp.Connection(f"{self.host}:{self.port}", self.user, self.password)
        self.connection.connect()
        self.connection.transport.sock.settimeout(20)
        self._channel: Any = None
        self._names: list[str] = []
        self._exchanges: list[str] = []

    @property
    def channel(self) -> Any:
        if self._channel is None or not self._channel.is_open:
            self._channel = amqp.Channel(self.connection, auto_decode=False)
            self._channel.open()
        return self._channel

    def name(self, kind: str = "queue") -> str:
        name = f"crossdock.test.{kind}.{secrets.token_hex(5)}"
        self._names.append(name)
        return name

    def queue(self, **arguments: Any) -> str:
        name = self.name()
        self.channel.queue_declare(name, durable=True, auto_delete=False, arguments=arguments)
        return name

    def exchange(self, kind: str = "topic", **arguments: Any) -> str:
        name = self.name("exchange")
        self.channel.exchange_declare(name, kind, durable=True, auto_delete=False, arguments=arguments)
        self._exchanges.append(name)
        return name

    def url(self, port: int | None = None, password: str | None = None, vhost: str = "") -> str:
        return f"amqp://{self.user}:{password or self.password}@{self.host}:{port or self.port}/{vhost}"

    def put(self, queue: str, body: bytes, **properties: Any) -> None:
        self.channel.basic_publish(amqp.Message(body, delivery_mode=2, **properties), routing_key=queue)

    def get(self, queue: str) -> Any:
        """The next message, acknowledged; None when there is none."""
        return self.channel.basic_get(queue, no_ack=True)

    def all(self, queue: str) -> list[Any]:
        found = []
        while (message := self.get(queue)) is not None:
            found.append(message)
        return found

    def count(self, queue: str) -> int:
        """Messages that wait in a queue; -1 when there is no such queue."""
        try:
            return int(self.channel.queue_declare(queue, passive=True).message_count)
        except NotFound:
            return -1

    def listeners(self, queue: str) -> int:
        """Who consumes from a queue; 0 when there is no such queue."""
        try:
            return int(self.channel.queue_declare(queue, passive=True).consumer_count)
        except NotFound:
            return 0

    def until(self, queue: str, count: int, seconds: float = 10.0) -> None:
        until(lambda: self.count(queue) == count, seconds, f"{count} messages in {queue}")

    def close(self) -> None:
        for name in self._names:
            for suffix in ("", ".dead", ".refused"):
                self.channel.queue_delete(name + suffix)
        for name in self._exchanges:
            self.channel.exchange_delete(name)
        self.connection.close()


def until(condition: Callable[[], bool], seconds: float = 10.0, what: str = "it") -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} did not come within {seconds} s"
        time.sleep(0.01)
