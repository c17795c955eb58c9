"""Where a declaration stands: every status of every receipt, and the same whatever the order in which they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.handlers.customs import FINAL, FOLLOWS, fold, receipts_of
from gateway.handlers.customs.states import STATE_OF, TABLE, Answer, Submission, state_of
from tests.customs import made

SENT = Submission("20260131132000")


def answer(status: str, minute: int, id: str = "") -> Answer:
    return Answer(id or f"{status}@{minute}", f"202601311{minute // 60 + 4}{minute % 60:02}00000", status, f"{status}.")


def after(*statuses: str, submissions: tuple[Submission, ...] = (SENT,)) -> str:
    return fold(submissions, [answer(status, minute) for minute, status in enumerate(statuses)]).state


def _statuses() -> list[tuple[str, str]]:
    """Each receipt with each status that its table lists."""
    found = []
    for number in FOLLOWS:
        listed = made.table(number).listed
        (values,) = [values for (_, tag), values in listed.items() if tag == "ceb:returnStatus"]
        found += [(number, "-1" if value == "<0" else value) for value in values]
    return found


@pytest.mark.parametrize(("number", "status"), _statuses())
def test_every_status_of_every_receipt_has_its_state(number: str, status: str) -> None:
    expected = "error" if status == "-1" else STATE_OF[status]
    assert after(status) == expected == state_of(status)


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        ((), "sent"),
        (("2", "3", "120", "399", "800", "899"), "closed"),
        (("2", "120", "3"), "registered"),  # what is late by its own time leads back nowhere
        (("3", "500", "800"), "released"),
        (("3", "300", "501", "800"), "released"),
        (("3", "300", "502", "700"), "returned"),
        (("3", "100"), "rejected"),
        (("3", "100", "800"), "rejected"),
        (("4", "3", "120"), "registered"),  # it was sent again
        (("3", "4"), "send failed"),
        (("800", "100"), "released"),
        (("800", "700"), "returned"),
        (("-621004",), "error"),
        (("899", "700"), "closed"),
        (("4711",), "error"),
    ],
)
def test_receipts_lead_along_the_road_and_never_back(statuses: tuple[str, ...], state: str) -> None:
    assert after(*statuses) == state


def test_what_leads_nowhere_is_kept_and_said() -> None:
    standing = fold([SENT], [answer("800", 1), answer("100", 2)])
    assert [(passed.status, state) for passed, state in standing.passed] == [("100", "released")]


def test_a_change_begins_anew_and_its_receipts_are_told_apart_by_their_time() -> None:
    changed = Submission("20260131150000", "2")
    early, late = Answer("a", "20260131140000000", "100"), Answer("b", "20260131151000000", "800")
    assert fold([SENT, changed], [late, early])[:2] == ("released", "20260131151000000")
    assert fold([SENT, changed], [early]).state == "sent"
    assert fold([SENT, changed], [early]).version == 2


def test_receipts_of_one_moment_count_by_how_far_they_lead() -> None:
    assert fold([SENT], [answer("120", 5), answer("2", 5), answer("3", 5)]).state == "registered"


def test_a_receipt_that_comes_twice_counts_once() -> None:
    twice = [answer("100", 1, "same"), answer("100", 1, "same")]
    assert fold([SENT], twice) == fold([SENT], twice[:1])


def test_nothing_leads_out_of_a_final_state() -> None:
    assert all(TABLE[state] <= {state} for state in FINAL)


_answers = st.lists(
    st.builds(
        Answer,
        st.sampled_from("abcdefgh"),
        st.integers(0, 5).map(lambda minute: f"2026013114{minute:02}00000"),
        st.sampled_from([*STATE_OF, "-621004"]),
    ),
    max_size=8,
    unique_by=lambda each: each.id,
)
_submissions = st.lists(
    st.integers(0, 5).map(lambda minute: Submission(f"2026013114{minute:02}00")), max_size=3, unique=True
)


@given(_submissions, _answers, st.randoms())
def test_the_order_in_which_they_come_and_repeats_change_nothing(
    submissions: list[Submission], answers: list[Answer], dice: object
) -> None:
    shuffled = [*answers, *answers]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(submissions[::-1], shuffled) == fold(submissions, answers)


@given(_submissions, _answers)
def test_every_receipt_either_leads_on_or_is_told_of(submissions: list[Submission], answers: list[Answer]) -> None:
    standing = fold(submissions, answers)
    assert {passed for passed, _ in standing.passed} <= set(answers)
    assert standing.state == "sent" or standing.state in {state_of(each.status) for each in answers}


def test_receipts_are_read_with_what_they_answer_and_the_numbers_of_customs() -> None:
    body = made.receipts(made.answer("800", invtNo="510020261000000001"), made.answer("120"))
    released, registered = receipts_of(made.text(body))
    assert (released.answers, released.key, released.answer.status) == ("621", ("C-PO-1",), "800")
    assert released.numbers["invtNo"] == "510020261000000001"
    assert "invtNo" not in registered.numbers
    assert list(receipts_of(made.text(made.message("311", made.order())))) == []
