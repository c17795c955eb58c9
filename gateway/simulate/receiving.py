"""What a buyer writes to a despatch advice: what of it arrived, and in which state. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import NamedTuple

from gateway.canonical import (
    DespatchAdvice,
    DespatchLine,
    DocumentReference,
    OrderReference,
    Quantity,
    ReceiptAdvice,
    ReceiptLine,
)

_MORNING = time(9, 15)


class Arrival(NamedTuple):
    """Of one line: how much came, and how much of that is damaged."""

    arrived: Decimal
    damaged: Decimal = Decimal(0)


def advised(advice: DespatchAdvice) -> list[tuple[DespatchLine, OrderReference | None]]:
    """The goods that were advised, wherever they are packed, each with its order."""
    orders: dict[str | None, OrderReference | None] = {}
    found = []
    for level in advice.packing:
        around = level.order_reference or orders.get(level.parent_id, advice.order_reference)
        orders[level.id] = around
        found += [(line, line.order_reference or around) for line in level.despatch_lines]
    return found


def receipt(advice: DespatchAdvice, number: str, arrivals: Sequence[Arrival], *, day: date) -> ReceiptAdvice:
    """What arrived of each line of :func:`advised`; what did not is short."""
    goods = advised(advice)
    orders = {order.id: order for _, order in goods if order is not None}
    several = len(orders) > 1
    return ReceiptAdvice(
        id=number,
        issue_date=day,
        issue_time=_MORNING,
        order_reference=None if several else next(iter(orders.values()), advice.order_reference),
        despatch_reference=DocumentReference(id=advice.id),
        actual_delivery_date=day,
        buyer_customer_party=advice.buyer_customer_party,
        seller_supplier_party=advice.seller_supplier_party,
        receipt_lines=tuple(
            _line(position, line, order if several else None, arrival)
            for position, ((line, order), arrival) in enumerate(zip(goods, arrivals, strict=True), 1)
        ),
    )


def _line(position: int, line: DespatchLine, order: OrderReference | None, arrival: Arrival) -> ReceiptLine:
    sent = line.delivered_quantity or Quantity(value=Decimal(0))

    def quantity(value: Decimal) -> Quantity | None:
        return Quantity(value=value, unit_code=sent.unit_code) if value > 0 else None

    return ReceiptLine(
        id=str(position),
        order_line_id=line.order_line_id,
        order_reference=order,
        received_quantity=Quantity(value=arrival.arrived, unit_code=sent.unit_code),
        short_quantity=quantity(sent.value - arrival.arrived),
        rejected_quantity=quantity(arrival.damaged),
        reject_reason_code="damaged" if arrival.damaged else None,
        item=line.item,
    )
