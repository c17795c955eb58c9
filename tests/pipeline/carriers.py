"""Carriers, their status messages, and what a supplier says has left: for tests of consignments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.handlers.logistics.view import consignments
from gateway.store import Database
from tests.pipeline.orders import document, group, interchange
from tests.pipeline.yard import GLOBEX, INITECH, Yard

ROAD = GLOBEX + "".join(
    f"""
[[agreement]]
name = "globex-{type}"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"
type = "{type}"
mapping = "x12/{type}"
"""
    for type in ("204", "210", "214", "315", "856", "990")
)
POST = (
    INITECH
    + """
[[agreement]]
name = "initech-status"
with = "acme"
direction = "in"
standard = "edifact"
version = "D.96A"
type = "IFTSTA"
mapping = "edifact/iftsta-d96a"
"""
)
ERP_TENDERS = """
[[endpoint]]
name = "erp-in"
connector = "directory"
direction = "in"
path = "in/erp"
[[agreement]]
name = "erp-tenders"
with = "acme"
direction = "in"
standard = "json"
document = "TransportInstruction"
"""
TENDERS_OUT = """
[[agreement]]
name = "globex-tenders"
with = "acme"
direction = "out"
standard = "x12"
version = "004010"
type = "204"
document = "TransportInstruction"
mapping = "x12/204"
endpoint = "globex-out"
unmapped = "report"
"""
ERP_GETS = """
[[agreement]]
name = "erp-status"
with = "acme"
direction = "out"
standard = "json"
document = "TransportationStatus"
endpoint = "erp-out"
"""
KINDS = {"204": "SM", "214": "QM", "315": "QO", "856": "SH", "990": "GF", "210": "IM"}


def carriers(database: Database) -> Yard:
    """A yard to which a carrier by road and one by post report, and whose ERP gets what they tell."""
    yard = Yard(database)
    yard.agree(globex=ROAD, initech=POST, acme_erp=yard.partners["acme-erp"] + ERP_GETS)
    return yard


def x12(control: int, type: str, *segments: str) -> bytes:
    body = group([document(segments, 1, type=type)], control)
    body[0] = body[0].replace("GS*PO*", f"GS*{KINDS[type]}*")
    return interchange([body], control)


def road(yard: Yard, *events: str, pro: str = "7733100", more: Sequence[str] = ()) -> None:
    """The carrier tells of these events: AF*20260201*0830*LT."""
    lines = []
    for event in events:
        code, _, when = event.partition("*")
        lines.append(f"AT7*{code}*NS***{when}")
        lines.append("MS1*Hamburg*HH*DE")
    number = yard.count("interchanges", "direction = 'in'") + 1
    yard.arrive(x12(number, "214", f"B10*{pro}**ROAD", *more, "LX*1", *lines))


def advice(number: int, *, pro: str = "7733100", label: str = "340123450000000017") -> bytes:
    """A carton left on 1 February, and is to be there on the 3rd."""
    return x12(
        number,
        "856",
        "BSN*00*SH-900*20260201*0800*0001",
        "HL*1**S",
        "TD5*B*2*ROAD",
        f"REF*CN*{pro}",
        "DTM*011*20260201",
        "DTM*017*20260203",
        "HL*2*1*O",
        "PRF*PO-4711",
        "HL*3*2*P",
        f"MAN*GM*{label}",
        "CTT*3",
    )


def advise(yard: Yard, *, pro: str = "7733100", label: str = "340123450000000017") -> None:
    """The supplier says what left."""
    yard.arrive(advice(yard.count("interchanges", "direction = 'in'") + 1, pro=pro, label=label))


def post(yard: Yard, number: str, *segments: str, function: str = "9", issued: str = "202602021200") -> None:
    """The post tells of a parcel."""
    reference = yard.count("interchanges", "direction = 'in'") + 1
    body = [f"BGM+77+{number}+{function}", f"DTM+137:{issued}:203", "CNI+1+CON-1", *segments]
    inside = "".join(f"{segment}'" for segment in ["UNH+1+IFTSTA:D:96A:UN", *body, f"UNT+{len(body) + 2}+1"])
    head = f"UNB+UNOC:3+5412345000013:14+5412345000020:14+260202:1200+{reference}'"
    yard.arrive(f"{head}{inside}UNZ+1+{reference}'".encode(), source="initech-in")


def shown(yard: Yard, reference: str) -> dict[str, Any]:
    with yard.database.read() as connection:
        (found,) = consignments(connection, reference)
    return found
