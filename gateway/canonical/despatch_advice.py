"""The notice of what was shipped, and how it is packed."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from gateway.canonical.values import (
    DocumentReference,
    Extension,
    Item,
    OrderReference,
    Part,
    Party,
    Quantity,
    Shipment,
)


class DespatchLine(Part, frozen=True, kw_only=True):
    """Goods of one kind in one place of the packing. ``order_line_id`` is the line number of the order."""

    id: str | None = None
    order_line_id: str | None = None
    order_reference: OrderReference | None = None
    delivered_quantity: Quantity | None = None
    item: Item | None = None
    best_before_date: date | None = None


class PackingLevel(Part, frozen=True, kw_only=True):
    """One node of the packing tree: what stands in it names it as ``parent_id`` and comes after it.

    ``level_code`` is ``order``, ``pallet``, ``pack`` or ``item``; EDIFACT does not say it. ``sscc`` is the serial
    shipping container code, 18 digits or 20 with its application identifier 00; ``carrier_label`` the carrier's number.
    ``package_quantity`` counts what is of ``package_type_code`` here.
    """

    id: str
    parent_id: str | None = None
    level_code: str | None = None
    order_reference: OrderReference | None = None
    sscc: str | None = None
    carrier_label: str | None = None
    package_quantity: Decimal | None = None
    package_type_code: str | None = None
    gross_weight: Quantity | None = None
    despatch_lines: tuple[DespatchLine, ...] = ()


class DespatchAdvice(Part, frozen=True, kw_only=True, tag_field="document", tag="DespatchAdvice"):
    """What a supplier says has left, before it arrives.

    ``packing`` lists the tree of orders, pallets, packs and items, each after the one that it is in. A node without
    ``parent_id``, or with ``packing_root_id``, stands in the shipment itself. ``packing_level_quantity`` is how many
    levels the sender counted, the shipment among them. ``structure_code`` is X12 1005 (0001: shipment, order, pack,
    item).
    """

    id: str
    issue_date: date
    issue_time: time | None = None
    function_code: str = "original"
    structure_code: str | None = None
    order_reference: OrderReference | None = None
    document_references: tuple[DocumentReference, ...] = ()
    bill_of_lading_id: str | None = None
    carrier_reference: str | None = None
    actual_despatch_date: date | None = None
    estimated_delivery_date: date | None = None
    shipment: Shipment | None = None
    package_quantity: Decimal | None = None
    package_type_code: str | None = None
    gross_weight: Quantity | None = None
    buyer_customer_party: Party | None = None
    seller_supplier_party: Party | None = None
    despatch_party: Party | None = None
    delivery_party: Party | None = None
    packing_root_id: str | None = None
    packing_level_quantity: Decimal | None = None
    packing: tuple[PackingLevel, ...] = ()
    extensions: tuple[Extension, ...] = ()
