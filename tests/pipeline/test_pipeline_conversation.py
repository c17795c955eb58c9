"""Orders and what follows them, through the dock: counted, told, held where agreed, and passed on as they came."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.expectations import release_due
from gateway.handlers.trading import release_came
from gateway.handlers.trading.view import orders
from gateway.pipeline import handle
from gateway.store import Database
from tests.pipeline.orders import order, x12
from tests.pipeline.test_pipeline_business_answers import ERP_DOORS, RESPONSE, STATUS
from tests.pipeline.yard import ACME, GLOBEX, Yard

ERP_GETS = """
[[agreement]]
name = "erp-{name}-out"
with = "acme"
direction = "out"
standard = "json"
document = "{kind}"
endpoint = "erp-out"
"""
ERP_SENDS = """
[[agreement]]
name = "erp-{name}-in"
with = "acme"
direction = "in"
standard = "json"
document = "{kind}"
"""
GETS = """
[[agreement]]
name = "globex-{type}-out"
with = "acme"
direction = "out"
standard = "x12"
version = "004010"
type = "{type}"
document = "{kind}"
mapping = "x12/{type}"
endpoint = "globex-out"
"""
SENDS = """
[[agreement]]
name = "hooli-{name}-in"
with = "acme"
direction = "in"
standard = "json"
document = "{kind}"
[agreement.trading]
await = {awaited}
"""
#: A partner that speaks canonical JSON.
HOOLI = """\
id = "hooli"
name = "Hooli Goods"
[[endpoint]]
name = "hooli-in"
connector = "directory"
direction = "in"
path = "in/hooli"
"""

ORDER: dict[str, Any] = {
    "document": "Order",
    "id": "A",
    "issue_date": "2026-11-19",
    "order_lines": [{"id": "1", "quantity": {"value": "5", "unit_code": "EA"}, "price": {"price_amount": "2"}}],
}
ADVICE: dict[str, Any] = {
    "document": "DespatchAdvice",
    "id": "D-1",
    "issue_date": "2026-11-21",
    "order_reference": {"id": "A"},
    "packing": [
        {
            "id": "1",
            "despatch_lines": [{"order_line_id": "1", "delivered_quantity": {"value": "3", "unit_code": "EA"}}],
        }
    ],
}
INVOICE: dict[str, Any] = {
    "document": "Invoice",
    "id": "I-1",
    "issue_date": "2026-11-22",
    "order_reference": {"id": "A"},
    "invoice_lines": [
        {"id": "1", "order_line_id": "1", "quantity": {"value": "4"}, "price": {"price_amount": "2"}},
    ],
}
ANSWER = RESPONSE | {"order_lines": [RESPONSE["order_lines"][0] | {"statuses": [STATUS]}]}


def page(yard: Yard) -> dict[str, Any]:
    with yard.database.read() as connection:
        (found,) = orders(connection, "A")
    return found


@pytest.fixture
def buying(database: Database) -> Yard:
    """Our ERP orders of Hooli."""
    return trade(database, "[]")


def trade(database: Database, awaited: str) -> Yard:
    yard = Yard(database)
    kinds = ("OrderResponse", "DespatchAdvice", "Invoice")
    hooli = HOOLI + "".join(SENDS.format(kind=kind, name=kind.lower(), awaited=awaited) for kind in kinds)
    hooli += '[[endpoint]]\nname = "hooli-out"\nconnector = "directory"\ndirection = "out"\npath = "out/hooli"\n'
    hooli += ERP_GETS.format(kind="Order", name="Order".lower()).replace("erp-", "hooli-")
    erp = (
        ERP_DOORS
        + ERP_SENDS.format(kind="Order", name="Order".lower())
        + "".join(ERP_GETS.format(kind=kind, name=kind.lower()) for kind in kinds)
    )
    yard.agree(acme=ACME, acme_erp=erp, globex=None, initech=None, hooli=hooli)
    return yard


def sends(yard: Yard, document: dict[str, Any], door: str = "hooli-in") -> None:
    yard.arrive(json.dumps(document).encode(), door)


def test_given_an_order_of_ours_its_answer_goods_and_invoice_are_set_against_it(buying: Yard) -> None:
    sends(buying, ORDER, "erp-in")
    for document in (ANSWER, ADVICE, INVOICE):
        sends(buying, document)
    found = page(buying)
    line = found["lines"][0]
    assert (found["side"], found["partners"]) == ("buyer", ["acme-erp", "hooli"])
    assert (line["ordered"], line["confirmed"], line["despatched"], line["invoiced"]) == ("5", "5", "3", "4")
    assert [(one["number"], one["outcome"]) for one in found["invoices"]] == [("I-1", "blocked")]
    assert [finding["code"] for finding in found["findings"]] == ["TRD-INVOICE-QUANTITY"]
    assert "TRD-INVOICE-QUANTITY" in buying.issues(buying.inbound(3))
    assert [each["kind"] for each in found["documents"]] == ["Order", "OrderResponse", "DespatchAdvice", "Invoice"]
    assert [json.loads(body)["document"] for body in buying.to("erp-out")] == [
        "OrderResponse",
        "DespatchAdvice",
        "Invoice",
    ]
    assert len(buying.to("hooli-out")) == 1
    assert buying.statuses() == ["handled"] * 4
    assert buying.nothing_left()


def test_by_default_what_comes_before_its_order_is_passed_on_with_a_remark(buying: Yard) -> None:
    sends(buying, ADVICE)
    assert "TRD-NO-ORDER" in buying.issues(buying.inbound())
    assert len(buying.to("erp-out")) == 1
    sends(buying, ORDER, "erp-in")
    assert page(buying)["lines"][0]["despatched"] == "3"
    assert page(buying)["findings"] == []


def test_what_comes_again_is_counted_once(buying: Yard) -> None:
    sends(buying, ORDER, "erp-in")
    sends(buying, ADVICE)
    sends(buying, ADVICE | {"issue_time": None})
    assert page(buying)["lines"][0]["despatched"] == "3"
    assert "TRD-AGAIN" in buying.issues(buying.inbound(2))


def test_where_it_is_agreed_what_comes_early_waits_and_goes_on_by_itself(database: Database) -> None:
    yard = trade(database, '["order", "despatch"]')
    sends(yard, INVOICE)
    assert (yard.statuses(), yard.column("SELECT code FROM holds")) == (["held"], ["TRD-AWAITS"])
    sends(yard, ORDER, "erp-in")
    assert settle(yard) == ["held", "handled"]  # the goods have not been told of
    assert page(yard)["holds"][0]["code"] == "TRD-AWAITS"
    sends(yard, ADVICE)
    assert settle(yard) == ["handled", "handled", "handled"]
    assert page(yard)["state"] == "partially-invoiced"
    assert yard.nothing_left()


def test_what_it_waits_for_may_come_in_the_same_moment(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither commit sees the other: the sweep finds that what is awaited is there."""
    yard = trade(database, '["order", "despatch"]')
    monkeypatch.setattr(handle, "fulfil", lambda changes, condition: None)
    sends(yard, INVOICE)
    assert release_came(database, yard.clock.now()) == 0
    sends(yard, ORDER, "erp-in")
    assert release_came(database, yard.clock.now()) == 1
    assert settle(yard) == ["held", "handled"]  # for the goods now
    assert release_came(database, yard.clock.now()) == 0
    sends(yard, ADVICE)
    assert release_came(database, yard.clock.now()) == 1
    assert settle(yard) == ["handled", "handled", "handled"]
    assert yard.nothing_left()


