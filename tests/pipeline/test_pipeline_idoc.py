"""An ERP that speaks IDoc, XML or flat: what it writes reaches partners in their formats, and theirs reach it."""

from __future__ import annotations

import pytest

from gateway.codecs.idoc_columns import CONTROL_LENGTH, DATA_LENGTH
from tests.pipeline.orders import order, x12
from tests.pipeline.test_pipeline_csv import PURCHASES
from tests.pipeline.yard import ACME, GLOBEX, Yard

OURS = """\
[[identity]]
standard = "idoc"
qualifier = "LS"
identifier = "CROSSDOCK"
routing = "XDOCK"
"""

ERP = """\
id = "acme-erp"
name = "Acme ERP"
kind = "own"
[[identity]]
standard = "idoc"
qualifier = "LS"
identifier = "ACMECLNT100"
routing = "SAPACM"
[[endpoint]]
name = "erp-out"
connector = "directory"
direction = "out"
path = "out/erp"
[[endpoint]]
name = "erp-in"
connector = "directory"
direction = "in"
path = "in/erp"
[[agreement]]
name = "erp-purchases"
with = "acme"
direction = "in"
standard = "idoc"
version = "ORDERS05"
type = "ORDERS"
mapping = "idoc/orders"
[[agreement]]
name = "erp-orders"
with = "acme"
direction = "out"
standard = "idoc"
version = "ORDERS05"
type = "ORDERS"
document = "Order"
mapping = "idoc/orders"
endpoint = "erp-out"
unmapped = "report"
"""

XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<ORDERS05><IDOC BEGIN="1">
<EDI_DC40 SEGMENT="1"><TABNAM>EDI_DC40</TABNAM><DOCNUM>0000000000000042</DOCNUM><IDOCTYP>ORDERS05</IDOCTYP>
<MESTYP>ORDERS</MESTYP><RCVPRN>0000100001</RCVPRN></EDI_DC40>
<E1EDK01 SEGMENT="1"><CURCY>EUR</CURCY><BELNR>4500004711</BELNR></E1EDK01>
<E1EDK03 SEGMENT="1"><IDDAT>012</IDDAT><DATUM>20260120</DATUM></E1EDK03>
<E1EDK03 SEGMENT="1"><IDDAT>002</IDDAT><DATUM>00000000</DATUM></E1EDK03>
<E1EDKA1 SEGMENT="1"><PARVW>AG</PARVW><PARTN>1000</PARTN><NAME1>Acme Tools</NAME1></E1EDKA1>
<E1EDK02 SEGMENT="1"><QUALF>001</QUALF><BELNR>4500004711</BELNR></E1EDK02>
<E1EDP01 SEGMENT="1"><POSEX>00010</POSEX><MENGE>10.000</MENGE><MENEE>EA</MENEE><VPREI>5.00</VPREI>
<E1EDP19 SEGMENT="1"><QUALF>001</QUALF><IDTNR>A-1</IDTNR></E1EDP19></E1EDP01>
<E1EDP01 SEGMENT="1"><POSEX>00020</POSEX><MENGE>3.000</MENGE><MENEE>EA</MENEE>
<E1EDP19 SEGMENT="1"><QUALF>002</QUALF><IDTNR>V-2</IDTNR></E1EDP19></E1EDP01>
</IDOC></ORDERS05>
"""


def agree(yard: Yard, erp: str = ERP, more: str = "") -> None:
    yard.agree(acme=ACME + OURS, **{"acme-erp": erp}, globex=GLOBEX + more)


def test_an_order_of_sap_leaves_as_850(yard: Yard) -> None:
    agree(yard, more=PURCHASES + 'unmapped = "report"\n')
    transmission = yard.arrive(XML, "erp-in")
    assert yard.status(transmission) == "translated"
    (body,) = yard.to("globex-out")
    assert b"BEG*00*SA*4500004711**20260120" in body
    assert body.count(b"PO1*") == 2
    assert yard.one("SELECT control_number FROM documents WHERE direction = 'in'") == "0000000000000042"
    assert yard.nothing_left()


def test_the_receiver_in_the_control_record_decides_who_gets_it(yard: Yard) -> None:
    number = '[[identity]]\nstandard = "idoc"\nqualifier = "LI"\nidentifier = "0000100001"\n'
    globex = GLOBEX.replace("[[endpoint]]", number + "[[endpoint]]", 1) + PURCHASES + 'unmapped = "report"\n'
    hooli = PURCHASES.replace("globex-", "hooli-") + 'unmapped = "report"\n'
    hooli = f"""id = "hooli"
