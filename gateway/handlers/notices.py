"""What partners tell and nothing of ours counts: catalogues, stocks and the doings of warehouses go to the parties that
agreed to get them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from gateway.canonical import (
    InventoryReport,
    PriceCatalogue,
    StockAdjustment,
    StockTransfer,
    StockTransferReceipt,
    WarehouseAdvice,
    WarehouseOrder,
    business_key,
)
from gateway.handlers.model import Emission, Inbound, Outcome
from gateway.store import Changes

EVENTS = {
    PriceCatalogue.__name__: "catalogue.received",
    InventoryReport.__name__: "inventory.received",
    WarehouseOrder.__name__: "warehouse.ordered",
    WarehouseAdvice.__name__: "warehouse.shipped",
    StockTransfer.__name__: "stock.announced",
    StockTransferReceipt.__name__: "stock.received",
    StockAdjustment.__name__: "stock.adjusted",
}


class NoticesHandler:
    """Subscribes to price catalogues, inventory reports and the documents of warehouses.

    What our own ERP writes is passed on without it.
    """

    name = "notices"
    documents = frozenset(EVENTS)

    def load(self, connection: Connection, batch: Sequence[Inbound]) -> Mapping[int, Any]:
        return {}

    def handle(self, inbound: Inbound, record: Any, changes: Changes) -> Outcome:
        emission = Emission(
            canonical=inbound.canonical,
            from_party=inbound.own,
            business_key=business_key(inbound.document),
            payload_id=inbound.payload_id,
        )
        return Outcome(emissions=() if inbound.inside else (emission,), event=EVENTS[inbound.canonical])
