"""Networks that fail between us and RabbitMQ: nothing is lost, and nothing happens twice.

In: whatever was received is received once, counted by the identity of the unit, as the database counts. Out: whatever
was told as delivered is in the queue, and whoever remembers ``message_id`` meets nothing twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.connectors.amqp import AmqpInbox, AmqpOutbox, open_inbox, open_outbox
from gateway.core.errors import ConnectorError
from gateway.core.ports import Departure
from tests.chaos.proxy import CLIENT, SERVER, ChaosProxy, Fault, cut, delay, half_close, refuse, reset, stall, truncate
from tests.connectors.rabbit import Rabbit

MESSAGES = 60
BODY = b"ISA*" + b"x" * 800

Make = Callable[[int, str], Fault]

#: Where a connection fails: at once, in the handshake, in a delivery, in an acknowledgment. The way of the documents
#: carries 56 KB, the other one 560 bytes and, of what goes out, from 600 to 870: a broker confirms several at once.
IN = {SERVER: (0, 150, 355, 440), CLIENT: (0, 300, 3_000, 20_000)}
OUT = {SERVER: (0, 250, 3_000, 20_000), CLIENT: (0, 300, 570, 600)}
SILENT_IN = {SERVER: (200, 400), CLIENT: (300, 5_000)}
SILENT_OUT = {SERVER: (200, 5_000), CLIENT: (300, 600)}


def faults(places: dict[str, tuple[int, ...]], *makers: Make) -> list[Fault]:
    return [make(after, towards) for make in makers for towards, some in places.items() for after in some]


FAULTS_IN = [*faults(IN, cut, reset, half_close), *faults(SILENT_IN, truncate, stall), refuse()]
FAULTS_OUT = [*faults(OUT, cut, reset, half_close), *faults(SILENT_OUT, truncate, stall), refuse()]


def told(fault: Fault) -> str:
    return f"{fault.kind} after {fault.after} {fault.towards}"


def often(fault: Fault) -> list[Fault]:
    """The first two connections meet it; of silence, which takes the time of two heartbeats, one is enough."""
    return [fault] if fault.kind in ("truncate", "stall") else [fault, fault]


@pytest.fixture
def rabbit() -> Iterator[Rabbit]:
    rabbit = Rabbit()
    yield rabbit
    rabbit.close()


@pytest.fixture
def setting(rabbit: Rabbit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Options of both ends, impatient."""
    monkeypatch.setenv("CROSSDOCK_HOME", str(tmp_path))
    return {"url": "env:TEST_BROKER", "heartbeat": 1, "connect_seconds": 0.3, "seconds": 0.3}


def body(number: int) -> bytes:
    return BODY + b"%d" % number


def consume(inbox: AmqpInbox, queue: str, rabbit: Rabbit) -> list[str]:
    """Receives until the queue is empty, as the receiver does; returns what was received, with repeats left out."""
    received: dict[str, None] = {}
    repeats = 0
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            arrivals = inbox.take(7)
            for arrival in arrivals:
                repeats += arrival.transport_id in received
                received.setdefault(arrival.transport_id)
            inbox.settle(arrivals)
        except ConnectorError:
            continue
        if not arrivals and len(received) >= MESSAGES and rabbit.count(queue) == 0:
            break
    inbox.close()
    return list(received)


@pytest.mark.parametrize("fault", FAULTS_IN, ids=told)
def test_what_comes_in_comes_in_once(
    rabbit: Rabbit, setting: dict[str, object], fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = rabbit.queue(**{"x-queue-type": "quorum"})
    for number in range(MESSAGES):
        rabbit.put(queue, body(number), message_id=f"m{number}")
    with ChaosProxy((rabbit.host, rabbit.port), *often(fault)) as proxy:
        monkeypatch.setenv("TEST_BROKER", rabbit.url(proxy.port))
        inbox = open_inbox({**setting, "queue": queue, "prefetch": 20}, tmp_path, "tester", name="erp-in")
        received = consume(inbox, queue, rabbit)
        assert proxy.struck >= 1
    assert sorted(id.partition("#")[0] for id in received) == sorted(f"m{number}" for number in range(MESSAGES))
    assert rabbit.count(queue) == 0


def deliver(outbox: AmqpOutbox, departures: list[Departure]) -> int:
    """Tries until each is delivered, as the deliverer does; returns how often something was tried again."""
    again = 0
    left = departures
    end = time.monotonic() + 30
    while left and time.monotonic() < end:
        outcomes = outbox.deliver(left)
        assert all(outcome.error is None or outcome.retryable for outcome in outcomes)
        failed = {outcome.transmission for outcome in outcomes if outcome.error is not None}
        left = [departure for departure in left if departure.transmission in failed]
        again += len(left)
    assert not left
    outbox.close()
    return again


@pytest.mark.parametrize("fault", FAULTS_OUT, ids=told)
def test_what_goes_out_arrives_and_is_recognised_when_it_comes_again(
    rabbit: Rabbit, setting: dict[str, object], fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = rabbit.queue(**{"x-queue-type": "quorum"})
    departures = [
        Departure(transmission=number, endpoint="erp-out", name=f"{number}.x12", body=body(number))
        for number in range(MESSAGES)
    ]
    with ChaosProxy((rabbit.host, rabbit.port), *often(fault)) as proxy:
        monkeypatch.setenv("TEST_BROKER", rabbit.url(proxy.port))
        outbox = open_outbox({**setting, "routing_key": queue}, tmp_path, name="erp-out")
        for _ in range(4):  # what comes after what the first connection was to carry
            deliver(outbox, departures)
            outbox = open_outbox({**setting, "routing_key": queue}, tmp_path, name="erp-out")
        assert proxy.struck >= 1
    arrived = {message.properties["message_id"]: bytes(message.body) for message in rabbit.all(queue)}
    assert sorted(arrived.values()) == sorted(body(number) for number in range(MESSAGES))


def test_slow_networks_lose_nothing(
    rabbit: Rabbit, setting: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = rabbit.queue()
    slow = [delay(0.003), delay(0.003, CLIENT)]
    with ChaosProxy((rabbit.host, rabbit.port), then=slow) as proxy:
        monkeypatch.setenv("TEST_BROKER", rabbit.url(proxy.port))
        patient = {**setting, "seconds": 5.0, "connect_seconds": 5.0}
        outbox = open_outbox({**patient, "routing_key": queue}, tmp_path, name="erp-out")
        departures = [
            Departure(transmission=number, endpoint="erp-out", name=f"{number}.x12", body=body(number))
            for number in range(MESSAGES)
        ]
        assert deliver(outbox, departures) == 0
        inbox = open_inbox({**patient, "queue": queue}, tmp_path, "tester", name="erp-in")
        assert len(consume(inbox, queue, rabbit)) == MESSAGES
        assert proxy.connections == 2
