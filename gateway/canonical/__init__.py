"""Canonical documents: typed, immutable, decimal-exact, in UBL's vocabulary. What ERPs read and write as JSON."""

from __future__ import annotations

from gateway.canonical.declaration import (
    AssessedTax,
    Declaration,
    DeclarationResponse,
    DeclaredPerson,
    DeclaredTransport,
    GoodsItem,
    SupportingDocument,
)
from gateway.canonical.despatch_advice import DespatchAdvice, DespatchLine, PackingLevel
from gateway.canonical.freight_invoice import FreightCharge, FreightInvoice, FreightInvoiceLine
from gateway.canonical.identifiers import is_gln, is_gtin, is_sscc, is_valid
from gateway.canonical.inventory_report import InventoryReport, InventoryReportLine, StockQuantity
from gateway.canonical.invoice import Invoice, InvoiceLine, PaymentMeans
from gateway.canonical.levels import levelled
from gateway.canonical.order import Order, OrderLine
from gateway.canonical.order_change import OrderChange, OrderChangeLine
from gateway.canonical.order_response import OrderResponse, OrderResponseLine
from gateway.canonical.price_catalogue import CatalogueLine, CataloguePrice, PriceCatalogue
from gateway.canonical.receipt_advice import ReceiptAdvice, ReceiptLine
from gateway.canonical.remittance_advice import RemittanceAdvice, RemittanceLine
from gateway.canonical.serial import (
    DOCUMENTS,
    SCHEMA_VERSION,
    Document,
    business_key,
    document_type,
    fingerprint,
    from_json,
    from_own_json,
    json_schema,
    to_json,
)
from gateway.canonical.transport import Consignment, TransportDate, TransportEvent, TransportLocation
from gateway.canonical.transport_instruction import TransportInstruction, TransportInstructionResponse
from gateway.canonical.transportation_status import StatusLocation, TransportationStatus
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
    TaxSubtotal,
    TaxTotal,
)

__all__ = [
    "DOCUMENTS",
    "SCHEMA_VERSION",
    "Address",
    "AllowanceCharge",
    "AssessedTax",
    "CatalogueLine",
    "CataloguePrice",
    "Consignment",
    "Contact",
    "Declaration",
    "DeclarationResponse",
    "DeclaredPerson",
    "DeclaredTransport",
    "Delivery",
    "DeliveryTerms",
    "DespatchAdvice",
    "DespatchLine",
    "Document",
    "DocumentReference",
    "Extension",
    "FreightCharge",
    "FreightInvoice",
    "FreightInvoiceLine",
    "GoodsItem",
    "Identifier",
    "InventoryReport",
    "InventoryReportLine",
    "Invoice",
    "InvoiceLine",
    "Item",
    "LineStatus",
    "Order",
    "OrderChange",
    "OrderChangeLine",
    "OrderLine",
    "OrderReference",
    "OrderResponse",
    "OrderResponseLine",
    "PackingLevel",
    "Part",
    "Party",
    "PaymentMeans",
    "PaymentTerms",
    "Period",
    "Price",
    "PriceCatalogue",
    "Quantity",
    "ReceiptAdvice",
    "ReceiptLine",
    "RemittanceAdvice",
    "RemittanceLine",
    "Shipment",
    "StatusLocation",
    "StockQuantity",
    "SupportingDocument",
    "TaxSubtotal",
    "TaxTotal",
    "TransportDate",
    "TransportEvent",
    "TransportInstruction",
    "TransportInstructionResponse",
    "TransportLocation",
    "TransportationStatus",
    "business_key",
    "document_type",
    "fingerprint",
    "from_json",
    "from_own_json",
    "is_gln",
    "is_gtin",
    "is_sscc",
    "is_valid",
    "json_schema",
    "levelled",
    "to_json",
]
