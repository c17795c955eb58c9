"""One story of goods under way, told by carriers that speak X12, EDIFACT and UBL: it ends alike."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pytest

from gateway.handlers.logistics.view import consignments
from gateway.store import Database
from tests.pipeline.orders import document, group, interchange
from tests.pipeline.yard import ACME, GLOBEX, INITECH, Yard

AGREEMENT = """
[[agreement]]
name = "{party}-status"
with = "acme"
direction = "in"
standard = "{standard}"
version = "{version}"
type = "{type}"
mapping = "{mapping}"
"""
UMBRELLA = """\
id = "umbrella"
name = "Umbrella Lines"
[[identity]]
standard = "ubl"
qualifier = "0088"
identifier = "5412345000013"
[[endpoint]]
name = "umbrella-in"
connector = "directory"
direction = "in"
path = "in/umbrella"
"""
OURS = '[[identity]]\nstandard = "ubl"\nqualifier = "0088"\nidentifier = "4098765000010"\n'
BASIC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
AGGREGATE = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
ROOT = "urn:oasis:names:specification:ubl:schema:xsd:TransportationStatus-2"


class News(NamedTuple):
    """What a carrier tells: the event, the day of February, the time in UTC."""

    event: str
    day: int
    time: str


class Carrier(NamedTuple):
    """How a carrier writes its news. ``codes``: its words for events."""

    party: str
    agreement: dict[str, str]
    codes: dict[str, str]


X12 = Carrier(
    "globex",
    {"standard": "x12", "version": "004010", "type": "214", "mapping": "x12/214"},
    {"picked-up": "AF", "in-transit": "X6", "delayed": "SD", "delivered": "D1", "damaged": "A9", "unheard-of": "ZQ"},
)
NUMBERS = {
    "picked-up": "13",
    "in-transit": "31",
    "delayed": "20",
    "delivered": "21",
    "damaged": "18",
    "unheard-of": "250",
}
EDIFACT = Carrier(
    "initech",
    {"standard": "edifact", "version": "D.96A", "type": "IFTSTA", "mapping": "edifact/iftsta-d96a"},
    NUMBERS,
)
UBL = Carrier(
    "umbrella",
    {"standard": "ubl", "version": "2.1", "type": "TransportationStatus", "mapping": "ubl/transportation-status"},
    NUMBERS,
)


def x12(number: int, events: Sequence[News]) -> bytes:
    lines = [f"AT7*{X12.codes[one.event]}*NS***202602{one.day:02d}*{one.time.replace(':', '')}*UT" for one in events]
    body = group([document(["B10*7733100**ROAD", "L11*BOL-55*BM", "LX*1", *lines], 1, type="214")], number)
    return interchange([[body[0].replace("GS*PO*", "GS*QM*"), *body[1:]]], number)


def edifact(number: int, events: Sequence[News]) -> bytes:
    segments = [f"BGM+77+ST-{number}+9", "DTM+137:202602201200:203", "RFF+BM:BOL-55", "CNI+1"]
    for one in events:
        moment = f"202602{one.day:02d}{one.time.replace(':', '')}"
        segments += [f"STS+1+{EDIFACT.codes[one.event]}", f"DTM+334:{moment}:203"]
    segments = ["UNH+1+IFTSTA:D:96A:UN", *segments, f"UNT+{len(segments) + 2}+1"]
    head = f"UNB+UNOC:3+5412345000013:14+5412345000020:14+260220:1200+{number}"
    return "".join(f"{segment}'" for segment in [head, *segments, f"UNZ+1+{number}"]).encode()


def ubl(number: int, events: Sequence[News]) -> bytes:
    told = "".join(
        f"<cac:TransportEvent><cbc:OccurrenceDate>2026-02-{one.day:02d}</cbc:OccurrenceDate>"
        f"<cbc:OccurrenceTime>{one.time}:00Z</cbc:OccurrenceTime>"
        f"<cbc:TransportEventTypeCode>{UBL.codes[one.event]}</cbc:TransportEventTypeCode></cac:TransportEvent>"
        for one in events
    )
    sides = "".join(
        f'<cac:{side}Party><cbc:EndpointID schemeID="0088">{id}</cbc:EndpointID></cac:{side}Party>'
        for side, id in (("Sender", "5412345000013"), ("Receiver", "4098765000010"))
    )
    reference = "<cbc:ID>BOL-55</cbc:ID><cbc:DocumentTypeCode>bill-of-lading</cbc:DocumentTypeCode>"
    return (
        f'<TransportationStatus xmlns="{ROOT}" xmlns:cbc="{BASIC}" xmlns:cac="{AGGREGATE}">'
        f"<cbc:ID>ST-{number}</cbc:ID><cbc:IssueDate>2026-02-20</cbc:IssueDate>{told}"
        f"<cac:DocumentReference>{reference}</cac:DocumentReference>{sides}</TransportationStatus>"
    ).encode()


WRITERS = {"x12": (X12, x12), "edifact": (EDIFACT, edifact), "ubl": (UBL, ubl)}


class Road:
    """A gateway, and a carrier that tells it its news."""

    def __init__(self, yard: Yard, carrier: Carrier, write: Any) -> None:
        texts = {"globex": GLOBEX, "initech": INITECH, "umbrella": UMBRELLA}
        agreement = AGREEMENT.format(party=carrier.party, **carrier.agreement)
        yard.agree(acme=ACME + OURS, **{carrier.party: texts[carrier.party] + agreement})
        self.yard, self.carrier, self.write = yard, carrier, write
        self.numbers: Iterator[int] = itertools.count(1)

    def tells(self, *events: tuple[str, int, str]) -> None:
        body = self.write(next(self.numbers), [News(*event) for event in events])
        self.yard.arrive(body, source=f"{self.carrier.party}-in")

    @property
    def goods(self) -> dict[str, Any]:
        with self.yard.database.read() as connection:
            (found,) = consignments(connection, "BOL-55")
        return found


@pytest.fixture(params=WRITERS)
def road(request: pytest.FixtureRequest, database: Database) -> Road:
    carrier, write = WRITERS[request.param]
    return Road(Yard(database), carrier, write)


def test_given_goods_under_way_when_they_are_delivered_everybody_knows_when(road: Road) -> None:
    road.tells(("picked-up", 1, "08:30"))
    road.tells(("in-transit", 2, "06:00"))
    assert road.goods["state"] == "in-transit"
    road.tells(("delivered", 3, "10:15"))
    assert road.goods["state"] == "delivered"
    assert road.goods["delivered_at"].startswith("2026-02-03T10:15")
    assert road.yard.statuses() == ["handled"] * 3


def test_given_a_delivery_when_the_pick_up_is_told_late_it_stays_delivered(road: Road) -> None:
    road.tells(("delivered", 3, "10:15"))
    road.tells(("picked-up", 1, "08:30"))
    assert road.goods["state"] == "delivered"
    assert [event["event"] for event in road.goods["events"]] == ["picked-up", "delivered"]
    assert "LOG-LATE" in road.yard.issues(road.yard.inbound(1))


def test_given_a_delay_when_the_goods_come_it_is_over_and_the_damage_is_not(road: Road) -> None:
    road.tells(("picked-up", 1, "08:30"), ("delayed", 2, "09:00"), ("damaged", 2, "11:00"))
    assert road.goods["conditions"] == ["damaged", "delayed"]
    road.tells(("delivered", 5, "10:00"))
    assert road.goods["conditions"] == ["damaged"]


def test_given_an_event_that_nobody_knows_it_is_kept_and_told(road: Road) -> None:
    road.tells(("picked-up", 1, "08:30"), ("unheard-of", 2, "09:00"))
    assert road.goods["state"] == "picked-up"
    assert len(road.goods["events"]) == 2
    assert "LOG-EVENT" in road.yard.issues(road.yard.inbound())