def settle(yard: Yard) -> list[str]:
    """What the sweep does, and what it leads to."""
    release_due(yard.database, yard.clock.now() + 60_000_000)
    yard.work()
    return yard.statuses()


def test_given_an_order_of_a_customer_our_own_answer_is_counted_and_leaves(database: Database) -> None:
    yard = Yard(database)
    erp = (
        ERP_DOORS
        + ERP_GETS.format(kind="Order", name="Order".lower())
        + ERP_SENDS.format(kind="OrderResponse", name="OrderResponse".lower())
    )
    yard.agree(acme=ACME, acme_erp=erp, globex=GLOBEX + GETS.format(type="855", kind="OrderResponse"))
    yard.arrive(x12(1, order("A")))
    sends(yard, RESPONSE, "erp-in")
    found = page(yard)
    assert (found["side"], found["state"], found["partners"]) == ("seller", "accepted", ["globex"])
    assert [each["left_as"][0]["type"] for each in found["documents"]] == ["Order", "855"]


def test_an_order_of_which_goods_have_left_cannot_be_cancelled(buying: Yard) -> None:
    sends(buying, ORDER, "erp-in")
    sends(buying, ADVICE)
    sends(buying, ORDER | {"function_code": "cancellation"}, "erp-in")
    assert page(buying)["state"] == "partially-shipped"
    assert "TRD-CANCEL-SHIPPED" in buying.issues(buying.inbound(2))
