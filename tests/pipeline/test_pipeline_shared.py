"""A document that several handlers take: handled when all have it, held while one holds it, ended for all at once."""

from __future__ import annotations

import pytest

from gateway.core.issues import Issue
from gateway.expectations import cancel, release
from gateway.handlers import Inbound, Outcome
from gateway.handlers.trading import TradingHandler
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import AT, GLOBEX, Yard


class Doubting:
    """A handler that holds whatever it is not told to take."""

    name = "doubting"
    documents = frozenset({"Order"})

    def __init__(self) -> None:
        self.takes: set[str] = set()
        self.taken: list[str] = []

    def load(self, connection: object, batch: object) -> dict[int, None]:
        return {}

    def handle(self, inbound: Inbound, record: object, changes: object) -> Outcome:
        if inbound.document.id not in self.takes:
            return Outcome(hold=Issue("TRD-FUNCTION", value=inbound.document.id))
        self.taken.append(inbound.document.id)
        return Outcome(event="doubt.overcome")


def agreed(yard: Yard, *handlers: str) -> Doubting:
    doubting = Doubting()
    yard.handlers = (TradingHandler(), doubting)
    yard.agree(globex=f"{GLOBEX}handlers = {list(handlers)}\n".replace("'", '"'))
    return doubting


@pytest.mark.parametrize("limit", [1, 64])
def test_a_document_is_handled_when_all_its_handlers_took_it(yard: Yard, limit: int) -> None:
    doubting = agreed(yard, "trading", "doubting")
    doubting.takes = {"A"}
    yard.limit = limit
    yard.put(x12(7, order("A")))
    worker = yard.worker()
    worker.run_once()
    worker.run_once()
    assert yard.statuses() == (["ready"] if limit == 1 else ["handled"])
    yard.work()
    worker.run_until_idle()
    assert yard.statuses() == ["handled"]
    assert doubting.taken == ["A"]
    assert yard.erp() == [["A"]]
    assert yard.nothing_left()


@pytest.mark.parametrize("handlers", [("trading", "doubting"), ("doubting", "trading")])
@pytest.mark.parametrize("limit", [1, 64])
def test_a_hold_of_one_stands_whatever_the_others_do(yard: Yard, handlers: tuple[str, ...], limit: int) -> None:
    doubting = agreed(yard, *handlers)
    yard.limit = limit
    yard.arrive(x12(7, order("A")))
    assert yard.statuses() == ["held"]
    assert yard.column("SELECT number FROM orders") == ["A"]
    doubting.takes = {"A"}
    release(yard.database, yard.inbound(), "ann", AT)
    yard.work()
    assert yard.statuses() == ["handled"]
    assert yard.one("SELECT reason FROM documents WHERE direction = 'in'") is None
    assert yard.count("orders") == 1
    assert yard.nothing_left()


def test_what_is_ended_keeps_no_sibling_waiting(yard: Yard) -> None:
    """One of two handlers holds, the other has not begun: nobody waits for what it will never do."""
    agreed(yard, "doubting", "trading").takes = {"B"}
    yard.limit = 1
    yard.put(x12(7, order("A"), order("B")))
    worker = yard.worker()
    worker.run_once()
    worker.run_once()
    worker.close()
    assert yard.statuses() == ["held", "ready"]
    cancel(yard.database, yard.inbound(), "ann", AT)
    yard.work()
    assert yard.statuses() == ["cancelled", "handled"]
    assert yard.erp() == [["B"]]
    assert yard.column("SELECT pending FROM interchanges WHERE direction = 'in'") == [0]
