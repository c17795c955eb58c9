"""The sums of a remittance advice, and what a line pays and takes off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gateway.canonical.remittance_advice import RemittanceAdvice, RemittanceLine, remitted, settled_by


def line(
    paid: str, whole: str | None = None, off: str = "0", adjusted: str = "0", kind: str = "invoice"
) -> RemittanceLine:
    return RemittanceLine(
        document_type_code=kind,
        document_id="I-1",
        paid_amount=Decimal(paid),
        document_amount=Decimal(whole) if whole else None,
        discount_amount=Decimal(off),
        adjustment_amount=Decimal(adjusted),
    )


def codes(*lines: RemittanceLine, total: str | None = None) -> list[str]:
    advice = RemittanceAdvice(
        id="PAY-7",
        issue_date=date(2026, 3, 30),
        total_payment_amount=Decimal(total) if total else None,
        remittance_lines=lines,
    )
    return [issue.code for issue in remitted(advice)]


@pytest.mark.parametrize(
    ("one", "paid", "off"),
    [
        (line("980", "1000", off="20"), 980, 20),
        (line("500", "510", adjusted="10"), 500, 10),
        (line("500", "510", adjusted="-10"), 500, 10),  # as payers write it who sign by the effect on the payment
        (line("520", "510", adjusted="10"), 520, -10),  # interest for paying late, X12 820 RMR08
        (line("500", adjusted="10"), 500, 10),
        (line("40", "40", kind="credit-note"), -40, 0),
        (line("-38", "40", off="2", kind="credit-note"), -38, -2),
    ],
)
def test_what_a_line_pays_and_takes_off(one: RemittanceLine, paid: int, off: int) -> None:
    assert settled_by(one) == (Decimal(paid), Decimal(off))


def test_the_parts_make_the_total() -> None:
    assert codes(line("980"), line("40", kind="credit-note"), total="940") == []
    assert codes(line("980"), line("40", kind="credit-note"), total="1020") == ["TRD-REMITTED"]


def test_more_than_its_amount_is_not_said_of_a_document() -> None:
    assert codes(line("200", "1000"), line("980", "1000", off="20"), line("520", "510", adjusted="10")) == []
    assert codes(line("1000", "1000", off="20")) == ["TRD-REMITTED-LINE"]
    assert codes(line("-40", "30", kind="credit-note")) == ["TRD-REMITTED-LINE"]
