"""Orders of web shops on their way: handled, changed, cancelled, held and released, and told of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gateway.core.ports import Arrival
from gateway.expectations import release
from gateway.pipeline.receive import receive
from gateway.pipeline.telling import Telling
from tests.pipeline.yard import AT, ERP, Yard

SAMPLE = Path(__file__).parents[1] / "data" / "shops" / "shopify-order.json"

SHOP = """\
id = "webshop"
name = "Shop"
kind = "own"
[[endpoint]]
name = "webshop-orders"
connector = "shopify"
direction = "in"
secret = "env:SECRET"
"""

AGREEMENT = """\
[[agreement]]
name = "webshop-{name}"
with = "acme"
direction = "in"
standard = "json"
type = "shopify.orders/{name}"
document = "Order"
"""


def open_shop(yard: Yard, *topics: str, more: str = "") -> None:
    yard.agree(webshop=SHOP + "".join(AGREEMENT.format(name=topic) for topic in topics) + more)


def send(yard: Yard, topic: str = "orders/create", unit: str = "", **changed: Any) -> None:
    body = json.dumps(json.loads(SAMPLE.read_text()) | changed).encode()
    headers = {"topic": topic} if topic else {}
    id = unit or f"{topic}-{len(changed)}-{sorted(changed.items())}"
    receive(yard.database, [Arrival(source="webshop-orders", transport_id=id, body=body, headers=headers)], AT)
    yard.work()


def orders(yard: Yard) -> list[dict[str, Any]]:
    return [json.loads(line) for body in yard.to("erp-out") for line in body.splitlines()]


def names(yard: Yard) -> list[str]:
    return yard.column("SELECT name FROM events WHERE name LIKE 'order.%' ORDER BY id")


def test_an_order_is_recorded_and_goes_to_the_erp(yard: Yard) -> None:
    open_shop(yard, "create")
    send(yard)
    assert [order["id"] for order in orders(yard)] == ["#1042"]
    assert names(yard) == ["order.received"]
    assert yard.nothing_left()


def test_a_file_that_is_handed_in_by_hand_is_an_order(yard: Yard) -> None:
    open_shop(yard, "create")
    send(yard, topic="")
    assert [order["id"] for order in orders(yard)] == ["#1042"]


def test_an_order_is_replaced_and_cancelled(yard: Yard) -> None:
    open_shop(yard, "create", "updated", "cancelled")
    send(yard)
    send(yard, "orders/updated", note="Ring the bell.", updated_at="2026-11-20T22:00:00+01:00")
    send(yard, "orders/updated", note="Ring it twice.", updated_at="2026-11-20T23:00:00+01:00")
    send(yard, "orders/cancelled")
    assert [order.get("function_code", "original") for order in orders(yard)] == [
        "original", "replace", "replace", "cancellation"]  # fmt: skip
    assert names(yard) == ["order.received", "order.replaced", "order.replaced", "order.cancelled"]


def test_the_same_order_under_two_ids_is_one(yard: Yard) -> None:
    open_shop(yard, "create")
    send(yard, unit="w-1")
    send(yard, unit="w-2")
    assert yard.statuses("transmissions") == ["translated", "duplicate"]
    assert len(orders(yard)) == 1


def test_what_is_not_mapped_holds_where_the_agreement_says_so(yard: Yard) -> None:
    open_shop(yard, "create", more='unmapped = "hold"\n')
    send(yard)
    assert yard.statuses() == ["held"]
    assert yard.column("SELECT code FROM holds") == ["GTW-UNMAPPED"]
    release(yard.database, yard.inbound(), "me", AT)
    yard.work()
    assert yard.statuses() == ["handled"]
    assert len(orders(yard)) == 1


def test_a_topic_that_is_agreed_on_later_is_released(yard: Yard) -> None:
    open_shop(yard, "create")
    send(yard, "orders/paid")
    assert yard.statuses("transmissions") == ["held"]
    open_shop(yard, "create", "paid")
    (held,) = yard.column("SELECT id FROM transmissions WHERE status = 'held'")
    release(yard.database, _reference(held), "me", AT)
    yard.work()
    assert yard.statuses("transmissions") == ["translated"]
    assert len(orders(yard)) == 1


def test_what_becomes_of_an_order_is_told(yard: Yard) -> None:
    told = 'path = "out/erp"\n'
    yard.agree(
        acme_erp=ERP.replace(told, told + 'events = ["document.ready", "order.*"]\nevents_of = { types = ["Order"] }\n')
    )
    yard.database.listeners.append(Telling(lambda: yard.agreements))
    open_shop(yard, "create")
    send(yard)
    types = [found.get("type", "the order") for found in orders(yard)]
    assert types == ["crossdock.document.ready", "crossdock.order.received", "the order"]


def _reference(id: int) -> Any:
    from gateway.store.ids import Reference

    return Reference("transmission", id)
