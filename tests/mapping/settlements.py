"""Receipts of goods and remittances as hypothesis makes them, within what a format and its mapping have places for."""

from __future__ import annotations

from datetime import time
from typing import Any

import msgspec
from hypothesis import strategies as st

from gateway.canonical import (
    Document,
    DocumentReference,
    OrderReference,
    PaymentMeans,
    ReceiptAdvice,
    ReceiptLine,
    RemittanceAdvice,
    RemittanceLine,
)
from tests.mapping.advices import PARTIES, bool_of
from tests.mapping.orders import DATES, codes, items, listed, numbers, part, parties, quantities, references, texts

_REASONS = {
    "x12": ("damaged", "rejected", "quality", "wrong-item", "container", "on-hold", "scrapped"),
    "edifact": ("damaged", "rejected", "scrapped"),
}
TIMES = st.none() | st.sampled_from([time(8, 30), time(23, 59)])


def receipts(standard: str) -> st.SearchStrategy[Document]:
    """Receipts that the bundled mapping of that standard carries whole."""
    fields = {name: st.none() | parties(standard).filter(bool_of) for name in PARTIES}
    despatch: dict[str, Any] = {} if standard == "x12" else {"issue_date": st.none() | DATES}
    return st.builds(
        ReceiptAdvice,
        id=texts(standard, 22),
        issue_date=DATES,
        issue_time=TIMES,
        function_code=codes("original", "cancellation", "replace"),
        order_reference=st.none() | _orders(standard),
        despatch_reference=st.none() | st.builds(DocumentReference, id=texts(standard, 30), **despatch),
        document_references=listed(references(standard)),
        bill_of_lading_id=st.none() | texts(standard, 30),
        actual_delivery_date=DATES if standard == "x12" else st.none() | DATES,
        receipt_lines=listed(_received(standard)),
        **fields,
    )


def _received(standard: str) -> st.SearchStrategy[ReceiptLine]:
    short = quantities(6).map(abs_of)
    number = texts(standard, 6)
    if standard == "x12":
        ordered = st.fixed_dictionaries(
            {"order_line_id": st.none() | number, "order_reference": st.none() | _orders("x12")}
        )
        line = st.none() | number
    else:
        ordered = st.none() | st.builds(OrderReference, id=texts(standard, 35), issue_date=st.none() | DATES)
        ordered = ordered.flatmap(
            lambda order: st.fixed_dictionaries(
                {"order_reference": st.just(order), "order_line_id": st.none() | number if order else st.none()}
            )
        )
        line = number
    refused = st.just({}) | st.fixed_dictionaries(
        {"rejected_quantity": short, "reject_reason_code": codes(*_REASONS[standard])}
    )
    return st.builds(
        lambda where, why, **more: ReceiptLine(**where, **why, **more),
        ordered,
        refused,
        id=line,
        received_quantity=short,
        short_quantity=st.none() | short,
        oversupply_quantity=st.none() | short,
        returned_quantity=st.none() | short,
        received_date=st.none() | DATES,
        item=items(standard),
    )


def abs_of(quantity: Any) -> Any:
    """With a unit, as every quantity of a receipt has one; never below zero."""
    return msgspec.structs.replace(quantity, value=abs(quantity.value), unit_code=quantity.unit_code or "EA")


def _orders(standard: str) -> st.SearchStrategy[OrderReference]:
    more = {} if standard == "x12" else {"sales_order_id": st.none() | texts(standard, 30)}
    return st.builds(
        OrderReference,
        id=texts(standard, 22),
        issue_date=st.none() | DATES,
        release_id=st.none() | texts(standard, 30),
        **more,
    )


def remittances(standard: str) -> st.SearchStrategy[Document]:
    """Remittances that the bundled mapping of that standard carries whole."""
    names = ("buyer_customer_party", "seller_supplier_party", "payee_party")
    x12 = standard == "x12"
    means = {"payment_means_code": codes("30", "31")}
    if not x12:
        means |= {"payee_account_id": texts(standard, 17), "financial_institution_id": texts(standard, 11)}
    more = {"payment_means": part(PaymentMeans, payment_means_code=means["payment_means_code"]).filter(bool_of)}
    if not x12:
        more = {"payment_means": st.none() | part(PaymentMeans, **means)}
        more |= {"function_code": codes("original", "cancellation", "replace")}
    return st.builds(
        RemittanceAdvice,
        id=texts(standard, 22),
        issue_date=DATES,
        issue_time=TIMES,
        document_currency_code=codes("EUR", "USD"),
        total_payment_amount=numbers(9, 2),
        payment_date=st.none() | DATES,
        remittance_lines=listed(_paid(standard)),
        **{name: st.none() | _payers(standard) for name in names},
        **more,
    )


def _payers(standard: str) -> st.SearchStrategy[Any]:
    """REMADV has no place for the number in the register of taxes."""
    found = parties(standard)
    if standard == "edifact":
        found = found.map(lambda party: msgspec.structs.replace(party, tax_company_id=None))
    return found.filter(bool_of)


def _paid(standard: str) -> st.SearchStrategy[RemittanceLine]:
    amounts = st.none() | numbers(9, 2)
    reason = st.fixed_dictionaries({"adjustment_amount": numbers(6, 2), "adjustment_reason_code": codes("01", "04")})
    return st.builds(
        lambda why, **more: RemittanceLine(**why, **more),
        st.just({}) | reason,
        document_type_code=codes("invoice", "credit-note", "debit-note"),
        document_id=texts(standard, 30),
        document_date=st.none() | DATES,
        order_reference=st.none() | st.builds(OrderReference, id=texts(standard, 22)),
        paid_amount=numbers(9, 2),
        document_amount=amounts,
        discount_amount=amounts,
    )
