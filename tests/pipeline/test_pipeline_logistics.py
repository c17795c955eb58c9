"""Goods under way, as whoever waits for them would tell it: by road in X12, by post in EDIFACT, at sea in X12."""

from __future__ import annotations

import json
import random

import pytest
from sqlalchemy import text

from gateway.handlers import Emission, Inbound, Outcome
from gateway.handlers.logistics import LogisticsHandler
from gateway.handlers.logistics.decide import Known
from gateway.handlers.logistics.records import SHARED_FOR
from gateway.store import Changes, Database
from tests.pipeline.carriers import (
    ERP_GETS,
    ROAD,
    advice,
    advise,
    carriers,
    post,
    road,
    shown,
    x12,
)
from tests.pipeline.yard import Yard


@pytest.fixture
def yard(database: Database) -> Yard:
    return carriers(database)


def test_goods_are_picked_up_and_delivered_and_somebody_asks_by_any_of_their_numbers(yard: Yard) -> None:
    advise(yard)
    road(yard, "AF*20260201*0830*LT", "X6*20260202*0600*01")
    found = shown(yard, "7733100")
    assert found["state"] == "in-transit"
    assert shown(yard, "340123450000000017") == shown(yard, "SH-900") == found
    road(yard, "D1*20260203*1015*LT")
    assert shown(yard, "7733100")["state"] == "delivered"
    assert yard.count("consignments") == 1


def test_what_the_carrier_tells_before_the_supplier_is_the_same_consignment(yard: Yard) -> None:
    road(yard, "AF*20260201*0830*LT")
    advise(yard)
    assert yard.count("consignments") == 1
    assert [name["kind"] for name in shown(yard, "SH-900")["names"]] == [
        "carrier-reference",
        "despatch-advice",
        "order",
        "shipment",
        "shipper-reference",
        "sscc",
    ]


def test_what_comes_at_once_is_applied_one_by_one(yard: Yard) -> None:
    status = ("B10*7733100**ROAD", "LX*1", "AT7*AF*NS***20260201*0830*LT")
    yard.put(advice(1))
    yard.put(x12(2, "214", *status))
    yard.put(x12(3, "214", "B10*ANOTHER**ROAD", "L11*7733100*CN", *status[1:]))
    yard.work()
    assert yard.nothing_left()
    assert yard.statuses() == ["handled"] * 3
    assert yard.count("consignments") == 1
    assert shown(yard, "ANOTHER")["state"] == "picked-up"


def test_a_carrier_that_expects_to_come_late_is_told_of_with_the_days(yard: Yard) -> None:
    advise(yard)
    road(yard, "AF*20260201*0830*LT", "AG*20260205*1200*LT")
    found = shown(yard, "7733100")
    assert (found["state"], found["conditions"], found["delay_days"]) == ("picked-up", ["delayed"], 2)
    assert yard.issues(yard.inbound(1)) == ["LOG-DELAY"]


def test_news_that_arrive_in_the_wrong_order_do_not_lead_back(yard: Yard) -> None:
    road(yard, "D1*20260203*1015*LT")
    road(yard, "AF*20260201*0830*LT")
    found = shown(yard, "7733100")
    assert found["state"] == "delivered"
    assert [event["event"] for event in found["events"]] == ["picked-up", "delivered"]
    assert yard.issues(yard.inbound(1)) == ["LOG-LATE"]


def test_the_same_news_twice_change_nothing_and_are_passed_on_with_all_that_they_say(yard: Yard) -> None:
    road(yard, "AF*20260201*0830*LT")
    before = shown(yard, "7733100")
    road(yard, "AF*20260201*0830*LT", more=["K1*Call before noon"])
    assert yard.issues(yard.inbound(1)) == ["LOG-REPEAT"]
    assert shown(yard, "7733100") == before
    first, second = map(json.loads, yard.to("erp-out"))
    assert "Call before noon" not in json.dumps(first)
    assert "Call before noon" in json.dumps(second)


def test_the_erp_gets_the_status_as_it_came(yard: Yard) -> None:
    road(yard, "AF*20260201*0830*LT")
    (body,) = yard.to("erp-out")
    told = json.loads(body)
    assert told["carrier_assigned_id"] == "7733100"
    assert told["consignments"][0]["transport_events"][0]["transport_event_type_code"] == "picked-up"


def test_the_erp_gets_a_despatch_advice_once_whoever_else_handles_it(yard: Yard) -> None:
    gets = ERP_GETS.replace("erp-status", "erp-advices").replace("TransportationStatus", "DespatchAdvice")
    yard.agree(acme_erp=yard.partners["acme-erp"] + gets)
    yard.handlers = (LogisticsHandler(),)
    advise(yard)
    assert [json.loads(body)["id"] for body in yard.to("erp-out")] == ["SH-900"]

    class Passing(LogisticsHandler):
        name = "passing"

        def handle(self, inbound: Inbound, record: list[Known], changes: Changes) -> Outcome:
            emission = Emission(
                canonical="DespatchAdvice", from_party="acme", business_key="x", payload_id=inbound.payload_id
            )
            return Outcome(emissions=(emission,))

    yard.handlers = (LogisticsHandler(), Passing())
    advise(yard, pro="2", label="340123450000000024")
    assert len(yard.to("erp-out")) == 2
    assert yard.statuses() == ["handled", "handled"]


