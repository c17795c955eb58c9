"""Despatch advices in UBL through the dock: a supplier's reach our ERP, ours reach a customer."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import msgspec

from gateway.canonical import DespatchAdvice, PackingLevel
from gateway.codecs.xml_text import decoded
from gateway.core.issues import has_errors
from gateway.grammar.xml_validator import xml_validator
from gateway.simulate import selling
from gateway.store import Database
from tests.pipeline.yard import SCHEMAS
from tests.scenarios.gateways import BOUGHT, SOLD, Dealings
from tests.scenarios.steps import an_order

DAY = date(2026, 11, 24)
LABEL = "340123450000000017"


def packed(order_of: str, seller: str) -> DespatchAdvice:
    """60 pieces in a carton with a label."""
    order = an_order(Decimal(100), Decimal("2.00"), order_of, seller)
    advice = selling.despatch(order, "SH-1", [Decimal(60)], day=DAY)
    first, item = advice.packing
    carton = PackingLevel(id="4", parent_id="2", level_code="pack", sscc=LABEL, package_type_code="CT")
    return msgspec.structs.replace(advice, packing=(first, carton, msgspec.structs.replace(item, parent_id="4")))


def test_a_suppliers_advice_reaches_the_erp_with_its_labels(database: Database) -> None:
    dealings = Dealings(database, "ubl", BOUGHT)
    dealings.arrive(dealings.say(an_order(Decimal(100), Decimal("2.00"))))
    (file,) = dealings.say(packed("acme", "umbrella"))
    assert file.body.count(b"<cac:TransportHandlingUnit>") == 2  # in the shipment, and named at the line
    dealings.arrive([file])
    (body,) = dealings.yard.to("acme-erp-out")
    (level,) = json.loads(body)["packing"]
    assert (level["sscc"], level["package_type_code"]) == (LABEL, "CT")
    assert [line["delivered_quantity"]["value"] for line in level["despatch_lines"]] == ["60"]
    assert dealings.page("PO-4711")["lines"][0]["despatched"] == "60"


def test_what_our_erp_ships_leaves_as_an_advice_that_is_valid(database: Database) -> None:
    dealings = Dealings(database, "ubl", SOLD)
    dealings.arrive(dealings.say(an_order(Decimal(100), Decimal("2.00"), "umbrella", "acme")))
    dealings.arrive(dealings.say(packed("umbrella", "acme")))
    (body,) = dealings.yard.to("umbrella-out")
    assert LABEL.encode() in body
    assert not has_errors(xml_validator(SCHEMAS, "2.1", "DespatchAdvice").validate(decoded(body)))
    assert dealings.got("buyer") == ["DespatchAdvice"]
    assert dealings.yard.nothing_left()
