"""Receipts of goods through the dock: ours tell the supplier what arrived, a customer's tell us; only that is due."""

from __future__ import annotations

import json
from typing import Any

from gateway.store import Database
from tests.pipeline.orders import document, group, interchange
from tests.pipeline.test_pipeline_conversation import (
    ADVICE,
    ERP_GETS,
    ERP_SENDS,
    GETS,
    INVOICE,
    ORDER,
    page,
    sends,
    settle,
    trade,
)
from tests.pipeline.yard import ACME, ERP, GLOBEX, Yard, segments

RECEIPT: dict[str, Any] = {
    "document": "ReceiptAdvice",
    "id": "R-1",
    "issue_date": "2026-11-22",
    "order_reference": {"id": "A"},
    "despatch_reference": {"id": "D-1"},
    "actual_delivery_date": "2026-11-21",
    "receipt_lines": [
        {
            "id": "1",
            "order_line_id": "1",
            "received_quantity": {"value": "3", "unit_code": "EA"},
            "rejected_quantity": {"value": "1", "unit_code": "EA"},
            "reject_reason_code": "damaged",
            "item": {"buyers_item_identification": "A-1"},
        }
    ],
}
X12_IN = """
[[agreement]]
name = "globex-receipts"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"
type = "861"
mapping = "x12/861"
acknowledgments = ["997"]
acknowledge_through = "globex-out"
"""


def buying(database: Database, awaited: str = "[]") -> Yard:
    """Our ERP orders of Hooli, and tells it what arrived in X12."""
    yard = trade(database, awaited)
    yard.partners["hooli"] += '[[identity]]\nstandard = "x12"\nqualifier = "ZZ"\nidentifier = "HOOLI"\n'
    yard.partners["hooli"] += GETS.format(kind="ReceiptAdvice", type="861").replace("globex-", "hooli-")
    yard.partners["acme-erp"] += ERP_SENDS.format(kind="ReceiptAdvice", name="receipts")
    return yard


def test_what_our_erp_received_leaves_as_861_and_only_what_was_accepted_is_due(database: Database) -> None:
    yard = buying(database)
    sends(yard, ORDER, "erp-in")
    sends(yard, ADVICE)
    sends(yard, RECEIPT, "erp-in")
    sends(yard, INVOICE | {"invoice_lines": [INVOICE["invoice_lines"][0] | {"quantity": {"value": "3"}}]})
    line = page(yard)["lines"][0]
    assert [line[name] for name in ("despatched", "received", "refused", "invoiced")] == ["3", "3", "1", "3"]
    assert [finding["code"] for finding in page(yard)["findings"]] == ["TRD-REFUSED", "TRD-INVOICE-QUANTITY"]
    assert "Of line 1 of order A 3 are invoiced in all; 2 are due." in page(yard)["findings"][1]["text"]
    left = [segments(body) for body in yard.to("hooli-out")[1:]]
    assert any("RCD*1*3*EA***1*EA*01" in each for each in left), left
    assert yard.nothing_left()


def test_an_invoice_that_is_to_wait_for_the_goods_goes_on_when_they_are_received(database: Database) -> None:
    yard = buying(database, '["receipt"]')
    sends(yard, ORDER, "erp-in")
    sends(yard, INVOICE)
    assert page(yard)["holds"][0]["code"] == "TRD-AWAITS"
    assert "a receipt advice" in page(yard)["holds"][0]["text"]
    sends(yard, RECEIPT, "erp-in")
    settle(yard)
    assert page(yard)["holds"] == []
    assert [json.loads(body)["document"] for body in yard.to("erp-out")] == ["Invoice"]


def test_a_customer_s_861_reaches_the_erp_and_stands_on_the_page_of_the_order(yard: Yard) -> None:
    erp = ERP + ERP_GETS.format(kind="ReceiptAdvice", name="receipts")
    yard.agree(acme=ACME, globex=GLOBEX + X12_IN, acme_erp=erp)
    body = ["BRA*R-1*20261122*00*1", "DTM*050*20261121", "PRF*A", "RCD*1*4*EA***1*EA*02", "LIN**BP*A-1", "CTT*1"]
    head, *inside = group([document(body, 1, type="861")], 1)
    yard.arrive(interchange([[head.replace("GS*PO*", "GS*RC*"), *inside]], 1), "globex-in")
    (found,) = [json.loads(line) for sent in yard.to("erp-out") for line in sent.splitlines()]
    assert found["receipt_lines"][0]["short_quantity"] == {"value": "1", "unit_code": "EA"}
    assert b"AK5*A" in yard.to("globex-out")[0]
    assert page(yard)["state"] == "unknown"
    assert [each["type"] for each in page(yard)["documents"]] == ["861"]
