"""Tenders and instructions to carriers, and the answers to them, in the consignment that they are about."""

from __future__ import annotations

import json

import pytest

from gateway.store import Database
from tests.pipeline.carriers import (
    ERP_TENDERS,
    ROAD,
    TENDERS_OUT,
    carriers,
    road,
    shown,
    x12,
)
from tests.pipeline.yard import Yard
from tests.ubl.conftest import ORDER

TENDER = (
    "B2**ROAD**LOAD-7**PP",
    "B2A*00*LT",
    "S5*1*LD",
    "N1*SF*Globex",
    "S5*2*UL",
    "G62*54*20260203*X*1600*LT",
    "OID*SH-900*PO-4711",
)


@pytest.fixture
def yard(database: Database) -> Yard:
    return carriers(database)


def answer(yard: Yard, code: str, *more: str) -> None:
    """The carrier says to the tender what it will do."""
    number = yard.count("interchanges", "direction = 'in'") + 1
    yard.arrive(x12(number, "990", f"B1*ROAD*LOAD-7*20260130*{code}", *more))


def test_we_are_asked_to_carry_goods_and_follow_them_from_there(yard: Yard) -> None:
    yard.arrive(x12(1, "204", *TENDER))
    found = shown(yard, "LOAD-7")
    assert (found["state"], found["events"][0]["event"]) == ("planned", "tendered")
    assert found["estimates"][0]["told"] == "2026-02-03 16:00 local"
    road(yard, "AF*20260201*0830*LT", "AG*20260204*1200*LT", more=("L11*LOAD-7*SI",))
    found = shown(yard, "LOAD-7")
    assert (found["state"], found["delay_days"]) == ("picked-up", 1)


def test_a_carrier_declines_and_another_takes_the_load(yard: Yard) -> None:
    answer(yard, "D", "K1*NO TRUCK ON THAT DAY")
    found = shown(yard, "LOAD-7")
    assert (found["state"], found["conditions"]) == ("planned", ["declined"])
    assert found["events"][0]["description"] == "NO TRUCK ON THAT DAY"
    assert "LOG-CONDITION" in yard.issues(yard.inbound())
    answer(yard, "A", "N9*CN*7733100")
    road(yard, "AF*20260201*0830*LT")
    found = shown(yard, "LOAD-7")
    assert (found["state"], found["conditions"]) == ("picked-up", [])
    assert yard.count("consignments") == 1


def test_our_own_tender_goes_to_the_carrier_and_stands_in_the_consignment(yard: Yard) -> None:
    erp = yard.partners["acme-erp"] + ERP_TENDERS
    yard.agree(acme_erp=erp, globex=ROAD + TENDERS_OUT)
    stop = {"sequence_id": "1", "stop_reason_code": "load"}
    tender = {"document": "TransportInstruction", "id": "LOAD-7", "carrier_scac": "ROAD", "transport_stops": [stop]}
    tender |= {"payment_method_code": "PP"}
    yard.arrive(json.dumps(tender).encode(), source="erp-in")
    (sent,) = yard.to("globex-out")
    assert b"B2**ROAD**LOAD-7**PP~" in sent
    answer(yard, "A", "N9*CN*7733100")
    found = shown(yard, "7733100")
    assert found["state"] == "booked"
    assert {event["event"] for event in found["events"]} == {"tendered", "tender-accepted"}
    assert yard.statuses() == ["handled", "handled"]


def test_what_our_own_erp_says_has_left_is_followed_by_what_the_carrier_tells(yard: Yard) -> None:
    erp = yard.partners["acme-erp"] + ERP_TENDERS.replace("TransportInstruction", "DespatchAdvice")
    out = TENDERS_OUT.replace("TransportInstruction", "DespatchAdvice").replace("204", "856")
    yard.agree(acme_erp=erp, globex=ROAD + out)
    written = {"document": "DespatchAdvice", "id": "SH-1", "issue_date": "2026-02-01", "issue_time": "08:00:00"}
    written |= {"actual_despatch_date": "2026-02-01", "bill_of_lading_id": "BOL-9"}
    yard.arrive(json.dumps(written).encode(), source="erp-in")
    assert len(yard.to("globex-out")) == 1
    assert shown(yard, "SH-1")["state"] == "picked-up"
    road(yard, "D1*20260203*1015*LT", more=("L11*BOL-9*BM",))
    assert shown(yard, "SH-1")["state"] == "delivered"


def test_a_tender_that_is_taken_back_ends_the_consignment(yard: Yard) -> None:
    yard.arrive(x12(1, "204", *TENDER))
    yard.arrive(x12(2, "204", TENDER[0], "B2A*01*LT", *TENDER[2:]))
    assert shown(yard, "LOAD-7")["state"] == "cancelled"


WAYBILL = """
[[identity]]
standard = "ubl"
qualifier = "SCAC"
identifier = "ROAD"
[[agreement]]
name = "road-waybills"
with = "acme"
direction = "in"
standard = "ubl"
version = "2.1"
type = "Waybill"
mapping = "ubl/waybill"
"""
OURS = '[[identity]]\nstandard = "ubl"\nqualifier = "0088"\nidentifier = "4012345000094"\n'
#: The order of UBL, made a waybill.
TAKEN = """<Waybill {spaces}><cbc:ID>WB-9</cbc:ID><cbc:CarrierAssignedID>7733100</cbc:CarrierAssignedID>
<cbc:IssueDate>2026-02-01</cbc:IssueDate>
<cac:ConsignorParty><cbc:EndpointID schemeID="0088">4012345000094</cbc:EndpointID></cac:ConsignorParty>
<cac:CarrierParty><cbc:EndpointID schemeID="SCAC">ROAD</cbc:EndpointID></cac:CarrierParty>
<cac:Shipment><cbc:ID>NA</cbc:ID></cac:Shipment>
<cac:DocumentReference><cbc:ID>LOAD-7</cbc:ID><cbc:DocumentTypeCode>705</cbc:DocumentTypeCode></cac:DocumentReference>
</Waybill>"""


def test_a_waybill_in_ubl_says_that_the_carrier_took_the_goods_on(yard: Yard) -> None:
    yard.agree(globex=yard.partners["globex"] + WAYBILL, acme=yard.partners["acme"] + OURS)
    spaces = ORDER.read_text("utf-8").partition("<Order ")[2].partition(">")[0].replace("Order-2", "Waybill-2")
    yard.arrive(TAKEN.format(spaces=spaces).encode(), "globex-in")
    assert yard.statuses() == ["handled"]
    found = shown(yard, "WB-9")
    assert (found["state"], found["events"][0]["event"]) == ("booked", "tender-accepted")
    assert shown(yard, "7733100") == found
    assert yard.count("consignments") == 1
