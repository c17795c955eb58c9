"""Repeats are judged by identity and content: answered again, never processed again; a conflict is held."""

from __future__ import annotations

from itertools import pairwise

import pytest

from gateway.expectations.holds import cancel, release
from tests.pipeline.orders import broken, document, edifact, group, interchange, message, order, x12
from tests.pipeline.yard import AT, GLOBEX, Yard, control_number, segments

BODY = x12(7, order("A"), broken("B"))
OTHER = x12(7, order("C"))  # the same number, other content


def verdicts(yard: Yard) -> list[list[str]]:
    return [segments(body) for body in yard.to("globex-out")]


def test_the_same_interchange_again_gets_the_same_verdict_in_a_new_envelope(yard: Yard) -> None:
    first = yard.arrive(BODY)
    again = [yard.arrive(BODY), yard.arrive(BODY + b"\n")]
    assert yard.status(first) == "translated"
    assert [yard.status(each) for each in again] == ["duplicate", "duplicate"]
    assert yard.statuses("interchanges") == ["partial", "duplicate", "duplicate"]
    assert [a == b for a, b in pairwise(verdicts(yard))] == [True, True]
    assert [control_number(body) for body in yard.to("globex-out")] == ["000000001", "000000002", "000000003"]
    assert yard.count("documents", "direction = 'in'") == 2
    assert yard.erp() == [["A"]]
    assert yard.column("SELECT earlier_id FROM interchanges WHERE status = 'duplicate'") == 2 * yard.column(
        "SELECT id FROM interchanges WHERE status = 'partial'"
    )


def test_a_repeated_edifact_interchange_gets_its_contrl_again(yard: Yard) -> None:
    body = edifact("4711", message("A", 1), message("B", 2, quantity="A DOZEN"))
    yard.arrive(body, "initech-in")
    yard.arrive(body, "initech-in")
    first, second = yard.to("initech-out")
    assert segments(first) == segments(second)
    assert [control_number(first), control_number(second)] == ["1", "2"]
    assert yard.count("orders") == 1


@pytest.mark.parametrize(("policy", "answer"), [("ta1", ["TA1*000000007*261120*0815*R*025"]), ("silence", None)])
def test_other_answers_to_a_repeat_by_agreement(yard: Yard, policy: str, answer: list[str] | None) -> None:
    yard.agree(globex=f'{GLOBEX}duplicate = "{policy}"\n')
    yard.arrive(BODY)
    yard.arrive(BODY)
    assert verdicts(yard)[1:] == ([answer] if answer else [])
    assert yard.erp() == [["A"]]


def test_the_same_number_with_other_content_is_held_and_answered_with_nothing(yard: Yard) -> None:
    first = yard.arrive(BODY)
    held = yard.arrive(OTHER)
    assert yard.status(held) == "held"
    assert yard.issues(held) == ["GTW-CONFLICT"]
    assert str(first) in yard.one("SELECT text FROM holds")
    assert len(verdicts(yard)) == 1
    assert yard.erp() == [["A"]]


def test_a_released_conflict_is_processed_and_a_cancelled_one_is_not(yard: Yard) -> None:
    yard.arrive(BODY)
    held, dropped = yard.arrive(OTHER), yard.arrive(x12(7, order("D")))
    release(yard.database, held, "ann", AT)
    cancel(yard.database, dropped, "ann", AT)
    yard.work()
    assert yard.status(held) == "translated"
    assert yard.erp() == [["A"], ["C"]]
    assert segments(yard.to("globex-out")[1], "AK9") == ["AK9*A*1*1*1"]
    assert yard.nothing_left()


def test_a_repeat_of_the_first_is_still_known_after_a_conflict_was_released(yard: Yard) -> None:
    yard.arrive(BODY)
    held = yard.arrive(OTHER)
    release(yard.database, held, "ann", AT)
    yard.work()
    assert yard.status(yard.arrive(BODY)) == "duplicate"
    assert yard.erp() == [["A"], ["C"]]


def test_what_stands_beside_a_released_conflict_is_known_when_it_is_repeated(yard: Yard) -> None:
    yard.arrive(BODY)
    beside = x12(8, order("D"))
    held = yard.arrive(OTHER + beside)
    release(yard.database, held, "ann", AT)
    yard.work()
    assert yard.status(yard.arrive(beside)) == "duplicate"
    assert yard.count("documents", "direction = 'in'") == 4


@pytest.mark.parametrize(
    "refused",
    [
        interchange([group([document(order("A"), 1)], 7)], 7, count=2),
        x12(7, broken("A"), broken("B")),
    ],
    ids=["by its envelope", "by its documents"],
)
def test_an_attempt_that_was_refused_does_not_count(yard: Yard, refused: bytes) -> None:
    assert yard.status(yard.arrive(refused)) == "refused"
    assert yard.status(yard.arrive(refused)) == "refused"
    assert yard.status(yard.arrive(OTHER)) == "translated"
    assert yard.erp() == [["C"]]
    assert len(verdicts(yard)) == 3


def test_the_same_interchange_twice_in_one_transmission(yard: Yard) -> None:
    sent = yard.arrive(BODY + BODY)
    assert yard.status(sent) == "translated"
    assert yard.statuses("interchanges") == ["partial", "duplicate"]
    assert yard.erp() == [["A"]]
    first, second = verdicts(yard)
    assert first == second


def test_one_number_with_two_contents_in_one_transmission_is_held(yard: Yard) -> None:
    """Which of them counts is for a person to say; released, both are processed."""
    held = yard.arrive(BODY + OTHER)
    assert yard.status(held) == "held"
    assert yard.issues(held) == ["GTW-CONFLICT"]
    assert [yard.count("orders"), len(yard.sent)] == [0, 0]
    release(yard.database, held, "ann", AT)
    yard.work()
    assert yard.status(held) == "translated"
    assert yard.erp() == [["A"], ["C"]]
    assert yard.nothing_left()


def test_the_same_interchange_twice_in_one_batch(yard: Yard) -> None:
    first, second = yard.receive(BODY, BODY)
    yard.work()
    assert yard.column("SELECT status FROM transmissions WHERE direction = 'in' ORDER BY id") == [
        "translated",
        "duplicate",
    ]
    assert (first or 0) < (second or 0)
    assert len(verdicts(yard)) == 2
    assert yard.erp() == [["A"]]
    assert yard.nothing_left()


def test_a_conflict_in_one_batch(yard: Yard) -> None:
    yard.receive(BODY, OTHER)
    yard.work()
    assert yard.column("SELECT status FROM transmissions WHERE direction = 'in' ORDER BY id") == ["translated", "held"]
    assert yard.erp() == [["A"]]


def test_lanes_and_senders_have_numbers_of_their_own(yard: Yard) -> None:
    lane = GLOBEX[GLOBEX.index("[[agreement]]") :].replace("globex-orders", "globex-test") + 'lane = "test"\n'
    yard.agree(globex=GLOBEX + lane)
    yard.arrive(x12(7, order("A")))
    assert yard.status(yard.arrive(x12(7, order("A"), usage="T"))) == "translated"
    yard.arrive(edifact("000000007", message("A", 1)), "initech-in")
    assert yard.statuses("interchanges") == ["accepted", "accepted", "accepted"]
