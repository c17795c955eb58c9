"""Remittance advices over all syntaxes: what one says the others say; and whether the parts make the total."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from gateway.canonical import OrderReference, PaymentMeans, RemittanceAdvice, from_json
from gateway.canonical.checks import remarks
from gateway.codecs.xml_text import decoded
from gateway.grammar.xml_validator import xml_validator
from gateway.mapping import Mapping, XmlMapping
from tests.mapping.made import EDIFACT, X12, bundled
from tests.pipeline.yard import SCHEMAS

NAMES = ("x12/820", "edifact/remadv-d96a", "ubl/remittance-advice")

#: What all three have a place for.
TRADE = b"""{
  "document": "RemittanceAdvice", "id": "PAY-7", "issue_date": "2026-03-30",
  "document_currency_code": "EUR", "total_payment_amount": "940.00", "payment_date": "2026-04-01",
  "payment_means": {"payment_means_code": "30"},
  "buyer_customer_party": {"id": {"value": "5412345000013", "scheme_id": "gln"}, "name": "Acme Stores"},
  "seller_supplier_party": {"id": {"value": "4098765000010", "scheme_id": "gln"}, "name": "Globex GmbH"},
  "remittance_lines": [
    {"document_type_code": "invoice", "document_id": "RE-9001", "document_date": "2026-03-01",
     "paid_amount": "980.00"},
    {"document_type_code": "credit-note", "document_id": "GS-17", "paid_amount": "-40.00"}
  ]
}"""


def whole() -> RemittanceAdvice:
    found = from_json("RemittanceAdvice", TRADE)
    assert isinstance(found, RemittanceAdvice)
    return found


def through(name: str, advice: RemittanceAdvice) -> RemittanceAdvice:
    """Written by the mapping of this name without loss, and read again."""
    mapping: Mapping | XmlMapping
    if name.startswith("ubl/"):
        lines = tuple(
            msgspec.structs.replace(line, id=str(place)) for place, line in enumerate(advice.remittance_lines, 1)
        )
        mapping = bundled().xml(name)
        body = mapping.write(msgspec.structs.replace(advice, remittance_lines=lines))
        assert body.issues == ()
        assert xml_validator(SCHEMAS, "2.1", "RemittanceAdvice").validate(decoded(body.body)) == []
        read = mapping.read(decoded(body.body))
    else:
        mapping, marks = bundled().get(name), X12 if name.startswith("x12/") else EDIFACT
        writing = mapping.write(_without_ids(advice), marks)
        assert writing.issues == ()
        read = mapping.read(writing.segments, marks)
    assert read.issues == ()
    assert isinstance(read.document, RemittanceAdvice)
    return read.document


def _without_ids(advice: RemittanceAdvice) -> RemittanceAdvice:
    """UBL numbers the lines, the others do not."""
    lines = tuple(msgspec.structs.replace(line, id=None) for line in advice.remittance_lines)
    return msgspec.structs.replace(advice, remittance_lines=lines)


@pytest.mark.parametrize("first", NAMES)
@pytest.mark.parametrize("second", NAMES)
def test_what_one_syntax_says_the_next_one_says_too(first: str, second: str) -> None:
    assert _without_ids(through(second, through(first, whole()))) == whole()


@pytest.mark.parametrize("name", NAMES[1:])
def test_the_account_of_the_payee_is_carried_where_it_is_not_the_bank_s_alone(name: str) -> None:
    means = PaymentMeans(
        payment_means_code="30", payee_account_id="DE02120300000000202051", financial_institution_id="BYLADEM1"
    )
    advice = msgspec.structs.replace(whole(), payment_means=means)
    assert _without_ids(through(name, advice)) == advice
    assert bundled().get("x12/820").write(advice, X12).issues != ()


@pytest.mark.parametrize("name", NAMES[:2])
def test_discounts_and_adjustments_and_the_order_are_carried(name: str) -> None:
    first, second = whole().remittance_lines
    more = msgspec.structs.replace(
        first,
        document_amount=Decimal("1000.00"),
        discount_amount=Decimal("15.00"),
        adjustment_amount=Decimal("5.00"),
        adjustment_reason_code="01",
        order_reference=OrderReference(id="PO-4711"),
    )
    advice = msgspec.structs.replace(whole(), remittance_lines=(more, second))
    assert through(name, advice) == advice


def test_parts_that_do_not_make_the_total_are_told_whatever_the_sign_of_a_credit_note() -> None:
    assert remarks(whole()) == ()
    first, second = whole().remittance_lines
    positive = msgspec.structs.replace(second, paid_amount=Decimal("40.00"))
    assert remarks(msgspec.structs.replace(whole(), remittance_lines=(first, positive))) == ()
    wrong = msgspec.structs.replace(whole(), total_payment_amount=Decimal("1020.00"))
    (issue,) = remarks(wrong)
    assert issue.text == "total_payment_amount is 1020.00; what is paid adds up to 940.00."
