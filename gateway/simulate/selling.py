"""What a seller writes to an order, from the order and what it decides of each line. Pure.

Each document is what every format can say; :func:`adapted` leaves to a format what it says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from gateway.canonical import (
    DespatchAdvice,
    DespatchLine,
    Document,
    DocumentReference,
    Invoice,
    InvoiceLine,
    LineStatus,
    Order,
    OrderLine,
    OrderReference,
    OrderResponse,
    OrderResponseLine,
    PackingLevel,
    Price,
    Quantity,
)
from gateway.codecs.ubl import UBL

_CENT = Decimal("0.01")
_ZERO = Decimal(0)
_MORNING = time(8)
_AMENDED = "accepted-with-amendment"


class Deal(msgspec.Struct, frozen=True, kw_only=True):
    """One line: how much of it, and for what price of a unit (None: none was asked)."""

    quantity: Decimal
    price: Decimal | None = None


def ordered(order: Order) -> list[Deal]:
    """The lines as they were ordered."""
    return [
        Deal(
            quantity=line.quantity.value if line.quantity else _ZERO,
            price=line.price.price_amount if line.price else None,
        )
        for line in order.order_lines
    ]


def response(
    order: Order,
    number: str,
    deals: Sequence[Deal],
    *,
    day: date,
    delivery: date | None = None,
    rejected: bool = False,
) -> OrderResponse:
    """What is confirmed; of a line that is confirmed in part, the rest is backordered."""
    lines = tuple(
        OrderResponseLine(
            id=line.id,
            quantity=line.quantity,
            price=_priced(line, deal),
            item=line.item,
            statuses=_statuses(line, deal, rejected=rejected),
        )
        for line, deal in zip(order.order_lines, deals, strict=True)
    )
    amended = any(status.status_code != "accepted" for line in lines for status in line.statuses)
    return OrderResponse(
        id=number,
        issue_date=day,
        order_response_code="rejected" if rejected else _AMENDED if amended else "accepted",
        order_reference=reference(order),
        document_currency_code=order.document_currency_code,
        buyer_customer_party=order.buyer_customer_party,
        seller_supplier_party=order.seller_supplier_party,
        promised_delivery_date=None if rejected else delivery,
        order_lines=lines,
    )


def despatch(
    order: Order, number: str, quantities: Sequence[Decimal], *, day: date, delivery: date | None = None
) -> DespatchAdvice:
    """What has left: shipment, order, items. What nothing left of is not named."""
    went = [(line, quantity) for line, quantity in zip(order.order_lines, quantities, strict=True) if quantity]
    items = [
        PackingLevel(
            id=str(position + 2),
            parent_id="2",
            level_code="item",
            despatch_lines=(
                DespatchLine(
                    id=line.id,
                    order_line_id=line.id,
                    delivered_quantity=_quantity(line, quantity),
                    item=line.item,
                ),
            ),
        )
        for position, (line, quantity) in enumerate(went, 1)
    ]
    return DespatchAdvice(
        id=number,
        issue_date=day,
        issue_time=_MORNING,
        structure_code="0004",
        order_reference=reference(order),
        actual_despatch_date=day,
        estimated_delivery_date=delivery,
        buyer_customer_party=order.buyer_customer_party,
        seller_supplier_party=order.seller_supplier_party,
        delivery_party=order.delivery_party or order.buyer_customer_party,
        packing_root_id="1",
        packing=(PackingLevel(id="2", parent_id="1", level_code="order", order_reference=reference(order)), *items),
    )


def invoice(
    order: Order,
    number: str,
    deals: Sequence[Deal],
    *,
    day: date,
    type: str = "380",
    about: str = "",
) -> Invoice:
    """What is asked for, without tax. ``type`` is EDIFACT 1001 (381 gives back), ``about`` the invoice it corrects."""
    charged = [(line, deal) for line, deal in zip(order.order_lines, deals, strict=True) if deal.quantity]
    lines = tuple(
        InvoiceLine(
            id=str(position),
            order_line_id=line.id,
            quantity=_quantity(line, deal.quantity),
            price=_priced(line, deal),
            line_extension_amount=_amount(line, deal),
            item=line.item,
        )
        for position, (line, deal) in enumerate(charged, 1)
    )
    total = sum((line.line_extension_amount or _ZERO for line in lines), _ZERO)
    return Invoice(
        id=number,
        issue_date=day,
        invoice_type_code=type,
        document_currency_code=order.document_currency_code,
        order_reference=reference(order),
        billing_references=(DocumentReference(id=about),) if about else (),
        buyer_customer_party=order.buyer_customer_party,
        seller_supplier_party=order.seller_supplier_party,
        payment_terms=order.payment_terms,
        line_extension_amount=total,
        tax_exclusive_amount=total,
        tax_inclusive_amount=total,
        payable_amount=total,
        invoice_lines=lines,
    )


def reference(order: Order) -> OrderReference:
    return OrderReference(id=order.id, issue_date=order.issue_date)


def adapted(document: Document, standard: str) -> Document:
    """A document as a standard says it.

    Of an answer: X12 shares a line's quantity among several verdicts, EDIFACT has one with its quantity, UBL one for
    the quantity of the line. Of a despatch advice: X12 alone numbers the shipment itself.
    """
    if standard == "x12":
        return document
    if isinstance(document, OrderResponse):
        lines = tuple(_with_one_verdict(line, standard) for line in document.order_lines)
        return msgspec.structs.replace(document, order_lines=lines)
    if isinstance(document, DespatchAdvice):
        root = document.packing_root_id
        packing = (
            msgspec.structs.replace(level, parent_id=None) if level.parent_id == root else level
            for level in document.packing
        )
        return msgspec.structs.replace(document, packing_root_id=None, packing=tuple(packing))
    return document


def _with_one_verdict(line: OrderResponseLine, standard: str) -> OrderResponseLine:
    first = line.statuses[0]
    if standard == UBL:
        bare = msgspec.structs.replace(first, quantity=None)
        return msgspec.structs.replace(line, quantity=first.quantity, statuses=(bare,))
    return msgspec.structs.replace(line, statuses=(first,))


def _statuses(line: OrderLine, deal: Deal, *, rejected: bool) -> tuple[LineStatus, ...]:
    wanted = line.quantity.value if line.quantity else _ZERO
    if rejected:
        return (LineStatus(status_code="rejected", quantity=line.quantity),)
    price = line.price.price_amount if line.price else None
    same = deal.quantity == wanted and deal.price == price
    confirmed = LineStatus(status_code="accepted" if same else _AMENDED, quantity=_quantity(line, deal.quantity))
    if deal.quantity >= wanted:
        return (confirmed,)
    rest = LineStatus(status_code="backordered", quantity=_quantity(line, wanted - deal.quantity))
    return (confirmed, rest)


def _quantity(line: OrderLine, value: Decimal) -> Quantity:
    return Quantity(value=value, unit_code=line.quantity.unit_code if line.quantity else None)


def _priced(line: OrderLine, deal: Deal) -> Price | None:
    if deal.price is None or line.price is None:
        return line.price
    return msgspec.structs.replace(line.price, price_amount=deal.price)


def _amount(line: OrderLine, deal: Deal) -> Decimal:
    if deal.price is None:
        return _ZERO
    base = line.price.base_quantity.value if line.price and line.price.base_quantity else Decimal(1)
    return (deal.price * deal.quantity / (base or 1)).quantize(_CENT, ROUND_HALF_UP)
