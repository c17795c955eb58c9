"""Documents of one business key leave in the order in which they were received, whatever happens to their siblings."""

from __future__ import annotations

import json

import pytest

from gateway.core.errors import ConnectorError
from gateway.expectations import release_matching
from gateway.handlers import Inbound, Outcome
from gateway.handlers.trading import TradingHandler
from gateway.handlers.trading.decide import KnownOrder
from gateway.store import Changes, Database, sweep
from tests.pipeline.orders import REPLACE, order, x12
from tests.pipeline.yard import AT, ERP, Yard


class Unlucky(TradingHandler):
    """Some orders meet a resource that is away."""

    def __init__(self, *numbers: str) -> None:
        self.numbers = numbers

    def handle(self, inbound: Inbound, record: KnownOrder | None, changes: Changes) -> Outcome:
        if inbound.document.id in self.numbers:
            raise OSError("away")
        return super().handle(inbound, record, changes)


@pytest.fixture
def yard(database: Database) -> Yard:
    return Yard(database)


def again(yard: Yard) -> None:
    """What waits for its time is looked at again, without waiting for it."""
    with yard.database.write() as connection:
        connection.exec_driver_sql("UPDATE work SET due = 0 WHERE state = 3")
    sweep(yard.database)
    yard.work()


def delivered(yard: Yard) -> list[str]:
    """Number and function of each order, file by file and line by line."""
    lines = [json.loads(line) for body in yard.to("erp-out") for line in body.splitlines()]
    return [f"{line['id']} {line.get('function_code', 'original')}" for line in lines]


@pytest.mark.parametrize("batch", ["interchange", "document"])
def test_a_change_does_not_overtake_the_order_whose_sibling_is_tried_again(yard: Yard, batch: str) -> None:
    yard.agree(acme_erp=ERP.replace('batch = "interchange"', f'batch = "{batch}"'))
    unlucky = Unlucky("B")
    yard.handlers = (unlucky,)
    yard.put(x12(1, order("A"), order("B")))
    yard.put(x12(2, order("A", function=REPLACE, quantity=7)))
    yard.work()
    assert delivered(yard) == ["A original", "A replace"]
    unlucky.numbers = ()
    again(yard)
    assert delivered(yard) == ["A original", "A replace", "B original"]
    assert yard.nothing_left()


@pytest.mark.parametrize("first", [["A"], ["A", "B"]], ids=["one behind one", "one behind several"])
@pytest.mark.parametrize("then", [["A"], ["C", "A"]], ids=["one", "several"])
def test_a_file_waits_for_an_earlier_one_with_the_same_key(yard: Yard, first: list[str], then: list[str]) -> None:
    yard.door("erp-out").failures.plan("deliver", ConnectorError("No route to host."))
    yard.put(x12(1, *(order(number) for number in first)))
    yard.work()
    yard.put(x12(2, *(order(n, function=REPLACE, quantity=7) if n == "A" else order(n) for n in then)))
    yard.work()
    assert delivered(yard) == []
    again(yard)
    again(yard)
    assert [line for line in delivered(yard) if line[0] == "A"] == ["A original", "A replace"]
    assert yard.nothing_left()


def test_an_agreement_that_is_gone_withholds_its_own_documents_only(yard: Yard) -> None:
    second = ERP[ERP.index("[[agreement]]") :].replace("erp-orders", "erp-copies")
    yard.agree(acme_erp=ERP + second)
    yard.put(x12(1, order("A")))
    worker = yard.worker()
    while not yard.count("work", "step = 3"):
        assert worker.run_once()
    worker.close()
    yard.agree(acme_erp=ERP)
    yard.work()
    assert yard.erp() == [["A"]]
    assert yard.column("SELECT code || ' ' || condition FROM holds") == ["GTW-AGREEMENT configuration"]
    yard.agree(acme_erp=ERP + second)
    (document,) = release_matching(yard.database, "configuration", "partners changed", AT)
    yard.work()
    assert yard.erp() == [["A"], ["A"]]
    assert yard.status(document) == "sent"
