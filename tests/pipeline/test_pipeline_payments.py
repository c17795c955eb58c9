"""Payments through the dock: which invoices are paid stands on the pages of their orders, whatever comes first."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.store import Database
from tests.pipeline.test_pipeline_conversation import ADVICE, ERP_SENDS, GETS, INVOICE, ORDER, page, sends, trade
from tests.pipeline.yard import Yard, segments

REMITTANCE: dict[str, Any] = {
    "document": "RemittanceAdvice",
    "id": "PAY-7",
    "issue_date": "2026-11-30",
    "document_currency_code": "EUR",
    "total_payment_amount": "8",
    "payment_date": "2026-12-01",
    "buyer_customer_party": {"name": "Acme"},
    "remittance_lines": [{"document_type_code": "invoice", "document_id": "I-1", "paid_amount": "8"}],
}
BILL = INVOICE | {"payable_amount": "8", "document_currency_code": "EUR"}


@pytest.fixture
def buying(database: Database) -> Yard:
    """Our ERP orders of Hooli, and tells it what is paid in X12."""
    yard = trade(database, "[]")
    yard.partners["hooli"] += '[[identity]]\nstandard = "x12"\nqualifier = "ZZ"\nidentifier = "HOOLI"\n'
    yard.partners["hooli"] += GETS.format(kind="RemittanceAdvice", type="820").replace("globex-", "hooli-")
    yard.partners["acme-erp"] += ERP_SENDS.format(kind="RemittanceAdvice", name="payments")
    return yard


def paid(yard: Yard) -> tuple[str, bool]:
    (invoice,) = page(yard)["invoices"]
    return invoice["paid_amount"], invoice["settled"]


def test_what_our_erp_pays_leaves_as_820_and_stands_on_the_page_of_the_order(buying: Yard) -> None:
    sends(buying, ORDER, "erp-in")
    sends(buying, ADVICE)
    sends(buying, BILL)
    assert paid(buying) == ("0", False)
    sends(buying, REMITTANCE, "erp-in")
    assert paid(buying) == ("8", True)
    assert [each["kind"] for each in page(buying)["documents"]][-1] == "RemittanceAdvice"
    left = [segments(body) for body in buying.to("hooli-out")[1:]]
    assert any("RMR*IV*I-1*PI*8" in each for each in left), left
    assert buying.nothing_left()


def test_a_payment_that_comes_before_its_invoice_is_told_of_and_counted_when_it_comes(buying: Yard) -> None:
    sends(buying, ORDER, "erp-in")
    sends(buying, REMITTANCE, "erp-in")
    assert "TRD-PAID-UNKNOWN" in buying.issues(buying.inbound(1))
    sends(buying, BILL)
    assert paid(buying) == ("8", True)


def test_what_is_paid_twice_is_told_and_what_is_only_told_twice_counts_once(buying: Yard) -> None:
    sends(buying, ORDER, "erp-in")
    sends(buying, BILL)
    sends(buying, REMITTANCE, "erp-in")
    sends(buying, REMITTANCE | {"issue_time": None}, "erp-in")
    assert paid(buying) == ("8", True)
    assert "TRD-AGAIN" in buying.issues(buying.inbound(3))
    sends(buying, REMITTANCE | {"id": "PAY-8"}, "erp-in")
    assert "TRD-PAID-OVER" in buying.issues(buying.inbound(4))


def test_what_was_paid_too_much_before_its_invoice_came_is_told_when_it_comes(buying: Yard) -> None:
    sends(buying, ORDER, "erp-in")
    sends(
        buying, REMITTANCE | {"remittance_lines": [REMITTANCE["remittance_lines"][0] | {"paid_amount": "9"}]}, "erp-in"
    )
    sends(buying, BILL)
    assert "TRD-PAID-OVER" in buying.issues(buying.inbound(2))
    assert page(buying)["invoices"][0]["payment"] == "overpaid"


def test_a_remittance_that_replaces_another_takes_back_what_it_does_not_name(buying: Yard) -> None:
    sends(buying, ORDER, "erp-in")
    sends(buying, BILL)
    sends(buying, REMITTANCE, "erp-in")
    assert paid(buying) == ("8", True)
    others = [REMITTANCE["remittance_lines"][0] | {"document_id": "I-2"}]
    sends(buying, REMITTANCE | {"function_code": "replace", "remittance_lines": others}, "erp-in")
    assert paid(buying) == ("0", False)


def test_a_cancelled_remittance_pays_nothing_even_when_its_cancellation_comes_first(buying: Yard) -> None:
    sends(buying, ORDER, "erp-in")
    sends(buying, BILL)
    sends(buying, REMITTANCE | {"function_code": "cancellation", "remittance_lines": []}, "erp-in")
    sends(buying, REMITTANCE, "erp-in")
    assert paid(buying) == ("0", False)
