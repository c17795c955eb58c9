"""Claims: whose turn it is, what waits for what, and who may finish."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import text

from gateway.core.errors import LeaseLostError
from gateway.store import Changes, Claim, Database, Retry, State, Step, claim, commit, give_back, renew, sweep, turn
from tests.store import making
from tests.store.making import AT, HANDLE, TRANSLATE, column, finish, handling, one, received, take, translated


def test_an_empty_table_gives_nothing(database: Database) -> None:
    assert take(database, wish=Claim(tuple(Step))) == []


def test_the_first_step_that_has_work_is_served(database: Database) -> None:
    received(database, "a")
    handling(database, ("other", None, 5))
    assert {item.step for item in take(database, wish=Claim((Step.DELIVER, Step.HANDLE, Step.TRANSLATE)))} == {
        Step.HANDLE
    }
    assert {item.step for item in take(database, wish=Claim((Step.HANDLE, Step.TRANSLATE)))} == {Step.TRANSLATE}


def test_items_come_in_the_order_of_their_turns(database: Database) -> None:
    handling(database, ("a", None, 30), ("a", None, 10), ("b", None, 20))
    items = take(database)
    assert [item.turn for item in items] == [10, 20, 30]
    assert {item.attempts for item in items} == {1}


def test_what_is_leased_is_nobody_elses(database: Database) -> None:
    handling(database, ("a", None, 1), ("a", None, 2))
    assert len(take(database, "me")) == 2
    assert take(database, "you") == []


def delivering(database: Database, *rows: tuple[str, str | None, int]) -> None:
    """The same rows, as work of delivering."""
    handling(database, *rows)
    with database.write() as connection:
        connection.execute(text("UPDATE work SET step = :step"), {"step": int(Step.DELIVER)})


def test_a_claim_may_name_its_sources_or_leave_deliveries_to_others(database: Database) -> None:
    delivering(database, *[(source, None, n) for n, source in enumerate(["far", "near", "far", "near", "other"])])
    mine = take(database, wish=Claim((Step.DELIVER,), only=frozenset({"far"})))
    assert [item.source for item in mine] == ["far", "far"]
    rest = take(database, wish=Claim((Step.DELIVER,), without=frozenset({"far", "other"})))
    assert [item.source for item in rest] == ["near", "near"]
    assert take(database, wish=Claim((Step.DELIVER,), only=frozenset({"near"}))) == []


def test_what_is_left_to_others_is_not_looked_at_again_in_the_same_claim(database: Database) -> None:
    delivering(database, *[("far", None, n) for n in range(5)], *[("near", "lane", 10 + n) for n in range(5)])
    assert [item.turn for item in take(database, wish=Claim((Step.DELIVER,), without=frozenset({"far"})))] == [10]


def test_what_comes_in_by_an_endpoint_that_others_deliver_to_is_work_for_all(database: Database) -> None:
    """Answers of AS2 leave by the endpoint that messages come in by."""
    handling(database, ("far", None, 1))
    wish = Claim((Step.TRANSLATE, Step.HANDLE, Step.DELIVER), without=frozenset({"far"}))
    assert [item.source for item in take(database, wish=wish)] == ["far"]


# Fairness


def test_a_flood_does_not_delay_other_sources(database: Database) -> None:
    handling(database, *[("flood", None, n) for n in range(200)])
    handling(database, *[(f"small{n}", None, 1000 + n) for n in range(10)])
    sources = [item.source for item in take(database, wish=Claim((Step.HANDLE,), limit=32))]
    assert {f"small{n}" for n in range(10)} <= set(sources)
    assert len(sources) == 32


def test_more_sources_than_a_batch_holds_are_served_oldest_first(database: Database) -> None:
    handling(database, *[(f"s{n:02d}", None, 100 - n) for n in range(20)])
    items = take(database, wish=Claim((Step.HANDLE,), limit=8))
    assert [item.turn for item in items] == list(range(81, 89))


# Bounds


def test_a_batch_is_bounded_by_bytes(database: Database) -> None:
    handling(database, *[("a", None, n) for n in range(10)], size=40)
    assert len(take(database, wish=Claim((Step.HANDLE,), size=100))) == 2


def test_one_row_is_taken_however_large(database: Database) -> None:
    handling(database, ("a", None, 1), ("a", None, 2), size=1000)
    assert [item.turn for item in take(database, wish=Claim((Step.HANDLE,), size=10))] == [1]


# Order


def test_only_the_head_of_a_lane_is_claimed_and_its_end_wakes_the_next(database: Database) -> None:
    handling(database, ("a", "order:1", 1), ("a", "order:1", 2), ("a", "order:2", 3), ("a", "order:1", 4))
    first = take(database)
    assert [item.turn for item in first] == [1, 3]
    assert column(database, "SELECT turn FROM work WHERE state = 2 ORDER BY turn") == [2, 4]
    assert take(database, "you") == []
    finish(database, first)
    second = take(database)
    assert [item.turn for item in second] == [2]
    finish(database, second)
    assert [item.turn for item in take(database)] == [4]


def test_a_claim_looks_past_a_lane_that_floods(database: Database) -> None:
    handling(database, *[("a", "order:1", n) for n in range(1, 100)], ("a", "order:2", 500))
    assert [item.turn for item in take(database, wish=Claim((Step.HANDLE,), limit=20))] == [1, 500]


@pytest.mark.parametrize("state", [State.WAITING, State.HELD, State.LEASED])
def test_the_head_blocks_its_lane_whatever_its_state(database: Database, state: State) -> None:
    handling(database, ("a", "order:1", 1), state=state)
    handling(database, ("a", "order:1", 2), ("a", "order:2", 3))
    assert [item.turn for item in take(database)] == [3]


def test_two_rows_with_the_same_turn_are_both_heads(database: Database) -> None:
    """One document, two handlers."""
    handling(database, ("a", "order:1", 1), ("a", "order:1", 1))
    assert len(take(database)) == 2


def test_nothing_is_handled_before_earlier_transmissions_of_its_source_are_translated(database: Database) -> None:
    first, second = received(database, "first", "second")
    (other,) = received(database, "other", endpoint="globex")
    items = {item.subject: item for item in take(database, wish=TRANSLATE)}
    translated(database, items[second], ["order:1"], "me")
    translated(database, items[other], ["order:9"], "me")
    assert [item.turn for item in take(database)] == [turn(other, 1)]
    translated(database, items[first], ["order:2"], "me")
    assert [item.turn for item in take(database)] == [turn(first, 1), turn(second, 1)]


def test_a_transmission_translated_in_chunks_lets_finished_documents_go(database: Database) -> None:
    (tx,) = received(database, "large")
    (item,) = take(database, wish=TRANSLATE)
    changes = Changes(AT)
    for position in (1, 2, 3):
        doc = making.document(changes)
        changes.work(Step.HANDLE, doc, "acme", turn=(tx, position), lane=f"order:{position}")
    commit(database, changes, owner="me", continued=[(item, turn(tx, 3))])
    assert [each.turn for each in take(database)] == [turn(tx, 1), turn(tx, 2)]
    (again,) = take(database, wish=TRANSLATE)
    assert (again.subject, again.position, again.attempts) == (tx, 3, 1)


def test_a_held_transmission_does_not_hold_back_its_source(database: Database) -> None:
    (tx,) = received(database, "held")
    (item,) = take(database, wish=TRANSLATE)
    commit(database, Changes(AT), owner="me", held=[item])
    handling(database, ("acme", "order:1", turn(tx + 1)))
    assert len(take(database)) == 1


def test_the_next_batch_is_claimed_by_the_commit_that_ends_the_last(database: Database) -> None:
    handling(database, ("a", "order:1", 1), ("a", "order:1", 2))
    items = take(database)
    following = commit(database, Changes(AT), owner="me", finished=items, claim=HANDLE)
    assert [item.turn for item in following] == [2]


# Leases


def test_an_expired_lease_returns_and_its_holder_is_fenced(database: Database) -> None:
    handling(database, ("a", "order:1", 1))
    zombie = claim(database, "zombie", Claim((Step.HANDLE,), lease=0.0))
    time.sleep(0.002)
    swept = sweep(database)
    assert (swept.expired, swept.steps) == (1, frozenset({Step.HANDLE}))
    (item,) = take(database, "heir")
    assert item.attempts == 2
    changes = Changes(AT)
    making.transmission(changes, "written by the zombie")
    with pytest.raises(LeaseLostError):
        commit(database, changes, owner="zombie", finished=zombie)
    assert one(database, "SELECT count(*) FROM transmissions") == 0
    finish(database, [item], "heir")
    assert one(database, "SELECT count(*) FROM work") == 0


def test_a_lease_that_holds_is_not_swept(database: Database) -> None:
    handling(database, ("a", None, 1))
    take(database)
    assert sweep(database) == (0, 0, 0, frozenset(), {})


def test_a_renewed_lease_holds_longer(database: Database) -> None:
    handling(database, ("a", None, 1), ("a", None, 2))
    items = claim(database, "me", Claim((Step.HANDLE,), lease=0.0))
    finish(database, items[1:])
    assert renew(database, "me", items, 30.0) == 1
    time.sleep(0.002)
    assert sweep(database).expired == 0


def test_what_is_given_back_does_not_count_as_an_attempt(database: Database) -> None:
    handling(database, ("a", None, 1))
    give_back(database, "me", take(database))
    (item,) = take(database, "you")
    assert item.attempts == 1


@pytest.mark.parametrize("ending", ["finished", "retry", "held", "continued"])
def test_no_ending_is_possible_without_the_lease(database: Database, ending: str) -> None:
    handling(database, ("a", None, 1), ("a", None, 2))
    items = take(database)
    finish(database, items[:1])
    endings = {
        "finished": items,
        "held": items,
        "retry": [Retry(item, 1.0, "down") for item in items],
        "continued": [(item, 9) for item in items],
    }
    with pytest.raises(LeaseLostError, match="holds 1 of the 2"):
        commit(database, Changes(AT), owner="me", **{ending: endings[ending]})  # type: ignore[arg-type]
    assert column(database, "SELECT state FROM work") == [State.LEASED]


# Retries


def test_a_retry_waits_until_it_is_due_and_keeps_its_error(database: Database) -> None:
    handling(database, ("a", "order:1", 1), ("a", "order:2", 2))
    late, soon = take(database)
    commit(database, Changes(AT), owner="me", retry=[Retry(late, 60.0, "later"), Retry(soon, 0.0, "soon")])
    assert take(database) == []
    swept = sweep(database)
    assert (swept.due, swept.steps) == (1, frozenset({Step.HANDLE}))
    (item,) = take(database)
    assert (item.turn, item.attempts, item.error) == (2, 2, "soon")


def test_the_sweep_wakes_heads_that_were_overlooked(database: Database) -> None:
    rows = [("a", f"order:{lane}", place) for lane in range(3) for place in (1, 2)]
    handling(database, *rows, state=State.PARKED)
    assert sweep(database).woken == 3
    assert [item.turn for item in take(database)] == [1, 1, 1]
