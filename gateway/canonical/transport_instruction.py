"""What a shipper asks a carrier to do, and what the carrier says to it."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from gateway.canonical.transport import (
    TransportDate,
    TransportEquipment,
    TransportHandlingUnit,
    TransportLocation,
    TransportMeans,
)
from gateway.canonical.values import DocumentReference, Extension, Part, Party, Quantity


class GoodsItem(Part, frozen=True, kw_only=True):
    """Goods of one kind, or of one order. ``order_id`` is the buyer's order, ``id`` the shipper's own number."""

    id: str | None = None
    order_id: str | None = None
    reference_id: str | None = None
    sequence_id: str | None = None
    description: str | None = None
    package_quantity: Decimal | None = None
    package_type_code: str | None = None
    gross_weight: Quantity | None = None
    gross_volume: Quantity | None = None
    shipping_marks: str | None = None
    transport_handling_units: tuple[TransportHandlingUnit, ...] = ()
    document_references: tuple[DocumentReference, ...] = ()


class TransportStop(Part, frozen=True, kw_only=True):
    """A place where goods are loaded or unloaded. ``stop_reason_code``: ``load``, ``unload`` and the others of the code
    table. The party is the one that despatches or receives them there."""

    sequence_id: str | None = None
    stop_reason_code: str | None = None
    gross_weight: Quantity | None = None
    gross_volume: Quantity | None = None
    package_quantity: Decimal | None = None
    package_type_code: str | None = None
    pallet_quantity: Decimal | None = None
    dates: tuple[TransportDate, ...] = ()
    notes: tuple[str, ...] = ()
    document_references: tuple[DocumentReference, ...] = ()
    despatch_party: Party | None = None
    delivery_party: Party | None = None
    goods_items: tuple[GoodsItem, ...] = ()


class TransportLeg(Part, frozen=True, kw_only=True):
    """The main carriage: by what, and from where to where."""

    transport_means: TransportMeans | None = None
    locations: tuple[TransportLocation, ...] = ()
    dates: tuple[TransportDate, ...] = ()


class TransportInstruction(Part, frozen=True, kw_only=True, tag_field="document", tag="TransportInstruction"):
    """A tender or an instruction to carry goods.

    ``id`` is the shipper's number of it, which the answer names. ``function_code``: ``original``, ``change``,
    ``replace``, ``cancellation`` and the others. ``instruction_type_code`` is the format's own, or ``waybill``: what
    the carrier took on to carry. ``carrier_assigned_id`` is the carrier's number of it. ``payment_method_code`` is X12
    146 (PP prepaid, CC collect), ``response_date`` when an answer is awaited, ``freight_amount`` what the carriage is
    to cost.
    """

    id: str
    issue_date: date | None = None
    issue_time: time | None = None
    function_code: str = "original"
    instruction_type_code: str | None = None
    carrier_scac: str | None = None
    carrier_assigned_id: str | None = None
    payment_method_code: str | None = None
    response_date: TransportDate | None = None
    notes: tuple[str, ...] = ()
    document_references: tuple[DocumentReference, ...] = ()
    carrier_party: Party | None = None
    freight_forwarder_party: Party | None = None
    consignor_party: Party | None = None
    consignee_party: Party | None = None
    notify_party: Party | None = None
    bill_to_party: Party | None = None
    package_quantity: Decimal | None = None
    gross_weight: Quantity | None = None
    freight_amount: Decimal | None = None
    dates: tuple[TransportDate, ...] = ()
    transport_legs: tuple[TransportLeg, ...] = ()
    transport_equipment: tuple[TransportEquipment, ...] = ()
    transport_stops: tuple[TransportStop, ...] = ()
    goods_items: tuple[GoodsItem, ...] = ()
    extensions: tuple[Extension, ...] = ()


class TransportInstructionResponse(
    Part, frozen=True, kw_only=True, tag_field="document", tag="TransportInstructionResponse"
):
    """What a carrier says to a tender: ``accepted``, ``declined`` and the others of the code table.

    ``instruction_id`` is the number of what it answers, ``id`` and ``issue_date`` are the answer's own.
    """

    id: str | None = None
    instruction_id: str
    issue_date: date | None = None
    carrier_scac: str | None = None
    response_code: str | None = None
    document_references: tuple[DocumentReference, ...] = ()
    dates: tuple[TransportDate, ...] = ()
    notes: tuple[str, ...] = ()
    extensions: tuple[Extension, ...] = ()
