"""What arrived of what was shipped, and in which state."""

from __future__ import annotations

from datetime import date, time

from gateway.canonical.values import DocumentReference, Extension, Item, OrderReference, Part, Party, Quantity


class ReceiptLine(Part, frozen=True, kw_only=True):
    """Goods of one kind as they arrived. ``order_line_id`` is the line number of the order.

    ``received_quantity`` is all that arrived. ``rejected_quantity`` is the part of it that is not accepted,
    ``reject_reason_code`` why: ``damaged``, ``quality``, ``wrong-item``, ``container``, ``on-hold``, ``scrapped`` or
    ``rejected``. ``short_quantity`` was advised and did not arrive, ``oversupply_quantity`` arrived and was not
    advised; ``returned_quantity`` goes back.
    """

    id: str | None = None
    order_line_id: str | None = None
    order_reference: OrderReference | None = None
    received_quantity: Quantity | None = None
    short_quantity: Quantity | None = None
    oversupply_quantity: Quantity | None = None
    rejected_quantity: Quantity | None = None
    reject_reason_code: str | None = None
    reject_reason: str | None = None
    returned_quantity: Quantity | None = None
    received_date: date | None = None
    item: Item | None = None


class ReceiptAdvice(Part, frozen=True, kw_only=True, tag_field="document", tag="ReceiptAdvice"):
    """What a buyer says has arrived. ``despatch_reference`` is the despatch advice that it answers."""

    id: str
    issue_date: date
    issue_time: time | None = None
    function_code: str = "original"
    notes: tuple[str, ...] = ()
    order_reference: OrderReference | None = None
    despatch_reference: DocumentReference | None = None
    document_references: tuple[DocumentReference, ...] = ()
    bill_of_lading_id: str | None = None
    actual_delivery_date: date | None = None
    buyer_customer_party: Party | None = None
    seller_supplier_party: Party | None = None
    despatch_party: Party | None = None
    delivery_party: Party | None = None
    receipt_lines: tuple[ReceiptLine, ...] = ()
    extensions: tuple[Extension, ...] = ()


def orders_received(advice: ReceiptAdvice) -> list[str]:
    """The numbers of the orders that it is about, each once."""
    references = [advice.order_reference, *(line.order_reference for line in advice.receipt_lines)]
    return list(dict.fromkeys(reference.id for reference in references if reference is not None))
