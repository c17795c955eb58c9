"""Catalogues and stocks as hypothesis makes them, within what a format and its mapping have places for."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import strategies as st

from gateway.canonical import (
    CatalogueLine,
    CataloguePrice,
    Document,
    Identifier,
    InventoryReport,
    InventoryReportLine,
    Item,
    Period,
    Price,
    PriceCatalogue,
    StockQuantity,
)
from tests.mapping.advices import bool_of
from tests.mapping.orders import DATES, codes, items, listed, numbers, part, parties, quantities, references, texts
from tests.mapping.settlements import TIMES, abs_of

_COUNTED = ("on-hand", "available", "committed", "on-order", "backordered", "unusable")
_STOCK = {
    "x12": _COUNTED,
    "edifact": (*_COUNTED, "in-transit", "on-hold", "minimum", "maximum", "reorder"),
}
_KINDS = ("net", "list", "retail", "suggested-retail", "wholesale", "contract", "promotional")


def reports(standard: str) -> st.SearchStrategy[Document]:
    """Inventory reports that the bundled mapping of that standard carries whole."""
    x12 = standard == "x12"
    counts = st.builds(
        StockQuantity,
        type_code=codes(*_STOCK[standard]),
        quantity=quantities().map(abs_of),
        expected_date=st.none() | DATES,
    )
    line = st.builds(
        InventoryReportLine,
        id=texts(standard, 6),
        item=items(standard).map(_unpacked),
        inventory_location=st.none() | st.builds(Identifier, value=texts(standard, 25)),
        price_amount=st.none() | numbers(9, 2) if x12 else st.none(),
        stock_quantities=listed(counts),
    )
    names = ("buyer_customer_party", "seller_supplier_party", "warehouse_party")
    return st.builds(
        InventoryReport,
        id=texts(standard, 22),
        issue_date=DATES,
        issue_time=TIMES,
        function_code=_functions(),
        document_currency_code=st.none() | codes("EUR", "USD"),
        inventory_date=st.none() | DATES,
        document_references=listed(references(standard)),
        inventory_report_lines=listed(line),
        **{name: st.none() | parties(standard).filter(bool_of) for name in names},
    )


def catalogues(standard: str) -> st.SearchStrategy[Document]:
    """Catalogues that the bundled mapping of that standard carries whole."""
    x12 = standard == "x12"
    short = quantities(6).map(abs_of)
    beside: dict[str, Any] = {} if x12 else {"minimum_quantity": st.none() | short}
    price = st.builds(
        CataloguePrice,
        price_kind=codes(*_KINDS),
        price=st.builds(Price, price_amount=numbers(9), base_quantity=st.none() | short),
        validity_period=st.none() | _periods(),
        **beside,
    )
    more: dict[str, Any] = {} if x12 else {"minimum_order_quantity": short, "maximum_order_quantity": short}
    line = st.builds(
        CatalogueLine,
        id=texts(standard, 6),
        line_status_code=st.none() | codes("added", "changed", "deleted"),
        item=items(standard),
        validity_period=st.none() | _periods(),
        prices=listed(price),
        **{name: st.none() | found for name, found in more.items()},
    )
    return st.builds(
        PriceCatalogue,
        id=texts(standard, 15),
        version_id=st.none() | texts(standard, 15),
        issue_date=DATES,
        issue_time=TIMES,
        function_code=_functions(),
        document_currency_code=st.none() | codes("EUR", "USD"),
        validity_period=st.none() | _periods(),
        contract_id=st.none() | texts(standard, 30),
        document_references=listed(references(standard)),
        catalogue_lines=listed(line),
        **{
            name: st.none() | parties(standard).filter(bool_of)
            for name in ("buyer_customer_party", "seller_supplier_party")
        },
    )


def _functions() -> st.SearchStrategy[str]:
    return codes("original", "replace", "cancellation")


def _periods() -> st.SearchStrategy[Period]:
    return part(Period, start_date=DATES, end_date=DATES)


def _unpacked(item: Item) -> Item:
    """Stock is not counted in packs; an item that is nothing else is named."""
    alone = msgspec.structs.replace(item, pack_size_numeric=None)
    return alone if alone != Item() else Item(sellers_item_identification="V")
