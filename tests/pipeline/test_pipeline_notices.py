"""Catalogues and stocks through the dock: a partner's reach our ERP, ours leave for the partner."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.codecs.xml_text import decoded
from gateway.core.issues import has_errors
from gateway.grammar.xml_validator import xml_validator
from gateway.store import Database
from tests.pipeline.orders import document, group, interchange
from tests.pipeline.test_pipeline_conversation import ERP_GETS, ERP_SENDS, GETS, sends, trade
from tests.pipeline.yard import ACME, ERP, GLOBEX, SCHEMAS, Yard, segments

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


UBL = """
id = "umbrella"
name = "Umbrella"
[[identity]]
standard = "ubl"
qualifier = "0088"
identifier = "5412345000013"
[[endpoint]]
name = "umbrella-in"
connector = "directory"
direction = "in"
path = "in/umbrella"
[[endpoint]]
name = "umbrella-out"
connector = "directory"
direction = "out"
path = "out/umbrella"
"""
WITH_UMBRELLA = """
[[agreement]]
name = "umbrella-{mapping}-{way}"
with = "acme"
direction = "{way}"
standard = "ubl"
version = "2.1"
type = "{type}"
mapping = "ubl/{mapping}"
"""
OURS = '[[identity]]\nstandard = "ubl"\nqualifier = "0088"\nidentifier = "4012345000094"\n'
SIDES = {
    "seller_supplier_party": {"id": {"value": "4012345000094", "scheme_id": "gln"}},
    "buyer_customer_party": {"id": {"value": "5412345000013", "scheme_id": "gln"}},
}
COUNTED: dict[str, Any] = {
    "document": "InventoryReport",
    "id": "INV-1",
    "issue_date": "2026-03-02",
    **SIDES,
    "inventory_report_lines": [
        {
            "id": "1",
            "item": {"sellers_item_identification": "V-77"},
            "stock_quantities": [
                {"type_code": "on-hand", "quantity": {"value": "120", "unit_code": "EA"}},
                {"type_code": "reorder", "quantity": {"value": "50", "unit_code": "EA"}},
            ],
        }
    ],
}
KINDS = [("PriceCatalogue", "Catalogue", "catalogue"), ("InventoryReport", "InventoryReport", "inventory-report")]


@pytest.mark.parametrize(("kind", "type", "mapping"), KINDS)
def test_in_ubl_ours_leave_valid_and_what_comes_back_is_the_same(
    database: Database, kind: str, type: str, mapping: str
) -> None:
    """Ours goes out, and as if it came from them, in again."""
    ours = (CATALOGUE | SIDES | {"document_currency_code": "EUR"}) if kind == "PriceCatalogue" else COUNTED
    yard = trade(database, "[]")
    way = WITH_UMBRELLA.format(type=type, mapping=mapping, way="out")
    yard.partners["umbrella"] = UBL + way + f'document = "{kind}"\nendpoint = "umbrella-out"\n'
    yard.partners["umbrella"] += WITH_UMBRELLA.format(type=type, mapping=mapping, way="in")
    yard.partners["acme"] += OURS
    yard.partners["acme-erp"] += ERP_SENDS.format(kind=kind, name="notices") + ERP_GETS.format(kind=kind, name="told")
    sends(yard, ours, "erp-in")
    (body,) = yard.to("umbrella-out")
    assert not has_errors(xml_validator(SCHEMAS, "2.1", type).validate(decoded(body)))
    theirs, own = b"5412345000013", b"4012345000094"
    swapped = body.replace(theirs, b"#").replace(own, theirs).replace(b"#", own)
    yard.arrive(swapped, "umbrella-in")
    (document,) = [json.loads(line) for sent in yard.to("erp-out") for line in sent.splitlines()]
    assert {name: document[name] for name in ours if name not in SIDES} == {
        name: value for name, value in ours.items() if name not in SIDES
    }
    assert yard.nothing_left()
