"""What a carrier tells of goods under way."""

from __future__ import annotations

from datetime import date, time

from gateway.canonical.transport import (
    Consignment,
    TransportDate,
    TransportEvent,
    TransportLocation,
    TransportMeans,
)
from gateway.canonical.values import DocumentReference, Extension, Part, Party


class StatusLocation(Part, frozen=True, kw_only=True):
    """A port or place of the journey, with what is planned and what has happened there."""

    location: TransportLocation | None = None
    dates: tuple[TransportDate, ...] = ()


class TransportationStatus(Part, frozen=True, kw_only=True, tag_field="document", tag="TransportationStatus"):
    """Events of one or several consignments.

    What stands in the document itself (references, ``transport_events``, ``status_locations``) is about all of its
    consignments; where it names none, it is about the one that the references are of. ``carrier_assigned_id`` is the
    carrier's number (PRO), ``shipping_order_id`` the shipper's. ``function_code``: ``original``, ``replace`` (of what
    was sent before with the same ``id``), ``cancellation``.
    """

    id: str | None = None
    issue_date: date | None = None
    issue_time: time | None = None
    function_code: str = "original"
    carrier_assigned_id: str | None = None
    shipping_order_id: str | None = None
    transportation_status_type_code: str | None = None
    transport_execution_status_code: str | None = None
    notes: tuple[str, ...] = ()
    document_references: tuple[DocumentReference, ...] = ()
    transport_execution_plan_id: str | None = None
    carrier_scac: str | None = None
    sender_party: Party | None = None
    receiver_party: Party | None = None
    carrier_party: Party | None = None
    consignor_party: Party | None = None
    consignee_party: Party | None = None
    notify_party: Party | None = None
    transport_means: TransportMeans | None = None
    status_locations: tuple[StatusLocation, ...] = ()
    transport_events: tuple[TransportEvent, ...] = ()
    consignments: tuple[Consignment, ...] = ()
    extensions: tuple[Extension, ...] = ()


#: References that name a consignment, from the one that says most.
NAMING = (
    "carrier-reference",
    "bill-of-lading",
    "air-waybill",
    "master-bill-of-lading",
    "house-bill-of-lading",
    "booking",
)


def main_reference(status: TransportationStatus) -> str:
    """The number that the document's consignment is best known by; its own number where it names none or several."""
    if status.carrier_assigned_id or status.shipping_order_id:
        return str(status.carrier_assigned_id or status.shipping_order_id)
    named = {reference.document_type_code: reference.id for reference in reversed(status.document_references)}
    found = next((named[kind] for kind in NAMING if kind in named), None)
    only = status.consignments[0] if len(status.consignments) == 1 else None
    return found or (only and (only.carrier_assigned_id or only.id)) or status.id or "unknown"
