"""The documents that benchmarks measure are our own, the same each time, and right by our own tables."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from gateway.bench.corpus import interchange, write_file
from gateway.bench.following import FOLLOWING, ubl_invoice
from gateway.bench.orders import checked, invent, purchase_id
from gateway.bench.reading import Reading, readings
from gateway.canonical.identifiers import is_gtin
from gateway.codecs import RawDocument, read, scan
from gateway.codecs.xml_text import decoded
from gateway.grammar.xml_validator import xml_validator
from gateway.knowledge import Knowledge

NAMES = ("850", "ORDERS")
FOLLOW = ("856", "INVOIC")


@pytest.fixture(scope="module")
def formats() -> dict[str, Reading]:
    return readings(Knowledge.of(None, {}))


def test_the_same_number_is_the_same_order() -> None:
    assert invent(4711) == invent(4711)
    assert invent(4711) != invent(4712)
    assert interchange("x12", 1, range(50)) == interchange("x12", 1, range(50))


def test_an_order_has_five_to_ten_lines_unless_told_otherwise() -> None:
    assert {len(invent(number).lines) for number in range(60)} == {5, 6, 7, 8, 9, 10}
    assert len(invent(1, 50).lines) == 50


@pytest.mark.parametrize("standard", ["x12", "edifact"])
def test_a_single_order_has_one_to_two_kilobytes(standard: str) -> None:
    sizes = [len(interchange(standard, 1, [number])) for number in range(60)]
    assert 1000 <= min(sizes) <= max(sizes) <= 2100


def test_item_numbers_have_their_check_digit() -> None:
    serials = [line.serial for line in invent(1).lines]
    assert all(is_gtin(checked("4" + serial)) and is_gtin(checked("20" + serial)) for serial in serials)


@pytest.mark.parametrize("name", NAMES)
def test_every_document_is_valid_and_mapped_without_a_remark(formats: dict[str, Reading], name: str) -> None:
    reading = formats[name]
    count = 0
    for event in read(interchange(reading.standard, 7, range(120))):
        assert not getattr(event, "issues", ())
        if isinstance(event, RawDocument):
            assert reading.validator.validate(event) == []
            found = reading.mapping.read(event.segments(), event.delimiters)
            assert found.issues == ()
            assert found.document is not None
            assert found.document.id == purchase_id(count)
            count += 1
    assert count == 120


@pytest.mark.parametrize("name", NAMES)
def test_both_formats_say_the_same_order(formats: dict[str, Reading], name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(interchange(formats[name].standard, 1, [12]))
    (order,) = formats[name].documents(path)
    wanted = invent(12)
    assert order.payable_amount * 100 == wanted.cents
    assert [(line.quantity.value, line.quantity.unit_code) for line in order.order_lines] == [
        (line.quantity, line.unit) for line in wanted.lines
    ]


@pytest.mark.parametrize("name", FOLLOW)
def test_what_follows_orders_is_valid_and_says_the_same_lines(
    formats: dict[str, Reading], name: str, tmp_path: Path
) -> None:
    path = tmp_path / "follow"
    count = write_file(path, FOLLOWING[name], 50_000)
    documents = list(formats[name].documents(path))
    assert len(documents) == count
    wanted = [line.quantity for line in invent(1, 50).lines]
    first = documents[0]
    if name == "856":
        found = [line.delivered_quantity.value for level in first.packing for line in level.despatch_lines]
    else:
        found = [line.quantity.value for line in first.invoice_lines]
    assert found == wanted


def test_a_ubl_invoice_of_any_size_is_one_valid_document(tmp_path: Path) -> None:
    path = tmp_path / "invoice.xml"
    lines = ubl_invoice(path, 100_000)
    knowledge = Knowledge.of(None, {})
    text = decoded(path.read_bytes())
    assert 100_000 <= len(text.data) < 150_000
    assert xml_validator(knowledge.schemas, "2.1", "Invoice").validate(text) == []
    found: Any = knowledge.mappings.xml("ubl/invoice").read(text).document
    assert len(found.invoice_lines) == lines


@pytest.mark.parametrize("name", FOLLOWING)
def test_a_large_file_is_one_whole_interchange_of_about_the_size_asked_for(name: str, tmp_path: Path) -> None:
    path = tmp_path / "large"
    count = write_file(path, FOLLOWING[name], 300_000)
    (summary,) = scan(io.BytesIO(path.read_bytes()))
    assert (summary.documents, summary.issues) == (count, ())
    assert 300_000 <= path.stat().st_size < 320_000
    assert all(not group.issues and not any(head.issues for head in group.documents) for group in summary.groups)
