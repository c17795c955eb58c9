"""What an agreement sends at certain times waits for them, and leaves together, once."""

from __future__ import annotations

import json

import pytest

from gateway.expectations import cancel, release
from gateway.pipeline.compose import Compose
from gateway.pipeline.windows import Windows
from gateway.store import Claim, State, Step, claim, commit, sweep
from gateway.store.ids import Reference
from tests.pipeline.orders import order, x12
from tests.pipeline.partners import pass_on, to_initech
from tests.pipeline.yard import AT, ERP, Yard, segments

#: At the full hour; the clock of the yard begins at some minutes past one.
HOURLY = {"send": '"0 * * * *"', "batch": '"window"'}
HOUR = 3_600_000_000


def sent(yard: Yard) -> list[list[str]]:
    """The numbers of the orders in each interchange that Initech got."""
    return [[s.split("+")[2] for s in segments(body, "BGM")] for body in yard.to("initech-out")]


def let_it_be_time(yard: Yard) -> None:
    with yard.database.write() as connection:
        connection.exec_driver_sql("UPDATE work SET due = 0 WHERE state = 3")
    sweep(yard.database)


def test_documents_wait_for_the_next_time_and_leave_in_one_interchange(yard: Yard) -> None:
    pass_on(yard, initech=to_initech(**HOURLY))
    yard.arrive(x12(1, order("A"), order("B")))
    yard.arrive(x12(2, order("C")))
    assert sent(yard) == []
    assert len(yard.to("globex-out")) == 2  # receipts do not wait
    (due,) = set(yard.column("SELECT due FROM work WHERE state = :s", s=int(State.WAITING)))
    assert due % HOUR == 0
    assert 0 < due - AT <= HOUR
    assert yard.count("events", "name = 'interchange.waits'") == 2
    let_it_be_time(yard)
    yard.work()
    assert sent(yard) == [["A", "B", "C"]]
    assert yard.nothing_left()
    let_it_be_time(yard)
    assert yard.work() == 0


def test_so_many_documents_go_into_one_interchange(yard: Yard) -> None:
    pass_on(yard, initech=to_initech(**HOURLY, batch_documents="2"))
    for number, name in enumerate("ABCDE", 1):
        yard.arrive(x12(number, order(name)))
    let_it_be_time(yard)
    yard.work()
    assert sorted(sent(yard)) == [["A", "B"], ["C", "D"], ["E"]]


def test_a_window_does_not_change_what_goes_together(yard: Yard) -> None:
    pass_on(yard, initech=to_initech(send='"0 * * * *"', batch='"interchange"'))
    yard.arrive(x12(1, order("A"), order("B")))
    yard.arrive(x12(2, order("C")))
    let_it_be_time(yard)
    yard.work()
    assert sorted(sent(yard)) == [["A", "B"], ["C"]]


def test_files_of_json_can_wait_too(yard: Yard) -> None:
    yard.agree(acme_erp=ERP.replace('batch = "interchange"', 'batch = "window"\nsend = "0 6 * * *"'))
    yard.arrive(x12(1, order("A")))
    yard.arrive(x12(2, order("B")))
    let_it_be_time(yard)
    yard.work()
    (body,) = yard.to("erp-out")
    assert [json.loads(line)["id"] for line in body.splitlines()] == ["A", "B"]


def test_two_workers_whose_time_has_come_send_everything_once(yard: Yard) -> None:
    pass_on(yard, initech=to_initech(**HOURLY))
    yard.arrive(x12(1, order("A")))
    yard.arrive(x12(2, order("B")))
    let_it_be_time(yard)
    step = Compose(yard.context)
    first = claim(yard.database, "first", Claim((Step.COMPOSE,), limit=1))
    second = claim(yard.database, "second", Claim((Step.COMPOSE,), limit=1))
    made = [step.run(step.load(yard.database, items)) for items in (first, second)]
    commit(yard.database, made[0].changes, owner="first", finished=first)
    with yard.database.write() as connection:
        connection.exec_driver_sql("UPDATE work SET until = 0 WHERE state = 1")
    sweep(yard.database)
    yard.work()
    assert sent(yard) == [["A", "B"]]


def test_more_than_one_commit_can_bear_follows_at_once(yard: Yard) -> None:
    from gateway.pipeline import compose

    before, compose.COLLECTED = compose.COLLECTED, 2
    try:
        pass_on(yard, initech=to_initech(**HOURLY))
        yard.arrive(x12(1, order("A"), order("B"), order("C"), order("D"), order("E")))
        let_it_be_time(yard)
        yard.work()
    finally:
        compose.COLLECTED = before
    assert sorted(sent(yard)) == [["A", "B"], ["C", "D"], ["E"]]
    assert yard.nothing_left()


def test_many_that_stand_behind_a_withheld_one_keep_no_other_waiting(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.pipeline.compose.COLLECTED", 2)
    pass_on(yard, initech=to_initech(**HOURLY, mapping='"x12/850"'))
    yard.arrive(x12(1, order("A")))
    let_it_be_time(yard)
    yard.work()
    pass_on(yard, initech=to_initech(**HOURLY))
    yard.arrive(x12(2, order("A", quantity=7), order("A", quantity=8), order("A", quantity=9), order("B")))
    let_it_be_time(yard)
    worker = yard.worker()
    assert sum(worker.run_once() for _ in range(20)) < 20  # it comes to an end
    assert sent(yard) == [["B"]]


def outgoing(yard: Yard, number: str) -> Reference:
    """The document that waits to leave for an order."""
    sql = "SELECT id FROM documents WHERE direction = 'out' AND business_key = :key AND agreement LIKE 'initech%'"
    return Reference("document", yard.one(sql, key=f"order:{number}"))


def test_what_waits_leaves_now_when_one_of_it_is_released(yard: Yard) -> None:
    pass_on(yard, initech=to_initech(**HOURLY))
    yard.arrive(x12(1, order("A"), order("B")))
    yard.arrive(x12(2, order("C")))
    assert release(yard.database, outgoing(yard, "B"), "ann", AT) == "emitted"
    yard.work()
    assert sent(yard) == [["A", "B", "C"]]
    assert yard.nothing_left()


def test_what_waits_can_be_cancelled_and_the_rest_leaves(yard: Yard) -> None:
    pass_on(yard, initech=to_initech(**HOURLY))
    yard.arrive(x12(1, order("A"), order("B")))
    assert cancel(yard.database, outgoing(yard, "A"), "ann", AT) == "cancelled"
    yard.work()
    assert sent(yard) == []
    let_it_be_time(yard)
    yard.work()
    assert sent(yard) == [["B"]]
    assert yard.nothing_left()


def test_when_the_times_of_an_agreement_change_what_waits_moves_with_them(yard: Yard) -> None:
    pass_on(yard, initech=to_initech(**HOURLY))
    yard.arrive(x12(1, order("A")))
    windows = Windows(yard.database, yard.clock, lambda: yard.agreements)
    before = yard.one("SELECT due FROM work WHERE state = 3")
    windows.keep()
    assert yard.one("SELECT due FROM work WHERE state = 3") == before
    pass_on(yard, initech=to_initech(send='"*/5 * * * *"', batch='"window"'))
    windows.keep()
    moved = yard.one("SELECT due FROM work WHERE state = 3")
    assert yard.clock.now() < moved <= AT + HOUR // 6
    pass_on(yard, initech=to_initech())
    windows.keep()
    assert yard.one("SELECT due FROM work WHERE state = 3") <= yard.clock.now()
    let_it_be_time(yard)
    yard.work()
    assert sent(yard) == [["A"]]
