"""Compose and deliver: one file for what one interchange led to, under one name, until it has arrived."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.core.errors import ConnectorError, DeliveryRefusedError, UsageError
from gateway.expectations import cancel, release, resend
from gateway.pipeline.compose import Compose
from gateway.pipeline.deliver import Deliver
from gateway.pipeline.stranded import compose_stranded
from gateway.store import Claim, ConflictError, Step, claim, commit, sweep
from gateway.store.ids import Reference
from tests.pipeline.orders import REPLACE, broken, order, x12
from tests.pipeline.test_pipeline_mapping_holds import UNKNOWN, teach
from tests.pipeline.yard import AT, ERP, Yard


def outgoing(yard: Yard, endpoint: str = "erp-out") -> Reference:
    (id,) = yard.column("SELECT id FROM transmissions WHERE direction = 'out' AND endpoint = :e", e=endpoint)
    return Reference("transmission", id)


def sweep_and_work(yard: Yard) -> None:
    sweep(yard.database)
    yard.work()


# Compose


def test_one_interchange_is_one_file_with_a_document_on_each_line(yard: Yard) -> None:
    yard.arrive(x12(7, order("A"), broken("B"), order("C")))
    (body,) = yard.to("erp-out")
    assert [json.loads(line)["id"] for line in body.decode().splitlines()] == ["A", "C"]
    assert body.endswith(b"}\n")
    assert yard.column(
        "SELECT position FROM documents WHERE canonical IS NOT NULL AND direction = 'out' ORDER BY id"
    ) == [1, 2]
    assert [sent.name for sent in yard.sent if sent.endpoint == "erp-out"] == ["erp-orders-000000001.jsonl"]


def test_two_interchanges_of_one_transmission_are_two_files(yard: Yard) -> None:
    yard.arrive(x12(7, order("A")) + x12(8, order("B")))
    assert yard.erp() == [["A"], ["B"]]


def test_an_agreement_may_want_a_file_for_each_document(yard: Yard) -> None:
    yard.agree(acme_erp=ERP.replace('batch = "interchange"', 'batch = "document"'))
    yard.arrive(x12(7, order("A"), order("B")))
    assert yard.erp() == [["A"], ["B"]]
    assert [sent.name for sent in yard.sent if sent.endpoint == "erp-out"] == [
        "erp-orders-000000001.jsonl",
        "erp-orders-000000002.jsonl",
    ]


def test_documents_released_later_get_a_file_of_their_own(yard: Yard) -> None:
    yard.arrive(x12(7, order("A"), order("B", function=UNKNOWN), order("C", function=UNKNOWN)))
    assert yard.erp() == [["A"]]
    teach(yard)
    for position in (1, 2):
        release(yard.database, yard.inbound(position), "ann", AT)
    yard.work()
    assert yard.erp() == [["A"], ["B", "C"]]
    assert yard.one("SELECT pending FROM interchanges WHERE direction = 'in'") == 0


def test_nothing_is_composed_for_an_interchange_that_led_to_nothing(yard: Yard) -> None:
    yard.arrive(x12(7, order("A")))
    yard.arrive(x12(8, order("A")))
    assert yard.erp() == [["A"]]
    assert yard.nothing_left()


def claimed(yard: Yard, step: Step, owner: str) -> list[Any]:
    return claim(yard.database, owner, Claim((step,)))


def until(yard: Yard, step: Step) -> None:
    """Works until this step has something to do."""
    worker = yard.worker()
    while not yard.count("work", f"step = {int(step)}"):
        assert worker.run_once()
    worker.close()


def test_two_composers_of_one_interchange_write_one_file(yard: Yard) -> None:
    """The lease of the first ran out while it worked: it must not even leave a number behind."""
    yard.put(x12(7, order("A"), order("B")))
    until(yard, Step.COMPOSE)
    step = Compose(yard.context)
    items = claimed(yard, Step.COMPOSE, "first")
    first = step.run(step.load(yard.database, items))
    with yard.database.write() as connection:
        connection.exec_driver_sql("UPDATE work SET until = 0 WHERE state = 1")
    sweep(yard.database)
    yard.work()
    with pytest.raises(Exception, match="first holds 0 of the 1"):
        commit(yard.database, first.changes, owner="first", finished=items)
    assert yard.erp() == [["A", "B"]]
    assert yard.one("SELECT value FROM control_numbers WHERE partner = 'erp-orders'") == 1


def test_two_rows_of_composing_one_interchange_in_two_hands(yard: Yard) -> None:
    """A document released in the moment of composing: whoever comes second is refused, looks again, finds nothing."""
    yard.put(x12(7, order("A")))
    until(yard, Step.COMPOSE)
    step = Compose(yard.context)
    items = claimed(yard, Step.COMPOSE, "first")
    first = step.run(step.load(yard.database, items))
    late = step.run(step.load(yard.database, items))
    commit(yard.database, first.changes, owner="first", finished=items)
    with pytest.raises(ConflictError):
        commit(yard.database, late.changes, owner="first")
    yard.work()
    assert yard.erp() == [["A"]]


def test_an_agreement_that_is_gone_withholds_its_documents(yard: Yard) -> None:
    yard.put(x12(7, order("A")))
    until(yard, Step.COMPOSE)
    yard.agree(acme_erp=None)
    yard.work()
    document = Reference("document", yard.one("SELECT id FROM documents WHERE status = 'withheld'"))
    yard.agree(acme_erp=ERP)
    release(yard.database, document, "ann", AT)
    yard.work()
    assert yard.erp() == [["A"]]


# Deliver


def test_a_door_that_is_closed_is_tried_again_under_the_same_name(yard: Yard) -> None:
    yard.door("erp-out").failures.plan("deliver", ConnectorError("No route to host."), times=2)
    yard.arrive(x12(7, order("A")))
    assert yard.status(outgoing(yard)) == "composed"
    assert yard.one("SELECT error FROM work") == "No route to host."
    sweep_and_work(yard)
    sweep_and_work(yard)
    assert yard.status(outgoing(yard)) == "delivered"
    assert {attempt.name for attempt in yard.door("erp-out").attempts} == {"erp-orders-000000001.jsonl"}
    assert len({attempt.body for attempt in yard.door("erp-out").attempts}) == 1
    assert yard.nothing_left()


def test_the_last_try_stops_it_and_an_operator_sends_it_again(yard: Yard) -> None:
    yard.door("erp-out").failures.plan("deliver", ConnectorError("No route to host."), times=3)
    yard.arrive(x12(7, order("A")))
    sweep_and_work(yard)
    sweep_and_work(yard)
    assert yard.status(outgoing(yard)) == "stopped"
    assert yard.one("SELECT reason FROM transmissions WHERE status = 'stopped'") == "No route to host."
    resend(yard.database, outgoing(yard), "ann", AT)
    yard.work()
    assert yard.status(outgoing(yard)) == "delivered"
    assert yard.erp() == [["A"]]
    assert yard.column("SELECT status FROM documents WHERE canonical IS NOT NULL AND direction = 'out'") == ["sent"]


def test_a_document_of_a_file_is_not_cancelled_without_the_file(yard: Yard) -> None:
    yard.door("erp-out").failures.plan("deliver", ConnectorError("No route to host."))
    yard.arrive(x12(7, order("A")))
    document = Reference("document", yard.one("SELECT id FROM documents WHERE status = 'composed' AND type = 'Order'"))
    with pytest.raises(UsageError, match=f"{document} leaves with {outgoing(yard)}"):
        cancel(yard.database, document, "ann", AT)
    assert yard.status(document) == "composed"


def test_a_refusal_that_would_come_again_is_not_tried_again(yard: Yard) -> None:
    yard.door("erp-out").failures.plan("deliver", DeliveryRefusedError("Not this one."))
    yard.arrive(x12(7, order("A")))
    assert yard.status(outgoing(yard)) == "stopped"
    assert len(yard.door("erp-out").attempts) == 1
    assert cancel(yard.database, outgoing(yard), "ann", AT) == "cancelled"


def test_one_door_that_is_closed_keeps_no_other_waiting(yard: Yard) -> None:
    yard.door("erp-out").failures.plan("deliver", ConnectorError("No route to host."))
    yard.arrive(x12(7, order("A")))
    assert len(yard.to("globex-out")) == 1
    assert yard.erp() == []


def test_an_endpoint_that_is_gone_stops_what_leaves_by_it(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    door = yard.door

    def doors(name: str) -> Any:
        yard.agreements.endpoint("nowhere" if name == "erp-out" else name)
        return door(name)

    monkeypatch.setattr(yard, "door", doors)
    yard.arrive(x12(7, order("A")))
    assert yard.status(outgoing(yard)) == "stopped"
    assert "nowhere" in yard.one("SELECT reason FROM transmissions WHERE status = 'stopped'")


def test_what_was_delivered_is_sent_again_only_on_demand_and_under_its_name(yard: Yard) -> None:
    yard.arrive(x12(7, order("A")))
    resend(yard.database, outgoing(yard), "ann", AT)
    yard.work()
    first, second = (sent for sent in yard.sent if sent.endpoint == "erp-out")
    assert first == second


def test_a_delivery_that_was_not_recorded_is_made_again_under_its_name(yard: Yard) -> None:
    yard.put(x12(7, order("A")))
    until(yard, Step.DELIVER)
    step = Deliver(yard.context, yard.door)
    step.run(step.load(yard.database, claimed(yard, Step.DELIVER, "dying")))
    with yard.database.write() as connection:
        connection.exec_driver_sql("UPDATE work SET until = 0 WHERE state = 1")
    sweep_and_work(yard)
    assert len(set(yard.sent)) == 2  # the receipt and the file
    assert len(yard.sent) == 3
    assert yard.nothing_left()


def test_files_with_one_key_leave_in_their_order(yard: Yard) -> None:
    """The first file meets a closed door; the second waits behind it."""
    yard.door("erp-out").failures.plan("deliver", ConnectorError("No route to host."))
    yard.arrive(x12(7, order("A")))
    yard.arrive(x12(8, order("A", function=REPLACE, quantity=9)))
    assert yard.erp() == []
    sweep_and_work(yard)
    assert [sent.name[-7:] for sent in yard.sent if sent.endpoint == "erp-out"] == ["1.jsonl", "2.jsonl"]


def functions(yard: Yard) -> list[str]:
    """Number and function of each order that the ERP got, in order."""
    told = [json.loads(line) for body in yard.to("erp-out") for line in body.splitlines()]
    return [f"{document['id']} {document.get('function_code', 'original')}" for document in told]


def test_what_stands_behind_a_held_document_keeps_no_sibling_waiting(yard: Yard) -> None:
    yard.arrive(x12(7, order("B", function=UNKNOWN)))
    yard.arrive(x12(8, order("A"), order("B", function=REPLACE, quantity=3), order("C")))
    assert yard.erp() == []
    assert compose_stranded(yard.database, AT) == yard.column("SELECT id FROM interchanges WHERE pending = 1")
    assert compose_stranded(yard.database, AT) == []  # it is under way
    yard.work()
    assert yard.erp() == [["A", "C"]]
    teach(yard)
    release(yard.database, yard.inbound(0), "ann", AT)
    yard.work()
    assert functions(yard)[2:] == ["B original", "B replace"]
    assert compose_stranded(yard.database, AT) == []
    assert yard.nothing_left()


def test_what_can_still_be_handled_is_waited_for(yard: Yard) -> None:
    """One file for an interchange, as long as nobody has to decide anything."""
    yard.arrive(x12(7, order("B", function=UNKNOWN)))
    yard.put(x12(8, order("A"), order("B", function=REPLACE, quantity=3), order("C")))
    worker = yard.worker(limit=1)
    while yard.count("documents", "status = 'emitted'") < 1:
        assert worker.run_once()
    assert compose_stranded(yard.database, AT) == []
    worker.close()
    yard.work()
    assert len(compose_stranded(yard.database, AT)) == 1


def test_a_change_takes_the_order_along_that_a_held_sibling_keeps_back(yard: Yard) -> None:
    yard.arrive(x12(7, order("B", function=UNKNOWN)))
    yard.arrive(x12(8, order("A"), order("B", function=REPLACE, quantity=3)))
    yard.arrive(x12(9, order("A", function=REPLACE, quantity=9)))
    assert functions(yard)[:1] == ["A original"]
    for _ in range(3):
        sweep_and_work(yard)
    assert functions(yard) == ["A original", "A replace"]
