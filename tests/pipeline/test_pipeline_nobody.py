"""What nobody gets is told of."""

from __future__ import annotations

import pytest

from gateway.store import Database
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import Yard


@pytest.fixture
def yard(database: Database) -> Yard:
    return Yard(database)


def test_an_order_that_nobody_has_agreed_to_get_says_so(yard: Yard) -> None:
    yard.agree(acme_erp=None)
    yard.arrive(x12(1, order("A")))
    assert yard.statuses() == ["handled"]
    assert yard.issues(yard.inbound()) == ["GTW-NOBODY"]
    assert "Order from acme in the production lane" in yard.one("SELECT data FROM issues")


def test_an_order_that_somebody_gets_does_not(yard: Yard) -> None:
    yard.arrive(x12(1, order("A")))
    assert yard.count("issues") == 0
