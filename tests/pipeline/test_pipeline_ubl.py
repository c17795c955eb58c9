"""A partner that speaks UBL: its orders come in, ours go out, and what is wrong waits or is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.codecs.xml_text import XmlText, decoded
from gateway.grammar.xml_validator import xml_validator
from gateway.mapping import XmlMapping
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import ACME, GLOBEX, SCHEMAS, Yard
from tests.ubl.conftest import ORDER

UMBRELLA = """\
id = "umbrella"
name = "Umbrella Stores"
[[identity]]
standard = "ubl"
qualifier = "0088"
identifier = "5412345000013"
[[endpoint]]
name = "umbrella-in"
connector = "directory"
direction = "in"
path = "in/umbrella"
[[endpoint]]
name = "umbrella-out"
connector = "directory"
direction = "out"
path = "out/umbrella"
[[agreement]]
name = "umbrella-orders"
with = "acme"
direction = "in"
standard = "ubl"
version = "2.1"
type = "Order"
mapping = "ubl/order"
"""

OUT = """\
[[agreement]]
name = "umbrella-purchases"
with = "acme"
direction = "out"
standard = "ubl"
version = "2.1"
type = "Order"
document = "Order"
mapping = "ubl/order"
endpoint = "umbrella-out"
unmapped = "report"
"""

OURS = '[[identity]]\nstandard = "ubl"\nqualifier = "0088"\nidentifier = "4098765000010"\n'


def agree(yard: Yard, more: str = "", **parties: str) -> None:
    yard.agree(acme=ACME + OURS, umbrella=UMBRELLA + more, **parties)


def test_an_order_in_ubl_reaches_the_erp_as_json(yard: Yard) -> None:
    agree(yard)
    transmission = yard.arrive(ORDER.read_bytes(), "umbrella-in")
    assert yard.status(transmission) == "translated"
    (body,) = yard.to("erp-out")
    document = json.loads(body)
    assert (document["id"], document["buyer_customer_party"]["name"]) == ("PO-4711", "Acme Stores")
    assert [line["quantity"]["value"] for line in document["order_lines"]] == ["5", "7"]
    assert yard.one("SELECT status FROM interchanges WHERE direction = 'in'") == "accepted"
    assert yard.nothing_left()


def test_an_850_leaves_as_an_order_in_ubl(yard: Yard) -> None:
    to_umbrella = GLOBEX + 'route = "umbrella-purchases"\n'
    agree(yard, OUT, globex=to_umbrella)
    head, *rest = order("PO-77")
    yard.arrive(x12(1, [head, "CUR*BY*EUR", "N1*SE*Umbrella Stores", *rest]))
    (body,) = yard.to("umbrella-out")
    assert b"<cbc:ID>PO-77</cbc:ID>" in body
    issues = xml_validator(SCHEMAS, "2.1", "Order").validate(decoded(body))
    assert not [issue for issue in issues if issue.severity == "error"]
    assert yard.one("SELECT control_number FROM documents WHERE direction = 'out' AND type = 'Order'") == "PO-77"
    assert yard.nothing_left()


def test_an_order_that_is_not_valid_is_refused_and_kept(yard: Yard) -> None:
    agree(yard)
    yard.arrive(ORDER.read_bytes().replace(b"2026-01-15", b"15.01.2026"), "umbrella-in")
    assert yard.statuses() == ["refused"]
    assert "XML-E06" in yard.issues(yard.inbound())
    assert yard.to("erp-out") == []


def test_a_mapping_that_fails_stops_its_document_alone(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    agree(yard)
    read = XmlMapping.read

    def fails(self: XmlMapping, text: XmlText, *args: Any) -> Any:
        if b"PO-4711" in text.data:
            raise ZeroDivisionError("of all things")
        return read(self, text, *args)

    monkeypatch.setattr(XmlMapping, "read", fails)
    yard.receive(ORDER.read_bytes(), ORDER.read_bytes().replace(b"PO-4711", b"PO-4712"), source="umbrella-in")
    yard.work()
    assert yard.column("SELECT status FROM documents WHERE direction = 'in' ORDER BY id") == ["held", "handled"]
    assert "ZeroDivisionError: of all things" in yard.one("SELECT text FROM holds")
    assert yard.erp() == [["PO-4712"]]


def test_the_same_file_twice_is_taken_once_and_another_content_waits(yard: Yard) -> None:
    agree(yard)
    body = ORDER.read_bytes()
    yard.arrive(body, "umbrella-in")
    assert yard.status(yard.arrive(body, "umbrella-in")) == "duplicate"
    changed = yard.arrive(body.replace(b">5<", b">6<"), "umbrella-in")
    assert yard.status(changed) == "held"
    assert "GTW-CONFLICT" in yard.column("SELECT code FROM holds")
    assert len(yard.to("erp-out")) == 1


def test_an_unknown_sender_waits_for_the_lines_that_admit_it(yard: Yard) -> None:
    yard.agree(acme=ACME + OURS)
    transmission = yard.arrive(ORDER.read_bytes(), "umbrella-in")
    assert yard.status(transmission) == "held"
    text = yard.one("SELECT text FROM holds WHERE released_at IS NULL")
    assert "0088:5412345000013" in text


def test_a_document_that_would_not_be_valid_does_not_leave(yard: Yard) -> None:
    agree(yard, OUT, globex=GLOBEX + 'route = "umbrella-purchases"\n')
    yard.arrive(x12(1, order("PO-78")))  # without a currency and a seller, which UBL wants
    assert yard.to("umbrella-out") == []
    assert "GTW-INVALID" in yard.column("SELECT code FROM holds WHERE released_at IS NULL")
