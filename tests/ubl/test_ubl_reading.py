"""XML as it comes in: what it is, and that no bytes make us do more than read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs import detect
from gateway.codecs.model import Address, Limits
from gateway.codecs.ubl import PREFIXES, text_of, ubl_document
from gateway.codecs.xml_read import Element, parse
from gateway.codecs.xml_text import decoded
from gateway.core.issues import Issue
from gateway.grammar import Schemas
from gateway.grammar.xml_validator import xml_validator
from tests.ubl.conftest import ORDER


class Everything:
    """Keeps what is read."""

    def __init__(self) -> None:
        self.children: list[Element] = []

    def root(self, element: Element, namespace: str) -> None:
        self.top = element

    def child(self, element: Element) -> None:
        self.children.append(element)


def read(body: bytes, limits: Limits = Limits()) -> tuple[Everything, Issue | None]:  # noqa: B008
    found = Everything()
    return found, parse(decoded(body), found, PREFIXES, limits)


def test_an_order_is_known_by_its_namespace_and_says_who_it_is_from(order: bytes) -> None:
    assert detect(order) == ("ubl", "Order")
    document, head = ubl_document(order)
    assert (head.type, head.version, head.reference, head.date) == ("Order", "2.1", "PO-4711", "2026-01-15")
    assert head.sender == Address("5412345000013", "0088")  # its endpoint
    assert head.receiver == Address("4098765000010", "0088")  # it has none: its identification
    assert (document.standard, document.type, document.control_number) == ("ubl", "Order", "PO-4711")


def test_the_seller_sends_the_answer_to_an_order(order: bytes) -> None:
    answer = order.replace(b"xsd:Order-2", b"xsd:OrderResponse-2").replace(b"<Order ", b"<OrderResponse ", 1)
    _, head = ubl_document(answer.replace(b"</Order>", b"</OrderResponse>"))
    assert head.sender == Address("4098765000010", "0088")


def test_a_document_without_a_version_is_of_the_usual_one(order: bytes) -> None:
    _, head = ubl_document(order.replace(b"<cbc:UBLVersionID>2.1</cbc:UBLVersionID>", b""))
    assert head.version == "2.1"


def test_elements_know_their_line_and_their_byte(order: bytes) -> None:
    found, issue = read(b"\xef\xbb\xbf" + order)
    assert issue is None
    note = next(child for child in found.children if child.tag == "cbc:Note")
    assert note.text == "Ring the bell."
    assert note.line == order[: order.index(b"<cbc:Note>")].count(b"\n") + 1
    assert decoded(b"\xef\xbb\xbf" + order).offset(note.offset) == order.index(b"<cbc:Note>") + 3


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "gb18030"])
def test_the_character_set_is_the_declared_one(order: bytes, charset: str) -> None:
    text = order.decode().replace("UTF-8", charset).replace("Ring the bell.", "Ring ü.")
    found, issue = read(text.encode(charset))
    assert issue is None
    assert next(child for child in found.children if child.tag == "cbc:Note").text == "Ring ü."


def test_offsets_are_those_of_the_file_in_any_character_set(order: bytes) -> None:
    body = order.decode().replace("UTF-8", "iso-8859-1").replace("Ring", "ÄÖÜ").encode("iso-8859-1")
    found, _ = read(body)
    currency = next(child for child in found.children if child.tag == "cbc:DocumentCurrencyCode")
    assert decoded(body).offset(currency.offset) == body.index(b"<cbc:DocumentCurrencyCode>")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "XML-D02"),
        (b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "XML-D02"),
        (b"<a>&unknown;</a>", "XML-D01"),
        (b"<a><b></a>", "XML-D01"),
        (b"<a/><a/>", "XML-D01"),
        (b"<x:a/>", "XML-D01"),
        (b"<a>\x00</a>", "XML-D01"),
        (b"", "XML-D01"),
        (b"<a>\xff</a>", "XML-D03"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "XML-D03"),
        (b'<?xml version="1.0" encoding="rot13"?><a/>', "XML-D03"),
        (b"<a>" * 200, "XML-D04"),
        (b"<a " + b" ".join(b'b%d=""' % n for n in range(200)) + b"/>", "XML-D04"),
    ],
)
def test_what_cannot_be_read_says_why_and_where(body: bytes, code: str) -> None:
    _, issue = read(body)
    assert issue is not None
    assert issue.code == code
    assert issue.location.line == 1
    assert 0 <= (issue.location.offset or 0) <= len(body)


def test_a_document_is_bounded_in_bytes_and_elements() -> None:
    for limits in (Limits(document_bytes=100), Limits(document_segments=20)):
        _, issue = read(b"<a>" + b"<b/>" * 50 + b"</a>", limits)
        assert issue is not None
        assert issue.code == "XML-D04"


def test_a_file_that_is_too_long_is_known_by_its_head(order: bytes) -> None:
    document, head = ubl_document(order + b" " * 1000, Limits(document_bytes=len(order)))
    assert head.reference == "PO-4711"
    assert [issue.code for issue in document.issues] == ["XML-D04"]
    assert not document.text


@given(st.binary(max_size=400))
def test_any_bytes_end_in_elements_or_an_issue(body: bytes) -> None:
    _, issue = read(body)
    assert issue is None or (issue.location.line or 0) >= 1
    ubl_document(body)


@given(st.data())
def test_any_damage_to_an_order_is_read_or_located(schemas: Schemas, data: st.DataObject) -> None:
    order = ORDER.read_bytes()
    start = data.draw(st.integers(0, len(order)))
    body = order[:start] + data.draw(st.binary(max_size=8)) + order[start + data.draw(st.integers(0, 40)) :]
    document, _ = ubl_document(body)
    for issue in (
        xml_validator(schemas, "2.1", "Order").validate(text_of(document)) if document.text else document.issues
    ):
        assert issue.location.line is not None
        assert issue.text
