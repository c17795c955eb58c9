"""What a document does not say is not written: no segment that holds a qualifier alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from gateway.canonical import Invoice, Party, PaymentMeans
from tests.mapping.made import EDIFACT, bundled


def written(invoice: Invoice) -> list[str]:
    segments = bundled().get("edifact/invoic-d96a").write(invoice, EDIFACT).segments
    return ["+".join(segment) for segment in segments]


BARE = Invoice(id="I-1", issue_date=date(2026, 11, 22), payable_amount=Decimal("8.00"))


def test_of_a_mandatory_loop_with_several_lines_those_are_written_that_say_something() -> None:
    assert [segment for segment in written(BARE) if segment.startswith("MOA")] == ["MOA+77:8.00"]


def test_a_line_that_says_only_what_the_document_says_elsewhere_is_written_where_that_is_there() -> None:
    seller = msgspec.structs.replace(BARE, seller_supplier_party=Party(name="Umbrella Supplies"))
    assert not [segment for segment in written(seller) if segment.startswith("FII")]
    paid = msgspec.structs.replace(seller, payment_means=PaymentMeans(payee_account_id="DE02120300000000202051"))
    assert [segment for segment in written(paid) if segment.startswith("FII")] == ["FII+RB+DE02120300000000202051"]
