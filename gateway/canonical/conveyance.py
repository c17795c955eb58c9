"""The numbers of goods under way, whatever format they came in: their check digits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gateway.canonical.identifiers import is_awb, is_container, is_sscc, is_unlocode
from gateway.canonical.transport import Consignment, TransportEquipment, TransportEvent, TransportHandlingUnit
from gateway.canonical.transport_instruction import TransportInstruction
from gateway.canonical.transportation_status import TransportationStatus
from gateway.canonical.values import DocumentReference, Identifier
from gateway.core.issues import Issue, Location

#: What a reference is one of → the check of its number, and how it is called. A container's is told as such below.
_REFERENCES = {"air-waybill": (is_awb, "air waybill"), "equipment": (is_container, "container number")}

#: Characters of a container's number: a number of another length is of a trailer, and has no check digit.
_CONTAINER = 11


def conveyance(document: TransportationStatus | TransportInstruction) -> Iterator[Issue]:
    """Numbers whose check digit is wrong; ``location`` is the canonical field."""
    yield from _references(document.document_references, "")
    if isinstance(document, TransportInstruction):
        yield from _equipment(document.transport_equipment, "")
        for number, item in enumerate(document.goods_items):
            at = f"goods_items[{number}]."
            yield from _references(item.document_references, at)
            yield from _units(item.transport_handling_units, at)
        return
    yield from _events(document.transport_events, "")
    for number, consignment in enumerate(document.consignments):
        yield from _consignment(consignment, f"consignments[{number}].")


def _consignment(one: Consignment, at: str) -> Iterator[Issue]:
    yield from _references(one.document_references, at)
    yield from _units(one.transport_handling_units, at)
    yield from _events(one.transport_events, at)


def _events(events: Iterable[TransportEvent], before: str) -> Iterator[Issue]:
    for number, event in enumerate(events):
        at = f"{before}transport_events[{number}]."
        yield from _references(event.document_references, at)
        yield from _equipment(event.transport_equipment, at)
        yield from _units(event.transport_handling_units, at)
        place = event.location.id if event.location else None
        if place and place.scheme_id == "unlocode" and not is_unlocode(place.value):
            yield _issue(f"{at}location.id.value", place.value, "UN/LOCODE")


def _references(references: Iterable[DocumentReference], before: str) -> Iterator[Issue]:
    for number, reference in enumerate(references):
        check, called = _REFERENCES.get(reference.document_type_code or "", (None, ""))
        plain = _plain(reference.id)
        of_another_kind = called == "container number" and len(plain) != _CONTAINER
        if check is not None and not of_another_kind and not check(plain):
            yield _issue(f"{before}document_references[{number}].id", reference.id, called)


def _equipment(equipment: Iterable[TransportEquipment], before: str) -> Iterator[Issue]:
    for number, one in enumerate(equipment):
        digit = "" if one.check_digit is None else str(one.check_digit)
        whole = _plain(one.id or f"{one.owner_code or ''}{one.serial_number or ''}{digit}")
        if len(whole) == _CONTAINER and not is_container(whole):
            field = "id" if one.id else "serial_number"
            yield _issue(f"{before}transport_equipment[{number}].{field}", whole, "container number")


def _units(units: Iterable[TransportHandlingUnit], before: str) -> Iterator[Issue]:
    for number, unit in enumerate(units):
        label: Identifier | None = unit.id
        if label and label.scheme_id == "sscc" and not is_sscc(label.value):
            yield _issue(f"{before}transport_handling_units[{number}].id.value", label.value, "SSCC")


def _plain(number: str) -> str:
    return "".join(number.split()).replace("-", "").upper()


def _issue(field: str, value: str, called: str) -> Issue:
    return Issue("LOG-NUMBER", Location(field=field), value, {"field": field, "called": called})
