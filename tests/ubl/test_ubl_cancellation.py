"""A cancelled order in UBL: a document of its own there, a change of the order everywhere else."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import msgspec
import pytest

from gateway.canonical import OrderChange, OrderReference
from gateway.codecs.xml_text import decoded
from gateway.core.errors import MappingDefinitionError
from gateway.core.issues import has_errors
from gateway.grammar.xml_validator import xml_validator
from gateway.mapping import XmlMapping
from tests.mapping.made import EDIFACT, X12, bundled, made, schemas
from tests.ubl.test_ubl_tables import SAMPLES

CHANGE = OrderChange(id="CH-1", issue_date=date(2026, 11, 24), order_reference=OrderReference(id="PO-1"))
CANCELLATION = msgspec.structs.replace(CHANGE, function_code="cancellation", notes=("Not needed.", "Sorry."))


def mapping() -> XmlMapping:
    return bundled().xml("ubl/order-cancellation")


@pytest.mark.parametrize("other", ["x12/860", "edifact/ordchg-d96a"])
def test_a_cancellation_of_another_format_is_one_in_ubl_and_back(other: str) -> None:
    there, marks = bundled().get(other), X12 if other.startswith("x12") else EDIFACT
    told = msgspec.structs.replace(CANCELLATION, issue_date=date(2026, 1, 1))
    arrived = there.read(there.write(told, marks).segments, marks).document
    assert isinstance(arrived, OrderChange)
    in_ubl = mapping().read(decoded(mapping().write(arrived).body)).document
    assert isinstance(in_ubl, OrderChange)
    assert (in_ubl.function_code, in_ubl.order_reference.id) == ("cancellation", "PO-1")
    back = there.read(there.write(in_ubl, marks).segments, marks).document
    assert isinstance(back, OrderChange)
    assert (back.function_code, back.notes) == ("cancellation", arrived.notes)


def test_reasons_and_notes_are_read_as_notes_and_written_as_reasons() -> None:
    text = "<cbc:ID>CH-1</cbc:ID><cbc:IssueDate>2026-11-24</cbc:IssueDate><cbc:Note>Sorry.</cbc:Note>"
    text += "<cbc:CancellationNote>Not needed.</cbc:CancellationNote>"
    text += "<cac:OrderReference><cbc:ID>PO-1</cbc:ID></cac:OrderReference>"
    found = mapping().read(mapping().text_of(text)).document
    assert isinstance(found, OrderChange)
    assert sorted(found.notes) == ["Not needed.", "Sorry."]
    body = mapping().write(found).body
    assert (body.count(b"<cbc:CancellationNote>"), body.count(b"<cbc:Note>")) == (2, 0)


def test_a_change_is_not_written_as_a_cancellation() -> None:
    (issue,) = mapping().write(CHANGE).issues
    assert (issue.code, issue.severity, issue.location.field) == ("MAP-VALUE", "error", "function_code")
    assert "is for cancellation alone" in issue.text


def test_what_documents_have_to_be_is_something_that_they_can_be() -> None:
    lines = "only = { colour = 'red' }\nmap = 'cbc:ID {id}'\n"
    with pytest.raises(MappingDefinitionError, match="colour is asked for, and OrderChange has no such field"):
        made(ubl__own=f"format = 'ubl 2.1 OrderCancellation'\ndocument = 'OrderChange'\n{lines}").xml("ubl/own")


def test_a_mapping_that_extends_is_for_the_same_documents() -> None:
    own = made(partners__own="extends = 'ubl/order-cancellation'\n").xml("partners/own")
    assert own.admits(CANCELLATION)
    assert not own.admits(CHANGE)
    found = own.read(decoded(own.write(CANCELLATION).body)).document
    assert found == CANCELLATION


def samples() -> list[Path]:
    files = sorted(SAMPLES.glob("*/*")) if SAMPLES.exists() else []
    return [file for file in files if b"xsd:OrderCancellation-2" in file.read_bytes()]


@pytest.mark.skipif(not samples(), reason="the samples are not here")
@pytest.mark.parametrize("file", samples(), ids=lambda file: str(file.name)[-40:])
def test_cancellations_of_others_come_back_equal_and_valid(file: Path) -> None:
    reading = mapping().read(decoded(file.read_bytes()))
    assert isinstance(reading.document, OrderChange)
    assert not has_errors(reading.issues)
    bare = msgspec.structs.replace(reading.document, extensions=())
    assert (bare.function_code, bool(bare.notes)) == ("cancellation", True)
    writing = mapping().write(bare)
    assert mapping().read(decoded(writing.body)).document == bare
    found = xml_validator(schemas(), "2.1", "OrderCancellation").validate(decoded(writing.body))
    assert not has_errors(found), json.dumps([issue.as_json() for issue in found])
