"""An outgoing transmission and the work of delivering it. Pure."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from gateway.store import Changes, Step


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """``name`` identifies it at the endpoint, whenever and however often it is delivered.

    ``order``: transmissions of one endpoint with equal orders leave one after the other; None: as they come.
    """

    endpoint: str
    party: str
    lane: str
    format: str
    name: str
    body: bytes
    parent_id: int | None = None
    order: str | None = None


def send(changes: Changes, outgoing: Outgoing) -> int:
    """Writes the transmission and its work; returns its (local) id."""
    transmission = changes.new(
        "transmissions",
        direction="out",
        endpoint=outgoing.endpoint,
        transport_id=outgoing.name,
        party=outgoing.party,
        status="composed",
        parent_id=outgoing.parent_id,
        lane=outgoing.lane,
        format=outgoing.format,
        payload_id=changes.payload(outgoing.body),
        size=len(outgoing.body),
        sha256=sha256(outgoing.body).hexdigest(),
        file_name=outgoing.name,
    )
    lane = f"{outgoing.endpoint}|{outgoing.order}" if outgoing.order else None
    changes.event("transmission.composed", transmission_id=transmission)
    changes.work(
        Step.DELIVER, transmission, outgoing.endpoint, turn=(transmission, 0), lane=lane, size=len(outgoing.body)
    )
    return transmission