name = "Hooli"
[[identity]]
standard = "x12"
qualifier = "ZZ"
identifier = "HOOLI"
[[endpoint]]
name = "hooli-out"
connector = "directory"
direction = "out"
path = "out/hooli"
{hooli}"""
    yard.agree(acme=ACME + OURS, **{"acme-erp": ERP}, globex=globex, hooli=hooli)
    yard.arrive(XML, "erp-in")
    assert len(yard.to("globex-out")) == 1
    assert yard.to("hooli-out") == []


def test_who_the_control_record_names_must_have_agreed_to_get_it(yard: Yard) -> None:
    hooli = '[[identity]]\nstandard = "idoc"\nqualifier = "LI"\nidentifier = "0000100001"\n'
    yard.agree(acme=ACME + OURS, **{"acme-erp": ERP}, globex=GLOBEX.replace("[[endpoint]]", hooli + "[[endpoint]]", 1))
    yard.arrive(XML, "erp-in")
    assert yard.one("SELECT reason FROM documents WHERE direction = 'in'") == "GTW-ROUTE"


@pytest.mark.parametrize("form", ["xml", "flat"])
def test_an_850_reaches_sap_and_reads_back(yard: Yard, form: str) -> None:
    agree(yard, ERP + f'[agreement.envelope]\nform = "{form}"\n')
    yard.arrive(x12(1, order("PO-77")))
    (body,) = yard.to("erp-out")
    assert (b"<BELNR>PO-77</BELNR>" in body) is (form == "xml")
    if form == "flat":
        first, *rest = body.decode().splitlines()
        assert len(first) == CONTROL_LENGTH
        assert {len(line) for line in rest} == {DATA_LENGTH}
        assert first.startswith("EDI_DC40")
        assert rest[0].startswith("E2EDK01005 ")
    assert yard.nothing_left()
    # The same file, had SAP sent it, is the same order.
    yard.agree(acme=ACME + OURS, **{"acme-erp": ERP}, globex=GLOBEX + PURCHASES + 'unmapped = "report"\n')
    yard.arrive(body, "erp-in")
    (again,) = (file for file in yard.to("globex-out") if b"ST*850*" in file)
    assert b"*PO-77*" in again


def test_a_segment_without_a_table_is_told_and_carried(yard: Yard) -> None:
    agree(yard, more=PURCHASES + 'unmapped = "report"\n')
    yard.arrive(XML.replace(b"</IDOC>", b'<Z1ACME SEGMENT="1"><ZZ>1</ZZ></Z1ACME></IDOC>'), "erp-in")
    assert len(yard.to("globex-out")) == 1
    assert yard.one("SELECT count(*) FROM issues WHERE code = 'REC-S01'") == 1


def test_an_idoc_without_a_control_record_is_not_taken_for_anything(yard: Yard) -> None:
    agree(yard, more=PURCHASES)
    start, end = XML.index(b"<MESTYP>"), XML.index(b"</MESTYP>") + 9
    yard.arrive(XML[:start] + XML[end:], "erp-in")
    assert yard.to("globex-out") == []


def test_what_the_character_set_of_a_flat_file_lacks_waits(yard: Yard) -> None:
    agree(yard, ERP + 'charset = "ascii"\n[agreement.envelope]\nform = "flat"\n')
    head, *rest = order("PO-77")
    yard.arrive(x12(1, [head, "N1*BY*B\u00fccher", *rest]))
    assert yard.to("erp-out") == []
    assert yard.one("SELECT count(*) FROM issues WHERE code = 'REC-W02'") == 1
