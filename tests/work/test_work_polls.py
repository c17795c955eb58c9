"""Threads that look into endpoints: one each, on a schedule, and none delays another."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import pytest

from gateway.agreements import Endpoint
from gateway.core.errors import ConnectorError
from gateway.core.ports import Arrival
from gateway.store import Database
from gateway.work.breaker import CLOSED, OPEN, Breaker, BreakerPolicy
from gateway.work.polls import Polled, Polls
from gateway.work.receiver import Receiver
from tests.store.making import AT, column
from tests.work.far import eventually


class Clock:
    def now(self) -> int:
        return AT


class Inbox:
    """Gives ``units`` one by one; where it ``hangs`` it waits until the test ends."""

    def __init__(self, name: str, units: int = 0, *, hangs: bool = False, error: Exception | None = None) -> None:
        self.name, self.units, self.hangs, self.error = name, units, hangs, error
        self.looks = 0
        self.settled: list[str] = []
        self.closed = False
        self.let_go = threading.Event()

    def take(self, limit: int) -> list[Arrival]:
        self.looks += 1
        if self.hangs:
            self.let_go.wait(20)
            return []
        if self.error is not None:
            raise self.error
        if self.looks > self.units:
            return []
        return [Arrival(source=self.name, transport_id=str(self.looks), body=b"ISA")]

    def settle(self, arrivals: Iterable[Arrival]) -> None:
        self.settled += [arrival.transport_id for arrival in arrivals]

    def give_back(self, arrivals: Iterable[Arrival]) -> None:
        raise AssertionError

    def close(self) -> None:
        self.closed = True


def polled(inbox: Inbox, *, usual: float = 0.01, failures: int = 2, **keys: Any) -> Polled:
    endpoint = Endpoint(name=inbox.name, connector="amqp", direction="in", party="globex", **keys)
    return Polled(endpoint, lambda: inbox, Breaker(BreakerPolicy(failures, 0.05, 0.1)), usual)


class Threads:
    """The threads of some endpoints, which the test may exchange."""

    def __init__(self, database: Database, *several: Polled) -> None:
        self.wanted = {each.endpoint.name: each for each in several}
        self.polls = Polls(Receiver(database, Clock(), ()), Clock(), lambda: self.wanted)
        self.polls.keep()


def test_one_that_hangs_and_one_that_fails_delay_nobody(database: Database) -> None:
    hangs, fails = Inbox("hangs", hangs=True), Inbox("fails", error=ConnectorError("nobody there"))
    fine = Inbox("fine", units=20)
    broken = polled(fails)
    threads = Threads(database, polled(hangs), broken, polled(fine))
    eventually(lambda: len(fine.settled) == 20)
    eventually(lambda: broken.breaker.standing.state == OPEN)
    fails.error = None
    eventually(lambda: broken.breaker.standing.state == CLOSED)
    assert hangs.looks == 1
    assert threads.polls.close(0.05) == ["hangs"]
    assert fine.closed
    hangs.let_go.set()
    assert threads.polls.close(10) == []
    assert column(database, "SELECT count(*) FROM transmissions") == [20]


def test_threads_begin_and_end_with_their_endpoints(database: Database) -> None:
    one, other = Inbox("one"), Inbox("other")
    threads = Threads(database, polled(one))
    eventually(lambda: one.looks > 2)
    threads.wanted = {"other": polled(other)}
    threads.polls.keep()
    eventually(lambda: one.closed and other.looks > 2)
    again = Inbox("other")
    threads.wanted = {"other": polled(again, every=0.02)}  # described otherwise
    threads.polls.keep()
    eventually(lambda: other.closed)
    eventually(lambda: (threads.polls.keep(), again.looks > 2)[1])
    threads.polls.close()
    assert again.closed


def test_a_schedule_is_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    seldom, often = Inbox("seldom"), Inbox("often")
    cron = polled(seldom, poll="0 6 * * mon-fri", time_zone="Europe/Berlin")
    threads = Threads(database, cron, polled(often, usual=3600, every=0.01))
    eventually(lambda: often.looks > 3)
    assert seldom.looks == 0  # it is not six o'clock
    threads.polls.close()


def test_an_endpoint_that_waits_for_what_comes_is_asked_again_at_once(database: Database) -> None:
    eager = Inbox("eager", units=50)
    threads = Threads(database, polled(eager, usual=0))
    eventually(lambda: len(eager.settled) == 50)
    threads.polls.close()
    assert len(eager.settled) == 50
    assert eager.looks >= 50


def polling(name: str) -> set[int | None]:
    """The threads that look into this endpoint."""
    return {each.ident for each in threading.enumerate() if each.name == f"poll {name}"}


def test_a_mistake_ends_no_thread(database: Database) -> None:
    clumsy = Inbox("clumsy", error=ZeroDivisionError())
    threads = Threads(database, polled(clumsy, failures=1))
    eventually(lambda: clumsy.looks == 1)
    (before,) = polling("clumsy")
    clumsy.error = None
    eventually(lambda: clumsy.looks > 2)
    assert polling("clumsy") == {before}
    threads.polls.close()
    assert polling("clumsy") == set()


def test_a_look_that_does_not_end_is_told_of_once_and_is_fine_again_when_it_ends(database: Database) -> None:
    hangs = Inbox("hangs", hangs=True)
    far = polled(hangs)
    threads = Threads(database, far)
    eventually(lambda: hangs.looks == 1)
    (poll,) = threads.polls._running.values()
    poll.doubt()
    assert far.breaker.standing.failures == 0, "it has not lasted long"
    for _ in range(2):
        poll.doubt(long=0)
    assert (far.breaker.standing.failures, far.breaker.standing.state) == (1, CLOSED)
    assert "has lasted longer than 0 seconds" in far.breaker.standing.error
    hangs.hangs = False
    hangs.let_go.set()
    eventually(lambda: far.breaker.standing.failures == 0)
    threads.polls.close()
