"""Invoices through the dock: a supplier's come in whatever it speaks, and ours leave as the customer wants them."""

from __future__ import annotations

import json

import msgspec
import pytest

from gateway.canonical import from_json, to_json
from gateway.codecs.xml_text import decoded
from gateway.grammar.xml_validator import xml_validator
from tests.mapping.made import bundled
from tests.mapping.test_invoices import TRADE, whole
from tests.pipeline.orders import document, group, interchange
from tests.pipeline.yard import ACME, ERP, GLOBEX, SCHEMAS, Yard, segments

OURS = '[[identity]]\nstandard = "ubl"\nqualifier = "0088"\nidentifier = "5412345000013"\n'
ERP_GETS = """
[[agreement]]
name = "erp-invoices"
with = "acme"
direction = "out"
standard = "json"
document = "Invoice"
endpoint = "erp-out"
"""
UMBRELLA = """\
id = "umbrella"
name = "Umbrella Parts"
[[identity]]
standard = "ubl"
qualifier = "0088"
identifier = "4098765000010"
[[endpoint]]
name = "umbrella-in"
connector = "directory"
direction = "in"
path = "in/umbrella"
[[agreement]]
name = "umbrella-invoices"
with = "acme"
direction = "in"
standard = "ubl"
version = "2.1"
type = "Invoice"
mapping = "ubl/invoice"
route = "erp-invoices"
[[agreement]]
name = "umbrella-credits"
with = "acme"
direction = "in"
standard = "ubl"
version = "2.1"
type = "CreditNote"
mapping = "ubl/credit-note"
route = "erp-invoices"
"""
X12_IN = """
[[agreement]]
name = "globex-invoices"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"
type = "810"
mapping = "x12/810"
acknowledgments = ["997"]
acknowledge_through = "globex-out"
route = "erp-invoices"
"""

ERP_SENDS = """
[[endpoint]]
name = "erp-in"
connector = "directory"
direction = "in"
path = "in/erp"
[[agreement]]
name = "erp-bills"
with = "acme"
direction = "in"
standard = "json"
document = "Invoice"
route = "globex-bills"
"""
BILLS = """
[[agreement]]
name = "globex-bills"
with = "acme"
direction = "out"
standard = "{standard}"
version = "{version}"
type = "{type}"
document = "Invoice"
mapping = "{mapping}"
endpoint = "globex-out"
"""


def bill(*segments: str) -> bytes:
    """An 810 with these segments between BIG and TDS."""
    body = ["BIG*20260301*RE-9001**PO-4711***DI", *segments, "TDS*5000", "CTT*1"]
    head, *inside = group([document(body, 1, type="810")], 1)
    return interchange([[head.replace("GS*PO*", "GS*IN*"), *inside]], 1)


def at_the_erp(yard: Yard) -> list[dict[str, object]]:
    return [json.loads(line) for body in yard.to("erp-out") for line in body.splitlines()]


def test_a_supplier_s_ubl_invoice_and_its_credit_note_reach_the_erp(yard: Yard) -> None:
    yard.agree(acme=ACME + OURS, umbrella=UMBRELLA, **{"acme-erp": ERP + ERP_GETS})
    files = [bundled().xml(name).write(whole()).body for name in ("ubl/invoice", "ubl/credit-note")]
    for body, kind in zip(files, ("Invoice", "CreditNote"), strict=True):
        assert xml_validator(SCHEMAS, "2.1", kind).validate(decoded(body)) == []
        yard.receive(body, source="umbrella-in")
    yard.work()
    found = at_the_erp(yard)
    assert [each["id"] for each in found] == ["RE-9001", "RE-9001"]
    assert from_json("Invoice", json.dumps(found[1])) == from_json("Invoice", TRADE)
    assert yard.nothing_left()


def test_an_invoice_in_x12_reaches_the_erp_with_its_order_and_is_confirmed(yard: Yard) -> None:
    yard.agree(globex=GLOBEX + X12_IN, **{"acme-erp": ERP + ERP_GETS})
    yard.arrive(bill("CUR*SE*USD", "IT1*1*10*EA*5"), "globex-in")
    (found,) = at_the_erp(yard)
    assert (found["order_reference"], found["payable_amount"]) == ({"id": "PO-4711"}, "50.00")
    assert yard.one("SELECT business_key FROM documents WHERE direction = 'in' AND type = '810'") == "order:PO-4711"
    assert b"AK5*A" in yard.to("globex-out")[0]


def test_what_does_not_add_up_is_told_and_held_where_it_was_agreed(yard: Yard) -> None:
    strict = X12_IN + 'severities = { "TRD-PAYABLE" = "error" }\n'
    yard.agree(globex=GLOBEX + strict, **{"acme-erp": ERP + ERP_GETS})
    yard.arrive(bill("IT1*1*9*EA*5"), "globex-in")
    assert at_the_erp(yard) == []
    assert yard.one("SELECT status FROM documents WHERE direction = 'in' AND type = '810'") == "held"
    assert "make 45.00" in yard.one("SELECT text FROM holds")


@pytest.mark.parametrize(("kind", "mapping"), [("Invoice", "ubl/invoice"), ("CreditNote", "ubl/credit-note")])
def test_what_the_erp_bills_leaves_as_ubl_that_our_tables_call_valid(yard: Yard, kind: str, mapping: str) -> None:
    out = BILLS.format(standard="ubl", version="2.1", type=kind, mapping=mapping)
    yard.agree(acme=ACME + OURS, globex=GLOBEX + out, **{"acme-erp": ERP + ERP_SENDS})
    yard.receive(TRADE.replace(b"\n", b""), source="erp-in")
    yard.work()
    (body,) = yard.to("globex-out")
    assert xml_validator(SCHEMAS, "2.1", kind).validate(decoded(body)) == []
    assert bundled().xml(mapping).read(decoded(body)).document == whole()


def test_and_as_an_810_with_what_follows_from_it_left_out(yard: Yard) -> None:
    bare = msgspec.structs.replace(whole(), allowance_charges=(), allowance_total_amount=None)
    out = BILLS.format(standard="x12", version="004010", type="810", mapping="x12/810")
    yard.agree(globex=GLOBEX + out, **{"acme-erp": ERP + ERP_SENDS})
    yard.receive(to_json(bare).replace(b"KGM", b"EA"), source="erp-in")
    yard.work()
    (body,) = yard.to("globex-out")
    assert segments(body, "BIG", "TDS", "AMT") == [
        "BIG*20260301*RE-9001*20260115*PO-4711***CR*00",
        "TDS*10000",
        "AMT*1*100.00",
        "AMT*T*17.10",
        "AMT*C4*7.10",
    ]
