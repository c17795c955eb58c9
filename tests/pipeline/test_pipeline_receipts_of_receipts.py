"""Receipts are never answered, whatever repeats them."""

from __future__ import annotations

import pytest

from gateway.store import Database
from tests.pipeline.orders import interchange, order, x12
from tests.pipeline.yard import GLOBEX, Yard, segments


@pytest.fixture
def yard(database: Database) -> Yard:
    yard = Yard(database)
    yard.agree(globex=f'{GLOBEX}duplicate = "ta1"\n')
    return yard


def test_a_repeated_interchange_of_receipts_is_not_answered(yard: Yard) -> None:
    alone = interchange([], 5).replace(b"IEA*0", b"TA1*000000001*261120*0815*A*000~IEA*0")
    yard.arrive(alone)
    yard.arrive(alone)
    assert yard.statuses("interchanges") == ["accepted", "duplicate"]
    assert yard.sent == []


def test_a_repeat_of_documents_still_is(yard: Yard) -> None:
    yard.arrive(x12(7, order("A")))
    yard.arrive(x12(7, order("A")))
    assert segments(yard.to("globex-out")[1]) == ["TA1*000000007*261120*0815*R*025"]
