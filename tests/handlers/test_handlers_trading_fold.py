"""The life of an order, as a business person tells it; and the same whatever order its documents come in."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.canonical.checks import MOST
from gateway.handlers.trading.facts import Fact, Line, Terms, Verdict, decoded, encoded
from gateway.handlers.trading.fold import Conversation, fold


def pieces(count: int, *, line: str = "1", price: str | None = None, **further: Any) -> Line:
    return Line(line=line, quantity=Decimal(count), price=Decimal(price) if price else None, **further)


def ordered(*lines: Line) -> Fact:
    return Fact(kind="Order", number="7", issued="2026-03-01", currency="EUR", net_days=30, lines=lines)


def answered(code: str, *lines: Line, day: int = 2) -> Fact:
    return Fact(kind="OrderResponse", code=code, issued=f"2026-03-{day:02d}", lines=lines)


def verdicts(line: str = "1", **counts: int) -> Line:
    return Line(line=line, verdicts=tuple(Verdict(code=code, quantity=Decimal(n)) for code, n in counts.items()))


def changed(*lines: Line, function: str = "change", day: int = 3) -> Fact:
    return Fact(kind="OrderChange", function=function, issued=f"2026-03-{day:02d}", lines=lines)


def shipped(count: int, number: str = "D1", *, day: int = 5, over: int = 0, **further: Any) -> Fact:
    terms = Terms(quantity_percent=Decimal(over))
    lines = (pieces(count, **further),)
    return Fact(kind="DespatchAdvice", number=number, issued=f"2026-03-{day:02d}", lines=lines, terms=terms)


def arrived(count: int, number: str = "R1", *, day: int = 6, **verdict: int) -> Fact:
    lines = (pieces(count, verdicts=tuple(Verdict(code=code, quantity=Decimal(n)) for code, n in verdict.items())),)
    return Fact(kind="ReceiptAdvice", number=number, issued=f"2026-03-{day:02d}", lines=lines)


def said(number: str = "R2", **verdict: int) -> Fact:
    """A receipt that does not say how much arrived."""
    told = tuple(Verdict(code=code, quantity=Decimal(n)) for code, n in verdict.items())
    return Fact(kind="ReceiptAdvice", number=number, issued="2026-03-07", lines=(Line(line="1", verdicts=told),))


def invoiced(count: int, price: str = "5", number: str = "I1", *, day: int = 7, **further: Any) -> Fact:
    lines = (pieces(count, price=price),)
    return Fact(kind="Invoice", number=number, issued=f"2026-03-{day:02d}", lines=lines, **further)


def paid(amount: str, invoice: str = "I1", number: str = "P1", *, off: str = "0", day: int = 12, **more: Any) -> Fact:
    return Fact(
        kind="RemittanceAdvice",
        number=number,
        issued=f"2026-03-{day:02d}",
        payable=Decimal(amount),
        discount=Decimal(off),
        about=invoice,
        **more,
    )


ORDER = ordered(pieces(100, price="5"))


def life(*facts: Fact, order: Fact | None = ORDER) -> Conversation:
    return fold("7", order, facts)


def codes(found: Conversation) -> list[str]:
    return sorted(finding.issue.code for finding in found.findings)


def quantities(found: Conversation, line: int = 0) -> dict[str, int]:
    names = ("ordered", "confirmed", "backordered", "rejected", "despatched", "received", "refused", "invoiced")
    values = {name: int(getattr(found.lines[line], name)) for name in names}
    return {name: value for name, value in values.items() if value}


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([], "new"),
        ([answered("received")], "acknowledged"),
        ([answered("on-hold")], "pending"),
        ([answered("accepted")], "accepted"),
        ([answered("rejected")], "rejected"),
        ([answered("by-line", verdicts(accepted=60, backordered=40))], "accepted-with-changes"),
        ([answered("accepted"), changed(pieces(120))], "in-change"),
        ([answered("accepted"), changed(pieces(120)), answered("accepted", day=4)], "accepted"),
        ([changed(function="cancellation")], "cancelled"),
        ([shipped(60)], "partially-shipped"),
        ([shipped(60), shipped(40, "D2")], "shipped"),
        ([shipped(100), arrived(100)], "received"),
        ([shipped(100), arrived(99)], "shipped"),
        ([arrived(60)], "partially-shipped"),
        ([shipped(60), arrived(60), arrived(40, "R2")], "received"),
        ([shipped(100), arrived(100), invoiced(60)], "partially-invoiced"),
        ([shipped(100), invoiced(60)], "partially-invoiced"),
        ([shipped(100), invoiced(100)], "invoiced"),
        ([shipped(100), invoiced(100, payable=Decimal(500)), paid("499")], "invoiced"),
        ([shipped(100), invoiced(100, payable=Decimal(500)), paid("500")], "closed"),
        ([shipped(100), invoiced(100, payable=Decimal(500)), paid("490", off="10")], "closed"),
        ([shipped(60), invoiced(60, payable=Decimal(300)), paid("300")], "partially-invoiced"),
    ],
)
def test_given_an_order_of_100_its_documents_make_its_state(facts: list[Fact], state: str) -> None:
    assert life(*facts).state == state


def test_given_an_order_of_100_when_60_are_confirmed_40_stay_backordered_and_the_order_stays_100() -> None:
    found = life(answered("by-line", verdicts(accepted=60, backordered=40)))
    assert quantities(found) == {"ordered": 100, "confirmed": 60, "backordered": 40}
    assert codes(found) == []


def test_given_two_lines_when_an_answer_names_one_the_other_stays_as_it_was() -> None:
    order = ordered(pieces(100), pieces(10, line="2"))
    found = life(answered("by-line", verdicts(rejected=100)), order=order)
    assert quantities(found, 0) == {"ordered": 100, "rejected": 100}
    assert quantities(found, 1) == {"ordered": 10}
    assert found.state == "pending"


def test_given_two_lines_when_only_the_amended_one_is_sent_the_other_is_accepted() -> None:
    order = ordered(pieces(100), pieces(10, line="2"))
    found = life(answered("accepted-with-amended-lines", verdicts(accepted=60, rejected=40)), order=order)
    assert quantities(found, 1) == {"ordered": 10, "confirmed": 10}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ([answered("by-line", verdicts(accepted=60))], "TRD-SPLIT"),
        ([answered("by-line", verdicts("9", accepted=1))], "TRD-LINE"),
        ([shipped(101)], "TRD-OVER"),
        ([answered("by-line", verdicts(accepted=60, rejected=40)), shipped(61)], "TRD-OVER"),
        ([shipped(60), changed(pieces(50), day=6)], "TRD-CHANGE-SHIPPED"),
        ([shipped(60), changed(Line(line="1", action="deleted"), day=6)], "TRD-CHANGE-SHIPPED"),
        ([shipped(60), changed(pieces(100, price="4"), day=6)], "TRD-CHANGE-PRICE"),
        ([shipped(60), changed(function="cancellation", day=6)], "TRD-CANCEL-SHIPPED"),
        ([shipped(60), invoiced(61)], "TRD-INVOICE-QUANTITY"),
        ([shipped(60), invoiced(30), invoiced(31, number="I2", day=8)], "TRD-INVOICE-QUANTITY"),
        ([shipped(60), invoiced(60, "5.01")], "TRD-INVOICE-PRICE"),
        ([shipped(60), invoiced(60, currency="USD")], "TRD-INVOICE-CURRENCY"),
        ([shipped(60), invoiced(60, net_days=10)], "TRD-INVOICE-TERMS"),
        ([shipped(60), invoiced(60), invoiced(50, day=8)], "TRD-INVOICE-TWICE"),
        ([invoiced(60)], "TRD-INVOICE-EARLY"),
        ([shipped(60), arrived(61)], "TRD-RECEIVED-OVER"),
        ([shipped(60), arrived(58, short=2)], "TRD-SHORT"),
        ([shipped(60), arrived(60, damaged=2)], "TRD-REFUSED"),
        ([shipped(60), arrived(59), invoiced(60, day=8)], "TRD-INVOICE-QUANTITY"),
    ],
)
def test_what_does_not_fit_is_told(facts: list[Fact], code: str) -> None:
    assert codes(life(*facts)) == [code]


def test_what_was_shipped_cannot_be_taken_back_and_the_change_is_not_counted() -> None:
    found = life(shipped(60), changed(pieces(50), day=6))
    assert quantities(found) == {"ordered": 100, "despatched": 60}


def test_other_units_are_not_added_up() -> None:
    order = ordered(pieces(100, unit="EA"))
    found = life(shipped(5, unit="CS"), order=order)
    assert codes(found) == ["TRD-UNIT"]
    assert quantities(found) == {"ordered": 100}


def test_within_the_agreed_tolerance_nothing_is_told() -> None:
    found = life(shipped(105, over=5))
    assert codes(found) == []
    terms = Terms(quantity_percent=Decimal(0), price_percent=Decimal(2))
    matched = life(shipped(60), invoiced(60, "5.05", terms=terms))
    assert [one.outcome for one in matched.invoices] == ["matched-within-tolerance"]


def test_a_credit_note_takes_back_what_was_invoiced() -> None:
    found = life(shipped(60), invoiced(60), invoiced(10, number="C1", day=8, code="credit"))
    assert quantities(found)["invoiced"] == 50
    assert [one.outcome for one in found.invoices] == ["matched", "matched"]


def test_a_despatch_advice_that_replaces_another_counts_instead_of_it() -> None:
    again = Fact(kind="DespatchAdvice", number="D1", function="replace", issued="2026-03-06", lines=(pieces(50),))
    assert quantities(life(shipped(60), again))["despatched"] == 50


def test_given_60_shipped_when_58_arrive_and_3_are_damaged_then_55_are_due() -> None:
    told = [shipped(60), arrived(58, short=2, damaged=3)]
    found = life(*told, invoiced(55))
    assert quantities(found) == {"ordered": 100, "despatched": 60, "received": 58, "refused": 3, "invoiced": 55}
    assert [one.outcome for one in found.invoices] == ["matched"]
    (blocked,) = life(*told, invoiced(60)).invoices
    assert (blocked.outcome, blocked.reasons) == ("blocked", ("TRD-INVOICE-QUANTITY",))


@pytest.mark.parametrize(
    ("receipts", "due"),
    [
        ([arrived(0, short=100)], 0),
        ([arrived(1, short=99)], 1),
        ([arrived(100), said(damaged=20)], 80),
        ([said(damaged=20)], 80),
        ([said(short=30)], 70),
        ([arrived(0)], 0),
    ],
)
def test_only_what_arrived_and_was_kept_is_due_however_it_is_said(receipts: list[Fact], due: int) -> None:
    def outcome(count: int) -> str:
        (one,) = life(shipped(100), *receipts, invoiced(count)).invoices
        return one.outcome

    assert outcome(due) == "matched"
    assert outcome(due + 1) == "blocked"


def test_what_is_refused_in_another_unit_is_told_and_not_counted() -> None:
    line = pieces(100, unit="EA", verdicts=(Verdict(code="damaged", quantity=Decimal(2), unit="CS"),))
    receipt = Fact(kind="ReceiptAdvice", number="R1", issued="2026-03-06", lines=(line,))
    found = life(shipped(100, unit="EA"), receipt, order=ordered(pieces(100, unit="EA")))
    assert codes(found) == ["TRD-REFUSED", "TRD-UNIT"]
    assert "refused" not in quantities(found)


def test_an_invoice_that_was_blocked_is_matched_when_the_rest_has_arrived() -> None:
    before = life(shipped(60), arrived(40), invoiced(60, day=8))
    assert [one.outcome for one in before.invoices] == ["blocked"]
    after = life(shipped(60), arrived(40), invoiced(60, day=8), arrived(20, "R2", day=9))
    assert [one.outcome for one in after.invoices] == ["matched"]


def test_a_receipt_that_replaces_another_counts_instead_of_it() -> None:
    again = Fact(kind="ReceiptAdvice", number="R1", function="replace", issued="2026-03-07", lines=(pieces(50),))
    assert quantities(life(shipped(60), arrived(60), again))["received"] == 50


def test_documents_without_their_order_are_told_of_and_wait_for_it() -> None:
    found = life(shipped(60), invoiced(60), order=None)
    assert (found.state, found.awaited, codes(found)) == ("unknown", ("order",), ["TRD-NO-ORDER"] * 2)


STORY = (
    answered("by-line", verdicts(accepted=60, backordered=40)),
    changed(pieces(80), day=3),
    answered("accepted", day=4),
    shipped(60),
    shipped(25, "D2", day=6),
    arrived(58, short=2, damaged=1),
    arrived(25, "R2", day=7),
    invoiced(60),
    invoiced(60, number="I1", day=9),
    invoiced(25, "6", number="I2", day=8),
    invoiced(5, number="C1", day=9, code="credit"),
    changed(pieces(20), day=10),
    paid("100"),
    paid("200", number="P2", off="5"),
)


def outcome(facts: Iterable[Fact]) -> tuple[Any, ...]:
    found = life(*facts)
    lines = [(entry.line, quantities(found, place), entry.price) for place, entry in enumerate(found.lines)]
    return found.state, lines, found.invoices, sorted((one.fact, one.issue.code) for one in found.findings)


@given(st.permutations(STORY), st.lists(st.sampled_from(STORY), max_size=6))
def test_documents_in_any_order_and_any_number_of_times_make_the_same(story: list[Fact], again: list[Fact]) -> None:
    assert outcome([*again, *story]) == outcome(STORY)


def test_a_fact_is_kept_as_it_is() -> None:
    for fact in STORY:
        assert decoded(encoded(fact)) == fact


def test_very_many_lines_are_found_one_by_one_and_what_is_wrong_with_them_is_told_as_far_as_it_says_something() -> None:
    """As many as a document may have: where each was looked for among all, this would not end."""
    count = 20_000
    ordered = tuple(Line(line=f"{n:06d}", quantity=Decimal(2), items=("same", f"item-{n}")) for n in range(count))
    sent = tuple(Line(line=str(n), quantity=Decimal(1)) for n in range(1, count))
    advice = Fact(kind="DespatchAdvice", number="D-1", lines=sent)
    unknown = Fact(kind="DespatchAdvice", number="D-2", lines=tuple(Line(line=f"x{n}") for n in range(count)))
    found = fold("A", Fact(kind="Order", number="A", lines=ordered), [advice, unknown])
    assert sum(entry.despatched for entry in found.lines) == count - 1
    assert found.about(advice) == ()
    assert {issue.code for issue in found.about(unknown)} == {"TRD-LINE"}
    assert len(found.about(unknown)) == MOST
