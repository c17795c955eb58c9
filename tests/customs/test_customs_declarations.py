"""Declarations that a merchant's ERP sends as JSON, and what it is told of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.canonical import Declaration, from_json, to_json
from gateway.mapping.customs import read_declaration, written_values
from gateway.store import Database
from tests.customs import made
from tests.customs.port import left, port, shown
from tests.customs.signing import signer_of
from tests.pipeline.yard import Yard

PARTY: dict[str, Any] = {"id": {"value": "4401960X01"}, "name": "Hooli"}
ITEM: dict[str, Any] = {
    "id": "1",
    "item": {"name": "护手霜", "sellers_item_identification": "HC-1"},
    "commodity_code": "3304990099",
    "specification": "护手霜, 250 ml",
    "origin_country_code": "US",
    "quantity": {"value": "2", "unit_code": "H87"},
    "statutory_quantity": {"value": "0.5", "unit_code": "KGM"},
    "price_amount": "130",
}


def imported(**values: Any) -> dict[str, Any]:
    """What an ERP sends of a parcel to somebody in China."""
    usual: dict[str, Any] = {
        "document": "Declaration",
        "id": "C-PO-1",
        "direction_code": "import",
        "regime_code": "9610",
        "order_reference": {"id": "PO-1"},
        "customs_office_code": "5100",
        "document_currency_code": "CNY",
        "platform_party": PARTY,
        "seller_supplier_party": PARTY,
        "declarant_party": {"id": {"value": "4401960A01"}, "name": "Hooli Brokers"},
        "carrier_party": {"id": {"value": "4401980L01"}, "name": "Globex Express"},
        "guarantor_id": "4401960X01",
        "buyer": {"id": "u-77", "name": "王小明", "identity_number": made.CARD, "telephone": "13900000000"},
        "consignee": {
            "name": "王小明",
            "telephone": "13900000000",
            "postal_address": {"street_name": made.ADDRESS},
        },
        "transport": {
            "mode_code": "5",
            "means_id": "HX100",
            "journey_id": "HX100",
            "transport_document_id": "99912345675",
            "country_code": "US",
            "border_office_code": "5100",
        },
        "waybill_id": "W-PO-1",
        "gross_weight": {"value": "1.2", "unit_code": "KGM"},
        "net_weight": {"value": "1", "unit_code": "KGM"},
        "freight_amount": "10",
        "discount_amount": "5",
        "tax_amount": "24",
        "goods_items": [ITEM],
    }
    return usual | values


def exported(**values: Any) -> dict[str, Any]:
    """A small B2B export (9710) by list."""
    found = imported(id="C-EX-1", direction_code="export", regime_code="9710", order_reference={"id": "EX-1"})
    found |= {"document_currency_code": "USD", "owner_party": PARTY, "package_type_code": "2", "package_count": 1}
    found |= {"issue_date": "2026-09-21", "waybill_id": "W-EX-1", "note": "hand cream"}
    item = ITEM | {"item": ITEM["item"] | {"standard_item_identification": {"value": "无"}}}
    found |= {"transport": found["transport"] | {"port_id": "USA"}, "goods_items": [item]}
    for name in ("buyer", "consignee", "tax_amount", "discount_amount", "guarantor_id"):
        del found[name]
    return found | values


def sent(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


@pytest.fixture
def yard(database: Database) -> Yard:
    found = port(database, submitted=("311", "621", "303", "505", "603"))
    found.signer = lambda agreement: signer_of()
    return found


def payment(**values: str) -> bytes:
    return made.message("411", made.payment(amountPaid="289", **values))


def test_an_import_is_declared_when_copies_of_payment_and_waybill_are_there(yard: Yard) -> None:
    yard.arrive(sent(imported()), "hooli-in")
    assert [message.number for message, _ in left(yard)] == ["311"]
    assert shown(yard, "PO-1")["waits_for"] == ["payment", "waybill"]
    yard.arrive(payment(), "initech-in")
    yard.arrive(made.message("511", made.waybill()), "globex-in")
    (order, _), (listed, _) = list(left(yard))
    head = order.nodes[0].head
    assert (head["acturalPaid"], head["goodsValue"], head["currency"]) == ("289", "260", "142")
    line = listed.nodes[0].lines[0]
    assert (line["country"], line["unit"], line["unit1"], line["totalPrice"]) == ("502", "011", "035", "260")
    assert yard.nothing_left()


def test_an_export_is_its_order_its_waybill_and_its_list_at_once(yard: Yard) -> None:
    yard.arrive(sent(exported()), "hooli-in")
    assert [message.number for message, _ in left(yard)] == ["303", "505", "603"]
    order, _, listed = (message.nodes[0].head for message, _ in left(yard))
    assert (order["orderType"], listed["tradeMode"], listed["statisticsFlag"]) == ("B", "9710", "A")
    assert shown(yard, "W-EX-1")["state"] == "submitted"


def test_evidence_that_somebody_else_filed_is_named_and_set_against_what_is_known(yard: Yard) -> None:
    documents = [
        {"type_code": "payment", "id": "T-9", "issuer_id": "3101980P01", "evidence_code": "confirmed", "amount": "288"},
        {"type_code": "waybill", "id": "W-PO-1", "issuer_id": "4401980L01"},
    ]
    yard.arrive(sent(imported(supporting_documents=documents)), "hooli-in")
    assert [message.number for message, _ in left(yard)] == ["311"]
    (difference,) = shown(yard, "PO-1")["differences"]
    assert (difference["left_value"], difference["right_value"]) == ("289", "288")
    documents[0]["amount"] = "289"
    yard.arrive(sent(imported(supporting_documents=documents, function_code="replace")), "hooli-in")
    assert [(each["slot"], each["evidence"]) for each in shown(yard, "PO-1")["slots"]][1:3] == [
        ("payment", "confirmed"),
        ("waybill", "filed"),
    ]
    assert [message.number for message, _ in left(yard)] == ["311", "621"]


def test_what_is_missing_is_said_by_field_and_by_what_customs_calls_it(yard: Yard) -> None:
    whole = imported()
    del whole["buyer"], whole["freight_amount"]
    reference = yard.arrive(sent(whole), "hooli-in")
    assert not list(left(yard))
    (text,) = yard.column("SELECT text FROM holds")
    for words in ("buyer.identity_number (buyerIdNumber)", "freight_amount (freight)"):
        assert words in text
    yard.arrive(sent(imported()), "hooli-in")
    assert [message.number for message, _ in left(yard)] == ["311"]
    assert yard.status(reference) == "translated"


def test_the_same_again_changes_nothing_other_content_is_held_and_a_change_is_a_new_version(yard: Yard) -> None:
    yard.arrive(sent(exported()), "hooli-in")
    yard.arrive(sent(exported()) + b" ", "hooli-in")
    assert len(list(left(yard))) == 3
    yard.arrive(sent(exported(note="other")), "hooli-in")
    assert yard.column("SELECT code FROM holds") == ["CUS-CONFLICT"]
    assert len(list(left(yard))) == 3


def test_a_change_of_what_customs_has_is_one_of_app_type_2(yard: Yard) -> None:
    yard.arrive(sent(exported()), "hooli-in")
    yard.arrive(sent(exported(note="other", function_code="replace")), "hooli-in")
    kinds = [(message.number, message.nodes[0].head["appType"]) for message, _ in left(yard)]
    assert kinds == [("303", "1"), ("505", "1"), ("603", "1"), ("303", "2"), ("505", "2"), ("603", "2")]


def test_a_draft_can_be_cancelled_and_never_leaves(yard: Yard) -> None:
    yard.arrive(sent(imported()), "hooli-in")
    yard.arrive(sent(imported(function_code="cancellation")), "hooli-in")
    yard.arrive(payment(), "initech-in")
    yard.arrive(made.message("511", made.waybill()), "globex-in")
    assert [message.number for message, _ in left(yard)] == ["311"]
    assert shown(yard, "C-PO-1")["state"] == "cancelled"


def test_the_erp_gets_the_answers_of_customs_as_json(yard: Yard) -> None:
    yard.arrive(sent(imported()), "hooli-in")
    yard.arrive(payment(), "initech-in")
    yard.arrive(made.message("511", made.waybill()), "globex-in")
    yard.arrive(made.receipts(made.answer("120", "20260922140000000", invtNo="510020261000000001")), "customs-in")
    yard.arrive(made.receipts(made.answer("800", "20260922150000000", returnInfo="放行")), "customs-in")
    first, second = (json.loads(body) for body in yard.to("hooli-out"))
    assert (first["status_code"], first["answer_code"]) == ("accepted", "120")
    assert {"value": "510020261000000001", "scheme_id": "invtNo"} in second["document_ids"]
    assert (second["declaration_id"], second["order_reference"]) == ("C-PO-1", {"id": "PO-1"})
    assert (second["status_code"], second["answer_text"], second["issue_time"]) == ("released", "放行", "15:00:00")


@pytest.mark.parametrize(("number", "document"), [("621", imported()), ("603", exported())])
def test_a_list_is_read_back_as_the_declaration_that_it_was(number: str, document: dict[str, Any]) -> None:
    declaration = from_json("Declaration", sent(document))
    assert isinstance(declaration, Declaration)
    table, codes = made.table(number), made.schemas().ceb_codes
    written = written_values(declaration, table, codes)
    back = read_declaration(table.type, written.head, written.lines, codes)
    again = written_values(back, table, codes)
    assert (again.head, again.lines) == (written.head, written.lines)
    assert to_json(back)
