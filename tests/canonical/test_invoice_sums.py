"""The sums of an invoice: from its lines to what is to be paid, as EN 16931 has them (BR-CO-10 to BR-CO-16)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.canonical import Invoice, business_key, from_json
from gateway.canonical.checks import remarks


def invoice(**more: Any) -> Invoice:
    document = from_json("Invoice", json.dumps({"id": "RE-1", "issue_date": "2026-03-01", **more}))
    assert isinstance(document, Invoice)
    return document


def said(**more: Any) -> list[tuple[str, str | None]]:
    return [(issue.code, issue.location.field) for issue in remarks(invoice(**{**WHOLE, **more}))]


LINES = [
    {"id": "1", "quantity": {"value": "10"}, "price": {"price_amount": "5"}, "line_extension_amount": "50.00"},
    {
        "id": "2",
        "quantity": {"value": "4"},
        "price": {"price_amount": "12.5"},
        "allowance_charges": [{"charge_indicator": False, "amount": "2"}],
        "line_extension_amount": "48",
    },
]
#: 98 of lines, 8 off, 10 for freight, 19 % tax, 20 paid before, rounded to whole units.
WHOLE: dict[str, Any] = {
    "invoice_lines": LINES,
    "allowance_charges": [
        {"charge_indicator": False, "amount": "8"},
        {"charge_indicator": True, "amount": "10", "reason": "Freight"},
    ],
    "tax_total": {
        "tax_amount": "19.00",
        "tax_subtotals": [{"taxable_amount": "100", "percent": "19", "tax_amount": "19.00", "tax_category_code": "S"}],
    },
    "line_extension_amount": "98.00",
    "allowance_total_amount": "8.00",
    "charge_total_amount": "10.00",
    "tax_exclusive_amount": "100.00",
    "tax_inclusive_amount": "119.00",
    "prepaid_amount": "20.40",
    "payable_rounding_amount": "0.40",
    "payable_amount": "99.00",
}


def test_an_invoice_that_adds_up() -> None:
    assert said() == []


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("line_extension_amount", "TRD-LINE-SUM"),
        ("allowance_total_amount", "TRD-CHARGES"),
        ("charge_total_amount", "TRD-CHARGES"),
        ("tax_exclusive_amount", "TRD-EXCLUSIVE"),
        ("tax_inclusive_amount", "TRD-INCLUSIVE"),
        ("payable_amount", "TRD-PAYABLE"),
    ],
)
def test_each_total_is_told_where_it_is_wrong(field: str, code: str) -> None:
    assert (code, field) in said(**{field: "7.00"})


def test_a_step_that_is_not_said_is_computed() -> None:
    left = {name: None for name in WHOLE if name.endswith("_amount") and name not in ("payable_amount",)}
    assert said(**{**left, "payable_amount": "119.00"}) == []
    assert said(**{**left, "payable_amount": "118.00"}) == [("TRD-PAYABLE", "payable_amount")]


def test_what_was_paid_before_may_be_more_than_is_owed() -> None:
    assert said(prepaid_amount="150", payable_rounding_amount=None, payable_amount="-31.00") == []


def test_lines_are_told_by_their_field() -> None:
    wrong = [LINES[0], {**LINES[1], "id": "1", "line_extension_amount": "50"}]
    assert said(invoice_lines=wrong, line_extension_amount=None) == [
        ("TRD-LINE-TWICE", "invoice_lines[1].id"),
        ("TRD-LINE-AMOUNT", "invoice_lines[1].line_extension_amount"),
        ("TRD-EXCLUSIVE", "tax_exclusive_amount"),
    ]


@pytest.mark.parametrize(("code", "credits"), [("380", False), (None, False), ("381", True), ("384", False)])
def test_a_credit_note_is_an_invoice_whose_type_says_so(code: str | None, credits: bool) -> None:
    assert invoice(invoice_type_code=code).credits is credits


def test_an_invoice_of_one_order_belongs_to_it_and_one_of_several_is_its_own_matter() -> None:
    one, other = {"order_reference": {"id": "PO-1"}}, {"order_reference": {"id": "PO-2"}}
    assert business_key(invoice(**one)) == "order:PO-1"
    assert business_key(invoice(invoice_lines=[one, one])) == "order:PO-1"
    assert business_key(invoice(invoice_lines=[one, other])) == "invoice:RE-1"
    assert business_key(invoice()) == "invoice:RE-1"
