"""The purchase order."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from gateway.canonical.values import (
    AllowanceCharge,
    Contact,
    Delivery,
    DeliveryTerms,
    DocumentReference,
    Extension,
    Item,
    Part,
    Party,
    PaymentTerms,
    Period,
    Price,
    Quantity,
    Shipment,
    TaxTotal,
)


class OrderLine(Part, frozen=True, kw_only=True):
    """One item ordered. ``deliveries`` splits the quantity over dates."""

    id: str | None = None
    quantity: Quantity | None = None
    price: Price | None = None
    line_extension_amount: Decimal | None = None
    item: Item | None = None
    requested_delivery: Period | None = None
    deliveries: tuple[Delivery, ...] = ()
    note: str | None = None
    allowance_charges: tuple[AllowanceCharge, ...] = ()
    tax_total: TaxTotal | None = None
    document_references: tuple[DocumentReference, ...] = ()


class Order(Part, frozen=True, kw_only=True, tag_field="document", tag="Order"):
    """A purchase order as a buyer issues it.

    ``function_code``: original, cancellation, replace, change, confirmation, duplicate, copy. ``order_type_code`` is
    a document name of EDIFACT 1001 (220 order, 221 blanket order) or, where there is none, the format's own code.
    ``document_currency_code`` is ISO 4217 and counts for all amounts.
    """

    id: str
    issue_date: date
    issue_time: time | None = None
    order_type_code: str | None = None
    function_code: str = "original"
    notes: tuple[str, ...] = ()
    document_currency_code: str | None = None
    customer_reference: str | None = None
    buyer_department: str | None = None
    contract_id: str | None = None
    document_references: tuple[DocumentReference, ...] = ()
    buyer_contact: Contact | None = None
    buyer_customer_party: Party | None = None
    seller_supplier_party: Party | None = None
    delivery_party: Party | None = None
    despatch_party: Party | None = None
    accounting_customer_party: Party | None = None
    requested_delivery: Period | None = None
    requested_ship_date: date | None = None
    shipment: Shipment | None = None
    delivery_terms: DeliveryTerms | None = None
    payment_terms: PaymentTerms | None = None
    allowance_charges: tuple[AllowanceCharge, ...] = ()
    tax_total: TaxTotal | None = None
    line_extension_amount: Decimal | None = None
    payable_amount: Decimal | None = None
    order_lines: tuple[OrderLine, ...] = ()
    extensions: tuple[Extension, ...] = ()
