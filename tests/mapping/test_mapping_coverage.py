"""What a mapping takes of documents, and what a change of it changes in them."""

from __future__ import annotations

from gateway.codecs.model import Segment
from gateway.mapping.coverage import Coverage, static
from gateway.mapping.difference import Change, Said, difference
from tests.mapping.made import X12, bundled, cut, x12

HEAD = "BEG * 00 * NE * {id} * * {issue_date}\nREF * DP * {buyer_department}\n"
LINES = "each order_lines:\n  PO1 * {id} * {quantity.value}\n"
TEXT = "BEG*00*NE*1**20260115~REF*DP*7~REF*IA*8~PO1*1*10*EA~PO4*6~PO1*2*x~PO4*7*1~"


def segments(text: str = TEXT) -> list[Segment]:
    return cut(text, X12)


def test_what_is_tied_whatever_arrives() -> None:
    found = static(x12(HEAD + LINES))
    assert found.segments == ["BEG", "REF", "PO1"]
    assert {"CUR", "PO1/PO4", "PO1/SCH"} <= set(found.untied_segments)
    assert found.fields == ["id", "issue_date", "buyer_department", "order_lines[].id", "order_lines[].quantity.value"]
    assert {"contract_id", "order_lines[].price", "order_lines[].quantity.unit_code"} <= set(found.untied_fields)


def test_what_is_taken_of_documents_is_counted() -> None:
    found = Coverage(x12(HEAD + "REF * CT * {contract_id}\n" + LINES))
    found.add(segments(), X12)
    found.add(segments(), X12)
    assert (found.documents, found.unreadable) == (2, 0)
    assert (found.segments, found.segments_taken) == (14, 8)
    assert (found.elements, found.elements_taken) == (32, 18)
    places = {place.place: place for place in found.places()}
    assert list(places) == ["PO4", "PO1-02", "PO1-03", "REF"]
    assert (places["PO4"].times, places["PO4"].documents, places["PO4"].sample) == (4, 2, "PO4*6")
    assert places["PO1-02"].reason == "it cannot be converted"
    assert found.fields["order_lines[].id"] == 2
    assert found.idle() == [("mappings/x12/own.toml:6", "contract_id")]


def test_a_document_that_cannot_be_read_is_counted_as_such() -> None:
    found = Coverage(x12(HEAD + LINES))
    found.add(segments("BEG*00*NE***20260115~"), X12)
    assert (found.documents, found.unreadable, found.segments_taken) == (1, 1, 0)


def test_two_versions_of_a_mapping() -> None:
    old = x12(HEAD + LINES)
    new = x12(HEAD.replace("DP", "IA") + "each order_lines:\n  PO1 * {id} * * * {price.price_amount}\n")
    found = difference(old, new, segments(), X12)
    assert Change("buyer_department", "7", "8") in found.changes
    assert Change("extensions REF[1]", None, "REF*DP*7") in found.changes
    assert Change("extensions REF[2]", "REF*IA*8", None) in found.changes
    assert Change("order_lines[0].quantity.value", "10", None) in found.changes
    assert {change.kind for change in found.changes} >= {"buyer_department", "extensions REF[]"}
    assert found.issues == [
        Said(
            appears=False,
            issue="MAP-VALUE",
            severity="error",
            field="order_lines[1].quantity.value",
            text='order_lines[1].quantity.value cannot hold "x": it is not a number.',
        )
    ]


def test_the_same_mapping_reads_alike() -> None:
    mapping = bundled().get("x12/850")
    assert difference(mapping, mapping, segments(), X12) == ([], [])
