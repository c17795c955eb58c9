"""Transport statuses as hypothesis makes them, within what a format and its bundled mapping have places for."""

from __future__ import annotations

from datetime import time
from typing import Any

from hypothesis import strategies as st

from gateway.canonical import (
    Address,
    Consignment,
    Document,
    DocumentReference,
    Identifier,
    Quantity,
    StatusLocation,
    TransportationStatus,
    TransportDate,
    TransportEvent,
    TransportLocation,
)
from gateway.canonical.transport import TransportEquipment, TransportHandlingUnit, TransportMeans
from tests.mapping.orders import DATES, codes, listed, numbers, part, sentences, texts

MOMENTS = (time(0, 1), time(8, 30), time(23, 59))
ZONES = codes("local", "utc", "-05:00", "eastern", "+08:00")
KINDS = codes("bill-of-lading", "order", "booking", "ZZ")


def statuses(name: str) -> st.SearchStrategy[Document]:
    """Statuses that the bundled mapping of that name carries whole."""
    return {"x12/214": _road, "x12/315": _ocean}.get(name, _multimodal)()


def _road() -> st.SearchStrategy[Document]:
    address = part(Address, city_name=texts("x12", 30), country_subentity=codes("TX"), country_code=codes("US"))
    happened = st.fixed_dictionaries({}, optional={"transport_event_type_code": codes("delivered", "picked-up", "ZQ")})
    event = st.builds(
        lambda kind, clock, zone, **more: TransportEvent(
            **kind, occurrence_time=clock, time_zone_code=zone if clock else None, **more
        ),
        happened.filter(bool),
        st.none() | st.sampled_from(MOMENTS),
        st.none() | ZONES,
        status_reason_code=codes("NS", "BG"),
        occurrence_date=DATES,
        location=st.none() | st.builds(TransportLocation, postal_address=address),
        transport_equipment=listed(
            st.builds(TransportEquipment, owner_code=codes("ABCD"), serial_number=texts("x12", 10)), 1
        ),
    )
    unit = st.builds(
        TransportHandlingUnit,
        id=st.builds(Identifier, value=texts("x12", 48), scheme_id=codes("sscc", "parcel")),
    )
    consignment = st.builds(
        Consignment,
        sequence_id=st.integers(1, 999_999).map(str),
        gross_weight=st.none() | st.builds(Quantity, value=numbers(8), unit_code=codes("KGM", "LBR")),
        document_references=listed(_references("x12")),
        transport_handling_units=listed(unit),
        transport_events=listed(event),
        notes=listed(texts("x12", 30), 2),
    )
    return st.builds(
        TransportationStatus,
        carrier_assigned_id=texts("x12", 30),
        shipping_order_id=st.none() | texts("x12", 30),
        carrier_scac=codes("ABCD"),
        document_references=listed(_references("x12")),
        notes=listed(texts("x12", 30), 2),
        consignments=listed(consignment),
    )


def _ocean() -> st.SearchStrategy[Document]:
    place = st.builds(
        TransportLocation,
        id=st.none() | st.builds(Identifier, value=texts("x12", 30), scheme_id=codes("unlocode", "city")),
        name=st.none() | texts("x12", 24),
        location_type_code=codes("port-of-loading", "place-of-delivery", "5"),
    )
    dates = st.builds(
        lambda clock, zone, **more: TransportDate(time=clock, time_zone_code=zone if clock else None, **more),
        st.none() | st.sampled_from(MOMENTS),
        st.none() | ZONES,
        date=DATES,
        date_type_code=codes("estimated", "actual", "estimated-arrival", "999"),
    )
    box = st.builds(
        TransportEquipment,
        owner_code=codes("MSKU"),
        serial_number=texts("x12", 10),
        check_digit=st.none() | st.integers(0, 9),
        size_type_code=st.none() | codes("45G1"),
    )
    event = st.builds(
        TransportEvent,
        transport_event_type_code=codes("departed", "loaded", "discharged", "QQ"),
        occurrence_date=st.none() | DATES,
        occurrence_time=st.none() | st.sampled_from(MOMENTS),
        transport_equipment=box.map(lambda one: (one,)),
    )
    return st.builds(
        TransportationStatus,
        carrier_scac=st.none() | codes("SEAA"),
        document_references=listed(_references("x12")),
        transport_means=st.none() | part(TransportMeans, id=texts("x12", 8), name=texts("x12", 28)),
        consignments=event.map(lambda one: (Consignment(transport_events=(one,)),)),
        status_locations=listed(st.builds(StatusLocation, location=place, dates=listed(dates))),
    )


def _multimodal() -> st.SearchStrategy[Document]:
    place = st.builds(
        TransportLocation,
        id=st.builds(Identifier, value=texts("edifact", 25), scheme_id=codes("unlocode", "postal-code")),
        location_type_code=codes("port-of-loading", "place-of-delivery", "14"),
        name=st.none() | texts("edifact", 17),
    )
    dates = st.builds(
        TransportDate,
        date_type_code=codes("estimated-arrival", "actual-departure", "estimated-delivery"),
        date=DATES,
        time=st.none() | st.sampled_from(MOMENTS),
    )
    fields: dict[str, Any] = {
        "description": st.none() | texts("edifact", 35),
        "location": st.none() | place,
        "dates": listed(dates),
        "document_references": listed(_references("edifact")),
        "notes": listed(sentences("edifact", 60), 1),
        "transport_equipment": listed(
            st.builds(TransportEquipment, id=texts("edifact", 17), transport_equipment_type_code=codes("CN"))
        ),
        "transport_handling_units": listed(
            st.builds(TransportHandlingUnit, sequence_id=codes("1"), shipping_marks=st.none() | texts("edifact", 35))
        ),
    }
    timed = [
        {"occurrence_date": DATES, "occurrence_time": st.none() | st.sampled_from(MOMENTS)},
        {},
    ]
    events = [
        st.builds(TransportEvent, **kind, **when, **fields)
        for kind in (
            {"transport_event_type_code": codes("delivered", "departed", "delayed", "200")},
            {"transport_event_type_code": codes("I", "1", "21"), "own_code_indicator": st.just(True)},
        )
        for when in timed
    ]
    consignment = st.builds(
        Consignment,
        id=st.none() | texts("edifact", 35),
        sequence_id=codes("1", "17"),
        transport_events=st.lists(st.one_of(events), min_size=1, max_size=3).map(_own_first),
    )
    return st.builds(
        TransportationStatus,
        id=texts("edifact", 35),
        issue_date=DATES,
        issue_time=st.none() | st.sampled_from(MOMENTS),
        function_code=codes("original", "replace"),
        document_references=listed(_references("edifact")),
        consignments=listed(consignment),
    )


def _own_first(events: list[TransportEvent]) -> tuple[TransportEvent, ...]:
    """As they are written: events are ordered by their time, not by their place."""
    return tuple(sorted(events, key=lambda event: not event.own_code_indicator))


def _references(standard: str) -> st.SearchStrategy[DocumentReference]:
    return st.builds(DocumentReference, id=texts(standard, 30), document_type_code=KINDS)
