"""An ERP that speaks CSV: what it writes reaches partners in their formats, and what they send reaches it as CSV."""

from __future__ import annotations

import json

from tests.pipeline.orders import order, x12
from tests.pipeline.yard import ACME, GLOBEX, Yard

ERP = """\
id = "acme-erp"
name = "Acme ERP"
kind = "own"
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
name = "erp-orders"
with = "acme"
direction = "out"
standard = "csv"
version = "erp"
type = "orders"
document = "Order"
mapping = "csv/order"
endpoint = "erp-out"
batch = "interchange"
unmapped = "report"
[[agreement]]
name = "erp-purchases"
with = "acme"
direction = "in"
standard = "csv"
version = "erp"
type = "orders"
mapping = "csv/order"
"""

PURCHASES = """
[[agreement]]
name = "globex-purchases"
with = "acme"
direction = "out"
standard = "x12"
version = "004010"
type = "850"
document = "Order"
mapping = "x12/850"
endpoint = "globex-out"
"""

FILE = b"""order_no;order_date;line_no;buyer_item;quantity;unit;price
4711;2026-01-20;1;A-1;10;EA;5.00
4711;2026-01-20;2;A-2;3;EA;1.25
4712;2026-01-21;1;A-1;7;EA;
"""


def test_orders_of_the_erp_leave_as_850(yard: Yard) -> None:
    yard.agree(acme=ACME, **{"acme-erp": ERP}, globex=GLOBEX + PURCHASES)
    transmission = yard.arrive(FILE, "erp-in")
    assert yard.status(transmission) == "translated"
    first, second = yard.to("globex-out")
    assert b"BEG*00*SA*4711**20260120" in first
    assert first.count(b"PO1*") == 2
    assert second.count(b"PO1*") == 1
    assert yard.nothing_left()


def test_an_850_reaches_the_erp_as_csv(yard: Yard) -> None:
    yard.agree(acme=ACME, **{"acme-erp": ERP}, globex=GLOBEX)
    yard.arrive(x12(1, order("PO-77"), order("PO-78")))
    (body,) = yard.to("erp-out")
    heading, *rows = body.decode().splitlines()
    assert heading.startswith("order_no;order_date;order_type;")
    assert list(dict.fromkeys(row.split(";")[0] for row in rows)) == ["PO-77", "PO-78"]
    assert yard.nothing_left()


def test_a_bad_document_does_not_stop_its_siblings(yard: Yard) -> None:
    yard.agree(acme=ACME, **{"acme-erp": ERP}, globex=GLOBEX + PURCHASES)
    yard.arrive(FILE.replace(b"2;A-2;3", b"2;A-2;3,5"), "erp-in")
    (body,) = yard.to("globex-out")
    assert b"4712" in body
    assert yard.one("SELECT status FROM documents WHERE direction = 'in' AND position = 1") == "refused"
    assert yard.one("SELECT code FROM issues WHERE code LIKE 'REC%'") == "REC-R04"


def test_a_file_that_names_other_columns_is_refused_with_the_column(yard: Yard) -> None:
    yard.agree(acme=ACME, **{"acme-erp": ERP}, globex=GLOBEX + PURCHASES)
    yard.arrive(FILE.replace(b"buyer_item", b"article", 1), "erp-in")
    assert yard.one("SELECT code FROM issues WHERE code LIKE 'REC%'") == "REC-F04"
    assert yard.to("globex-out") == []


def test_a_value_that_is_too_long_says_how_much_is_read(yard: Yard) -> None:
    yard.agree(acme=ACME, **{"acme-erp": ERP}, globex=GLOBEX + PURCHASES)
    yard.arrive(FILE.replace(b"4711", b"4" * 36), "erp-in")
    said = yard.one("SELECT data FROM issues WHERE code = 'REC-E03B'")
    assert "too long, at most 35 characters." in json.loads(said)["text"]


def test_a_large_file_is_read_again_document_by_document(yard: Yard) -> None:
    yard.agree(
        acme=ACME, **{"acme-erp": ERP}, globex=GLOBEX + PURCHASES.replace('"850"', '"850"\nbatch = "interchange"')
    )
    heading, first, *_ = FILE.splitlines()
    filler = b"x" * 340
    rows = [first.replace(b"4711;", b"%d;" % number) for number in range(3)]
    notes = [b"%s;%s" % (row, filler) for row in rows for _ in range(1200)]
    yard.arrive(b"\n".join([heading + b";line_note", *notes]), "erp-in")
    assert yard.one("SELECT count(*) FROM documents WHERE direction = 'in'") == 3
