"""Cancelled orders in UBL through the dock: a customer's, and those of our own ERP."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import msgspec

from gateway.canonical import Order, OrderChange, OrderChangeLine
from gateway.simulate import selling
from gateway.store import Database
from tests.scenarios.gateways import BOUGHT, SOLD, Dealings
from tests.scenarios.steps import an_order

DAY = date(2026, 11, 24)


def change(order: Order, function: str) -> OrderChange:
    return OrderChange(
        id=f"CH-{function}",
        issue_date=DAY,
        function_code=function,
        order_reference=selling.reference(order),
        buyer_customer_party=order.buyer_customer_party,
        seller_supplier_party=order.seller_supplier_party,
    )


def test_what_a_customer_cancels_is_cancelled_and_told_to_the_erp(database: Database) -> None:
    dealings = Dealings(database, "ubl", SOLD)
    order = an_order(Decimal(100), Decimal("2.00"), "umbrella", "acme")
    for document in (order, change(order, "cancellation")):
        dealings.arrive(dealings.say(document))
    assert dealings.page("PO-4711")["state"] == "cancelled"
    found = json.loads(dealings.yard.to("acme-erp-out")[-1])
    assert (found["document"], found["function_code"]) == ("OrderChange", "cancellation")


def test_what_our_erp_says_leaves_as_what_it_is(database: Database) -> None:
    dealings = Dealings(database, "ubl", BOUGHT)
    order = an_order(Decimal(100), Decimal("2.00"))
    old = order.order_lines[0]
    line = OrderChangeLine(id="1", line_status_code="changed", quantity=old.quantity, price=old.price, item=old.item)
    shorter = msgspec.structs.replace(
        change(order, "change"), order_lines=(line,), document_currency_code="EUR", sequence_number_id="1"
    )
    for document in (order, shorter, change(order, "cancellation")):
        dealings.arrive(dealings.say(document))
    left = dealings.yard.column("SELECT type FROM documents WHERE direction = 'out' AND status = 'sent' ORDER BY id")
    assert left == ["Order", "OrderChange", "OrderCancellation"]
    assert dealings.page("PO-4711")["state"] == "cancelled"
