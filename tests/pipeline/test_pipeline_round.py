"""There and back: what leaves is answered by the receipts that our own other side would write, and is reconciled."""

from __future__ import annotations

import pytest

from gateway.expectations import cancel
from gateway.store import Database
from tests.pipeline.orders import edifact, message, order, x12
from tests.pipeline.outgoing import contrl, functional, ta1
from tests.pipeline.partners import pass_on, to_globex, to_initech
from tests.pipeline.yard import AT, Yard, control_number, segments


@pytest.fixture
def yard(database: Database) -> Yard:
    return Yard(database)


def test_an_order_that_left_as_x12_is_accepted_by_its_997(yard: Yard) -> None:
    pass_on(yard, globex=to_globex('deadlines = { "TA1" = "1h", "997" = "1h" }\n'))
    yard.arrive(edifact("1", message("PO-7", 1), message("PO-8", 2)), "initech-in")
    first, second = (body for body in yard.to("globex-out"))
    (gs,) = segments(second, "GS")
    yard.arrive(ta1(70, f"TA1*{control_number(first)}*261120*0815*A*000"))
    yard.arrive(
        functional(
            71,
            [f"AK1*PO*{gs.split('*')[6]}", "AK2*850*0001", "AK3*BEG*2**8", "AK4*3**6*PO-8", "AK5*R*5", "AK9*R*1*1*0"],
        )
    )
    sql = "SELECT status FROM documents WHERE type = '850' ORDER BY id"
    assert yard.column(sql) == ["sent", "rejected"]
    assert yard.column("SELECT kind || ' ' || state FROM expectations ORDER BY document_id, kind") == [
        "997 open", "TA1 resolved", "997 resolved", "TA1 open",
    ]  # fmt: skip
    assert yard.column("SELECT t.status FROM transmissions t WHERE endpoint = 'globex-out' ORDER BY id") == [
        "delivered", "rejected",
    ]  # fmt: skip


def test_an_order_that_left_as_edifact_is_accepted_by_its_contrl(yard: Yard) -> None:
    pass_on(yard, initech=to_initech('deadlines = { "CONTRL" = "1h" }\n'))
    yard.arrive(x12(1, order("PO-7")))
    (body,) = yard.to("initech-out")
    reference = control_number(body)
    yard.arrive(contrl("9", f"UCI+{reference}+5412345000020:14+5412345000013:14+7"), "initech-in")
    assert yard.column("SELECT status FROM documents WHERE type = 'ORDERS'") == ["accepted"]
    assert yard.column("SELECT state FROM expectations") == ["resolved"]
    assert yard.column("SELECT status FROM interchanges WHERE direction = 'out' AND standard = 'edifact'") == [
        "accepted"
    ]


def test_our_own_receipts_may_be_answered_by_a_ta1_and_lead_to_nothing(yard: Yard) -> None:
    yard.arrive(x12(1, order("A")))
    (receipt,) = yard.to("globex-out")
    yard.arrive(ta1(2, f"TA1*{control_number(receipt)}*261120*0815*R*025"))
    assert yard.column("SELECT status FROM documents WHERE type = '997'") == ["rejected"]
    assert len(yard.to("globex-out")) == 1
    assert yard.nothing_left()


def test_a_receipt_for_what_was_cancelled_before_it_left_is_held(yard: Yard) -> None:
    pass_on(yard, globex=to_globex())
    yard.arrive(edifact("1", message("PO-7", 1)), "initech-in")
    stop_and_cancel(yard)
    yard.arrive(functional(71, ["AK1*PO*1", "AK9*A*1*1*1"]))
    assert yard.column("SELECT code FROM holds WHERE released_at IS NULL") == ["RCP-VOID"]


def stop_and_cancel(yard: Yard) -> None:
    from gateway.store import Changes, commit
    from gateway.store.ids import Reference

    id = yard.one("SELECT id FROM transmissions WHERE endpoint = 'globex-out'")
    changes = Changes(AT)
    changes.update("transmissions", id, status="stopped")
    commit(yard.database, changes)
    cancel(yard.database, Reference("transmission", id), "operator", AT)
