"""Which invoices are paid: by amounts with signs, by currency, and by the payments that stand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.handlers.trading.facts import Fact
from gateway.handlers.trading.payments import (
    counting,
    indexed,
    place_of,
    place_of_version,
    remarks,
    remarks_on_version,
)
from tests.handlers.test_handlers_trading_fold import invoiced, life, paid, shipped

PLACE = place_of("I1")


def bill(amount: str = "500", **further: Any) -> Fact:
    return invoiced(100, payable=Decimal(amount), **further)


def version(number: str = "P1", **more: Any) -> Fact:
    """A remittance as it is kept under its own number."""
    return Fact(kind="RemittanceAdvice", number=number, issued="2026-03-12", about=number, **more)


@pytest.mark.parametrize(
    ("payments", "word"),
    [
        ([], "open"),
        ([paid("0")], "open"),
        ([paid("200")], "part-paid"),
        ([paid("200"), paid("200")], "part-paid"),  # told twice of one payment
        ([paid("200"), paid("300", number="P2")], "settled"),
        ([paid("490", off="10")], "settled"),
        ([paid("490", off="-10")], "part-paid"),
        ([paid("500", off="10")], "settled"),
        ([paid("501")], "overpaid"),
        ([paid("-500")], "open"),
        ([paid("500"), paid("-500", number="P2")], "open"),
        ([paid("500", currency="USD")], "open"),
        ([paid("500", currency="EUR")], "settled"),
    ],
)
def test_how_far_an_invoice_is_paid(payments: list[Fact], word: str) -> None:
    (one,) = life(shipped(100), bill(currency="EUR"), *counting(payments, [])).invoices
    assert one.payment == word
    assert one.settled is (word in ("settled", "overpaid"))


@pytest.mark.parametrize("amount", ["40", "-40"])
def test_a_credit_note_is_settled_by_what_is_set_off(amount: str) -> None:
    credit = invoiced(8, number="C1", code="credit", payable=Decimal(amount))
    (one,) = life(credit, paid("-40", "C1")).invoices
    assert (one.payable, one.payment) == (-40, "settled")
    (one,) = life(credit, paid("40", "C1")).invoices
    assert one.payment == "open"


def test_what_is_paid_and_not_known_or_paid_beyond_the_amount_is_told() -> None:
    known = indexed(bill(), "7")
    assert [issue.code for issue in remarks(PLACE, [], [], paid("500"))] == ["TRD-PAID-UNKNOWN"]
    assert remarks(PLACE, [known], [], paid("500")) == ()
    assert remarks(PLACE, [known, paid("500")], [], paid("500")) == ()  # the same again
    (issue,) = remarks(PLACE, [known, paid("500")], [], paid("500", number="P2"))
    assert (issue.code, issue.text) == ("TRD-PAID-OVER", "Of invoice I1 1000 are paid in all; it is about 500.")


def test_what_was_paid_too_much_before_the_invoice_came_is_told_when_it_comes() -> None:
    (issue,) = remarks(PLACE, [paid("600")], [], indexed(bill(), "7"))
    assert issue.code == "TRD-PAID-OVER"


def test_a_payment_in_another_currency_is_told_and_not_counted_whichever_comes_first() -> None:
    known, other = indexed(bill(currency="EUR"), "7"), paid("500", currency="USD")
    for told, coming in (([known], other), ([other], known)):
        (issue,) = remarks(PLACE, told, [], coming)
        assert (issue.code, dict(issue.params)["due"]) == ("TRD-PAID-CURRENCY", "EUR")


def test_of_the_versions_of_a_remittance_one_counts_although_it_may_name_other_invoices() -> None:
    first, second = paid("500", code="a"), paid("80", "I2", code="b", function="replace")
    versions = [version(code="a"), version(code="b", function="replace")]
    assert counting([first, second], versions[:1]) == [first]
    assert counting([first, second], versions) == [second]
    assert counting([first], [*versions, version(code="c", function="cancellation")]) == []
    assert counting([first, paid("9", number="P9")], []) == [first, paid("9", number="P9")]


def test_another_remittance_under_the_same_number_is_told_and_the_first_counts() -> None:
    place, first, second = place_of_version("P1"), version(code="a"), version(code="b")
    assert remarks_on_version(place, [], first) == ()
    assert remarks_on_version(place, [first], first) == ()
    (issue,) = remarks_on_version(place, [first], second)
    assert (issue.code, issue.value) == ("TRD-PAID-TWICE", "P1")
    assert len(counting([paid("1", code="a"), paid("2", code="b")], [first, second])) == 1


PAYMENTS = (
    paid("100", code="a"),
    paid("50", code="b", function="replace"),
    paid("-20", number="P2", code="c"),
    paid("7", number="P3", code="d"),
)
VERSIONS = (
    version(code="a"),
    version(code="b", function="replace"),
    version("P2", code="c"),
    version("P3", code="d"),
    version("P3", code="e", function="cancellation"),
)


@given(st.permutations(PAYMENTS), st.permutations(VERSIONS), st.lists(st.sampled_from(PAYMENTS)))
def test_payments_in_any_order_and_any_number_of_times_pay_the_same(
    payments: list[Fact], versions: list[Fact], again: list[Fact]
) -> None:
    (one,) = life(bill(), *counting([*again, *payments], versions)).invoices
    assert (one.paid, one.payment) == (30, "part-paid")
