"""What a buyer pays, and for which documents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal

from gateway.canonical.invoice import PaymentMeans
from gateway.canonical.values import DocumentReference, Extension, OrderReference, Part, Party
from gateway.core.issues import Issue, Location


class RemittanceLine(Part, frozen=True, kw_only=True):
    """One document that is paid, in whole or in part.

    ``document_type_code`` is ``invoice``, ``credit-note`` or ``debit-note``. ``paid_amount`` is what is paid of it now:
    below zero where it is set off, as a credit note is. ``discount_amount`` was taken for paying early,
    ``adjustment_amount`` for another reason.
    """

    id: str | None = None
    document_type_code: str | None = None
    document_id: str | None = None
    document_date: date | None = None
    order_reference: OrderReference | None = None
    document_amount: Decimal | None = None
    paid_amount: Decimal | None = None
    discount_amount: Decimal | None = None
    adjustment_amount: Decimal | None = None
    adjustment_reason_code: str | None = None


class RemittanceAdvice(Part, frozen=True, kw_only=True, tag_field="document", tag="RemittanceAdvice"):
    """The notice of a payment. ``id`` is the payer's number of it, ``payment_date`` the day on which it is made."""

    id: str
    issue_date: date
    issue_time: time | None = None
    function_code: str = "original"
    document_currency_code: str | None = None
    total_payment_amount: Decimal | None = None
    payment_date: date | None = None
    payment_means: PaymentMeans | None = None
    notes: tuple[str, ...] = ()
    document_references: tuple[DocumentReference, ...] = ()
    buyer_customer_party: Party | None = None
    seller_supplier_party: Party | None = None
    payee_party: Party | None = None
    remittance_lines: tuple[RemittanceLine, ...] = ()
    extensions: tuple[Extension, ...] = ()


def remitted(advice: RemittanceAdvice) -> Iterator[Issue]:
    """Whether the parts make the total. Credit notes take away, whatever sign their amounts came with."""
    paid = [_signed(line) for line in advice.remittance_lines]
    known = [amount for amount in paid if amount is not None]
    total = advice.total_payment_amount
    if total is not None and known and len(known) == len(paid) and sum(known, Decimal(0)) != total:
        expected = f"{sum(known, Decimal(0)):f}"
        place = Location(field="total_payment_amount")
        yield Issue("TRD-REMITTED", place, f"{total:f}", {"field": "total_payment_amount", "expected": expected})


def _signed(line: RemittanceLine) -> Decimal | None:
    if line.paid_amount is not None and line.document_type_code == "credit-note":
        return -abs(line.paid_amount)
    return line.paid_amount
