"""A status that comes in one format leaves in another: the same events, at the same times, of the same goods."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from gateway.canonical import Document, TransportationStatus
from gateway.codecs.xml_text import decoded
from gateway.core.issues import has_errors
from tests.mapping.made import EDIFACT, X12, bundled, cut

SOURCES = {
    "x12/214": """
        ST*214*0001~
        B10*7733100*SHIP-55*ROAD~
        L11*BOL-55*BM~
        LX*1~
        AT7*AF*NS***20260201*0830*UT~
        AT7*SD*BG***20260202*0900*UT~
        AT7*D1*NS***20260203*1015*UT~
        SE*8*0001~
    """,
    "x12/315": """
        ST*315*0001~
        B4***VD*20260201*0830~
        N9*BM*BOL-55~
        R4*L*UN*DEHAM~
        SE*5*0001~
    """,
    "edifact/iftsta-d96a": """
        UNH+1+IFTSTA:D:96A:UN'
        BGM+77+ST-1+9'
        RFF+BM:BOL-55'
        CNI+1'
        STS+1+13'
        DTM+334:202602010830:203'
        STS+1+21'
        DTM+334:202602031015:203'
        UNT+9+1'
    """,
}
TARGETS = ["edifact/iftsta-d96a", "edifact/iftsta-d01b", "ubl/transportation-status"]
MARKS = {"x12": X12, "edifact": EDIFACT}


def told(document: Document | None) -> tuple[Any, ...]:
    assert isinstance(document, TransportationStatus)
    events = [event for one in document.consignments for event in one.transport_events]
    numbers = [(reference.document_type_code, reference.id) for reference in document.document_references]
    return numbers, [
        (event.transport_event_type_code, event.occurrence_date, event.occurrence_time) for event in events
    ]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("target", TARGETS)
def test_events_cross(source: str, target: str) -> None:
    marks = MARKS[source.partition("/")[0]]
    document = bundled().get(source).read(cut(SOURCES[source], marks), marks).document
    assert isinstance(document, TransportationStatus)
    assert told(document)[1]
    sent = msgspec.structs.replace(document, id=document.id or "ST-1", extensions=())
    if target.startswith("ubl/"):
        xml = bundled().xml(target)
        written = xml.write(sent)
        assert not has_errors(written.issues)
        again = xml.read(decoded(written.body)).document
    else:
        mapping = bundled().get(target)
        writing = mapping.write(sent, EDIFACT)
        assert writing.ok, writing.issues
        again = mapping.read(writing.segments, EDIFACT).document
    assert told(again) == told(document)
