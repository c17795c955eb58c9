"""The trading handler: an order document becomes a change of the order records and an order for the ERP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.canonical import Order, fingerprint
from gateway.canonical.order import OrderLine
from gateway.handlers.model import Inbound, Outcome
from gateway.handlers.trading import records
from gateway.handlers.trading.conversing import EVENTS as EVENTS_OF_OTHERS
from gateway.handlers.trading.conversing import condition, converse, passed_on, places_of
from gateway.handlers.trading.decide import Decision, KnownOrder, decide
from gateway.handlers.trading.facts import BUYER, SELLER
from gateway.handlers.trading.matter import conversation, versions_in
from gateway.handlers.trading.reading import unit_price
from gateway.store import Changes

EVENTS = {
    "create": "order.received",
    "replace": "order.replaced",
    "cancel": "order.cancelled",
    "repeat": "order.repeated",
}

#: What :meth:`TradingHandler.load` finds: the order, or by number all that is known of orders.
Record = KnownOrder | Mapping[str, records.Matter] | None


class TradingHandler:
    """Subscribes to orders and to what answers, changes, ships and charges them.

    It looks on when our own ERP writes one of them: what it wrote is passed on beside.
    """

    name = "trading"
    documents = frozenset({"Order", *EVENTS_OF_OTHERS})
    watches = documents

    def load(self, connection: Connection, batch: Sequence[Inbound]) -> Mapping[int, Record]:
        orders = [inbound for inbound in batch if inbound.canonical == "Order"]
        others = [inbound for inbound in batch if inbound.canonical != "Order"]
        known = records.find(connection, {_key(inbound) for inbound in orders}) if orders else {}
        record: dict[int, Record] = {inbound.document_id: known.get(_key(inbound)) for inbound in orders}
        ending = [inbound for inbound in orders if inbound.document.function_code == "cancellation"]
        groups: dict[tuple[str, str], set[str]] = {}
        numbers = {inbound.document_id: places_of(inbound) for inbound in others}
        numbers |= {inbound.document_id: {inbound.document.id} for inbound in ending}
        for inbound in (*others, *ending):
            groups.setdefault((inbound.own, inbound.lane), set()).update(numbers[inbound.document_id])
        found = {place: records.matters(connection, *place, wanted) for place, wanted in groups.items() if wanted}
        for place, matters in found.items():
            found[place] = matters | records.matters(connection, *place, versions_in(matters))
        for inbound in others:
            record[inbound.document_id] = found.get((inbound.own, inbound.lane), {})
        for inbound in ending:
            order = record[inbound.document_id]
            if isinstance(order, KnownOrder):
                matter = found[inbound.own, inbound.lane][inbound.document.id]
                record[inbound.document_id] = msgspec.structs.replace(order, shipped=_shipped(inbound, matter))
        return record

    def handle(self, inbound: Inbound, record: Record, changes: Changes) -> Outcome:
        if inbound.canonical != "Order":
            assert isinstance(record, Mapping)
            return converse(inbound, record, changes)
        assert record is None or isinstance(record, KnownOrder)
        order: Order = inbound.document
        content = fingerprint(msgspec.structs.replace(order, function_code="original"))
        decision = decide(order.id, inbound.partner, order.function_code, content, record)
        if decision.action == "hold":
            assert decision.issue is not None
            if inbound.inside:  # it has left already, or will: what is wrong with it is told
                return Outcome(issues=(decision.issue,), event=EVENTS["repeat"])
            unknown = decision.issue.code == "TRD-UNKNOWN"
            waits = unknown and "order" in inbound.trading.await_
            waits_for = condition(inbound, "order", order.id) if waits else ""
            return Outcome(hold=decision.issue, waits_for_key=unknown, waits_for=waits_for)
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
        fulfils = (condition(inbound, "order", order.id),) if decision.action == "create" else ()
        return Outcome(emissions=passed_on(inbound), event=EVENTS[decision.action], fulfils=fulfils)


def _shipped(inbound: Inbound, matter: records.Matter) -> bool:
    """Whether something of the order has left."""
    side = BUYER if inbound.inside else SELLER
    return any(entry.despatched for entry in conversation("", matter, side, inbound.partner).lines)


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
        "net_days": order.payment_terms.net_days if order.payment_terms else None,
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
            side=BUYER if inbound.inside else SELLER,
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
        "price": _text(unit_price(line.price)),
    }


def _text(number: object) -> str | None:
    return None if number is None else format(number, "f")
