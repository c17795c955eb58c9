"""Catalogues and stocks through the dock: a partner's reach our ERP, ours leave for the partner."""

from __future__ import annotations

import json

from gateway.store import Database
from tests.pipeline.orders import document, group, interchange
from tests.pipeline.test_pipeline_conversation import ERP_GETS, ERP_SENDS, GETS, sends, trade
from tests.pipeline.yard import ACME, ERP, GLOBEX, Yard, segments

X12_IN = """
[[agreement]]
name = "globex-{type}"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"
type = "{type}"
mapping = "x12/{type}"
"""
STOCK = [
    "BIA*00*DD*INV-12*20260302*0600",
    "N1*SE*Globex*1*123456789",
    "LIN*1*VP*V-77",
    "QTY*33*120*EA",
    "QTY*63*500*EA",
    "DTM*018*20260315",
    "CTT*1",
]
CATALOGUE = {
    "document": "PriceCatalogue",
    "id": "SPRING",
    "issue_date": "2026-02-15",
    "catalogue_lines": [
        {
            "id": "1",
            "line_status_code": "added",
            "item": {"sellers_item_identification": "V-77"},
            "prices": [{"price_kind": "net", "price": {"price_amount": "5.00"}}],
        }
    ],
}


def test_the_stock_that_a_partner_reports_reaches_our_erp(database: Database) -> None:
    yard = Yard(database)
    erp = ERP + ERP_GETS.format(kind="InventoryReport", name="stock")
    yard.agree(acme=ACME, globex=GLOBEX + X12_IN.format(type="846"), acme_erp=erp)
    head, *inside = group([document(STOCK, 1, type="846")], 1)
    yard.arrive(interchange([[head.replace("GS*PO*", "GS*IB*"), *inside]], 1), "globex-in")
    (report,) = [json.loads(line) for sent in yard.to("erp-out") for line in sent.splitlines()]
    (line,) = report["inventory_report_lines"]
    assert [(each["type_code"], each["quantity"]["value"]) for each in line["stock_quantities"]] == [
        ("available", "120"),
        ("on-order", "500"),
    ]
    assert yard.nothing_left()


def test_the_catalogue_of_our_erp_leaves_as_832(database: Database) -> None:
    yard = trade(database, "[]")
    yard.partners["hooli"] += '[[identity]]\nstandard = "x12"\nqualifier = "ZZ"\nidentifier = "HOOLI"\n'
    yard.partners["hooli"] += GETS.format(kind="PriceCatalogue", type="832").replace("globex-", "hooli-")
    yard.partners["acme-erp"] += ERP_SENDS.format(kind="PriceCatalogue", name="catalogues")
    sends(yard, CATALOGUE, "erp-in")
    (body,) = yard.to("hooli-out")
    assert "CTP**NET*5.00" in segments(body)
    assert yard.nothing_left()
