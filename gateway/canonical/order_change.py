"""The buyer's change of an order that was sent before."""

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
    OrderReference,
    Part,
    Party,
    PaymentTerms,
    Period,
    Price,
    Quantity,
    Shipment,
)


class OrderChangeLine(Part, frozen=True, kw_only=True):
    """One line that is ``added``, ``deleted`` or ``changed``: ``line_status_code``.

    Where the format says more of a change, so does the code: ``quantity-increased``, ``price-changed``,
    ``rescheduled``, ``replaced`` (all values anew), ``unchanged``. ``quantity`` is the new quantity ordered,
    ``outstanding_quantity`` what is still to be delivered, in the same unit.
    """

    id: str | None = None
    line_status_code: str | None = None
    quantity: Quantity | None = None
    outstanding_quantity: Decimal | None = None
    price: Price | None = None
    line_extension_amount: Decimal | None = None
    item: Item | None = None
    requested_delivery: Period | None = None
    deliveries: tuple[Delivery, ...] = ()
    note: str | None = None
    allowance_charges: tuple[AllowanceCharge, ...] = ()
    document_references: tuple[DocumentReference, ...] = ()


class OrderChange(Part, frozen=True, kw_only=True, tag_field="document", tag="OrderChange"):
    """What a buyer changes in an order.

    ``function_code``: change, cancellation (of the whole order), replace, confirmation, duplicate, copy, original.
    ``sequence_number_id`` counts the changes of one order; ``id`` and ``issue_date`` are the change's own.
    """

    id: str | None = None
    issue_date: date | None = None
    issue_time: time | None = None
    order_type_code: str | None = None
    function_code: str = "change"
    order_reference: OrderReference
    sequence_number_id: str | None = None
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
    line_extension_amount: Decimal | None = None
    payable_amount: Decimal | None = None
    order_lines: tuple[OrderChangeLine, ...] = ()
    extensions: tuple[Extension, ...] = ()
