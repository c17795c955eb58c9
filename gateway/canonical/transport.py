"""What documents about transport share: places, means, units, equipment, and what happened to them."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from gateway.canonical.values import Address, Contact, DocumentReference, Identifier, Part, Quantity


class TransportLocation(Part, frozen=True, kw_only=True):
    """A place. ``id`` in the scheme ``unlocode`` is UN/LOCODE; ``location_type_code`` says what happens there."""

    id: Identifier | None = None
    name: str | None = None
    location_type_code: str | None = None
    postal_address: Address | None = None


class TransportMeans(Part, frozen=True, kw_only=True):
    """Ship, train, truck or flight. ``journey_id`` is voyage or flight; ``id`` the number of the ship or vehicle."""

    id: str | None = None
    name: str | None = None
    journey_id: str | None = None
    transport_mode_code: str | None = None
    carrier_party_id: Identifier | None = None


class TransportEquipment(Part, frozen=True, kw_only=True):
    """A container or trailer. ``id`` is its whole number; X12 sends it in parts: ``owner_code``, ``serial_number`` and
    ``check_digit`` (ISO 6346)."""

    id: str | None = None
    owner_code: str | None = None
    serial_number: str | None = None
    check_digit: int | None = None
    transport_equipment_type_code: str | None = None
    size_type_code: str | None = None
    fullness_indication_code: str | None = None


class TransportStatus(Part, frozen=True, kw_only=True):
    """In which condition something is, as its sender numbers conditions."""

    condition_code: str | None = None
    reference_date: date | None = None
    reference_time: time | None = None
    status_reason_code: str | None = None
    status_reason: str | None = None


class TransportHandlingUnit(Part, frozen=True, kw_only=True):
    """A pallet, a parcel. ``id`` in the scheme ``sscc`` or ``parcel``; ``shipping_marks`` what is written on it."""

    id: Identifier | None = None
    sequence_id: str | None = None
    shipping_marks: str | None = None
    package_quantity: Decimal | None = None
    package_type_code: str | None = None
    transport_equipment: TransportEquipment | None = None
    statuses: tuple[TransportStatus, ...] = ()


class TransportDate(Part, frozen=True, kw_only=True):
    """A further date: ``estimated-arrival``, ``actual-departure`` … or the format's own qualifier.

    ``time_zone_code`` is told as that of an event.
    """

    date_type_code: str | None = None
    date: date
    time_type_code: str | None = None
    time: time | None = None
    time_zone_code: str | None = None


class TransportEvent(Part, frozen=True, kw_only=True):
    """What happened, where and when.

    ``transport_event_type_code`` is one of the canonical list (docs/reference/canonical.md); with
    ``own_code_indicator``, a code of the sender's own list, whatever the standard's list has under it.
    ``occurrence_time`` has an offset from UTC where the format writes one; ``time_zone_code`` is what it says beside
    the time: ``utc``, an offset (``+01:00``), ``local`` (of the place), ``eastern`` and the others of the code table.
    None: nothing was said.
    """

    transport_event_type_code: str | None = None
    own_code_indicator: bool = False
    appointment_status_code: str | None = None
    appointment_reason_code: str | None = None
    status_reason_code: str | None = None
    status_reason: str | None = None
    description: str | None = None
    occurrence_date: date | None = None
    occurrence_time: time | None = None
    time_zone_code: str | None = None
    location: TransportLocation | None = None
    contact: Contact | None = None
    transport_means: TransportMeans | None = None
    transport_equipment: tuple[TransportEquipment, ...] = ()
    transport_handling_units: tuple[TransportHandlingUnit, ...] = ()
    document_references: tuple[DocumentReference, ...] = ()
    dates: tuple[TransportDate, ...] = ()
    notes: tuple[str, ...] = ()


class Consignment(Part, frozen=True, kw_only=True):
    """Goods of one transport contract. ``id`` is the consignment's number as the sender counts it, ``sequence_id`` its
    place in the document."""

    id: str | None = None
    sequence_id: str | None = None
    carrier_assigned_id: str | None = None
    gross_weight: Quantity | None = None
    package_quantity: Decimal | None = None
    document_references: tuple[DocumentReference, ...] = ()
    transport_handling_units: tuple[TransportHandlingUnit, ...] = ()
    transport_events: tuple[TransportEvent, ...] = ()
    notes: tuple[str, ...] = ()
