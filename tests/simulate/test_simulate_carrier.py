"""A carrier on demand: a tender is taken or declined, and what happens on the way is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from gateway.canonical import (
    Address,
    DocumentReference,
    Party,
    TransportationStatus,
    TransportDate,
    TransportInstruction,
    TransportInstructionResponse,
)
from gateway.canonical.transport_instruction import TransportStop
from gateway.simulate.behaviour import BEHAVIOURS, Dice
from gateway.simulate.carrier import Carrier

TENDER = TransportInstruction(
    id="LOAD-7",
    issue_date=date(2026, 1, 30),
    carrier_scac="ROAD",
    document_references=(DocumentReference(id="BOL-55", document_type_code="bill-of-lading"),),
    transport_stops=(
        TransportStop(
            sequence_id="1",
            stop_reason_code="load",
            dates=(TransportDate(date=date(2026, 2, 1)),),
            despatch_party=Party(name="Globex", postal_address=Address(city_name="Hamburg", country_code="DE")),
        ),
        TransportStop(sequence_id="2", stop_reason_code="unload", dates=(TransportDate(date=date(2026, 2, 3)),)),
    ),
)


def told(behaviour: str, tender: TransportInstruction = TENDER) -> list[Any]:
    return Carrier(BEHAVIOURS[behaviour], Dice("1")).answer(tender)


def events(documents: list[Any]) -> list[tuple[str, date]]:
    statuses = [each for each in documents if isinstance(each, TransportationStatus)]
    found = [event for each in statuses for goods in each.consignments for event in goods.transport_events]
    return [(event.transport_event_type_code or "", event.occurrence_date or date.min) for event in found]


def test_what_is_accepted_is_picked_up_carried_and_delivered_on_the_days_of_the_tender() -> None:
    answer, *statuses = told("confirm")
    assert isinstance(answer, TransportInstructionResponse)
    assert (answer.instruction_id, answer.response_code) == ("LOAD-7", "accepted")
    assert events(statuses) == [
        ("picked-up", date(2026, 2, 1)),
        ("in-transit", date(2026, 2, 2)),
        ("delivered", date(2026, 2, 3)),
    ]


def test_each_status_names_the_load_the_bill_and_the_carriers_number_of_the_answer() -> None:
    answer, *statuses = told("confirm")
    numbers = {(each.shipping_order_id, each.carrier_assigned_id) for each in statuses}
    assert numbers == {("LOAD-7", answer.document_references[0].id)}
    assert all(each.document_references[0].id == "BOL-55" for each in statuses)
    place = statuses[0].consignments[0].transport_events[0].location
    assert place.postal_address.city_name == "Hamburg"


def test_a_tender_that_is_declined_is_not_carried() -> None:
    (answer,) = told("reject")
    assert answer.response_code == "declined"


def test_what_is_late_is_said_to_be_and_comes_a_week_later() -> None:
    assert events(told("late"))[-2:] == [("delayed", date(2026, 2, 3)), ("delivered", date(2026, 2, 10))]


def test_out_of_order_the_last_is_told_first() -> None:
    assert events(told("out-of-order")) == events(told("confirm"))[::-1]


def test_where_the_tender_names_no_day_the_journey_begins_with_it() -> None:
    bare = msgspec.structs.replace(TENDER, transport_stops=())
    assert [day for _, day in events(told("confirm", bare))] == [date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1)]


@pytest.mark.parametrize("function", ["cancellation", "change"])
def test_what_is_no_tender_is_not_answered(function: str) -> None:
    assert told("confirm", msgspec.structs.replace(TENDER, function_code=function)) == []
