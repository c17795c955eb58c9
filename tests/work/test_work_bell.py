"""The doorbell: in memory, over RabbitMQ where one answers, and when nobody is there."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest
from kombu.connection import Connection

from gateway.work import KombuBell, NullBell, PipeBell, open_bell
from gateway.work import bell as bell_module
from tests.chaos.proxy import CLIENT, SERVER, ChaosProxy, Fault, cut, half_close, reset, stall, truncate
from tests.connectors.rabbit import needs_rabbitmq

BROKER = os.environ.get("CROSSDOCK_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//")


@pytest.fixture(params=["memory", "rabbitmq"])
def bells(request: pytest.FixtureRequest) -> Iterator[tuple[KombuBell, KombuBell]]:
    """One that rings and one that waits for handling, on queues of this test."""
    url = "memory://" if request.param == "memory" else BROKER
    if request.param == "rabbitmq":
        needs_rabbitmq()
    name = f"crossdock.test.{secrets.token_hex(6)}"
    ringing, waiting = KombuBell(url, name=name), KombuBell(url, ["handle", "compose"], name=name)
    yield ringing, waiting
    ringing.close()
    waiting.close()
    if request.param == "rabbitmq":
        with Connection(url) as connection, connection.channel() as channel:
            for step in ("handle", "compose", "deliver"):
                channel.queue_delete(f"{name}.{step}")


def test_a_ring_ends_the_waiting(bells: tuple[KombuBell, KombuBell]) -> None:
    ringing, waiting = bells
    assert not waiting.wait(0.05)
    timer = threading.Timer(0.1, ringing.ring, ["handle"])
    timer.start()
    started = time.monotonic()
    assert waiting.wait(10)
    assert time.monotonic() - started < 5
    timer.join()


def test_a_ring_before_the_waiting_is_heard_once(bells: tuple[KombuBell, KombuBell]) -> None:
    ringing, waiting = bells
    for _ in range(5):
        ringing.ring("handle")
        ringing.ring("compose")
    assert waiting.wait(5)
    assert not waiting.wait(0.05)


def test_a_ring_for_another_step_is_not_heard(bells: tuple[KombuBell, KombuBell]) -> None:
    ringing, waiting = bells
    ringing.ring("deliver")
    assert not waiting.wait(0.1)


def test_rings_that_nobody_hears_do_not_pile_up(bells: tuple[KombuBell, KombuBell]) -> None:
    ringing, _ = bells
    for _ in range(300):
        ringing.ring("deliver")
    with Connection(ringing._url) as connection, connection.channel() as channel:
        deadline = time.monotonic() + 5
        count = 300
        while count > 100 and time.monotonic() < deadline:
            queue = ringing._queue("deliver")(channel)
            count = queue.queue_declare(passive=True).message_count
        assert 0 < count <= 100


def test_a_broker_that_is_away_costs_the_rings_and_no_more() -> None:
    bell = KombuBell("amqp://guest:guest@127.0.0.1:1//", ["handle"])
    bell.ring("handle")
    started = time.monotonic()
    assert not bell.wait(0.1)
    assert time.monotonic() - started >= 0.1
    bell.close()


@pytest.mark.parametrize("towards", [SERVER, CLIENT])
@pytest.mark.parametrize("make", [cut, reset, half_close, truncate, stall])
@pytest.mark.parametrize("after", [20, 620, 900])
def test_a_broker_that_breaks_off_or_falls_silent_costs_rings_and_a_moment(
    make: Callable[[int, str], Fault], after: int, towards: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is raised and nothing hangs. The next connection works; where the network swallows rings without a
    word there is none, and the rings are lost."""
    needs_rabbitmq()
    monkeypatch.setattr(bell_module, "_PATIENCE", 0.2)
    monkeypatch.setattr(bell_module, "_PAUSES", (0.0, 0.0))
    name = f"crossdock.test.{secrets.token_hex(6)}"
    with Connection(BROKER) as real, ChaosProxy((real.hostname, real.port or 5672), make(after, towards)) as proxy:
        bell = KombuBell(f"amqp://{real.userid}:{real.password}@127.0.0.1:{proxy.port}//", ["handle"], name=name)
        end = time.monotonic() + 20
        swallowed = make in (truncate, stall)
        for _ in range(50):
            bell.ring("handle")
            if bell.wait(0.01) and proxy.connections > 1:
                break
        else:
            assert swallowed
        assert time.monotonic() < end
        bell.close()
        with real.channel() as channel:
            channel.queue_delete(f"{name}.handle")


def test_a_broker_that_stays_away_is_asked_more_and_more_seldom() -> None:
    bell = KombuBell("amqp://guest:guest@127.0.0.1:1//", ["handle"])
    for pause in (2.0, 4.0, 8.0, 16.0, 30.0, 30.0):
        bell._retry_at = 0.0
        bell.ring("handle")
        assert bell._pause == pause
    bell.close()


def test_a_bell_that_was_closed_opens_again(bells: tuple[KombuBell, KombuBell]) -> None:
    ringing, waiting = bells
    ringing.ring("handle")
    assert waiting.wait(5)
    waiting.close()
    ringing.close()
    time.sleep(1.1)  # a connection is opened at most once a second
    ringing.ring("handle")
    assert waiting.wait(5)


def test_without_a_bell_waiting_is_sleeping() -> None:
    bell = open_bell("")
    assert isinstance(bell, NullBell)
    bell.ring("handle")
    started = time.monotonic()
    assert not bell.wait(0.02)
    assert time.monotonic() - started >= 0.02
    bell.close()


def test_a_bell_is_opened_by_its_url() -> None:
    bell = open_bell("memory://", ["handle"])
    assert isinstance(bell, KombuBell)
    bell.close()


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """What the process hears, and where another one rings."""
    heard, ring = os.pipe()
    yield heard, ring
    for end in (heard, ring):
        with suppress(OSError):
            os.close(end)


class TestPipe:
    """The bell of a worker process, rung by the process that started it."""

    def test_a_byte_wakes_it_at_once(self, pipe: tuple[int, int]) -> None:
        bell = PipeBell(pipe[0])
        ringer = threading.Timer(0.05, os.write, [pipe[1], b"."])
        ringer.start()
        assert bell.wait(30)
        ringer.join()
        assert not bell.wait(0.01)

    def test_many_rings_before_the_wait_are_one(self, pipe: tuple[int, int]) -> None:
        bell = PipeBell(pipe[0])
        os.write(pipe[1], b"...")
        assert bell.wait(30)
        assert not bell.wait(0)

    def test_what_it_rings_itself_it_hears(self, pipe: tuple[int, int]) -> None:
        bell = PipeBell(pipe[0])
        bell.ring("handle")
        assert bell.wait(30)
        assert not bell.wait(0)

    def test_a_step_that_is_waited_for_elsewhere_rings_there(self, pipe: tuple[int, int]) -> None:
        there, ring = os.pipe()
        with closing(os.fdopen(there, "rb")), closing(os.fdopen(ring, "wb", 0)):
            os.set_blocking(ring, False)
            bell = PipeBell(pipe[0], {"deliver": ring})
            bell.ring("deliver")
            assert PipeBell(there).wait(30)
            assert not bell.wait(0), "it is not rung here"
            for _ in range(100_000):  # somebody who does not look is passed by
                bell.ring("deliver")

    def test_when_nobody_can_ring_any_more_it_only_waits(self, pipe: tuple[int, int]) -> None:
        bell = PipeBell(pipe[0])
        os.close(pipe[1])
        assert bell.wait(30)
        started = time.monotonic()
        assert not bell.wait(0.02)
        assert time.monotonic() - started >= 0.02
