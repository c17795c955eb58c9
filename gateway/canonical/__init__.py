"""Canonical documents: typed, immutable, decimal-exact, in UBL's vocabulary. What ERPs read and write as JSON."""

from __future__ import annotations

from gateway.canonical.identifiers import is_gln, is_gtin, is_sscc, is_valid
from gateway.canonical.order import Order, OrderLine
from gateway.canonical.order_change import OrderChange, OrderChangeLine
from gateway.canonical.order_response import OrderResponse, OrderResponseLine
from gateway.canonical.serial import (
    DOCUMENTS,
    SCHEMA_VERSION,
    Document,
    business_key,
    document_type,
    fingerprint,
    from_json,
    json_schema,
    to_json,
)
from gateway.canonical.values import (
    Address,
    AllowanceCharge,
    Contact,
    Delivery,
    DeliveryTerms,
    DocumentReference,
    Extension,
    Identifier,
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

__all__ = [
    "DOCUMENTS",
    "SCHEMA_VERSION",
    "Address",
    "AllowanceCharge",
    "Contact",
    "Delivery",
    "DeliveryTerms",
    "Document",
    "DocumentReference",
    "Extension",
    "Identifier",
    "Item",
    "LineStatus",
    "Order",
    "OrderChange",
    "OrderChangeLine",
    "OrderLine",
    "OrderReference",
    "OrderResponse",
    "OrderResponseLine",
    "Part",
    "Party",
    "PaymentTerms",
    "Period",
    "Price",
    "Quantity",
    "Shipment",
    "business_key",
    "document_type",
    "fingerprint",
    "from_json",
    "is_gln",
    "is_gtin",
    "is_sscc",
    "is_valid",
    "json_schema",
    "to_json",
]
