"""The in-memory twins and RabbitMQ keep the same promises; the configurations of the how-to page are what they say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway.connectors import CONNECTORS, MemoryInbox, MemoryOutbox
from gateway.connectors.amqp import open_inbox, open_outbox
from gateway.core.ports import Arrival, Departure, InboundConnector, OutboundConnector
from gateway.core.strict import problems
from tests.connectors.rabbit import Rabbit, until

PAGE = Path(__file__).parents[2] / "docs/how-to/amqp.md"


class Doors(NamedTuple):
    inbox: InboundConnector
    put: Callable[[bytes, str], object]
    outbox: OutboundConnector
    arrived: Callable[[], list[bytes]]


@pytest.fixture(params=["memory", "rabbitmq"])
def doors(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    if request.param == "memory":
        inbox, outbox = MemoryInbox("erp-in"), MemoryOutbox("erp-out")
        put = lambda body, id: inbox.put(body, transport_id=id)  # noqa: E731
        yield Doors(inbox, put, outbox, lambda: list(outbox.delivered.values()))
        return
    rabbit = Rabbit()
    monkeypatch.setenv("TEST_BROKER", rabbit.url())
    here, there = rabbit.queue(), rabbit.queue()
    box = open_inbox({"url": "env:TEST_BROKER", "queue": here}, tmp_path, "tester", name="erp-in")
    out = open_outbox({"url": "env:TEST_BROKER", "routing_key": there}, tmp_path, name="erp-out")
    put_there = lambda body, id: rabbit.put(here, body, message_id=id)  # noqa: E731
    yield Doors(box, put_there, out, lambda: [bytes(message.body) for message in rabbit.all(there)])
    box.close()
    out.close()
    rabbit.close()


def take(inbox: InboundConnector, count: int) -> list[Arrival]:
    found: list[Arrival] = []

    def enough() -> bool:
        found.extend(inbox.take(count - len(found)))
        return len(found) == count

    until(enough)
    return found


def test_units_come_in_order_once_and_again_when_they_were_given_back(doors: Doors) -> None:
    for number in range(4):
        doors.put(b"%d" % number, f"m{number}")
    first = take(doors.inbox, 2)
    assert [arrival.body for arrival in first] == [b"0", b"1"]
    doors.inbox.give_back(first)
    again = take(doors.inbox, 4)
    assert [arrival.body for arrival in again] == [b"0", b"1", b"2", b"3"]
    assert [arrival.transport_id for arrival in again[:2]] == [arrival.transport_id for arrival in first]
    doors.inbox.settle(again)
    assert doors.inbox.take(9) == []


def test_every_departure_has_an_outcome_in_its_place(doors: Doors) -> None:
    departures = [Departure(transmission=n, endpoint="erp-out", name=f"{n}.x12", body=b"%d" % n) for n in range(5)]
    outcomes = doors.outbox.deliver(departures)
    assert [(outcome.transmission, outcome.error) for outcome in outcomes] == [(n, None) for n in range(5)]
    assert doors.arrived() == [b"0", b"1", b"2", b"3", b"4"]


def test_the_endpoints_of_the_how_to_page_are_in_order() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    endpoints = [endpoint for block in blocks for endpoint in tomllib.loads(block)["endpoint"]]
    assert len(endpoints) == 3
    about = CONNECTORS["amqp"]
    for endpoint in endpoints:
        kind = about.inbox_options if endpoint["direction"] == "in" else about.outbox_options
        common = {"name", "connector", "direction", "events"}
        options = {word: value for word, value in endpoint.items() if word not in common}
        assert problems(options, kind, "amqp.md") == []
