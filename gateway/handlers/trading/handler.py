"""The trading handler: an order document becomes a change of the order records and an order for the ERP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.canonical import Order, business_key, fingerprint
from gateway.canonical.order import OrderLine
from gateway.handlers.model import Emission, Inbound, Outcome
from gateway.handlers.trading import records
from gateway.handlers.trading.decide import Decision, KnownOrder, decide
from gateway.store import Changes

EVENTS = {
    "create": "order.received",
    "replace": "order.replaced",
    "cancel": "order.cancelled",
    "repeat": "order.repeated",
}


class TradingHandler:
    """Subscribes to orders."""

    name = "trading"
    documents = frozenset({"Order"})

    def load(self, connection: Connection, batch: Sequence[Inbound]) -> Mapping[int, KnownOrder | None]:
        known = records.find(connection, {_key(inbound) for inbound in batch})
        return {inbound.document_id: known.get(_key(inbound)) for inbound in batch}

    def handle(self, inbound: Inbound, record: KnownOrder | None, changes: Changes) -> Outcome:
        order: Order = inbound.document
        content = fingerprint(msgspec.structs.replace(order, function_code="original"))
        decision = decide(order.id, inbound.partner, order.function_code, content, record)
        if decision.action == "hold":
            assert decision.issue is not None
            return Outcome(hold=decision.issue, waits_for_key=decision.issue.code == "TRD-UNKNOWN")
        if decision.action == "repeat":
            return Outcome(issues=(decision.issue,) if decision.issue else (), event=EVENTS["repeat"])
        order_id = _write_order(changes, inbound, order, content, decision, record)
        changes.new(
            "order_history",
            order_id=order_id,
            version=decision.version,
            action=decision.action,
            state=decision.state,
            document_id=inbound.document_id,
            at=inbound.received_at,
        )
        emission = Emission(
            canonical=inbound.canonical,
            from_party=inbound.own,
            business_key=business_key(order),
            payload_id=inbound.payload_id,
        )
        return Outcome(emissions=(emission,), event=EVENTS[decision.action])


def _key(inbound: Inbound) -> records.Key:
    return inbound.own, inbound.partner, inbound.lane, inbound.document.id


def _write_order(
    changes: Changes, inbound: Inbound, order: Order, content: bytes, decision: Decision, known: KnownOrder | None
) -> int:
    values: dict[str, Any] = {
        "state": decision.state,
        "version": decision.version,
        "fingerprint": content,
        "issue_date": order.issue_date.isoformat(),
        "currency": order.document_currency_code,
        "payable_amount": _text(order.payable_amount),
        "document_id": inbound.document_id,
        "updated_at": inbound.received_at,
    }
    if known is None:
        own, partner, lane, number = _key(inbound)
        order_id = changes.new(
            "orders",
            own_party=own,
            partner=partner,
            lane=lane,
            number=number,
            created_at=inbound.received_at,
            **values,
        )
    else:
        order_id = known.id
        # Without an order by key two documents may have met the same version: the second is to look again.
        changes.update("orders", order_id, expected={"version": known.version}, **values)
    for position, line in enumerate(order.order_lines, 1):
        changes.add("order_lines", order_id=order_id, version=decision.version, position=position, **_line(line))
    return order_id


def _line(line: OrderLine) -> dict[str, str | None]:
    item, quantity = line.item, line.quantity
    standard = item.standard_item_identification if item else None
    return {
        "line": line.id,
        "buyers_item": item.buyers_item_identification if item else None,
        "sellers_item": item.sellers_item_identification if item else None,
        "standard_item": standard.value if standard else None,
        "description": (item.description or item.name) if item else None,
        "quantity": _text(quantity.value) if quantity else None,
        "unit": quantity.unit_code if quantity else None,
        "price": _text(line.price.price_amount) if line.price else None,
    }


def _text(number: object) -> str | None:
    return None if number is None else format(number, "f")
