"""Invoices as hypothesis makes them, within what a format and its bundled mapping have places for."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from gateway.canonical import (
    DocumentReference,
    Invoice,
    InvoiceLine,
    OrderReference,
    PaymentMeans,
    Period,
    TaxSubtotal,
    TaxTotal,
)
from tests.mapping.orders import (
    DATES,
    allowances,
    codes,
    contacts,
    head_fields,
    line_fields,
    listed,
    numbers,
    part,
    texts,
)

_MONEY = st.none() | numbers(13, 2)
#: A few lines are as good as many, and each has a dozen fields.
_MOST = 2


def invoices(standard: str) -> st.SearchStrategy[Invoice]:
    """Invoices that the bundled mapping of the standard carries whole."""
    fields = head_fields(standard)
    for name in ("requested_delivery", "shipment", "delivery_terms"):
        fields.pop(name)
    money = ["line_extension_amount", "payable_amount", "prepaid_amount"]
    if standard == "x12":
        fields["buyer_contact"] = st.none() | contacts(standard)
    else:
        money += ["allowance_total_amount", "charge_total_amount", "tax_exclusive_amount", "tax_inclusive_amount"]
        fields["issue_time"] = st.none() | st.just(time(10, 30))
        fields["tax_point_date"] = st.none() | DATES
        fields["payment_means"] = st.none() | part(
            PaymentMeans, payment_means_code=codes("42", "31"), payment_id=texts(standard, 30)
        )
    return st.builds(
        Invoice,
        id=texts(standard, 22),
        issue_date=DATES,
        invoice_type_code=(st.none() if standard == "x12" else st.nothing()) | codes("380", "381", "383"),
        function_code=codes("original", "duplicate"),
        buyer_department=st.none() | texts(standard, 30),
        order_reference=st.none() | _orders(standard),
        billing_references=listed(_billed(standard), 2),
        actual_despatch_date=st.none() | DATES,
        actual_delivery_date=st.none() | DATES,
        invoice_period=st.none() | part(Period, start_date=DATES, end_date=DATES),
        tax_total=st.none() | _taxes(standard),
        invoice_lines=listed(_lines(standard), _MOST),
        **{**fields, **dict.fromkeys(money, _MONEY)},
    )


def _orders(standard: str) -> st.SearchStrategy[OrderReference]:
    more = {"issue_date": DATES, "release_id": texts(standard, 30), "sales_order_id": texts(standard, 30)}
    return st.builds(
        OrderReference, id=texts(standard, 22), **{name: st.none() | values for name, values in more.items()}
    )


def _billed(standard: str) -> st.SearchStrategy[DocumentReference]:
    dated = {"issue_date": st.none() | DATES} if standard == "edifact" else {}
    return st.builds(DocumentReference, id=texts(standard, 30), **dated)


def _subtotals(standard: str, *, in_line: bool) -> st.SearchStrategy[TaxSubtotal]:
    more: dict[str, Any] = {"tax_amount": numbers(12, 2)}
    if standard == "x12" or not in_line:
        more["taxable_amount"] = numbers(7, 2)
    return part(TaxSubtotal, percent=numbers(6), tax_category_code=codes("S", "E"), **more).map(_of_vat)


def _of_vat(made: Any) -> TaxSubtotal:
    """Every tax has a name; in X12 it is not alone."""
    tax = {name: getattr(made, name) for name in made.__struct_fields__} | {"tax_scheme_id": "VAT"}
    return TaxSubtotal(**(tax if tax["percent"] is not None else tax | {"percent": Decimal(19)}))


def _taxes(standard: str, *, in_line: bool = False) -> st.SearchStrategy[TaxTotal]:
    subtotals = st.lists(_subtotals(standard, in_line=in_line), min_size=1, max_size=2).map(tuple)
    amount = st.none() if in_line else _MONEY
    return st.builds(TaxTotal, tax_amount=amount, tax_subtotals=subtotals)


def _lines(standard: str) -> st.SearchStrategy[InvoiceLine]:
    fields = line_fields(standard)
    for name in ("requested_delivery", "deliveries"):
        fields.pop(name)
    if standard == "x12":
        fields.pop("note")
        fields["order_line_id"] = st.none() | texts(standard, 30)
    order = {"issue_date": st.none() | DATES} if standard == "edifact" else {}
    return st.builds(
        InvoiceLine,
        order_reference=st.none() | st.builds(OrderReference, id=texts(standard, 22), **order),
        invoice_period=st.none() | part(Period, start_date=DATES, end_date=DATES),
        tax_total=st.none() | _taxes(standard, in_line=True),
        **{**fields, "allowance_charges": listed(allowances(standard), 1)},
    )
