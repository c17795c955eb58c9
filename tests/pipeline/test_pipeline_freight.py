"""Freight invoices through the dock: set against the tender, told of what differs, and passed on."""

from __future__ import annotations

import json

from gateway.store import Database
from tests.pipeline.carriers import carriers, road, shown, x12
from tests.pipeline.test_pipeline_conversation import ERP_GETS
from tests.pipeline.test_pipeline_tenders import TENDER

LOAD = (*TENDER, "L3*412.5*G***100000******12*K")
BILL = (
    "B3**FR-88*LOAD-7*PP**20260205*105050****ROAD",
    "N9*CN*7733100",
    "LX*1",
    "L1*1***105050****400",
    "L3*412.5*G***105050******12*K",
)


def test_a_freight_invoice_above_the_tender_is_told_blocked_and_reaches_the_erp(database: Database) -> None:
    yard = carriers(database)
    yard.partners["acme-erp"] += ERP_GETS.format(kind="FreightInvoice", name="freight")
    yard.arrive(x12(1, "204", *LOAD))
    road(yard, "D1*20260204*1015*LT", more=("L11*LOAD-7*SI",))
    yard.arrive(x12(3, "210", *BILL))
    assert "LOG-FREIGHT-AMOUNT" in yard.issues(yard.inbound(2))
    (one,) = shown(yard, "LOAD-7")["freight"]
    assert (one["number"], one["outcome"], one["reasons"]) == ("FR-88", "blocked", ["LOG-FREIGHT-AMOUNT"])
    (sent,) = [json.loads(line) for body in yard.to("erp-out") for line in body.splitlines() if b"Freight" in line]
    assert sent["payable_amount"] == "1050.50"
    assert yard.nothing_left()


def test_an_invoice_that_comes_before_its_tender_is_compared_when_that_comes(database: Database) -> None:
    yard = carriers(database)
    yard.arrive(x12(1, "210", *BILL))
    assert "LOG-FREIGHT-UNTENDERED" in yard.issues(yard.inbound())
    yard.arrive(x12(2, "204", *LOAD))
    assert "LOG-FREIGHT-AMOUNT" in yard.issues(yard.inbound(1))
    (one,) = shown(yard, "FR-88")["freight"]
    assert one["reasons"] == ["LOG-FREIGHT-EARLY", "LOG-FREIGHT-AMOUNT"]
