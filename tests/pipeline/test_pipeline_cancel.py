"""Cancelling what was begun: what was released goes on, and the sender may try again."""

from __future__ import annotations

import pytest

from gateway.expectations import cancel
from gateway.store import Database
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import AT, GLOBEX, Yard

BODY = x12(1, order("A"), order("B"), order("C"))


@pytest.fixture
def yard(database: Database) -> Yard:
    return Yard(database, chunk=1)


def test_a_transmission_that_is_cancelled_between_chunks_leaves_nothing_waiting(yard: Yard) -> None:
    begun = yard.put(BODY)
    worker = yard.worker()
    worker.run_once()
    worker.close()
    yard.agree(globex=None)
    yard.work()
    assert yard.status(begun) == "held"
    cancel(yard.database, begun, "ann", AT)
    yard.work()
    assert yard.erp() == [["A"]]
    assert yard.statuses("interchanges") == ["partial"]
    assert yard.one("SELECT pending FROM interchanges WHERE direction = 'in'") == 0
    assert yard.nothing_left()

    yard.agree(globex=GLOBEX)
    again = yard.arrive(BODY)
    assert yard.status(again) == "translated"
    assert yard.erp() == [["A"], ["B", "C"]]
    assert len(yard.to("globex-out")) == 1
    assert yard.nothing_left()
