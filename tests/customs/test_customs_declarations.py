"""Declarations that a merchant's ERP sends as JSON, and what it is told of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway import example_customs as samples
from gateway.canonical import Declaration, from_json, to_json
from gateway.mapping.customs import read_declaration, written_values
from gateway.store import Database
from tests.customs import made
from tests.customs.port import left, port, shown
from tests.customs.signing import signer_of
from tests.pipeline.yard import Yard


def imported(**values: Any) -> dict[str, Any]:
    """What an ERP sends of a parcel to somebody in China, without what follows from the rest."""
    found: dict[str, Any] = json.loads(samples.imported("PO-1")) | {"tax_amount": "24"}
    del found["package_count"]
    return found | values


def exported(**values: Any) -> dict[str, Any]:
    """A small B2B export (9710) by list."""
    found: dict[str, Any] = json.loads(samples.exported())
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
