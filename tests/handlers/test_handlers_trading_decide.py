"""What an order document does to the order that is known: every state, every function."""

from __future__ import annotations

import pytest

from gateway.handlers.trading.decide import CANCELLED, NEW, ORDERS, UNKNOWN, Decision, KnownOrder, decide

SAME, OTHER = b"same content", b"other content"


def known(state: str = NEW, version: int = 3) -> KnownOrder:
    return KnownOrder(id=7, state=state, version=version, fingerprint=SAME)


def decided(function: str, order: KnownOrder | None, content: bytes = OTHER) -> Decision:
    return decide("4711", "globex", function, content, order)


def test_an_original_that_is_not_known_becomes_an_order() -> None:
    assert decided("original", None) == Decision(action="create", state=NEW, version=1)


def test_the_same_original_again_changes_nothing_and_says_so() -> None:
    decision = decided("original", known(), SAME)
    assert (decision.action, decision.version) == ("repeat", 3)
    assert decision.issue is not None
    assert decision.issue.text == "Order 4711 of globex was received before, with the same content."


def test_an_original_with_other_content_is_a_conflict_and_waits() -> None:
    decision = decided("original", known())
    assert decision.action == "hold"
    assert decision.issue is not None
    assert decision.issue.code == "TRD-CONFLICT"


def test_a_replacement_is_the_next_version_of_the_order() -> None:
    assert decided("replace", known(version=3)) == Decision(action="replace", state=NEW, version=4)


def test_a_replacement_that_says_the_same_is_a_repeat() -> None:
    assert decided("replace", known(), SAME).action == "repeat"


def test_a_cancellation_ends_the_order_whether_or_not_it_repeats_its_content() -> None:
    for content in (SAME, OTHER):
        decision = decided("cancellation", known(), content)
        assert (decision.action, decision.state, decision.version) == ("cancel", CANCELLED, 4)


def test_the_same_cancellation_again_is_a_repeat() -> None:
    assert decided("cancellation", known(CANCELLED), SAME).action == "repeat"


@pytest.mark.parametrize("function", ["replace", "cancellation"])
def test_what_changes_an_unknown_order_waits_for_it(function: str) -> None:
    decision = decided(function, None)
    assert decision.action == "hold"
    assert decision.issue is not None
    assert decision.issue.code == "TRD-UNKNOWN"


@pytest.mark.parametrize("function", ["replace", "cancellation"])
def test_a_cancelled_order_is_an_end(function: str) -> None:
    decision = decided(function, known(CANCELLED))
    assert decision.action == "hold"
    assert decision.issue is not None
    assert decision.issue.code == "TRD-STATE"
    assert "is cancelled and cannot be" in decision.issue.text


def test_the_number_of_a_cancelled_order_cannot_be_taken_again() -> None:
    decision = decided("original", known(CANCELLED))
    assert decision.issue is not None
    assert decision.issue.code == "TRD-CONFLICT"


@pytest.mark.parametrize("function", ["duplicate", "copy"])
def test_a_document_marked_as_a_duplicate_counts_as_the_original_it_repeats(function: str) -> None:
    assert decided(function, known(), SAME).action == "repeat"
    assert decided(function, None).action == "create"


def test_a_function_that_is_not_handled_waits() -> None:
    decision = decided("confirmation", known())
    assert decision.issue is not None
    assert decision.issue.code == "TRD-FUNCTION"


def test_every_row_of_the_table_is_an_answer() -> None:
    for (state, function), (_, after) in ORDERS.items():
        decision = decided(function, None if state == UNKNOWN else known(state))
        assert decision.action == "hold" or decision.state == after
