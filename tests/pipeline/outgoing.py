"""What we sent, as the pipeline keeps it, and the receipts that partners answer it with."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.expectations import expect
from gateway.store import Changes, commit
from gateway.store.ids import Reference
from tests.pipeline.orders import document, group, interchange
from tests.pipeline.yard import AT, Yard

HOUR = 3_600_000_000

#: By these the two parties of the tests have agreed on something that we send; nothing else lets a receipt in.
RESPONSES = """
[[agreement]]
name = "globex-responses"
with = "acme"
direction = "out"
standard = "x12"
version = "004010"
type = "855"
document = "Order"
mapping = "x12/850"
endpoint = "globex-out"
deadlines = { "997" = "1h" }
"""

SIDES = {
    "x12": ("ZZ:ACME", "ZZ:GLOBEX", "globex", "globex-out", "855", "004010"),
    "edifact": ("14:5412345000020", "14:5412345000013", "initech", "initech-out", "ORDRSP", "D.96A"),
}


def sent(
    yard: Yard,
    number: int,
    documents: int = 2,
    *,
    standard: str = "x12",
    awaited: Sequence[str] = ("997",),
    status: str = "delivered",
    body: bytes = b"-",
    due: int = HOUR,
    sender: str = "",
    receiver: str = "",
) -> list[Reference]:
    """An interchange that we sent, number ``number``; its documents are numbered from 1."""
    we, they, party, endpoint, type, version = SIDES[standard]
    changes = Changes(AT - HOUR)
    transmission = changes.new(
        "transmissions",
        direction="out",
        endpoint=endpoint,
        transport_id=f"{standard}-{number}-{sender or we}-{receiver or they}",
        party=party,
        status=status,
        lane="production",
        format=standard,
        payload_id=changes.payload(body),
        size=len(body),
        sha256="-",
    )
    ic = changes.new(
        "interchanges",
        transmission_id=transmission,
        direction="out",
        standard=standard,
        version="00401" if standard == "x12" else "UNOC:3",
        sender=sender or we,
        receiver=receiver or they,
        from_party="acme",
        to_party=party,
        control_number=f"{number:09d}" if standard == "x12" else str(number),
        lane="production",
        status="pending",
        documents=documents,
    )
    ids = []
    for position in range(1, documents + 1):
        id = changes.new(
            "documents",
            direction="out",
            transmission_id=transmission,
            interchange_id=ic,
            position=position,
            standard=standard,
            version=version,
            type=type,
            control_number=f"{position:04d}" if standard == "x12" else str(position),
            business_key=f"order:{number}-{position}",
            from_party="acme",
            to_party=party,
            lane="production",
            status="sent" if status == "delivered" else "composed",
            turn=(transmission, position),
        )
        for kind in awaited:
            expect(changes, kind, party=party, due=AT + due, document_id=id, transmission_id=transmission)
        ids.append(id)
    commit(yard.database, changes)
    return [Reference("document", changes.real(id)) for id in ids]


def functional(control: int, *bodies: Sequence[str], type: str = "997", **envelope: object) -> bytes:
    """An interchange with receipts: one 997 for each body."""
    documents = [document(body, number, type=type) for number, body in enumerate(bodies, 1)]
    inside = [segment.replace("GS*PO", "GS*FA") for segment in group(documents, control)]
    return interchange([inside], control, **envelope)  # type: ignore[arg-type]


def ta1(control: int, *segments: str) -> bytes:
    """An interchange with nothing but TA1."""
    body = "".join(f"{segment}~" for segment in segments).encode()
    return interchange([], control).replace(b"IEA*0", body + b"IEA*0")


def contrl(control: str, *segments: str) -> bytes:
    """An interchange with one CONTRL; ``segments`` are between UNH and UNT."""
    inside = "".join(f"{segment}'" for segment in ("UNH+1+CONTRL:D:3:UN", *segments, f"UNT+{len(segments) + 2}+1"))
    head = f"UNB+UNOC:3+5412345000013:14+5412345000020:14+261120:0822+{control}'"
    return f"{head}{inside}UNZ+1+{control}'".encode()
