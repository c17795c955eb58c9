"""Customs messages through the gateway: in by any door, kept as cases, out when what proves them is there."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from gateway.codecs.dxp import DxpMessage, read_dxp, write_dxp
from gateway.codecs.xml_text import decoded
from gateway.store import Database
from tests.customs import made
from tests.customs.port import left, port, shown, states
from tests.customs.signing import signer_of
from tests.pipeline.yard import Yard


@pytest.fixture
def yard(database: Database) -> Yard:
    found = port(database)
    found.signer = lambda agreement: signer_of()
    return found


def test_a_list_leaves_when_its_order_payment_and_waybill_are_there_and_agree(yard: Yard) -> None:
    yard.arrive(made.message("311", made.order()), "hooli-in")
    yard.arrive(made.message("621", made.inventory()), "hooli-in")
    assert [message.type for message, _ in left(yard)] == ["CEB311Message"]
    assert shown(yard, "PO-1")["waits_for"] == ["payment", "waybill"]
    yard.arrive(made.message("411", made.payment()), "initech-in")
    assert shown(yard, "C-PO-1")["waits_for"] == ["waybill"]
    yard.arrive(made.message("511", made.waybill()), "globex-in")
    assert [message.type for message, _ in left(yard)] == ["CEB311Message", "CEB621Message"]
    found = shown(yard, "W-PO-1")
    assert (found["state"], found["waits_for"], found["differences"]) == ("submitted", [], [])
    assert [(each["slot"], each["evidence"]) for each in found["slots"]] == [
        ("order", "own"),
        ("payment", "copy"),
        ("waybill", "copy"),
        ("list", "own"),
    ]
    assert yard.nothing_left()


def test_what_leaves_is_in_its_envelope_signed_and_with_numbers_of_its_own(yard: Yard) -> None:
    for body in made.parcel():
        yard.arrive(body, "hooli-in")
    envelope = read_dxp(decoded(yard.to("customs-out")[-1]))
    assert isinstance(envelope, DxpMessage)
    assert (envelope.sender, envelope.receivers) == ("DXPENT0000099999", ("DXPEDCCEB0000002",))
    assert b"<ds:SignatureValue>" in envelope.data
    (message, _), *_ = list(left(yard))[::-1]
    head = message.nodes[0].head
    assert envelope.message_id == message.guid == head["guid"]
    assert (head["appType"], head["appStatus"]) == ("1", "2")
    assert head["appTime"].startswith("20260921")


def test_what_differs_keeps_the_list_and_a_correction_lets_it_go(yard: Yard) -> None:
    yard.arrive(made.message("311", made.order()), "hooli-in")
    yard.arrive(made.message("411", made.payment(amountPaid="290")), "initech-in")
    yard.arrive(made.message("511", made.waybill()), "globex-in")
    reference = yard.arrive(made.message("621", made.inventory()), "hooli-in")
    assert [message.number for message, _ in left(yard)] == ["311"]
    assert shown(yard, "PO-1")["differences"][0]["right_value"] == "290"
    changed = made.payment(amountPaid="289", appType="2", appTime="20260131142000")
    yard.arrive(made.message("411", changed), "initech-in")
    assert [message.number for message, _ in left(yard)] == ["311", "621"]
    assert "CUS-DIFFERS" in yard.column("SELECT code FROM issues")
    assert yard.status(reference) == "translated"


def test_a_late_change_opens_the_match_again(yard: Yard) -> None:
    for body in made.parcel():
        yard.arrive(body, "hooli-in" if b"CEB411" not in body and b"CEB511" not in body else "initech-in")
    assert shown(yard, "PO-1")["state"] == "submitted"
    changed = made.payment(amountPaid="1", appType="2", appTime="20270131142000")
    yard.arrive(made.message("411", changed), "initech-in")
    assert "CUS-REOPENED" in yard.column("SELECT code FROM issues")
    assert yard.count("events", "name = 'declaration.reopened'") == 1
    assert shown(yard, "PO-1")["differences"]


def test_receipts_lead_a_list_to_its_release_and_a_tax_bill_is_kept(yard: Yard) -> None:
    for body in made.parcel():
        yard.arrive(body, "hooli-in")
    entry = "510020261000000001"
    for status, at in (("2", "20260922140000000"), ("120", "20260922140100000"), ("399", "20260922140200000")):
        yard.arrive(made.receipts(made.answer(status, at, invtNo=entry)), "customs-in")
    head = made.head(returnTime="20260922140230000", invtNo=entry, taxNo="T-1", status="1")
    head |= {"customsTax": "0", "valueAddedTax": "24", "consumptionTax": "0"}
    bill = {name: value for name, value in head.items() if not name.startswith("app")}
    line = {"gnum": "1", "gcode": "3304990099", "taxPrice": "260", "customsTax": "0", "valueAddedTax": "24"}
    tax = {"TaxHeadRd": bill, "TaxListRd": [line | {"consumptionTax": "0"}]}
    yard.arrive(made.message("816", tax, transfer=None), "customs-in")
    found = shown(yard, entry)
    assert (found["state"], found["taxes"][0]["valueAddedTax"]) == ("tax-assessed", "24")
    yard.arrive(made.receipts(made.answer("800", "20260922150000000", invtNo=entry)), "customs-in")
    assert shown(yard, "PO-1")["state"] == "released"
    assert yard.count("events", "name = 'declaration.released'") == 1


def test_a_rejected_list_is_declared_again_as_a_change_with_a_later_time(yard: Yard) -> None:
    for body in made.parcel():
        yard.arrive(body, "hooli-in")
    yard.arrive(made.receipts(made.answer("100", "20260930140000000")), "customs-in")
    assert shown(yard, "PO-1")["state"] == "rejected"
    changed = made.inventory(netWeight="1.1")
    changed["InventoryHead"]["appType"] = "2"
    yard.arrive(made.message("621", changed), "hooli-in")
    heads = [message.nodes[0].head for message, _ in left(yard) if message.number == "621"]
    assert [head["appType"] for head in heads] == ["1", "2"]
    assert heads[0]["appTime"] < heads[1]["appTime"]
    assert heads[0]["guid"] != heads[1]["guid"]


def test_the_same_declaration_again_leaves_once(yard: Yard) -> None:
    bodies = [*made.parcel(), made.message("621", made.inventory()), made.message("311", made.order())]
    for body in bodies:
        yard.arrive(body, "hooli-in")
    assert sorted(message.number for message, _ in left(yard)) == ["311", "621"]
    assert yard.nothing_left()


def test_what_its_schema_refuses_is_refused_and_what_customs_would_refuse_is_told(yard: Yard) -> None:
    broken = made.message("411", made.payment()).replace(b"<ceb:currency>142</ceb:currency>", b"")
    yard.arrive(broken, "initech-in")
    doubtful = made.payment("PO-2", payerIdNumber="990101199001010017")
    yard.arrive(made.message("411", doubtful), "initech-in")
    assert yard.statuses() == ["refused", "handled"]
    assert "CEB-CARD" in yard.column("SELECT code FROM issues")
    assert "990101199001010017" not in "".join(yard.column("SELECT data FROM issues"))


def test_evidence_is_named_by_transmission_and_hash(yard: Yard) -> None:
    body = made.message("411", made.payment())
    reference = yard.arrive(body, "initech-in")
    (version,) = shown(yard, "T-PO-1")["documents"][0]["versions"]
    assert version["transmission"] == str(reference)
    assert version["sha256"] == hashlib.sha256(body).hexdigest()
    for each in made.parcel():
        yard.arrive(each, "hooli-in")
    (sent,) = next(each for each in shown(yard, "PO-1")["documents"] if each["message"] == "621")["versions"]
    assert sent["sha256"] == hashlib.sha256(yard.to("customs-out")[-1]).hexdigest()
    assert sent["status"] == "sent"


def test_a_receipt_comes_in_the_terminal_message_and_again_in_another_one(yard: Yard) -> None:
    for body in made.parcel():
        yard.arrive(body, "hooli-in")
    receipt = made.receipts(made.answer("120", "20260922140000000"))

    def wrapped(id: str) -> bytes:
        to = ("DXPENT0000099999",)
        return write_dxp(DxpMessage(id, "DXPEDCCEB0000002", to, "2026-09-21T14:00:00", "CEB622Message", receipt))

    yard.arrive(wrapped("M-1"), "customs-in")
    again = yard.arrive(wrapped("M-2"), "customs-in")
    assert yard.status(again) == "duplicate"
    assert states(yard, "PO-1")["621"] == "registered"


def test_a_format_receipt_refuses_the_message_that_it_names(yard: Yard) -> None:
    for body in made.parcel():
        yard.arrive(body, "hooli-in")
    (sent, _), *_ = list(left(yard))[::-1]
    values: dict[str, Any] = {
        "guid": made.guid(),
        "returnStatus": "-621003",
        "returnInfo": "[Code:0002] XSD",
        "returnTime": f"{sent.nodes[0].head['appTime']}500",
        "oriCopMsgId": sent.guid,
        "oriMessageType": "CEB621Message",
        "oriBizMessage": "…",
    }
    yard.arrive(made.message("900", values, transfer=None), "customs-in")
    assert states(yard, "PO-1")["621"] == "error"
    yard.arrive(made.message("621", made.inventory()), "hooli-in")  # corrected at the port, sent once more
    assert [message.number for message, _ in left(yard)].count("621") == 2
    assert states(yard, "PO-1")["621"] == "sent"


def test_two_orders_that_share_a_waybill_number_stay_apart(yard: Yard) -> None:
    for number in ("PO-1", "PO-2"):
        yard.arrive(made.message("311", made.order(number)), "hooli-in")
        listed = made.inventory(number, logisticsNo="W-SAME")
        yard.arrive(made.message("621", listed), "hooli-in")
    assert "CUS-SEVERAL" in yard.column("SELECT code FROM issues")
    assert [shown(yard, number)["numbers"] != [] for number in ("PO-1", "PO-2")] == [True, True]
    assert yard.count("customs_cases", "merged_into IS NULL") == 2
