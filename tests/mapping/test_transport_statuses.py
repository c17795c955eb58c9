"""Transport statuses, tenders: other people's samples survive reading and writing; a carrier's codes stay its own."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from gateway.canonical import TransportationStatus, TransportInstruction
from gateway.codecs import RawDocument, read
from gateway.codecs.xml_text import decoded
from tests.mapping.made import EDIFACT, SAMPLES, bundled, cut

TYPES = {b"ST*204*": "x12/204", b"ST*214*": "x12/214", b"ST*315*": "x12/315", b"+IFTSTA:": "edifact/iftsta-d01b"}


def samples() -> list[tuple[Path, str]]:
    files = sorted(SAMPLES.glob("*/valid/*.edi"))
    heads = {file: file.read_bytes()[:4000] for file in files}
    return [(file, name) for file, head in heads.items() for mark, name in TYPES.items() if mark in head]


@pytest.mark.skipif(not samples(), reason="the samples are not here")
@pytest.mark.parametrize(("file", "name"), samples(), ids=lambda value: str(value)[-30:])
def test_samples_are_written_as_they_were_read(file: Path, name: str) -> None:
    mapping = bundled().get(name)
    with file.open("rb") as stream:
        documents = [event for event in read(stream) if isinstance(event, RawDocument)]
    assert documents
    for raw in documents:
        document = mapping.read(raw.segments(), raw.delimiters, raw.text).document
        assert isinstance(document, TransportationStatus | TransportInstruction)
        bare = msgspec.structs.replace(document, extensions=())
        writing = mapping.write(bare, raw.delimiters)
        assert writing.ok, writing.issues
        assert mapping.read(writing.segments, raw.delimiters).document == bare


@pytest.mark.skipif(not samples(), reason="the samples are not here")
def test_the_status_in_xml_comes_back() -> None:
    [file] = sorted(SAMPLES.glob("xml/valid/*TransportationStatus*"))
    mapping = bundled().xml("ubl/transportation-status")
    document = mapping.read(decoded(file.read_bytes())).document
    assert isinstance(document, TransportationStatus)
    assert document.consignments[0].transport_handling_units[0].statuses[0].condition_code == "4"
    bare = msgspec.structs.replace(document, extensions=())
    assert mapping.read(decoded(mapping.write(bare).body)).document == bare


@pytest.mark.parametrize("name", ["edifact/iftsta-d96a", "edifact/iftsta-d01b"])
@pytest.mark.parametrize(
    ("segment", "kind", "own"),
    [
        ("STS+1+21'", "delivered", False),
        ("STS+1+21::6'", "delivered", False),
        ("STS+1+21::87'", "21", True),
        ("STS+1+21::ZZZ:HANDED OUT'", "21", True),
        ("STS+1+250'", "250", False),
    ],
)
def test_a_code_is_of_the_list_that_the_sender_names(name: str, segment: str, kind: str, own: bool) -> None:
    body = f"""
        UNH+1+IFTSTA:D:96A:UN'
        BGM+77+ST-1+9'
        CNI+1+CON-1'
        {segment}
        UNT+5+1'
    """
    document = bundled().get(name).read(cut(body, EDIFACT), EDIFACT).document
    assert isinstance(document, TransportationStatus)
    [event] = document.consignments[0].transport_events
    assert (event.transport_event_type_code, event.own_code_indicator) == (kind, own)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("202602011409UTC:303", "14:09:00+00:00"),
        ("202602011409?+01:303", "14:09:00+01:00"),
        ("202602011409-0330:303", "14:09:00-03:30"),
        ("20260201140907UTC:304", "14:09:07+00:00"),
    ],
)
def test_a_time_with_its_zone_keeps_it(value: str, told: str) -> None:
    body = f"""
        UNH+1+IFTSTA:D:96A:UN'
        BGM+77+ST-1+9'
        CNI+1+CON-1'
        STS+1+21'
        DTM+334:{value}'
        UNT+6+1'
    """
    mapping = bundled().get("edifact/iftsta-d96a")
    document = mapping.read(cut(body, EDIFACT), EDIFACT).document
    assert isinstance(document, TransportationStatus)
    [event] = document.consignments[0].transport_events
    assert str(event.occurrence_time) == told
    assert ["DTM", f"334:{value}"] in mapping.write(document, EDIFACT).segments


def test_a_zone_that_is_a_name_is_not_guessed() -> None:
    body = "UNH+1+IFTSTA:D:96A:UN'BGM+77+ST-1+9'CNI+1'STS+1+21'DTM+334:202602011409CET:303'UNT+6+1'"
    reading = bundled().get("edifact/iftsta-d96a").read(cut(body, EDIFACT), EDIFACT)
    assert [issue.code for issue in reading.issues] == ["MAP-VALUE"]
