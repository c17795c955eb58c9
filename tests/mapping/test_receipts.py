"""Receipts of goods over all syntaxes: what one says the others say."""

from __future__ import annotations

import msgspec
import pytest

from gateway.canonical import Quantity, ReceiptAdvice, from_json
from gateway.codecs.xml_text import decoded
from gateway.grammar.xml_validator import xml_validator
from gateway.mapping import Mapping, XmlMapping
from tests.mapping.made import EDIFACT, X12, bundled
from tests.pipeline.yard import SCHEMAS

NAMES = ("x12/861", "edifact/recadv-d96a", "ubl/receipt-advice")

#: What all three have a place for.
TRADE = b"""{
  "document": "ReceiptAdvice", "id": "WE-55", "issue_date": "2026-02-04", "issue_time": "09:15:00",
  "order_reference": {"id": "PO-4711", "issue_date": "2026-01-15"},
  "despatch_reference": {"id": "SH-900"}, "actual_delivery_date": "2026-02-03",
  "buyer_customer_party": {"id": {"value": "5412345000013", "scheme_id": "gln"}, "name": "Acme Stores"},
  "seller_supplier_party": {"id": {"value": "4098765000010", "scheme_id": "gln"}, "name": "Globex GmbH"},
  "despatch_party": {"id": {"value": "4012345000094", "scheme_id": "gln"}, "name": "Globex Lager"},
  "delivery_party": {"id": {"value": "5412345000020", "scheme_id": "gln"}, "name": "Acme Depot"},
  "receipt_lines": [
    {
      "id": "1", "order_line_id": "1", "order_reference": {"id": "PO-4711"},
      "received_quantity": {"value": "8", "unit_code": "KGM"}, "short_quantity": {"value": "2", "unit_code": "KGM"},
      "received_date": "2026-02-03",
      "item": {
        "description": "Steel valve", "buyers_item_identification": "A-1", "sellers_item_identification": "V-77",
        "standard_item_identification": {"value": "4006381333931", "scheme_id": "gtin13"}
      }
    },
    {
      "id": "2", "order_line_id": "3", "order_reference": {"id": "PO-4712"},
      "received_quantity": {"value": "5", "unit_code": "KGM"},
      "oversupply_quantity": {"value": "1", "unit_code": "KGM"},
      "rejected_quantity": {"value": "2", "unit_code": "KGM"}, "reject_reason_code": "damaged",
      "item": {"sellers_item_identification": "V-78", "lot_number": "L-9"}
    }
  ]
}"""


def whole() -> ReceiptAdvice:
    found = from_json("ReceiptAdvice", TRADE)
    assert isinstance(found, ReceiptAdvice)
    return found


def through(name: str, advice: ReceiptAdvice) -> ReceiptAdvice:
    """Written by the mapping of this name without loss, and read again."""
    mapping: Mapping | XmlMapping
    if name.startswith("ubl/"):
        mapping = bundled().xml(name)
        body = mapping.write(advice)
        assert body.issues == ()
        assert xml_validator(SCHEMAS, "2.1", "ReceiptAdvice").validate(decoded(body.body)) == []
        read = mapping.read(decoded(body.body))
    else:
        mapping, marks = bundled().get(name), X12 if name.startswith("x12/") else EDIFACT
        writing = mapping.write(advice, marks)
        assert writing.issues == ()
        read = mapping.read(writing.segments, marks)
    assert read.issues == ()
    assert isinstance(read.document, ReceiptAdvice)
    return read.document


@pytest.mark.parametrize("first", NAMES)
@pytest.mark.parametrize("second", NAMES)
def test_what_one_syntax_says_the_next_one_says_too(first: str, second: str) -> None:
    assert through(second, through(first, whole())) == whole()


def test_in_ubl_the_buyer_receives_and_the_seller_sends_where_nobody_else_is_named() -> None:
    alone = msgspec.structs.replace(whole(), delivery_party=None, despatch_party=None)
    found = through("ubl/receipt-advice", alone)
    assert (found.delivery_party, found.despatch_party) == (alone.buyer_customer_party, alone.seller_supplier_party)
    assert (found.buyer_customer_party, found.seller_supplier_party) == (None, None)


@pytest.mark.parametrize("reason", ["quality", "wrong-item", "on-hold", "container"])
def test_where_a_syntax_says_less_of_the_reason_it_is_told(reason: str) -> None:
    first, second = whole().receipt_lines
    told = msgspec.structs.replace(second, reject_reason_code=reason)
    advice = msgspec.structs.replace(whole(), receipt_lines=(first, told))
    assert through("x12/861", advice) == advice
    assert through("ubl/receipt-advice", advice) == advice
    writing = bundled().get("edifact/recadv-d96a").write(advice, EDIFACT)
    assert [issue.code for issue in writing.issues] == ["MAP-COARSE"]


def test_what_goes_back_has_no_place_in_ubl_and_that_is_told() -> None:
    first, second = whole().receipt_lines
    back = msgspec.structs.replace(first, returned_quantity=Quantity(value=second.received_quantity.value))  # type: ignore[union-attr]
    advice = msgspec.structs.replace(whole(), receipt_lines=(back, second))
    found = bundled().xml("ubl/receipt-advice").write(advice)
    assert [issue.location.field for issue in found.issues] == ["receipt_lines[0].returned_quantity"]
