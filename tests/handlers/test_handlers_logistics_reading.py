"""What documents say of consignments: by which numbers, and the same whenever they come."""

from __future__ import annotations

import random
from datetime import date, time

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.canonical import (
    Consignment,
    DocumentReference,
    Identifier,
    StatusLocation,
    TransportationStatus,
    TransportDate,
    TransportEvent,
    TransportLocation,
)
from gateway.canonical.transport import TransportEquipment, TransportHandlingUnit
from gateway.handlers.logistics.decide import Known, contradicts, match, nameless
from gateway.handlers.logistics.facts import Name
from gateway.handlers.logistics.fold import fold
from gateway.handlers.logistics.reading import said_by_status

EVENTS = st.builds(
    TransportEvent,
    transport_event_type_code=st.sampled_from(
        [
            "picked-up",
            "departed",
            "in-transit",
            "delayed",
            "arrived",
            "delivered",
            "estimated-delivery",
            "damaged",
            "ZQ",
        ]
    ),
    occurrence_date=st.none() | st.dates(date(2026, 2, 1), date(2026, 2, 9)),
    occurrence_time=st.none() | st.sampled_from([time(8, 30), time(14)]),
    time_zone_code=st.none() | st.sampled_from(["utc", "local", "-05:00", "eastern"]),
)
STATUSES = st.builds(
    lambda number, function, day, events: TransportationStatus(
        id=number,
        issue_date=day,
        function_code=function,
        carrier_assigned_id="7733100",
        consignments=(Consignment(transport_events=tuple(events)),),
    ),
    st.sampled_from(["ST-1", "ST-2", "ST-3", "ST-4"]),
    st.sampled_from(["original", "original", "replace", "cancellation"]),
    st.dates(date(2026, 2, 1), date(2026, 2, 9)),
    st.lists(EVENTS, max_size=3),
)


@settings(deadline=None, max_examples=200)
@given(documents=st.lists(STATUSES, max_size=6), seed=st.integers())
def test_documents_that_are_shuffled_repeated_and_delayed_end_in_the_same_state(
    documents: list[TransportationStatus], seed: int
) -> None:
    chance = random.Random(seed)
    again = [*documents, *chance.choices(documents, k=2)] if documents else []
    chance.shuffle(again)

    def state(arrivals: list[TransportationStatus]) -> object:
        received = [chance.randint(1, 10**15) for _ in arrivals]
        return fold(
            fact
            for document, at in zip(arrivals, received, strict=True)
            for said in said_by_status(document, "rail", at)
            for fact in said.facts
        )

    assert state(again) == state(documents)


def reference(kind: str, number: str) -> DocumentReference:
    return DocumentReference(id=number, document_type_code=kind)


def test_numbers_are_compared_as_people_would() -> None:
    event = TransportEvent(
        transport_equipment=(TransportEquipment(owner_code="MSKU", serial_number="123456", check_digit=5),),
        transport_handling_units=(
            TransportHandlingUnit(shipping_marks="00340123450000000017"),
            TransportHandlingUnit(id=Identifier(value="P-1", scheme_id="parcel")),
        ),
    )
    status = TransportationStatus(
        carrier_scac="ROAD",
        carrier_assigned_id=" 7733100 ",
        document_references=(reference("equipment", "msku 123456-5"), reference("equipment", "TL")),
        transport_events=(event,),
    )
    [said] = said_by_status(status, "rail", 1)
    assert said.names == {
        Name("carrier-reference", "ROAD/7733100"),
        Name("equipment", "MSKU1234565"),
        Name("sscc", "340123450000000017"),
        Name("parcel", "ROAD/P-1"),
    }


def test_consignments_of_one_document_are_told_apart_unless_they_share_a_number_of_one() -> None:
    def one(number: str, *references: DocumentReference) -> Consignment:
        return Consignment(id=number, document_references=references)

    apart = TransportationStatus(document_references=(reference("booking", "BK-1"),), consignments=(one("1"), one("2")))
    assert len(said_by_status(apart, "rail", 1)) == 2
    joined = TransportationStatus(
        consignments=(one("1", reference("bill-of-lading", "B")), one("2"), one("3", reference("bill-of-lading", "B")))
    )
    assert sorted(len(said.names) for said in said_by_status(joined, "rail", 1)) == [1, 3]


def test_what_is_expected_at_a_port_is_told_by_what_the_port_is_for() -> None:
    stop = StatusLocation(
        location=TransportLocation(location_type_code="port-of-discharge", name="Manzanillo"),
        dates=(
            TransportDate(date_type_code="estimated", date=date(2026, 3, 1)),
            TransportDate(date_type_code="actual", date=date(2026, 3, 2)),
            TransportDate(date_type_code="actual-arrival", date=date(2026, 3, 2)),
        ),
    )
    [said] = said_by_status(TransportationStatus(carrier_assigned_id="1", status_locations=(stop,)), "rail", 1)
    assert [(fact.kind, fact.place) for fact in said.facts] == [
        ("estimated-arrival", "Manzanillo"),
        ("arrived", "Manzanillo"),
    ]


def known(id: int, *names: Name) -> Known:
    return Known(id=id, version=1, names=frozenset(names), facts=())


BOL, OTHER_BOL, BOX = Name("bill-of-lading", "A"), Name("bill-of-lading", "B"), Name("equipment", "MSKU1234565")
PRO = Name("carrier-reference", "ROAD/1")


def test_a_strong_number_joins_and_keeps_the_older_record() -> None:
    records = [known(7, PRO), known(3, BOL), known(5, OTHER_BOL)]
    assert [one.id for one in match({BOL, PRO}, records).same] == [3, 7]


def test_a_container_alone_tells_of_everything_in_it() -> None:
    records = [known(1, BOL, BOX), known(2, OTHER_BOL, BOX)]
    assert [one.id for one in match({BOX}, records).shared] == [1, 2]
    assert [one.id for one in match({BOX}, records[:1]).same] == [1]


def test_a_container_is_adopted_by_its_bill_of_lading_and_not_by_another_one() -> None:
    assert [one.id for one in match({BOL, BOX}, [known(1, BOX)]).same] == [1]
    assert match({OTHER_BOL, BOX}, [known(1, BOL, BOX)]) == match({OTHER_BOL}, [])


def test_where_several_could_be_meant_nothing_is_joined_and_it_is_told() -> None:
    found = match({PRO, BOX}, [known(1, BOX), known(2, BOX)])
    assert (found.same, found.shared, found.doubt) == ((), (), True)


def test_numbers_of_different_issuers_do_not_contradict_those_of_one_do() -> None:
    assert not contradicts({PRO}, {Name("carrier-reference", "SEAA/2")})
    assert contradicts({PRO}, {Name("carrier-reference", "ROAD/2")})
    assert contradicts({Name("shipment", "globex/1")}, {Name("shipment", "hooli/1")})


def test_an_order_alone_names_no_consignment() -> None:
    assert nameless({Name("order", "PO-1")})
    assert not nameless({Name("order", "PO-1"), BOX})
