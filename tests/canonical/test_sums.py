"""The sums of an order: each rule, told at the field that disagrees, and nothing told where an operand is missing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.canonical import from_json, to_json
from gateway.canonical.checks import MOST, remarks


def said(order: dict[str, Any]) -> list[tuple[str, str | None]]:
    import json

    document = from_json("Order", json.dumps({"id": "1", "issue_date": "2026-01-15", **order}))
    return [(issue.code, issue.location.field) for issue in remarks(document)]


def line(id: str = "1", quantity: str = "10", price: str = "5", **more: Any) -> dict[str, Any]:
    return {"id": id, "quantity": {"value": quantity}, "price": {"price_amount": price}, **more}


WELL: list[dict[str, Any]] = [
    {},
    {"order_lines": [line(line_extension_amount="50.00")], "line_extension_amount": "50", "payable_amount": "50"},
    {
        "order_lines": [
            line(
                line_extension_amount="52",
                allowance_charges=[
                    {"charge_indicator": True, "amount": "3"},
                    {"charge_indicator": False, "amount": "1"},
                ],
            )
        ]
    },
    {"order_lines": [line(price="0.333", quantity="3", line_extension_amount="1.00")]},
    {
        "order_lines": [
            {
                "id": "1",
                "quantity": {"value": "500", "unit_code": "KGM"},
                "price": {"price_amount": "12", "base_quantity": {"value": "100", "unit_code": "KGM"}},
                "line_extension_amount": "60",
            }
        ]
    },
    {
        "order_lines": [line()],
        "line_extension_amount": "50",
        "allowance_charges": [{"charge_indicator": False, "multiplier_percent": "10"}],
        "tax_total": {"tax_amount": "9"},
        "payable_amount": "54",
    },
    {
        "order_lines": [line()],
        "payable_amount": "50",
        "tax_total": {"tax_included_indicator": True, "tax_amount": "9"},
    },
    # What is not known is not judged: a line without price, a price for another unit than the quantity's.
    {"order_lines": [{"id": "1", "quantity": {"value": "4"}}], "payable_amount": "999"},
    {
        "order_lines": [
            {
                "id": "1",
                "quantity": {"value": "10", "unit_code": "CS"},
                "price": {"price_amount": "5", "base_quantity": {"value": "1", "unit_code": "EA"}},
                "line_extension_amount": "1200",
            }
        ]
    },
]


@pytest.mark.parametrize("order", WELL, ids=str)
def test_what_adds_up_is_not_told(order: dict[str, Any]) -> None:
    assert said(order) == []


@pytest.mark.parametrize(
    ("order", "code", "field"),
    [
        (
            {"order_lines": [line(line_extension_amount="49")]},
            "TRD-LINE-AMOUNT",
            "order_lines[0].line_extension_amount",
        ),
        (
            {"order_lines": [line(), line("2")], "line_extension_amount": "99.98"},
            "TRD-LINE-SUM",
            "line_extension_amount",
        ),
        ({"order_lines": [line()], "payable_amount": "49.98"}, "TRD-PAYABLE", "payable_amount"),
        (
            {"order_lines": [line()], "payable_amount": "50", "tax_total": {"tax_amount": "9.50"}},
            "TRD-PAYABLE",
            "payable_amount",
        ),
        (
            {
                "order_lines": [line()],
                "allowance_charges": [{"charge_indicator": True, "amount": "6", "multiplier_percent": "10"}],
            },
            "TRD-PERCENT",
            "allowance_charges[0].amount",
        ),
        (
            {"tax_total": {"tax_subtotals": [{"taxable_amount": "100", "percent": "19", "tax_amount": "16"}]}},
            "TRD-TAX",
            "tax_total.tax_subtotals[0].tax_amount",
        ),
        (
            {"tax_total": {"tax_amount": "20", "tax_subtotals": [{"tax_amount": "19"}]}},
            "TRD-TAX",
            "tax_total.tax_amount",
        ),
        ({"payable_amount": "-0.01"}, "TRD-NEGATIVE", "payable_amount"),
        ({"payable_amount": "1.005"}, "TRD-DECIMALS", "payable_amount"),
        (
            {"order_lines": [{"price": {"price_amount": "5", "base_quantity": {"value": "0"}}}]},
            "TRD-BASE-QUANTITY",
            "order_lines[0].price.base_quantity.value",
        ),
        ({"order_lines": [line(), line("2"), line("1")]}, "TRD-LINE-TWICE", "order_lines[2].id"),
    ],
)
def test_what_does_not_add_up_is_told_at_its_field(order: dict[str, Any], code: str, field: str) -> None:
    assert said(order) == [(code, field)]


def test_the_text_has_both_amounts_and_the_other_line() -> None:
    document = from_json(
        "Order",
        '{"id":"1","issue_date":"2026-01-15","order_lines":[{"id":"7","quantity":{"value":"3"},'
        '"price":{"price_amount":"1.1"},"line_extension_amount":"3"},{"id":"7"}]}',
    )
    amount, twice = remarks(document)
    assert "is 3; " in amount.text
    assert "make 3.30" in amount.text
    assert twice.text == 'order_lines[1].id is "7", and so is that of order_lines[0].'


def test_a_document_full_of_mistakes_tells_the_first_of_them() -> None:
    assert len(said({"order_lines": [line() for _ in range(MOST * 2)]})) == MOST


@given(
    st.lists(
        st.tuples(
            st.decimals("0", "999999", places=3),
            st.decimals("0", "99999", places=4),
            st.decimals("0.001", "1000", places=3),
        ),
        max_size=5,
    )
)
def test_documents_that_are_computed_by_the_rules_are_right(rows: list[tuple[Any, Any, Any]]) -> None:
    amounts = [round(quantity * price / base, 2) for quantity, price, base in rows]
    lines = [
        {
            "id": str(number),
            "quantity": {"value": str(quantity)},
            "price": {"price_amount": str(price), "base_quantity": {"value": str(base)}},
            "line_extension_amount": str(amount),
        }
        for number, ((quantity, price, base), amount) in enumerate(zip(rows, amounts, strict=True))
    ]
    total = str(sum(amounts))
    assert said({"order_lines": lines, "line_extension_amount": total, "payable_amount": total}) == []


def test_checking_changes_nothing() -> None:
    document = from_json("Order", '{"id":"1","issue_date":"2026-01-15","payable_amount":"-1.005"}')
    before = to_json(document)
    remarks(document)
    assert to_json(document) == before
