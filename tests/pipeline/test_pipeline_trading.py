"""Handle: what an order document does to the order that is known, and what is kept of it."""

from __future__ import annotations

import json

import pytest

from gateway.expectations import cancel, release
from tests.pipeline.orders import CANCELLATION, CONFIRMATION, REPLACE, edifact, message, order, x12
from tests.pipeline.yard import AT, GLOBEX, Yard


def send(yard: Yard, *orders: list[str]) -> None:
    """The next interchange of Globex."""
    yard.arrive(x12(yard.count("interchanges", "direction = 'in'") + 1, *orders))


def history(yard: Yard) -> list[str]:
    return yard.column("SELECT action || ' ' || version || ' ' || state FROM order_history ORDER BY id")


def quantities(yard: Yard) -> list[str]:
    return yard.column("SELECT version || ':' || quantity FROM order_lines ORDER BY version, position")


def test_an_original_becomes_an_order_with_its_lines(yard: Yard) -> None:
    send(yard, order("A", quantity="12.50"))
    assert yard.column("SELECT own_party || '<' || partner || ' ' || lane || ' ' || number FROM orders") == [
        "acme<globex production A"
    ]
    assert history(yard) == ["create 1 new"]
    assert quantities(yard) == ["1:12.50"]  # as it was written
    assert yard.one("SELECT sellers_item || ' ' || price FROM order_lines") == "AT-1001 18.5"
    assert yard.one("SELECT document_id FROM orders") == yard.inbound().id


def test_a_repeat_in_another_interchange_changes_nothing_and_tells_nobody(yard: Yard) -> None:
    send(yard, order("A", quantity="5"))
    send(yard, order("A", quantity="5.0"))  # the same content, written otherwise
    assert yard.statuses() == ["handled", "handled"]
    assert yard.issues(yard.inbound(1)) == ["TRD-REPEAT"]
    assert history(yard) == ["create 1 new"]
    assert yard.erp() == [["A"]]


def test_other_content_under_the_same_number_is_held(yard: Yard) -> None:
    send(yard, order("A"))
    send(yard, order("A", quantity=9), order("B"))
    assert yard.statuses() == ["handled", "held", "handled"]
    assert yard.column("SELECT code FROM holds") == ["TRD-CONFLICT"]
    assert quantities(yard)[0] == "1:5"
    assert yard.erp() == [["A"], ["B"]]


def test_a_conflict_blocks_its_key_until_it_is_cancelled(yard: Yard) -> None:
    send(yard, order("A"))
    send(yard, order("A", quantity=9))
    send(yard, order("A", function=REPLACE, quantity=11))
    assert yard.statuses() == ["handled", "held", "ready"]
    cancel(yard.database, yard.inbound(1), "ann", AT)
    yard.work()
    assert yard.statuses() == ["handled", "cancelled", "handled"]
    assert history(yard) == ["create 1 new", "replace 2 new"]
    assert yard.nothing_left()


def test_a_replacement_makes_a_new_version_and_keeps_the_lines_of_the_old(yard: Yard) -> None:
    send(yard, order("A"))
    send(yard, order("A", function=REPLACE, quantity=9))
    send(yard, order("A", function=REPLACE, quantity=11))
    assert history(yard) == ["create 1 new", "replace 2 new", "replace 3 new"]
    assert quantities(yard) == ["1:5", "2:9", "3:11"]
    assert yard.one("SELECT version FROM orders") == 3
    assert yard.column("SELECT document_id FROM order_history ORDER BY id") == [yard.inbound(n).id for n in range(3)]
    told = [json.loads(line) for body in yard.to("erp-out") for line in body.splitlines()]
    codes = [document.get("function_code", "original") for document in told]
    assert codes == ["original", "replace", "replace"]


def test_a_replacement_with_the_same_content_says_nothing_new(yard: Yard) -> None:
    send(yard, order("A"))
    send(yard, order("A", function=REPLACE))
    assert history(yard) == ["create 1 new"]
    assert yard.issues(yard.inbound(1)) == ["TRD-REPEAT"]


