"""The supplier's answer to an order, or to a change of it."""

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
    LineStatus,
    OrderReference,
    Part,
    Party,
    PaymentTerms,
    Period,
    Price,
    Quantity,
    Shipment,
)


class OrderResponseLine(Part, frozen=True, kw_only=True):
    """One line of the order, answered. ``id`` is the order's line number, ``quantity`` what the order says.

    ``statuses`` is the verdict: one for the whole line, or several that share its quantity. ``line_status_code`` says
    which change of the line is answered (``added``, ``deleted``, ``changed`` …), when a change is.
    """

    id: str | None = None
    line_status_code: str | None = None
    quantity: Quantity | None = None
    outstanding_quantity: Decimal | None = None
    price: Price | None = None
    line_extension_amount: Decimal | None = None
    item: Item | None = None
    statuses: tuple[LineStatus, ...] = ()
    requested_delivery: Period | None = None
    deliveries: tuple[Delivery, ...] = ()
    note: str | None = None
    allowance_charges: tuple[AllowanceCharge, ...] = ()
    document_references: tuple[DocumentReference, ...] = ()


class OrderResponse(Part, frozen=True, kw_only=True, tag_field="document", tag="OrderResponse"):
    """What a supplier says to an order.

    ``order_response_code``: ``accepted``, ``accepted-with-amendment`` (heading and lines are sent complete),
    ``accepted-with-amended-heading``, ``accepted-with-amended-lines`` (only the lines that differ are sent),
    ``rejected``, ``received`` (and not yet decided), ``on-hold``, ``counter-offer``, ``by-line`` (the lines tell). A
    response with some of the lines never replaces the order: it is merged into it.

    ``id`` and ``issue_date`` are the response's own; X12 has no number for it. ``sequence_number_id`` is that of the
    change that is answered, if one is.
    """

    id: str | None = None
    issue_date: date | None = None
    issue_time: time | None = None
    function_code: str = "original"
    order_response_code: str | None = None
    order_reference: OrderReference
    sequence_number_id: str | None = None
    notes: tuple[str, ...] = ()
    document_currency_code: str | None = None
    customer_reference: str | None = None
    contract_id: str | None = None
    document_references: tuple[DocumentReference, ...] = ()
    seller_contact: Contact | None = None
    buyer_customer_party: Party | None = None
    seller_supplier_party: Party | None = None
    delivery_party: Party | None = None
    despatch_party: Party | None = None
    accounting_customer_party: Party | None = None
    requested_delivery: Period | None = None
    promised_delivery_date: date | None = None
    promised_ship_date: date | None = None
    shipment: Shipment | None = None
    delivery_terms: DeliveryTerms | None = None
    payment_terms: PaymentTerms | None = None
    allowance_charges: tuple[AllowanceCharge, ...] = ()
    line_extension_amount: Decimal | None = None
    payable_amount: Decimal | None = None
    order_lines: tuple[OrderResponseLine, ...] = ()
    extensions: tuple[Extension, ...] = ()
