"""Compiled mappings: examples, lineage, digest, source, and what the careful reading adds."""

from __future__ import annotations

import msgspec
import pytest

from gateway.canonical import to_json
from gateway.codecs import read as read_stream
from gateway.codecs.model import RawDocument
from gateway.core.issues import Severity
from tests.mapping.made import EDIFACT, ROOT, SAMPLES, X12, bundled, cut, made

X12_FILE = (
    "ISA*00*          *00*          *ZZ*ACME           *ZZ*GLOBEX         *260115*1253*U*00401*000000905*0*P*>~\n"
    "GS*PO*ACME*GLOBEX*20260115*1253*1*X*004010~\n"
    "ST*850*0001~\nBEG*00*SA*4711**20260115~\nTD3*x~\nN1*BY*Acme*92*1~\nPO1*1*5*EA*2.50**BP*A-1~\nCTT*1~\nSE*7*0001~\n"
    "GE*1*1~\nIEA*1*000000905~\n"
)
EDIFACT_FILE = (
    "UNA:+.? '\nUNB+UNOC:3+ACME+GLOBEX+260115:1253+905'\nUNH+1+ORDERS:D:96A:UN'\n"
    "BGM+220+4711+9'\nDTM+137:20260115:102'\n"
    "NAD+BY+1::92++Müller ?+ Söhne'\nLIN+1++4006381333931:EN'\nUNS+S'\nUNT+7+1'\nUNZ+1+905'\n"
)


def document_of(data: bytes) -> RawDocument:
    return next(event for event in read_stream(data) if isinstance(event, RawDocument))


@pytest.mark.parametrize("name", bundled().names())
def test_the_examples_of_each_bundled_mapping_hold(name: str) -> None:
    mapping = bundled().find(name)
    assert mapping.examples
    assert mapping.check_examples() == []


def test_an_example_that_does_not_hold_says_what_is_different() -> None:
    text = """
extends = "x12/850"
[[example]]
name = "wrong"
issues = ["MAP-TOTAL"]
input = '''
BEG*00*SA*1**20260115~
REF*DP*2~
'''
document = '{"id": "1", "issue_date": "2026-01-15", "order_type_code": "220", "buyer_department": "3"}'
written = '''
BEG*00*SA*1**20260115~
REF*DP*4~
PO1*1~
CTT*0~
'''
[[example]]
input = 'BEG~'
document = '{}'
"""
    failures = made(x12__own=text).get("x12/own").check_examples()
    start = "mappings/x12/own.toml:7: example wrong: "
    assert failures[0] == start + 'read: buyer_department is "2", not "3"'
    assert failures[1] == start + "read: MAP-TOTAL is not reported"
    assert failures[2] == start + "segment 2 is written as REF*DP*3, not REF*DP*4"
    assert "example 2: This is not a canonical Order" in failures[-1]


def test_lineage_points_at_the_bytes() -> None:
    data = X12_FILE.encode()
    source = document_of(data)
    careful = bundled().get("x12/850").read_careful(source.segments(), source.delimiters, source)
    texts = {
        entry.field: data[entry.offset : entry.offset + entry.length].decode()
        for entry in careful.lineage
        if entry.offset is not None and entry.length is not None
    }
    assert texts["id"] == "4711"
    assert texts["buyer_customer_party.name"] == "Acme"
    assert texts["order_lines[0].quantity.value"] == "5"
    assert texts["order_lines[0].item.buyers_item_identification"] == "A-1"
    places = {entry.field: (entry.segment, entry.tag, entry.element) for entry in careful.lineage}
    assert places["order_lines[0].item.buyers_item_identification"] == (5, "PO1", 7)


def test_lineage_counts_bytes_in_the_character_set_and_components() -> None:
    data = EDIFACT_FILE.encode("iso8859-1")
    source = document_of(data)
    careful = bundled().get("edifact/orders-d96a").read_careful(source.segments(), source.delimiters, source)
    entries = {entry.field: entry for entry in careful.lineage}
    name, item = entries["buyer_customer_party.name"], entries["order_lines[0].item.standard_item_identification.value"]
    assert name.offset is not None
    assert data[name.offset : name.offset + (name.length or 0)].decode("iso8859-1") == "Müller ?+ Söhne"
    assert item.offset is not None
    assert data[item.offset : item.offset + (item.length or 0)] == b"4006381333931"
    assert (item.tag, item.element, item.component) == ("LIN", 3, 1)


def test_the_careful_reading_explains_what_is_carried() -> None:
    data = X12_FILE.encode()
    source = document_of(data)
    mapping = bundled().get("x12/850")
    careful = mapping.read_careful(source.segments(), source.delimiters, source)
    assert [issue.code for issue in careful.issues] == ["MAP-UNMAPPED"]
    issue = careful.issues[0]
    assert issue.severity is Severity.INFORMATION
    assert issue.text == '"TD3*x" at TD3[1] is not mapped (no line takes this segment).'
    assert (issue.location.segment, issue.location.offset) == (3, data.index(b"TD3"))
    reading = mapping.read(source.segments(), source.delimiters)
    assert reading.document == careful.document
    assert reading.issues == ()


def test_lineage_names_every_populated_field() -> None:
    source = document_of(X12_FILE.encode())
    careful = bundled().get("x12/850").read_careful(source.segments(), source.delimiters)
    assert {entry.field for entry in careful.lineage} == {
        "function_code",
        "order_type_code",
        "id",
        "issue_date",
        "buyer_customer_party.name",
        "buyer_customer_party.id.scheme_id",
        "buyer_customer_party.id.value",
        "order_lines[0].id",
        "order_lines[0].quantity.value",
        "order_lines[0].quantity.unit_code",
        "order_lines[0].price.price_amount",
        "order_lines[0].item.buyers_item_identification",
    }