def test_a_cancellation_ends_the_order(yard: Yard) -> None:
    send(yard, order("A"))
    send(yard, order("A", function=CANCELLATION))
    send(yard, order("A", function=CANCELLATION))
    assert history(yard) == ["create 1 new", "cancel 2 cancelled"]
    assert yard.statuses() == ["handled"] * 3
    assert yard.issues(yard.inbound(2)) == ["TRD-REPEAT"]
    assert yard.erp() == [["A"], ["A"]]


@pytest.mark.parametrize("function", ["00", REPLACE])
def test_a_cancelled_order_comes_not_back(yard: Yard, function: str) -> None:
    send(yard, order("A"))
    send(yard, order("A", function=CANCELLATION))
    send(yard, order("A", function=function, quantity=7))
    assert yard.statuses() == ["handled", "handled", "held"]
    assert yard.column("SELECT code FROM holds") == ["TRD-CONFLICT" if function == "00" else "TRD-STATE"]


@pytest.mark.parametrize("function", [REPLACE, CANCELLATION])
def test_what_changes_an_unknown_order_waits_for_it_and_blocks_nothing(yard: Yard, function: str) -> None:
    send(yard, order("A", function=function, quantity=9))
    assert yard.statuses() == ["held"]
    assert yard.column("SELECT code FROM holds") == ["TRD-UNKNOWN"]
    send(yard, order("A"))  # it comes all the same
    assert yard.statuses() == ["held", "handled"]
    release(yard.database, yard.inbound(0), "ann", AT)
    yard.work()
    assert yard.statuses() == ["handled", "handled"]
    assert yard.one("SELECT version FROM orders") == 2
    assert yard.erp() == [["A"], ["A"]]
    assert yard.nothing_left()


def test_a_function_that_is_not_handled_is_held(yard: Yard) -> None:
    send(yard, order("A", function=CONFIRMATION))
    assert yard.column("SELECT code FROM holds") == ["TRD-FUNCTION"]
    assert yard.count("orders") == 0


def test_partners_have_numbers_of_their_own(yard: Yard) -> None:
    send(yard, order("A"))
    yard.arrive(edifact("1", message("A", 1)), "initech-in")
    assert yard.column("SELECT partner FROM orders ORDER BY partner") == ["globex", "initech"]
    assert yard.count("holds") == 0


def test_documents_of_one_key_in_one_interchange_are_applied_in_its_order(yard: Yard) -> None:
    versions = [order("A"), order("B"), *(order("A", function=REPLACE, quantity=n) for n in range(6, 12))]
    send(yard, *versions)
    assert quantities(yard)[-1] == "7:11"
    assert [line for line in history(yard) if line.startswith("replace")] == [f"replace {n} new" for n in range(2, 8)]


def test_documents_without_order_still_lose_nothing_to_each_other(yard: Yard) -> None:
    """``order = "none"``: they are in one batch, and each changes what it met."""
    yard.agree(globex=f'{GLOBEX}order = "none"\n')
    send(yard, order("A"))
    send(yard, *(order("A", function=REPLACE, quantity=n) for n in (6, 7, 8)))
    assert yard.statuses() == ["handled"] * 4
    assert history(yard) == ["create 1 new", "replace 2 new", "replace 3 new", "replace 4 new"]
    assert [line.split(":")[0] for line in quantities(yard)] == ["1", "2", "3", "4"]


def test_the_lines_of_history_of_one_document(yard: Yard) -> None:
    send(yard, order("A"))
    names = yard.column("SELECT name FROM events WHERE document_id = :i ORDER BY id", i=yard.inbound().id)
    assert names == ["document.ready", "order.received"]
    emitted = yard.one("SELECT id FROM documents WHERE parent_id = :i", i=yard.inbound().id)
    assert yard.column("SELECT name FROM events WHERE document_id = :i ORDER BY id", i=emitted) == [
        "document.emitted",
        "document.sent",
    ]
