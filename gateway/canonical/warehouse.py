"""What a depositor and its warehouse tell each other: goods to ship, shipped, on their way, received, and adjusted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from gateway.canonical.transport import TransportDate
from gateway.canonical.values import DocumentReference, Extension, Item, Part, Party, Quantity
from gateway.core.issues import Issue, Location


class _Goods(Part, frozen=True, kw_only=True):
    """Goods of one kind."""

    item: Item | None = None
    upc_case_code: str | None = None
    quantity: Quantity | None = None
    document_references: tuple[DocumentReference, ...] = ()


class _Told(Part, frozen=True, kw_only=True):
    """What either tells the other."""

    id: str | None = None
    notes: tuple[str, ...] = ()
    dates: tuple[TransportDate, ...] = ()
    document_references: tuple[DocumentReference, ...] = ()
    depositor_party: Party | None = None
    warehouse_party: Party | None = None
    extensions: tuple[Extension, ...] = ()


class _Carried(_Told, frozen=True, kw_only=True):
    """What is told of goods that are carried."""

    despatch_party: Party | None = None
    delivery_party: Party | None = None
    carrier_scac: str | None = None
    transport_mode_code: str | None = None


class WarehouseOrderLine(_Goods, frozen=True, kw_only=True):
    """Goods of one kind that are to leave."""


class WarehouseOrder(_Carried, frozen=True, kw_only=True, tag_field="document", tag="WarehouseOrder"):
    """What a warehouse is to ship. ``id`` is the depositor's number of it, which the advice names;
    ``payment_method_code`` is X12 146 (PP prepaid, CC collect)."""

    id: str
    function_code: str = "original"
    order_id: str | None = None
    payment_method_code: str | None = None
    warehouse_order_lines: tuple[WarehouseOrderLine, ...] = ()


class WarehouseAdviceLine(_Goods, frozen=True, kw_only=True):
    """Goods of one kind that left. ``difference_quantity`` is what is missing of ``ordered_quantity``; ``status_code``
    is X12 368."""

    status_code: str | None = None
    ordered_quantity: Decimal | None = None
    difference_quantity: Decimal | None = None


class WarehousePackage(Part, frozen=True, kw_only=True):
    """What the goods left in. ``shipping_marks`` is what is on its label (SSCC)."""

    id: str | None = None
    shipping_marks: str | None = None
    warehouse_advice_lines: tuple[WarehouseAdviceLine, ...] = ()


class WarehouseAdvice(_Carried, frozen=True, kw_only=True, tag_field="document", tag="WarehouseAdvice"):
    """What a warehouse shipped. ``id`` is its number of the shipment, ``warehouse_order_id`` that of the order to ship
    it."""

    warehouse_order_id: str
    issue_date: date
    order_id: str | None = None
    payment_method_code: str | None = None
    packages: tuple[WarehousePackage, ...] = ()
    shipped_quantity: Decimal | None = None
    gross_weight: Quantity | None = None


class StockTransferLine(_Goods, frozen=True, kw_only=True):
    """Goods of one kind on their way."""


class StockTransfer(_Carried, frozen=True, kw_only=True, tag_field="document", tag="StockTransfer"):
    """What is on its way to a warehouse. ``id`` is the depositor's number of it, which the receipt names."""

    id: str
    issue_date: date
    shipment_id: str | None = None
    order_id: str | None = None
    stock_transfer_lines: tuple[StockTransferLine, ...] = ()
    shipped_quantity: Decimal | None = None
    gross_weight: Quantity | None = None


class StockException(Part, frozen=True, kw_only=True):
    """What of the goods is not in order. ``condition_code`` is X12 412, in the words of receipts where there are."""

    quantity: Quantity | None = None
    condition_code: str | None = None


class StockReceiptLine(_Goods, frozen=True, kw_only=True):
    """Goods of one kind that came; what of them is not in order is in ``exceptions``."""

    exceptions: tuple[StockException, ...] = ()


class StockTransferReceipt(_Carried, frozen=True, kw_only=True, tag_field="document", tag="StockTransferReceipt"):
    """What a warehouse received. ``id`` is the warehouse's number, ``stock_transfer_id`` that of what was announced."""

    issue_date: date
    stock_transfer_id: str | None = None
    shipment_id: str | None = None
    stock_receipt_lines: tuple[StockReceiptLine, ...] = ()
    received_quantity: Decimal | None = None


class StockAdjustmentLine(_Goods, frozen=True, kw_only=True):
    """By how much the stock of an item changed, below zero for less; ``adjustment_reason_code`` is X12 1267."""

    adjustment_reason_code: str | None = None


class StockAdjustment(_Told, frozen=True, kw_only=True, tag_field="document", tag="StockAdjustment"):
    """What a warehouse changed in its books. ``depositor_id`` is the depositor's number of it."""

    issue_date: date
    depositor_id: str | None = None
    function_code: str = "original"
    stock_adjustment_lines: tuple[StockAdjustmentLine, ...] = ()


def amiss(document: WarehouseAdvice | StockTransferReceipt) -> Iterator[Issue]:
    """What the warehouse did not ship of what was ordered, and what of the goods that came is not in order."""
    if isinstance(document, WarehouseAdvice):
        for package, one in enumerate(document.packages):
            for number, line in enumerate(one.warehouse_advice_lines):
                shipped = line.quantity.value if line.quantity else Decimal(0)
                if line.ordered_quantity is not None and shipped < line.ordered_quantity:
                    place = Location(field=f"packages[{package}].warehouse_advice_lines[{number}]")
                    params = {"item": _named(line.item, line.upc_case_code), "ordered": f"{line.ordered_quantity:f}"}
                    yield Issue("LOG-WAREHOUSE-SHORT", place, f"{shipped:f}", params)
        return
    for number, received in enumerate(document.stock_receipt_lines):
        for each, exception in enumerate(received.exceptions):
            place = Location(field=f"stock_receipt_lines[{number}].exceptions[{each}]")
            params = {
                "item": _named(received.item, received.upc_case_code),
                "condition": exception.condition_code or "",
            }
            quantity = f"{exception.quantity.value:f}" if exception.quantity else ""
            yield Issue("LOG-WAREHOUSE-EXCEPTION", place, quantity, params)


def _named(item: Item | None, code: str | None) -> str:
    numbers = [each.value for each in item.additional_item_identifications] if item else []
    return next(iter([*numbers, *([code] if code else [])]), "")
