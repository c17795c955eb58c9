"""IDocs, flat and XML: both forms are the same records, and no bytes raise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs import detect
from gateway.codecs.idoc_columns import FlatField, FlatSegment
from gateway.codecs.idoc_read import idoc_documents
from gateway.codecs.idoc_write import Placed, idoc_flat, idoc_xml

TABLES = {
    "E1EDK01": FlatSegment("E2EDK01005", (FlatField("CURCY", 3), FlatField("BELNR", 35), FlatField("REST", 1000))),
    "E1EDP01": FlatSegment("E2EDP01005", (FlatField("POSEX", 6), FlatField("MENGE", 15, "n"), FlatField("REST", 1000))),
}
CONTROL = {"TABNAM": "EDI_DC40", "DOCNUM": "0000000000000042", "IDOCTYP": "ORDERS05", "MESTYP": "ORDERS"}

VALUE = st.text("ABC 123äß", min_size=1, max_size=3).map(str.strip)
BODY = st.lists(
    st.tuples(st.sampled_from(sorted(TABLES)), VALUE, VALUE).map(lambda each: [*each, ""]), min_size=1, max_size=5
)


@given(BODY, st.booleans())
def test_what_is_written_reads_back_in_both_forms(body: list[list[str]], flat: bool) -> None:
    write = idoc_flat if flat else idoc_xml
    text = write(CONTROL, [Placed(0, segment) for segment in body], TABLES.get)
    ((raw, control),) = idoc_documents(text, TABLES.get)
    assert raw.segments()[1:-1] == body
    assert (raw.type, raw.version, raw.control_number, raw.issues) == ("ORDERS", "ORDERS05", CONTROL["DOCNUM"], ())
    assert control["MESTYP"] == "ORDERS"


def test_flat_records_need_no_line_breaks() -> None:
    body = [["E1EDK01", "EUR", "4711", ""], ["E1EDP01", "10", "5", ""]]
    text = idoc_flat(CONTROL, [Placed(0, segment) for segment in body], TABLES.get).replace(b"\r\n", b"")
    ((raw, _),) = idoc_documents(text, TABLES.get)
    assert raw.segments()[1:-1] == body
    assert [origin.offset for origin in raw.origins[1:-1]] == [524, 524 + 1063]


def test_a_minus_stands_behind_a_number_and_what_is_not_known_is_kept() -> None:
    xml = (
        b"<ORDERS05><IDOC><EDI_DC40><MESTYP>ORDERS</MESTYP></EDI_DC40>"
        b"<E1EDP01 SEGMENT='1'><MENGE>5.00-</MENGE><NEW>x</NEW></E1EDP01></IDOC></ORDERS05>"
    )
    ((raw, _),) = idoc_documents(xml, TABLES.get)
    assert raw.segments()[1:-1] == [["E1EDP01", "", "-5.00", "NEW=x"]]


def test_both_forms_are_told() -> None:
    flat = idoc_flat(CONTROL, [], TABLES.get)
    xml = idoc_xml(CONTROL, [], TABLES.get)
    assert detect(flat) == ("idoc", "ORDERS05, flat")
    assert detect(xml) == ("idoc", "ORDERS05, XML")


def test_broken_xml_is_an_issue_with_its_line() -> None:
    ((raw, _),) = idoc_documents(b"<ORDERS05>\n<IDOC>", TABLES.get)
    assert [(issue.code, issue.location.line) for issue in raw.issues] == [("XML-D01", 2)]


@given(st.binary(max_size=300) | st.binary(max_size=1200).map(lambda data: b"EDI_DC40" + data))
def test_no_bytes_raise(body: bytes) -> None:
    for raw, _ in idoc_documents(body, TABLES.get):
        assert all(issue.text for issue in raw.issues)
        assert raw.length >= 0


def test_bytes_that_are_no_text_in_a_wide_character_set_are_an_issue() -> None:
    ((raw, _),) = idoc_documents(b"EDI_DC40\x00", TABLES.get, charset="utf-16-le")
    assert "REC-F01" in [issue.code for issue in raw.issues]
