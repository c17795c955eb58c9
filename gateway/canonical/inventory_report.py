"""What is in stock."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from gateway.canonical.values import DocumentReference, Extension, Identifier, Item, Part, Party, Quantity


class StockQuantity(Part, frozen=True, kw_only=True):
    """One count of an item. ``type_code`` says what of: ``on-hand``, ``available`` (for sale), ``committed``,
    ``on-order``, ``backordered``, ``in-transit``, ``unusable``, ``on-hold``, or the levels that are agreed:
    ``minimum``, ``maximum``, ``reorder``. ``expected_date``: when it will be so."""

    type_code: str
    quantity: Quantity | None = None
    expected_date: date | None = None


class InventoryReportLine(Part, frozen=True, kw_only=True):
    """An item with its counts; ``inventory_location`` is where, by the number of the place."""

    id: str | None = None
    item: Item | None = None
    inventory_location: Identifier | None = None
    price_amount: Decimal | None = None
    stock_quantities: tuple[StockQuantity, ...] = ()


class InventoryReport(Part, frozen=True, kw_only=True, tag_field="document", tag="InventoryReport"):
    """The stock of items at ``inventory_date`` (the day of issue where it is not said), as a seller, a buyer or a
    warehouse reports it."""

    id: str
    issue_date: date
    issue_time: time | None = None
    function_code: str = "original"
    document_currency_code: str | None = None
    inventory_date: date | None = None
    document_references: tuple[DocumentReference, ...] = ()
    buyer_customer_party: Party | None = None
    seller_supplier_party: Party | None = None
    warehouse_party: Party | None = None
    inventory_report_lines: tuple[InventoryReportLine, ...] = ()
    extensions: tuple[Extension, ...] = ()
