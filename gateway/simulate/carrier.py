"""A carrier: a tender is answered, then carried, and each event is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from gateway.canonical import (
    Consignment,
    DocumentReference,
    TransportationStatus,
    TransportEvent,
    TransportInstruction,
    TransportInstructionResponse,
    TransportLocation,
)
from gateway.canonical.transport_instruction import TransportStop
from gateway.simulate.behaviour import Behaviour, Dice

#: Days from the first place to the last, where the tender says nothing of it.
_JOURNEY = 2

#: A tender says no hour at which things happen.
_MORNING = time(8, 30)

_NUMBER = "carrier-reference"
_LOADS = frozenset({"load", "complete-load", "partial-load"})


class Carrier:
    """Answers tenders; a change or a cancellation of one is not answered."""

    def __init__(self, behaviour: Behaviour, dice: Dice) -> None:
        self._how, self._dice = behaviour, dice

    def answer(self, document: Any) -> list[Any]:
        """The answer, then what happened, an event each."""
        if not isinstance(document, TransportInstruction) or document.function_code not in ("original", "replace"):
            return []
        number = self._dice.number("", "carried", document.id)
        named = DocumentReference(id=number, document_type_code=_NUMBER)
        answer = TransportInstructionResponse(
            instruction_id=document.id,
            issue_date=document.issue_date or _first(document.dates, None),
            carrier_scac=document.carrier_scac,
            response_code="declined" if self._how.rejects else "accepted",
            document_references=() if self._how.rejects else (named,),
        )
        return [answer] if self._how.rejects else [answer, *self._told(document, number)]

    def _told(self, tender: TransportInstruction, number: str) -> list[TransportationStatus]:
        load, unload = _ends(tender)
        start = _first(load.dates if load else (), _first(tender.dates, tender.issue_date))
        if start is None:
            return []
        end = _first(unload.dates if unload else (), start + timedelta(days=_JOURNEY)) or start
        real = end + timedelta(days=self._how.days)
        events = [_event("picked-up", start, load), _event("in-transit", start + timedelta(days=1), None)]
        if self._how.days:
            events.append(_event("delayed", end, None))
        events.append(_event("delivered", real, unload))
        told = [_status(tender, number, event) for event in events]
        return told[::-1] if self._how.reversed else told


def _ends(tender: TransportInstruction) -> tuple[TransportStop | None, TransportStop | None]:
    """The first place where something is loaded, and the last where something is unloaded."""
    loads = [stop for stop in tender.transport_stops if stop.stop_reason_code in _LOADS]
    others = [stop for stop in tender.transport_stops if stop.stop_reason_code not in _LOADS]
    return next(iter(loads), None), next(reversed(others), None)


def _first(dates: Iterable[Any], otherwise: date | None) -> date | None:
    return next((each.date for each in dates), otherwise)


def _event(kind: str, day: date, stop: TransportStop | None) -> TransportEvent:
    party = (stop.despatch_party or stop.delivery_party) if stop else None
    address = party.postal_address if party else None
    return TransportEvent(
        transport_event_type_code=kind,
        status_reason_code="NS",
        occurrence_date=day,
        occurrence_time=_MORNING,
        time_zone_code="local",
        location=TransportLocation(postal_address=address) if address else None,
    )


def _status(tender: TransportInstruction, number: str, event: TransportEvent) -> TransportationStatus:
    return TransportationStatus(
        carrier_assigned_id=number,
        shipping_order_id=tender.id,
        carrier_scac=tender.carrier_scac,
        issue_date=event.occurrence_date,
        document_references=tender.document_references,
        consignments=(Consignment(sequence_id="1", transport_events=(event,)),),
    )
