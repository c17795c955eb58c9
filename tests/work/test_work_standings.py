"""How endpoints are doing, as the sweep writes it down."""

from __future__ import annotations

from gateway.agreements import Endpoint
from gateway.agreements.model import Patience
from gateway.store import Database
from gateway.work.breaker import BreakerPolicy
from gateway.work.standings import Standings, heard
from tests.store.making import column


class Clock:
    at = 1

    def now(self) -> int:
        return self.at


def endpoint(name: str = "far", **keys: object) -> Endpoint:
    return Endpoint(name=name, connector="http", direction="out", party="globex", **keys)  # type: ignore[arg-type]


def states(database: Database) -> list[str]:
    return column(database, "SELECT endpoint || ' ' || state || ' ' || since FROM endpoint_states ORDER BY endpoint")


def test_changes_are_written_and_when_it_began(database: Database) -> None:
    clock = Clock()
    standings = Standings(database, clock, BreakerPolicy(failures=2))
    there = frozenset({"far"})
    breaker = standings.of(endpoint())
    for at, event, after in (
        (1, None, "closed 1"),
        (2, "fail", "failing 2"),
        (3, "fail", "open 2"),
        (4, "succeed", "closed 4"),
    ):
        clock.at = at
        if event == "fail":
            breaker.fail("cut")
        elif event:
            breaker.succeed()
        standings.write(lambda: there)
        assert states(database) == [f"far {after}"]


def test_an_endpoint_that_is_described_otherwise_begins_anew_and_one_that_is_gone_is_forgotten(
    database: Database,
) -> None:
    standings = Standings(database, Clock(), BreakerPolicy(failures=1))
    standings.of(endpoint()).fail("cut")
    assert not standings.ready("far")
    standings.write(lambda: frozenset({"far"}))
    assert standings.of(endpoint(patience=Patience(failures=9))).standing.state == "closed"
    standings.write(lambda: frozenset({"far"}))
    assert states(database) == ["far closed 1"]
    standings.of(endpoint(patience=Patience(failures=9))).fail("cut")
    standings.write(frozenset)
    assert states(database) == []


def test_what_an_earlier_process_left_is_forgotten_when_nobody_has_it_any_more(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO endpoint_states VALUES ('old', 'out', 'open', 1, '', 1, 1, NULL)")
    Standings(database, Clock(), BreakerPolicy()).write(frozenset)
    assert states(database) == []


def test_who_got_through_opens_an_endpoint_that_others_leave_alone(database: Database) -> None:
    clock = Clock()
    serving, command = (Standings(database, clock, BreakerPolicy(failures=1)) for _ in range(2))
    serving.of(endpoint()).fail("cut")
    serving.write(lambda: frozenset({"far"}))
    assert serving.listen() == []
    clock.at = 2
    command.of(endpoint()).succeed()
    command.tell()
    assert serving.listen() == ["far"]
    assert serving.ready("far")
    assert serving.listen() == []  # one try for one answer


def test_an_answer_of_before_it_was_left_alone_says_nothing(database: Database) -> None:
    clock = Clock()
    serving = Standings(database, clock, BreakerPolicy(failures=1))
    breaker = serving.of(endpoint())
    breaker.fail("cut")
    serving.write(lambda: frozenset({"far"}))
    clock.at = 2
    heard(database, ["far", "near"], 2)
    breaker.invite()
    breaker.enter()
    breaker.succeed()
    clock.at = 3
    breaker.fail("cut")
    serving.write(lambda: frozenset({"far"}))
    assert serving.listen() == []
