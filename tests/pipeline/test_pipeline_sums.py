"""Translate: an order that does not add up is told of, or held, as the agreement says."""

from __future__ import annotations

from gateway.expectations import release
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import AT, GLOBEX, Yard


def with_total(number: str, total: str) -> list[str]:
    return [*order(number), f"AMT*TT*{total}"]


def with_line_twice(number: str) -> list[str]:
    head, line, end = order(number)[:2], order(number)[2], "CTT*2"
    return [*head, line, line, end]


def test_a_wrong_total_is_told_and_the_order_handled(yard: Yard) -> None:
    yard.arrive(x12(7, with_total("A", "92.50"), with_total("B", "90")))
    assert yard.statuses() == ["handled", "handled"]
    assert [yard.issues(yard.inbound(position)) for position in (0, 1)] == [[], ["TRD-PAYABLE"]]


def test_a_wrong_total_is_held_where_that_is_agreed_until_somebody_releases_it(yard: Yard) -> None:
    yard.agree(globex=f'{GLOBEX}severities = {{ "TRD-PAYABLE" = "error" }}\n')
    yard.arrive(x12(7, with_total("A", "90"), order("B")))
    assert yard.statuses() == ["held", "handled"]
    assert yard.column("SELECT code FROM holds") == ["TRD-PAYABLE"]
    release(yard.database, yard.inbound(0), "ann", AT)
    yard.work()
    assert yard.statuses() == ["handled", "handled"]
    assert yard.erp() == [["B"], ["A"]]


def test_lines_that_cannot_be_told_apart_hold_the_order_unless_it_is_agreed(yard: Yard) -> None:
    yard.arrive(x12(7, with_line_twice("A")))
    assert yard.column("SELECT code FROM holds") == ["TRD-LINE-TWICE"]
    yard.agree(globex=f'{GLOBEX}severities = {{ "TRD-LINE-TWICE" = "warning" }}\n')
    yard.arrive(x12(8, with_line_twice("B")))
    assert yard.statuses() == ["held", "handled"]