def test_an_item_that_is_not_made_leaves_no_lineage() -> None:
    segments = cut("BEG*00*SA*1**20260115~REF*IA**lost~REF*IB*7~", X12)
    careful = bundled().get("x12/850").read_careful(segments, X12)
    assert careful.document is not None
    assert [one.id for one in careful.document.document_references] == ["7"]
    texts = [one.text for one in careful.document.extensions]
    assert texts == ["IA", "lost"]
    places = [(entry.field, entry.segment) for entry in careful.lineage if "references" in entry.field]
    assert places == [("document_references[0].document_type_code", 3), ("document_references[0].id", 3)]


def test_the_digest_knows_every_text_that_counts() -> None:
    base = made().get("x12/850").digest
    assert made().get("x12/850").digest == base
    assert made(x12__850=(made_text := text_of("x12/850.toml")) + "\n# other").get("x12/850").digest != base
    assert made(codes__x12_unit=text_of("codes/x12_unit.toml") + "\n").get("x12/850").digest != base
    assert made(codes__edifact_unit=text_of("codes/edifact_unit.toml") + "\n").get("x12/850").digest == base
    partner = made().get("partners/initech-850").digest
    assert made(x12__850=made_text + "\n").get("partners/initech-850").digest != partner


def text_of(name: str) -> str:
    return (ROOT / "mappings" / name).read_text("utf-8")


def test_the_generated_source_can_be_looked_at() -> None:
    mapping = bundled().get("x12/850")
    for source, functions in (
        (mapping.source, ("def read(", "def read_order_lines(", "def write(", "def write_order_lines(")),
        (mapping.careful_source, ("def read(", "run.one(")),
    ):
        compile(source, "<test>", "exec")
        assert all(function in source for function in functions)


def test_names_lists_mappings_not_tables() -> None:
    assert {"x12/850", "edifact/orders-d96a", "partners/initech-850"} <= set(bundled().names())
    assert not [name for name in bundled().names() if name.startswith("codes/")]


def test_a_mapping_is_compiled_once() -> None:
    assert bundled().get("x12/850") is bundled().get("x12/850")


NAMES = {"850": "x12/850", "ORDERS": "edifact/orders-d96a"}


def sample_documents() -> list[tuple[str, RawDocument]]:
    found = []
    for path in sorted(SAMPLES.glob("*/*/*")) if SAMPLES.is_dir() else []:
        if path.parts[-3] in ("x12", "edifact"):
            events = read_stream(path.read_bytes())
            found += [(path.name, event) for event in events if isinstance(event, RawDocument) and event.type in NAMES]
    return found


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no sample documents beside the checkout")
def test_other_peoples_orders_are_read_written_and_read_again_equal_or_explained() -> None:
    equal = 0
    for name, source in sample_documents():
        mapping = bundled().get(NAMES[source.type])
        segments = source.segments()
        reading = mapping.read(segments, source.delimiters)
        assert reading.document == mapping.read_careful(segments, source.delimiters, source).document
        if reading.document is None:
            assert {issue.code for issue in reading.issues} & {"MAP-REQUIRED"}, name
            continue
        bare = msgspec.structs.replace(reading.document, extensions=())
        writing = mapping.write(bare, source.delimiters)
        again = mapping.read(writing.segments, source.delimiters)
        assert to_json(reading.document)
        if again.document == bare:
            equal += 1
        else:
            assert reading.issues or writing.issues, name
    assert equal >= 20


def test_the_same_order_crosses_from_x12_to_edifact() -> None:
    segments = cut("BEG*00*SA*4711**20260115~CUR*BY*EUR~REF*DP*042~PO1*1*5*PC*2.50**BP*A-1*EN*4006381333931~", X12)
    order = bundled().get("x12/850").read(segments, X12).document
    assert order is not None
    writing = bundled().get("edifact/orders-d96a").write(order, EDIFACT)
    assert writing.issues == ()
    assert ["+".join(segment) for segment in writing.segments] == [
        "BGM+220+4711+9",
        "DTM+137:20260115:102",
        "RFF+SD:042",
        "CUX+2:EUR:9",
        "LIN+1++4006381333931:EN",
        "PIA+5+A-1:IN",
        "QTY+21:5:PCE",
        "PRI+AAA:2.50",
        "UNS+S",
        "CNT+2:1",
    ]
    back = bundled().get("x12/850").write(order, X12)
    assert back.issues == ()
    assert back.segments[0] == ["BEG", "00", "SA", "4711", "", "20260115"]


def test_the_same_order_crosses_from_edifact_to_x12() -> None:
    segments = cut("BGM+221+4711+5'DTM+137:20260115:102'RFF+SD:042'LIN+1'QTY+21:5:PCE'UNS+S'CNT+2:1'", EDIFACT)
    order = bundled().get("edifact/orders-d96a").read(segments, EDIFACT).document
    assert order is not None
    writing = bundled().get("x12/850").write(order, X12)
    assert writing.issues == ()
    assert ["*".join(segment) for segment in writing.segments] == [
        "BEG*05*BK*4711**20260115",
        "REF*DP*042",
        "PO1*1*5*PC",
        "CTT*1*5",
    ]
