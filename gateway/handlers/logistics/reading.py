"""What the canonical documents say of consignments, each as names and facts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time

import msgspec

from gateway.canonical import (
    Consignment,
    DespatchAdvice,
    DocumentReference,
    StatusLocation,
    TransportationStatus,
    TransportEvent,
    TransportLocation,
)
from gateway.canonical.transport import TransportDate
from gateway.handlers.logistics.facts import (
    ESTIMATED_DELIVERY,
    ESTIMATES,
    PLANNED_DELIVERY,
    STRONG,
    WITHDRAWN,
    Fact,
    Name,
    Said,
)
from gateway.handlers.logistics.naming import equipment, marks, named, referenced, scoped, sscc, whole_number
from gateway.handlers.logistics.times import instant, told

#: The place of a journey → what is expected there.
_EXPECTED_AT = {
    "port-of-loading": "estimated-departure",
    "port-of-discharge": "estimated-arrival",
    "place-of-delivery": ESTIMATED_DELIVERY,
}
#: A further date → the event, or the estimate, that it tells of.
_DATES = {
    "estimated-departure": "estimated-departure",
    "estimated-arrival": "estimated-arrival",
    "estimated-delivery": ESTIMATED_DELIVERY,
    "actual-departure": "departed",
    "actual-arrival": "arrived",
    "actual-delivery": "delivered",
}
#: Without a time of day they are the last of their day: what else happened on it was before.
_AT_THE_END = frozenset({"delivered", "delivery-completed", "returned", PLANNED_DELIVERY, *ESTIMATES})


def said_by_status(status: TransportationStatus, partner: str, received_at: int) -> list[Said]:
    """What a status says, of each consignment that it tells apart."""
    reader = _StatusReader(status, partner, received_at)
    shared = reader.names(status.document_references)
    shared |= reader.scoped("carrier-reference", status.carrier_assigned_id)
    shared |= named("shipper-reference", status.shipping_order_id)
    general = [*reader.events(status.transport_events), *reader.places(status.status_locations)]
    boxes = reader.units(status.transport_events)
    found = [reader.said(one, shared | boxes, general) for one in status.consignments]
    found = found or [Said(names=frozenset(shared | boxes), facts=tuple(general))]
    return joined([reader.complete(one) for one in found])


def said_by_advice(advice: DespatchAdvice, partner: str, received_at: int) -> list[Said]:
    """What a despatch advice says: the consignment is on its way, in these packages."""
    carrier = advice.shipment.carrier_party_id if advice.shipment else None
    issuer = carrier.value if carrier else partner
    names = named("shipment", f"{partner}/{advice.id}") | named("despatch-advice", advice.id)
    names |= named("shipper-reference", advice.id) | named("bill-of-lading", advice.bill_of_lading_id)
    if advice.carrier_reference:
        names |= named("carrier-reference", f"{issuer}/{advice.carrier_reference}")
    orders = [advice.order_reference, *(level.order_reference for level in advice.packing)]
    orders += [line.order_reference for level in advice.packing for line in level.despatch_lines]
    for order in orders:
        names |= named("order", order.id if order else None)
    for level in advice.packing:
        names |= named("sscc", sscc(level.sscc)) | scoped("parcel", issuer, level.carrier_label)
    about = Fact(
        kind=WITHDRAWN,
        source=f"{partner}/advice/{advice.id}",
        issued_at=instant(advice.issue_date, advice.issue_time, None) or received_at,
        function=advice.function_code,
    )
    if advice.function_code == "cancellation":
        return [Said(names=frozenset(names), facts=(about,))]
    days = {"despatched": advice.actual_despatch_date, PLANNED_DELIVERY: advice.estimated_delivery_date}
    facts = tuple(
        msgspec.structs.replace(about, kind=kind, happened_at=_moment(kind, day), told=told(day, None, None))
        for kind, day in days.items()
        if day is not None
    )
    return [Said(names=frozenset(names), facts=facts or (msgspec.structs.replace(about, kind="advised"),))]


def _moment(kind: str, day: date) -> int | None:
    return instant(day, None, None, end=kind in _AT_THE_END)


def joined(parts: list[Said]) -> list[Said]:
    """Parts that share a name of one consignment alone are about the same."""
    found: list[Said] = []
    for part in parts:
        strong = {name for name in part.names if name.kind in STRONG}
        same = [other for other in found if strong & other.names]
        names = part.names.union(*(other.names for other in same))
        facts = tuple(dict.fromkeys([*(fact for other in same for fact in other.facts), *part.facts]))
        found = [other for other in found if other not in same] + [Said(names=names, facts=facts)]
    return found


class _StatusReader:
    def __init__(self, status: TransportationStatus, partner: str, received_at: int) -> None:
        self.status = status
        self.partner = partner
        self.received_at = received_at
        issuer = status.carrier_party.id if status.carrier_party else None
        self.carrier = status.carrier_scac or (issuer.value if issuer else partner)
        self.issued = instant(status.issue_date, status.issue_time, None)

    def said(self, one: Consignment, shared: set[Name], general: list[Fact]) -> Said:
        names = shared | self.names(one.document_references) | self.units(one.transport_events)
        names |= self.scoped("carrier-reference", one.carrier_assigned_id) | marks(
            one.transport_handling_units, self.carrier
        )
        if one.id:
            names |= named("consignment", f"{self.partner}/{one.id}")
        for event in one.transport_events:
            names |= self.names(event.document_references)
        return Said(
            names=frozenset(names), facts=(*self.events(one.transport_events), *self._conditions(one), *general)
        )

    def _conditions(self, one: Consignment) -> Iterator[Fact]:
        """What a unit is said to be in: its codes are the sender's."""
        for unit in one.transport_handling_units:
            for state in unit.statuses:
                at = instant(state.reference_date, state.reference_time, None)
                yield Fact(
                    kind=f"condition {state.condition_code}",
                    happened_at=at or self.issued,
                    reason=state.status_reason_code or "",
                    description=state.status_reason or "",
                    own_code=True,
                )

    def complete(self, part: Said) -> Said:
        """Facts that say when they were issued and by which document. Where the format says no date of issue, it is the
        latest that the document tells of as done; else its receipt."""
        done = [fact.happened_at for fact in part.facts if fact.kind not in ESTIMATES and fact.happened_at]
        issued = self.issued or max(done, default=self.received_at)
        status = self.status
        source = f"{self.partner}/status/{status.id}" if status.id else ""
        facts = part.facts
        if status.function_code == "cancellation":
            facts = (Fact(kind=WITHDRAWN),)
        return Said(
            names=part.names,
            facts=tuple(
                msgspec.structs.replace(fact, source=source, issued_at=issued, function=status.function_code)
                for fact in facts
            ),
        )

    def events(self, events: Iterable[TransportEvent]) -> Iterator[Fact]:
        for event in events:
            kind = event.transport_event_type_code or event.appointment_status_code
            common = {"place": _place(event.location), "own_code": event.own_code_indicator}
            if kind:
                day, clock, zone = event.occurrence_date, event.occurrence_time, event.time_zone_code
                yield Fact(
                    kind=kind,
                    happened_at=instant(day, clock, zone, end=kind in _AT_THE_END),
                    told=told(day, clock, zone),
                    reason=event.status_reason_code or event.appointment_reason_code or "",
                    description=event.description or event.status_reason or "",
                    signatory=(event.contact.name or "") if event.contact else "",
                    **common,  # type: ignore[arg-type]
                )
            for further in event.dates:
                known = _DATES.get(further.date_type_code or "")
                if known:
                    yield _dated(known, further, _place(event.location))

    def places(self, places: Iterable[StatusLocation]) -> Iterator[Fact]:
        for stop in places:
            role = (stop.location.location_type_code or "") if stop.location else ""
            for further in stop.dates:
                kind = _DATES.get(further.date_type_code or "")
                if further.date_type_code == "estimated":
                    kind = _EXPECTED_AT.get(role)
                if kind:
                    yield _dated(kind, further, _place(stop.location))

    def names(self, references: Iterable[DocumentReference]) -> set[Name]:
        return referenced(references, self.carrier)

    def units(self, events: Iterable[TransportEvent]) -> set[Name]:
        found: set[Name] = set()
        for event in events:
            for one in event.transport_equipment:
                found |= equipment(whole_number(one))
            found |= marks(event.transport_handling_units, self.carrier)
        return found

    def scoped(self, kind: str, value: str | None) -> set[Name]:
        return scoped(kind, self.carrier, value)


def _dated(kind: str, further: TransportDate, place: str) -> Fact:
    day: date = further.date
    clock: time | None = further.time
    at = instant(day, clock, further.time_zone_code, end=kind in _AT_THE_END)
    return Fact(kind=kind, happened_at=at, told=told(day, clock, further.time_zone_code), place=place)


def _place(location: TransportLocation | None) -> str:
    if location is None:
        return ""
    address = location.postal_address
    words = [location.name or (address.city_name if address else None), location.id.value if location.id else None]
    words += [address.country_code] if address else []
    return ", ".join(dict.fromkeys(word.strip() for word in words if word))
