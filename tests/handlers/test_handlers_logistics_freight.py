"""Freight invoices against the tender: what is charged, by whom, for how much, and when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.canonical import FreightInvoice, Quantity, TransportInstruction
from gateway.handlers.logistics.facts import Fact
from gateway.handlers.logistics.fold import fold
from gateway.handlers.logistics.freight import said_by_freight
from gateway.handlers.logistics.tenders import said_by_instruction

TENDER = TransportInstruction(
    id="LOAD-7",
    issue_date=date(2026, 2, 1),
    carrier_scac="ROAD",
    payment_method_code="PP",
    freight_amount=Decimal("1000.00"),
    gross_weight=Quantity(value=Decimal("412.5"), unit_code="KGM"),
    package_quantity=Decimal(12),
)


def tendered(**changed: Any) -> list[Fact]:
    instruction = TransportInstruction(**{**msgspec.structs.asdict(TENDER), **changed})
    return [fact for said in said_by_instruction(instruction, "acme", 1) for fact in said.facts]


def charged(number: str = "FR-88", *, quantity: float = 0, price: float = 0, **changed: Any) -> Fact:
    usual: dict[str, Any] = {
        "issue_date": date(2026, 2, 5),
        "shipment_id": "LOAD-7",
        "carrier_scac": "ROAD",
        "payment_method_code": "PP",
        "payable_amount": Decimal("1000.00"),
        "gross_weight": Quantity(value=Decimal("412.5"), unit_code="KGM"),
        "package_quantity": Decimal(12),
    }
    (said,) = said_by_freight(FreightInvoice(id=number, **{**usual, **changed}), "road", 2, quantity, price)
    return said.facts[0]


DELIVERED = Fact(kind="delivered", happened_at=10, issued_at=10)


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"payable_amount": Decimal("1000.01")}, ["AMOUNT"]),
        ({"payable_amount": Decimal("1100"), "price": 10}, []),
        ({"payable_amount": Decimal("900")}, []),
        ({"gross_weight": Quantity(value=Decimal(500), unit_code="KGM")}, ["WEIGHT"]),
        ({"gross_weight": Quantity(value=Decimal(500), unit_code="LBR")}, []),  # not the same unit: not compared
        ({"package_quantity": Decimal(13)}, ["PACKAGES"]),
        ({"package_quantity": Decimal(13), "quantity": 10}, []),
        ({"carrier_scac": "RAIL"}, ["CARRIER"]),
        ({"payment_method_code": "CC"}, ["METHOD"]),
    ],
)
def test_what_differs_from_the_tender_blocks_the_invoice(changed: dict[str, Any], codes: list[str]) -> None:
    (one,) = fold([*tendered(), DELIVERED, charged(**changed)]).freight
    assert [each.code.removeprefix("LOG-FREIGHT-") for each in one.differences] == codes
    assert one.outcome == ("blocked" if codes else "matched")


def test_an_invoice_without_its_tender_is_blocked_until_that_is_known() -> None:
    (one,) = fold([charged(), DELIVERED]).freight
    assert [each.code for each in one.differences] == ["LOG-FREIGHT-UNTENDERED"]


def test_an_invoice_before_the_delivery_is_told_and_matched() -> None:
    (one,) = fold([*tendered(), charged()]).freight
    assert ([each.code for each in one.differences], one.outcome) == (["LOG-FREIGHT-EARLY"], "matched")


def test_the_same_number_with_other_content_is_blocked_and_the_same_content_counts_once() -> None:
    again = charged(payable_amount=Decimal(5), issue_date=date(2026, 2, 6))
    first, second = fold([*tendered(), DELIVERED, again, charged()]).freight
    assert (first.amount, first.outcome, second.outcome) == (Decimal("1000.00"), "matched", "blocked")
    assert len(fold([*tendered(), charged(), charged(price=5)]).freight) == 1


def test_a_tender_that_is_replaced_counts_as_it_is_now() -> None:
    more = tendered(function_code="replace", freight_amount=Decimal(2000), issue_date=date(2026, 2, 2))
    (one,) = fold([*more, *tendered(), DELIVERED, charged(payable_amount=Decimal(1500))]).freight
    assert one.outcome == "matched"


STORY = [*tendered(), DELIVERED, charged(), charged("FR-89", payable_amount=Decimal(2000)), charged("FR-88", price=3)]


@given(st.permutations(STORY))
def test_in_any_order_they_come_to_the_same(story: list[Fact]) -> None:
    assert [(one.number, one.outcome) for one in fold(story).freight] == [
        (one.number, one.outcome) for one in fold(STORY).freight
    ]


def test_figures_are_no_events() -> None:
    assert {fact.kind for fact in fold([*tendered(), charged()]).history} == {"tendered"}
