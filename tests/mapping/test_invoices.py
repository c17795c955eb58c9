"""Invoices over all syntaxes: what one says the others say, and other people's samples survive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from gateway.canonical import Invoice, from_json, to_json
from gateway.canonical.checks import remarks
from gateway.codecs.xml_text import decoded
from gateway.core.issues import has_errors
from gateway.mapping import Mapping, XmlMapping
from tests.mapping.made import EDIFACT, SAMPLES, X12, bundled

NAMES = ("x12/810", "edifact/invoic-d96a", "ubl/invoice", "ubl/credit-note")

#: What all four have a place for.
TRADE = b"""{
  "document": "Invoice", "id": "RE-9001", "issue_date": "2026-03-01", "invoice_type_code": "381",
  "document_currency_code": "EUR", "customer_reference": "Dept. 42", "contract_id": "C-7",
  "notes": ["Two valves leaked."],
  "order_reference": {"id": "PO-4711", "issue_date": "2026-01-15", "sales_order_id": "SO-88"},
  "billing_references": [{"id": "RE-8999"}],
  "actual_despatch_date": "2026-02-27", "actual_delivery_date": "2026-02-28",
  "accounting_customer_party": {"id": {"value": "5412345000013", "scheme_id": "gln"}, "name": "Acme Stores"},
  "seller_supplier_party": {
    "id": {"value": "4098765000010", "scheme_id": "gln"}, "name": "Globex GmbH", "tax_company_id": "DE999999998",
    "postal_address": {"city_name": "Hamburg", "postal_zone": "20095", "country_code": "DE"}
  },
  "allowance_charges": [{"amount": "10.00", "reason": "Volume"}],
  "tax_total": {"tax_amount": "17.10", "tax_subtotals": [
    {"taxable_amount": "90.00", "tax_amount": "17.10", "percent": "19",
     "tax_category_code": "S", "tax_scheme_id": "VAT"}
  ]},
  "line_extension_amount": "100.00", "allowance_total_amount": "10.00", "tax_exclusive_amount": "90.00",
  "tax_inclusive_amount": "107.10", "prepaid_amount": "7.10", "payable_amount": "100.00",
  "invoice_lines": [
    {
      "id": "1", "quantity": {"value": "10", "unit_code": "KGM"}, "price": {"price_amount": "5.00"},
      "line_extension_amount": "50.00",
      "item": {
        "description": "Steel valve", "buyers_item_identification": "A-1", "sellers_item_identification": "V-77",
        "standard_item_identification": {"value": "4006381333931", "scheme_id": "gtin13"}
      },
      "tax_total": {"tax_subtotals": [{"percent": "19", "tax_category_code": "S", "tax_scheme_id": "VAT"}]}
    },
    {
      "id": "2", "quantity": {"value": "4", "unit_code": "KGM"}, "price": {"price_amount": "12.50"},
      "line_extension_amount": "50.00", "item": {"description": "Seal", "sellers_item_identification": "V-78"}
    }
  ]
}"""


def through(name: str, invoice: Invoice) -> Invoice:
    """Written by the mapping of this name without loss, and read again."""
    mapping: Mapping | XmlMapping
    if name.startswith("ubl/"):
        mapping = bundled().xml(name)
        body = mapping.write(invoice)
        assert body.issues == ()
        read = mapping.read(decoded(body.body))
    else:
        mapping, marks = bundled().get(name), X12 if name.startswith("x12/") else EDIFACT
        writing = mapping.write(invoice, marks)
        assert writing.issues == ()
        read = mapping.read(writing.segments, marks)
    assert read.issues == ()
    assert isinstance(read.document, Invoice)
    return read.document


def whole() -> Invoice:
    invoice = from_json("Invoice", TRADE)
    assert isinstance(invoice, Invoice)
    return invoice


def test_the_invoice_of_these_tests_adds_up() -> None:
    assert remarks(whole()) == ()


@pytest.mark.parametrize("first", NAMES)
@pytest.mark.parametrize("second", NAMES)
def test_what_one_syntax_says_the_next_one_says_too(first: str, second: str) -> None:
    crossed = through(second, through(first, whole()))
    implied = ("allowance_total_amount", "tax_exclusive_amount", "tax_inclusive_amount")
    without: dict[str, Any] = dict.fromkeys(implied if "x12/810" in (first, second) else (), None)
    assert crossed == msgspec.structs.replace(whole(), **without)


def test_where_nobody_else_is_named_the_buyer_is_invoiced() -> None:
    """UBL requires the accounting customer, the others need only say who bought."""
    party = whole().accounting_customer_party
    bought = msgspec.structs.replace(whole(), accounting_customer_party=None, buyer_customer_party=party)
    assert through("edifact/invoic-d96a", bought) == bought
    found = through("ubl/invoice", bought)
    assert (found.accounting_customer_party, found.buyer_customer_party) == (party, None)
    both = msgspec.structs.replace(whole(), buyer_customer_party=whole().seller_supplier_party)
    assert through("ubl/invoice", both) == both


def samples() -> list[tuple[str, Path]]:
    kinds = {b"<Invoice": "ubl/invoice", b"<CreditNote": "ubl/credit-note"}
    kinds |= {kind.replace(b"<", b"<" + prefix): name for kind, name in kinds.items() for prefix in (b"ubl:", b"ns0:")}
    found = []
    for file in sorted(SAMPLES.glob("xml/valid/*")):
        head = file.read_bytes()[:4000]
        name = next((name for kind, name in kinds.items() if kind in head), "")
        if name and b"ubl:schema:xsd:" in head:
            found.append((name, file))
    return found


@pytest.mark.skipif(not samples(), reason="the samples are not here")
@pytest.mark.parametrize(("name", "file"), samples(), ids=lambda value: str(getattr(value, "name", value))[-50:])
def test_other_peoples_invoices_are_written_as_they_were_read(name: str, file: Path) -> None:
    mapping = bundled().xml(name)
    read = mapping.read(decoded(file.read_bytes()))
    assert isinstance(read.document, Invoice), read.issues
    assert not has_errors(read.issues), read.issues
    bare = msgspec.structs.replace(read.document, extensions=())
    again = mapping.read(decoded(mapping.write(bare).body))
    assert to_json(msgspec.structs.replace(again.document, extensions=())) == to_json(bare)  # type: ignore[type-var]
