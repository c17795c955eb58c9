"""A customer who gets invoices and credit notes in UBL, where these are two kinds of document."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gateway.simulate import selling
from gateway.store import Database
from tests.scenarios.gateways import SOLD, Dealings
from tests.scenarios.steps import an_order

DAY = date(2026, 11, 24)


def test_each_leaves_once_as_what_it_is(database: Database) -> None:
    dealings = Dealings(database, "ubl", SOLD)
    order = an_order(Decimal(100), Decimal("2.00"), "umbrella", "acme")
    dealings.arrive(dealings.say(order))
    deals = selling.ordered(order)
    for number, type in (("I-1", "380"), ("C-1", "381")):
        document = selling.invoice(order, number, deals, day=DAY, type=type, about="I-1" if type == "381" else "")
        dealings.arrive(dealings.say(document))
    left = dealings.yard.column("SELECT type || ' ' || status FROM documents WHERE direction = 'out' ORDER BY id")
    assert left == ["Order sent", "Invoice sent", "CreditNote sent"]
    assert [b"<CreditNote" in body for body in dealings.yard.to("umbrella-out")] == [False, True]
