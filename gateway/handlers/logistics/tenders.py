"""What tenders, instructions and the answers to them say of consignments. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from gateway.canonical import TransportInstruction, TransportInstructionResponse
from gateway.canonical.transport import TransportDate
from gateway.handlers.logistics.facts import PLANNED_DELIVERY, Fact, Name, Said
from gateway.handlers.logistics.freight import terms_of
from gateway.handlers.logistics.naming import equipment, marks, named, referenced, scoped, whole_number
from gateway.handlers.logistics.times import instant, told

#: Dates that say when goods are to be there, the one that binds most first.
_DELIVERIES = ("scheduled-delivery", "delivery-not-after", "requested-delivery", "estimated-delivery")

#: What a carrier writes of goods that it took on.
WAYBILL = "waybill"

_ANSWERS = {"accepted": "tender-accepted", "declined": "tender-declined"}


def said_by_instruction(instruction: TransportInstruction, partner: str, received_at: int) -> list[Said]:
    """A consignment is planned: its numbers, and when it is to be there."""
    about = Fact(
        kind="tender-accepted" if instruction.instruction_type_code == WAYBILL else "tendered",
        happened_at=instant(instruction.issue_date, instruction.issue_time, None) or received_at,
        source=f"{partner}/tender/{instruction.id}",
        issued_at=instant(instruction.issue_date, instruction.issue_time, None) or received_at,
        function=instruction.function_code,
        description=instruction.notes[0] if instruction.notes else "",
    )
    names = frozenset(_names(instruction, partner))
    if instruction.function_code == "cancellation":
        return [Said(names=names, facts=(msgspec.structs.replace(about, kind="cancelled"),))]
    plan, terms = _planned(instruction), terms_of(instruction, about)
    if plan is None:
        return [Said(names=names, facts=(about, terms))]
    day, clock, zone = plan.date, plan.time, plan.time_zone_code
    at = instant(day, clock, zone, end=True)
    planned = msgspec.structs.replace(
        about, kind=PLANNED_DELIVERY, happened_at=at, told=told(day, clock, zone), description=""
    )
    return [Said(names=names, facts=(about, planned, terms))]


def said_by_response(response: TransportInstructionResponse, partner: str, received_at: int) -> list[Said]:
    """The carrier takes it, or not."""
    carrier = response.carrier_scac or partner
    names = named("tender", response.instruction_id) | referenced(response.document_references, carrier)
    happened = instant(response.issue_date, None, None) or received_at
    fact = Fact(
        kind=_ANSWERS.get(response.response_code or "", response.response_code or "answered"),
        happened_at=happened,
        told=told(response.issue_date, None, None),
        description=" ".join(response.notes),
        issued_at=happened,
    )
    return [Said(names=frozenset(names), facts=(fact,))]


def _names(instruction: TransportInstruction, partner: str) -> Iterator[Name]:
    carrier = instruction.carrier_scac or partner
    yield from named("tender", instruction.id)
    yield from named("shipper-reference", instruction.id)
    yield from scoped("instruction", partner, instruction.id)
    yield from scoped("carrier-reference", carrier, instruction.carrier_assigned_id)
    yield from referenced(instruction.document_references, carrier)
    for one in instruction.transport_equipment:
        yield from equipment(whole_number(one))
    goods = [*instruction.goods_items, *(item for stop in instruction.transport_stops for item in stop.goods_items)]
    for stop in instruction.transport_stops:
        yield from referenced(stop.document_references, carrier)
    for item in goods:
        yield from named("order", item.order_id)
        yield from referenced(item.document_references, carrier)
        yield from marks(item.transport_handling_units, carrier)


def _planned(instruction: TransportInstruction) -> TransportDate | None:
    """When it is to be there: at the last stop that says so, else as a whole."""
    stops = [date for stop in reversed(instruction.transport_stops) for date in _deliveries(stop.dates)]
    return next(iter([*stops, *_deliveries(instruction.dates)]), None)


def _deliveries(dates: Iterable[TransportDate]) -> list[TransportDate]:
    known = [date for date in dates if date.date_type_code in _DELIVERIES]
    return sorted(known, key=lambda date: _DELIVERIES.index(date.date_type_code or ""))
