"""The breaker: a table, and a thin shell with a clock."""

from __future__ import annotations

import pytest

from gateway.core.errors import ActionNeededError, ConfigurationError, ConnectorError, IllegalTransitionError
from gateway.core.ports import Departure, Outcome
from gateway.work.breaker import CLOSED, OPEN, PROBING, TABLE, Breaker, BreakerPolicy, Standing, following
from gateway.work.guarded import Guarded


class World:
    """A clock that is set by hand, and what the breaker told."""

    def __init__(self, failures: int = 3) -> None:
        self.at = 0.0
        self.told: list[tuple[str, str]] = []
        policy = BreakerPolicy(failures=failures, first=10, most=35)
        self.breaker = Breaker(policy, self._changed, lambda: self.at, lambda: 0.5)

    def _changed(self, standing: Standing, before: str) -> None:
        self.told.append((before, standing.state))

    def fail(self, times: int = 1) -> None:
        for _ in range(times):
            assert self.breaker.enter()
            self.breaker.fail("nobody there")


def test_the_table_names_its_three_states_only() -> None:
    assert {state for state, _ in TABLE} | set(TABLE.values()) == {CLOSED, OPEN, PROBING}
    with pytest.raises(IllegalTransitionError):
        following(CLOSED, "due")


def test_failures_in_a_row_open_it_and_a_success_between_starts_anew() -> None:
    world = World()
    world.fail(2)
    world.breaker.succeed()
    world.fail(2)
    assert world.breaker.standing.state == CLOSED
    world.fail()
    assert world.breaker.standing == Standing(OPEN, 3, "nobody there", 10.0)
    assert not world.breaker.ready()
    assert world.breaker.enter() is None
    assert world.told == [(CLOSED, CLOSED), (CLOSED, CLOSED), (CLOSED, CLOSED), (CLOSED, OPEN)]


def test_one_probe_at_a_time_after_pauses_that_grow_up_to_a_bound() -> None:
    world = World()
    world.fail(3)
    for pause in (10, 20, 35, 35):
        world.at += pause - 0.1
        assert not world.breaker.ready()
        world.at += 0.1
        assert world.breaker.ready()
        assert world.breaker.enter() == PROBING
        assert world.breaker.enter() is None
        world.breaker.fail("still nobody")
    world.at += 35
    assert world.breaker.enter() == PROBING
    world.breaker.succeed()
    assert world.breaker.standing == Standing(CLOSED, 0, "", 0.0)
    world.fail(3)
    assert world.breaker.standing.probe_in == 10


def test_pauses_are_spread() -> None:
    policy = BreakerPolicy(first=10, most=100, spread=0.2)
    assert [round(policy.pause(1, chance), 9) for chance in (0, 0.5, 1)] == [8, 10, 12]


class Door:
    """Answers as it is told: True it is delivered, False it is refused, None nobody answers."""

    name = "far"

    def __init__(self, *answers: bool | Exception | None) -> None:
        self.answers = list(answers)
        self.given: list[int] = []

    def deliver(self, departures: list[Departure]) -> list[Outcome]:
        self.given.append(len(departures))
        outcomes = []
        for departure in departures:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            outcomes.append(Outcome(departure.transmission, None if answer else "no", answer is None))
        return outcomes

    def close(self) -> None:
        pass


def units(number: int) -> list[Departure]:
    return [Departure(transmission=n, endpoint="far", name=str(n), body=b"") for n in range(number)]


def test_while_it_is_open_nothing_is_tried_and_everything_comes_back_untried() -> None:
    world, door = World(failures=1), Door(None)
    guarded = Guarded(door, world.breaker)
    assert not guarded.deliver(units(1))[0].untried
    outcomes = guarded.deliver(units(5))
    assert [outcome.untried for outcome in outcomes] == [True] * 5
    assert all(outcome.retry_after == 10 for outcome in outcomes)
    assert "nobody" in (outcomes[0].error or "").lower()
    assert door.given == [1]


def test_a_probe_is_one_unit_and_none_of_its_tries() -> None:
    world, door = World(failures=1), Door(None, None, True)
    guarded = Guarded(door, world.breaker)
    guarded.deliver(units(1))
    world.at = 10
    outcomes = guarded.deliver(units(5))
    assert [outcome.untried for outcome in outcomes] == [True] * 5
    assert outcomes[0].retry_after > outcomes[1].retry_after == 20
    world.at = 30
    outcomes = guarded.deliver(units(5))
    assert [(outcome.error is None, outcome.untried) for outcome in outcomes] == [(True, False)] + [(False, True)] * 4
    assert door.given == [1, 1, 1]
    assert world.breaker.standing.state == CLOSED


def test_refusals_do_not_open_it() -> None:
    world, door = World(failures=1), Door(*[False] * 10)
    Guarded(door, world.breaker).deliver(units(10))
    assert world.breaker.standing.state == CLOSED


def test_a_door_that_raises_is_a_failure_and_never_leaves_a_probe_open() -> None:
    world = World(failures=1)
    door = Door(ConnectorError("cut"), ConfigurationError("no secret", file="x"), True)
    guarded = Guarded(door, world.breaker)
    assert guarded.deliver(units(2))[1].error == "cut"
    world.at = 10
    assert "no secret" in (guarded.deliver(units(1))[0].error or "")
    assert world.breaker.standing.state == OPEN
    world.at = 60
    assert guarded.deliver(units(1))[0].error is None


@pytest.mark.parametrize("error", [ActionNeededError("another host key"), ConfigurationError("no secret", file="x")])
def test_what_a_person_must_mend_opens_it_at_once_and_uses_up_no_tries(error: Exception) -> None:
    world, door = World(failures=5), Door(error, True, True)
    guarded = Guarded(door, world.breaker)
    outcomes = guarded.deliver(units(2))
    assert [(each.untried, each.retryable, each.retry_after) for each in outcomes] == [(True, True, 35)] * 2
    assert (world.breaker.standing.state, world.breaker.standing.failures) == (OPEN, 2)
    assert str(error) == world.breaker.standing.error
    world.at = 35
    assert guarded.deliver(units(1))[0].error is None
    assert world.breaker.standing.state == CLOSED