def test_news_of_nothing_in_particular_are_held(yard: Yard) -> None:
    yard.arrive(x12(1, "214", "B10***ROAD**ZZ*1", "LX*1", "AT7*AF*NS***20260201*0830*LT"))
    assert yard.statuses() == ["held"]
    assert yard.column("SELECT code FROM holds") == ["LOG-NAMELESS"]


def test_the_post_corrects_what_it_said_and_takes_it_back(yard: Yard) -> None:
    parcel = ("GID+1+1", "PCI+30+340123450000000017")
    post(yard, "ST-1", "STS+1+24", "DTM+334:202602010600:203", *parcel)
    post(yard, "ST-2", "STS+1+21", "DTM+334:202602021100:203", *parcel)
    assert shown(yard, "340123450000000017")["state"] == "delivered"
    attempted = ("STS+1+23", "DTM+334:202602021100:203")
    post(yard, "ST-2", *attempted, *parcel, function="5", issued="202602021400")
    found = shown(yard, "340123450000000017")
    assert (found["state"], found["conditions"]) == ("departed", ["not-delivered"])
    post(yard, "ST-2", "STS+1+23", *parcel, function="1", issued="202602021500")
    assert shown(yard, "340123450000000017")["conditions"] == []


def test_two_that_turn_out_to_be_one_are_joined_with_everything_told_of_both(yard: Yard) -> None:
    road(yard, "AF*20260201*0830*LT", pro="1")
    road(yard, "X6*20260202*0830*LT", pro="2", more=("L11*BOL-55*BM",))
    assert yard.count("consignments") == 2
    road(yard, "D1*20260203*0830*LT", pro="1", more=("L11*BOL-55*BM",))
    assert yard.count("consignments", "merged_into IS NULL") == 1
    found = shown(yard, "BOL-55")
    assert [event["event"] for event in found["events"]] == ["picked-up", "in-transit", "delivered"]
    assert shown(yard, "2") == found


def test_a_container_at_sea_brings_everything_that_is_in_it(yard: Yard) -> None:
    for number in (1, 2):
        road(yard, "AF*20260201*0830*LT", pro=str(number), more=(f"L11*BOL-{number}*BM", "L11*MSKU1234565*EQ"))
    event = "B4***VD*20260205*0600**MSKU*123456*L*45G1*DEHAM*UN*5"
    yard.arrive(x12(3, "315", event, "R4*E*UN*MXQRO", "DTM*139*20260301"))
    states = [shown(yard, f"BOL-{number}")["state"] for number in (1, 2)]
    assert states == ["departed", "departed"]
    assert shown(yard, "BOL-1")["estimates"][0]["event"] == "estimated-delivery"


def test_a_container_travels_again_with_other_goods(yard: Yard) -> None:
    def news(day: str) -> None:
        number = yard.count("interchanges", "direction = 'in'") + 1
        event = f"B4***VD*2026{day}*0600**MSKU*123456*L*45G1*DEHAM*UN*5"
        yard.arrive(x12(number, "315", event, "R4*E*UN*MXQRO"))

    news("0205")
    with yard.database.write() as connection:
        connection.execute(text("UPDATE consignments SET updated_at = updated_at - :long"), {"long": 2 * SHARED_FOR})
    news("0905")
    assert yard.count("consignments") == 2
    news("0906")
    assert yard.count("consignments") == 2


def test_two_suppliers_may_use_the_same_number(yard: Yard) -> None:
    advise(yard, pro="1", label="340123450000000017")
    road(yard, "AF*20260201*0830*LT", pro="2", more=("L11*SH-900*SI",))
    assert yard.count("consignments") == 2


NEWS = [
    "AF*20260201*0830*LT",
    "P1*20260201*2000*LT",
    "X6*20260202*0600*01",
    "SD*20260202*0900*LT",
    "X4*20260202*1800*LT",
    "X1*20260203*0900*LT",
    "D1*20260203*1015*LT",
]


def test_shuffled_repeated_and_late_news_end_in_the_same_state(database: Database) -> None:
    orders = [list(NEWS), list(reversed(NEWS))]
    for seed in range(3):
        mixed = [*NEWS, *random.Random(seed).choices(NEWS, k=3)]
        random.Random(seed).shuffle(mixed)
        orders.append(mixed)
    found = []
    yard = Yard(database)
    yard.agree(globex=ROAD)
    for number, news in enumerate(orders):
        for one in news:
            road(yard, one, pro=f"P-{number}")
        state = shown(yard, f"P-{number}")
        events = [(event["event"], event["told"], event["place"]) for event in state["events"]]
        found.append([state["state"], state["conditions"], state["delay_days"], events])
    assert all(other == found[0] for other in found)
    assert found[0][:3] == ["delivered", [], 0]
    assert len(found[0][3]) == len(NEWS)
