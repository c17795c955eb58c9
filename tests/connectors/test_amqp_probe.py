"""``crossdock partners test`` at a broker: step by step, ending with the first that does not work."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.connectors.amqp import probe
from gateway.core.ports import ProbeStep
from tests.connectors.rabbit import Rabbit


@pytest.fixture
def rabbit() -> Iterator[Rabbit]:
    rabbit = Rabbit()
    yield rabbit
    rabbit.close()


def steps(url: str, tmp_path: Path, patch: pytest.MonkeyPatch, direction: str, **options: object) -> list[ProbeStep]:
    patch.setenv("TEST_BROKER", url)
    return list(probe({"url": "env:TEST_BROKER", **options}, direction, tmp_path, name="erp"))


def test_all_the_way_to_the_queue(rabbit: Rabbit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = rabbit.queue()
    rabbit.put(queue, b"ISA*")
    found = steps(rabbit.url(), tmp_path, monkeypatch, "in", queue=queue)
    assert [(step.name, step.ok) for step in found] == [
        ("name", True),
        ("connection", True),
        ("login", True),
        ("queue", True),
    ]
    assert found[2].detail.startswith("RabbitMQ")
    assert found[3].detail == f"{queue}: 1 messages, 0 consumers"
    assert rabbit.count(queue) == 1


@pytest.mark.parametrize(
    ("options", "direction", "last", "detail", "hint"),
    [
        ({"queue": "crossdock.test.nowhere"}, "in", "queue", "no queue", "`declare`"),
        ({"routing_key": "crossdock.test.nowhere"}, "out", "queue", "no queue", "`declare`"),
        ({"exchange": "crossdock.test.nowhere", "routing_key": "x"}, "out", "exchange", "no exchange", "make it"),
    ],
)
def test_what_is_missing_is_named(
    rabbit: Rabbit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, object],
    direction: str,
    last: str,
    detail: str,
    hint: str,
) -> None:
    step = steps(rabbit.url(), tmp_path, monkeypatch, direction, **options)[-1]
    assert (step.name, step.ok) == (last, False)
    assert detail in step.detail
    assert hint in step.hint


def test_an_exchange_that_is_there(rabbit: Rabbit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = rabbit.exchange("topic")
    step = steps(rabbit.url(), tmp_path, monkeypatch, "out", exchange=exchange, routing_key="{type}")[-1]
    assert (step.name, step.ok, step.detail) == ("exchange", True, exchange)


def test_where_the_way_ends(rabbit: Rabbit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = {
        "login": rabbit.url(password="wrong"),
        "connection": rabbit.url(1),
        "name": "amqp://guest:guest@nowhere.invalid/",
    }
    for name, url in ends.items():
        step = steps(url, tmp_path, monkeypatch, "in", queue="q")[-1]
        assert (step.name, step.ok) == (name, False)
        assert "wrong" not in step.detail


def test_a_broker_that_is_down_says_what_to_look_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        url = f"amqp://guest@127.0.0.1:{taken.getsockname()[1]}/"
        found = steps(url, tmp_path, monkeypatch, "out", routing_key="orders")
    assert (found[-1].name, found[-1].ok) == ("connection", False)
    assert "Nothing listens there" in found[-1].hint
