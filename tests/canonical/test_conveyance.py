"""Numbers of goods under way are checked, each told at its field."""

from __future__ import annotations

import pytest

from gateway.canonical import Identifier, TransportationStatus, TransportEvent, TransportInstruction, TransportLocation
from gateway.canonical.checks import remarks
from gateway.canonical.identifiers import is_awb, is_container, is_unlocode
from gateway.canonical.transport import Consignment, TransportEquipment, TransportHandlingUnit
from gateway.canonical.values import DocumentReference


@pytest.mark.parametrize(
    ("value", "right"),
    [("CSQU3054383", True), ("MSKU1234565", True), ("MSKU1234567", False), ("MSKU123456", False), ("", False)],
)
def test_containers_have_the_check_digit_of_iso_6346(value: str, right: bool) -> None:
    assert is_container(value) is right


@pytest.mark.parametrize(
    ("value", "right"), [("02012345675", True), ("02012345676", False), ("0201234567", False), ("0201234567X", False)]
)
def test_air_waybills_have_their_seven_digits_modulo_seven(value: str, right: bool) -> None:
    assert is_awb(value) is right


@pytest.mark.parametrize(("value", "right"), [("NLRTM", True), ("USNY2", True), ("NLRT", False), ("nlrtm", False)])
def test_places_have_the_form_of_unlocode(value: str, right: bool) -> None:
    assert is_unlocode(value) is right


def told(document: TransportationStatus | TransportInstruction) -> list[tuple[str, str | None, object]]:
    return [(issue.code, issue.location.field, issue.params["called"]) for issue in remarks(document)]


def test_what_is_wrong_is_told_at_its_field() -> None:
    event = TransportEvent(
        location=TransportLocation(id=Identifier(value="ROTTERDAM", scheme_id="unlocode")),
        transport_equipment=(TransportEquipment(owner_code="MSKU", serial_number="123456", check_digit=7),),
        transport_handling_units=(TransportHandlingUnit(id=Identifier(value="340123450000000018", scheme_id="sscc")),),
    )
    references = (
        DocumentReference(id="020-12345676", document_type_code="air-waybill"),
        DocumentReference(id="MSKU 123456-7", document_type_code="equipment"),
        DocumentReference(id="anything", document_type_code="bill-of-lading"),
    )
    status = TransportationStatus(
        document_references=references, consignments=(Consignment(), Consignment(transport_events=(event,)))
    )
    inside = "consignments[1].transport_events[0]"
    assert told(status) == [
        ("LOG-NUMBER", "document_references[0].id", "air waybill"),
        ("LOG-NUMBER", "document_references[1].id", "container number"),
        ("LOG-NUMBER", f"{inside}.transport_equipment[0].serial_number", "container number"),
        ("LOG-NUMBER", f"{inside}.transport_handling_units[0].id.value", "SSCC"),
        ("LOG-NUMBER", f"{inside}.location.id.value", "UN/LOCODE"),
    ]


def test_trailers_have_no_check_digit_and_what_is_right_is_not_told() -> None:
    boxes = (TransportEquipment(id="TRL-12"), TransportEquipment(id="CSQU 305438-3"), TransportEquipment())
    assert told(TransportInstruction(id="LOAD-7", transport_equipment=boxes)) == []
    assert told(TransportInstruction(id="LOAD-7", transport_equipment=(TransportEquipment(id="CSQU3054384"),))) == [
        ("LOG-NUMBER", "transport_equipment[0].id", "container number")
    ]
