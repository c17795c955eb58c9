"""What is offered, and at which prices."""

from __future__ import annotations

from datetime import date, time

from gateway.canonical.values import DocumentReference, Extension, Item, Part, Party, Period, Price, Quantity


class CataloguePrice(Part, frozen=True, kw_only=True):
    """A price of an item. ``price_kind``: ``net``, ``list``, ``retail``, ``suggested-retail``, ``wholesale``,
    ``contract`` or ``promotional``. It holds within the period and from the quantity to the other, as far as they are
    said."""

    price_kind: str | None = None
    price: Price | None = None
    minimum_quantity: Quantity | None = None
    maximum_quantity: Quantity | None = None
    validity_period: Period | None = None


class CatalogueLine(Part, frozen=True, kw_only=True):
    """An item. ``line_status_code``, against the catalogue before: ``added``, ``changed``, ``deleted`` or
    ``unchanged``. The smallest and the largest quantity that may be ordered."""

    id: str | None = None
    line_status_code: str | None = None
    item: Item | None = None
    minimum_order_quantity: Quantity | None = None
    maximum_order_quantity: Quantity | None = None
    validity_period: Period | None = None
    prices: tuple[CataloguePrice, ...] = ()
    note: str | None = None


class PriceCatalogue(Part, frozen=True, kw_only=True, tag_field="document", tag="PriceCatalogue"):
    """A seller's catalogue with prices, or the changes to one. ``version_id`` counts its editions."""

    id: str
    issue_date: date
    issue_time: time | None = None
    version_id: str | None = None
    function_code: str = "original"
    document_currency_code: str | None = None
    validity_period: Period | None = None
    contract_id: str | None = None
    notes: tuple[str, ...] = ()
    document_references: tuple[DocumentReference, ...] = ()
    buyer_customer_party: Party | None = None
    seller_supplier_party: Party | None = None
    catalogue_lines: tuple[CatalogueLine, ...] = ()
    extensions: tuple[Extension, ...] = ()
