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
    below zero where it is set off, as a credit note is. ``discount_amount`` was taken off for paying early,
    ``adjustment_amount`` for another reason: what is paid is ``document_amount`` without both.
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
    """Whether the parts make the total, and whether more than its amount is said of a document. Credit notes take away,
    whatever sign their amounts came with."""
    paid = [_paid(line) for line in advice.remittance_lines]
    known = [amount for amount in paid if amount is not None]
    total = advice.total_payment_amount
    if total is not None and known and len(known) == len(paid) and sum(known, Decimal(0)) != total:
        expected = f"{sum(known, Decimal(0)):f}"
        place = Location(field="total_payment_amount")
        yield Issue("TRD-REMITTED", place, f"{total:f}", {"field": "total_payment_amount", "expected": expected})
    for index, line in enumerate(advice.remittance_lines):
        whole = _signed(line, line.document_amount)
        if whole is None or line.paid_amount is None:
            continue
        amount, off = settled_by(line)
        if abs(amount + off) > abs(whole):
            place = Location(field=f"remittance_lines[{index}].paid_amount")
            params = {"document": line.document_id or "", "amount": f"{whole:f}", "off": f"{off:f}"}
            yield Issue("TRD-REMITTED-LINE", place, f"{amount:f}", params)


def settled_by(line: RemittanceLine) -> tuple[Decimal, Decimal]:
    """What a line pays of its document, and what it takes off beside; below zero of a credit note.

    Payers write adjustments with either sign (X12 820 RMR08, ADX01): where the document's amount is said, the sign
    counts that makes what is paid.
    """
    paid = _paid(line) or Decimal(0)
    discount = _signed(line, line.discount_amount) or Decimal(0)
    adjusted = line.adjustment_amount or Decimal(0)
    whole = _signed(line, line.document_amount)
    if whole is not None and whole - discount - paid == -adjusted:
        adjusted = -adjusted
    return paid, discount + adjusted


def _paid(line: RemittanceLine) -> Decimal | None:
    return _signed(line, line.paid_amount)


def _signed(line: RemittanceLine, amount: Decimal | None) -> Decimal | None:
    if amount is not None and line.document_type_code == "credit-note":
        return -abs(amount)
    return amount
