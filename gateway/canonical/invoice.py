"""The invoice, and what takes it back: a credit note is an invoice whose type says so."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from gateway.canonical.values import (
    AllowanceCharge,
    Contact,
    DeliveryTerms,
    DocumentReference,
    Extension,
    Item,
    OrderReference,
    Part,
    Party,
    PaymentTerms,
    Period,
    Price,
    Quantity,
    TaxTotal,
)

CREDIT_NOTES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""EDIFACT 1001 of what credits (EN 16931, code list of BT-3); all other codes charge."""


class PaymentMeans(Part, frozen=True, kw_only=True):
    """How and where to pay. ``payment_means_code`` is EDIFACT 4461 (58: SEPA transfer), ``payment_id`` what the payer
    writes on it; the account is an IBAN or a number of the country, the institution a BIC."""

    payment_means_code: str | None = None
    payment_id: str | None = None
    payee_account_id: str | None = None
    payee_account_name: str | None = None
    financial_institution_id: str | None = None


class InvoiceLine(Part, frozen=True, kw_only=True):
    """One item charged. ``quantity`` is what is invoiced; ``order_line_id`` the line number of the order, and
    ``order_reference`` that order, where the invoice is about several."""

    id: str | None = None
    order_line_id: str | None = None
    order_reference: OrderReference | None = None
    quantity: Quantity | None = None
    price: Price | None = None
    line_extension_amount: Decimal | None = None
    item: Item | None = None
    note: str | None = None
    invoice_period: Period | None = None
    allowance_charges: tuple[AllowanceCharge, ...] = ()
    tax_total: TaxTotal | None = None
    document_references: tuple[DocumentReference, ...] = ()


class Invoice(Part, frozen=True, kw_only=True, tag_field="document", tag="Invoice"):
    """What a supplier asks to be paid, or gives back.

    ``invoice_type_code`` is EDIFACT 1001: 380 invoice, 381 credit note, 383 debit note, 384 corrected, 386
    prepayment, 389 self-billed; a code of :data:`CREDIT_NOTES` means that the amounts, which are positive, are given
    back. ``billing_references`` name the invoices that this one corrects. Amounts are those of EN 16931: lines,
    without allowances and with charges (``tax_exclusive_amount``), with tax, less what was paid before, with rounding
    (``payable_amount``).
    """

    id: str
    issue_date: date
    issue_time: time | None = None
    invoice_type_code: str | None = None
    function_code: str = "original"
    tax_point_date: date | None = None
    notes: tuple[str, ...] = ()
    document_currency_code: str | None = None
    customer_reference: str | None = None
    buyer_department: str | None = None
    contract_id: str | None = None
    invoice_period: Period | None = None
    order_reference: OrderReference | None = None
    billing_references: tuple[DocumentReference, ...] = ()
    document_references: tuple[DocumentReference, ...] = ()
    actual_despatch_date: date | None = None
    actual_delivery_date: date | None = None
    buyer_contact: Contact | None = None
    buyer_customer_party: Party | None = None
    seller_supplier_party: Party | None = None
    accounting_customer_party: Party | None = None
    payee_party: Party | None = None
    delivery_party: Party | None = None
    despatch_party: Party | None = None
    delivery_terms: DeliveryTerms | None = None
    payment_means: PaymentMeans | None = None
    payment_terms: PaymentTerms | None = None
    allowance_charges: tuple[AllowanceCharge, ...] = ()
    tax_total: TaxTotal | None = None
    line_extension_amount: Decimal | None = None
    allowance_total_amount: Decimal | None = None
    charge_total_amount: Decimal | None = None
    tax_exclusive_amount: Decimal | None = None
    tax_inclusive_amount: Decimal | None = None
    prepaid_amount: Decimal | None = None
    payable_rounding_amount: Decimal | None = None
    payable_amount: Decimal | None = None
    invoice_lines: tuple[InvoiceLine, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def credits(self) -> bool:
        """Whether it gives back."""
        return self.invoice_type_code in CREDIT_NOTES


def orders_of(invoice: Invoice) -> list[str]:
    """The numbers of the orders that it is about, each once."""
    references = [invoice.order_reference, *(line.order_reference for line in invoice.invoice_lines)]
    return list(dict.fromkeys(reference.id for reference in references if reference is not None))
