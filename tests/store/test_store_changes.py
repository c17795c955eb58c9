"""What a batch collects, and what one commit makes of it."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest

from gateway.core.errors import StoreError, UsageError
from gateway.core.issues import Issue, Location
from gateway.store import Changes, ConflictError, Database, State, Step, commit, turn
from tests.store import making
from tests.store.making import AT, column, one


def test_local_ids_become_real_ones_wherever_they_stand(database: Database) -> None:
    changes = Changes(AT)
    tx = making.transmission(changes, "a.edi")
    ic = making.interchange(changes, tx)
    doc = making.document(changes, transmission_id=tx, interchange_id=ic, turn=(tx, 3))
    changes.work(Step.HANDLE, doc, "acme", turn=(tx, 3), lane="order:1")
    assert tx < 0
    commit(database, changes)
    assert changes.real(tx) > 0
    assert one(database, "SELECT interchange_id FROM documents") == changes.real(ic)
    assert one(database, "SELECT turn FROM documents") == turn(changes.real(tx), 3)
    assert one(database, "SELECT subject FROM work WHERE step = 2") == changes.real(doc)
    assert one(database, "SELECT payload_id FROM transmissions") == one(database, "SELECT id FROM payloads")
    assert one(database, "SELECT transmission_id FROM events") == changes.real(tx)


def test_ids_follow_the_order_of_receipt(database: Database) -> None:
    first, second = making.received(database, "a", "b")
    (third,) = making.received(database, "c")
    assert first < second < third


def test_equal_payloads_are_stored_once_in_a_batch_and_ever(database: Database) -> None:
    for names in (("a", "b"), ("c",)):
        making.received(database, *names)
    changes = Changes(AT)
    making.transmission(changes, "d", body=b"other")
    making.transmission(changes, "e")
    commit(database, changes)
    assert one(database, "SELECT count(*) FROM payloads") == 2
    assert one(database, "SELECT count(DISTINCT payload_id) FROM transmissions WHERE transport_id <> 'd'") == 1


def test_a_transport_id_met_again_is_a_conflict_and_writes_nothing(database: Database) -> None:
    making.received(database, "a")
    changes = Changes(AT)
    making.transmission(changes, "b")
    making.transmission(changes, "a")
    with pytest.raises(ConflictError):
        commit(database, changes)
    assert column(database, "SELECT transport_id FROM transmissions") == ["a"]


def test_identity_of_interchanges_is_unique_only_where_it_is_set(database: Database) -> None:
    (tx,) = making.received(database, "a")
    changes = Changes(AT)
    making.interchange(changes, tx, identity="x12|1")
    making.interchange(changes, tx)
    making.interchange(changes, tx)
    commit(database, changes)
    again = Changes(AT)
    making.interchange(again, tx, identity="x12|1")
    with pytest.raises(ConflictError):
        commit(database, again)


def test_a_missing_value_is_our_fault_and_no_conflict(database: Database) -> None:
    changes = Changes(AT)
    changes.new("documents", direction="in")
    with pytest.raises(StoreError) as caught:
        commit(database, changes)
    assert not isinstance(caught.value, ConflictError)
    assert not caught.value.retryable


def test_updates_with_equal_and_with_different_values(database: Database) -> None:
    first, second, third = making.received(database, "a", "b", "c")
    changes = Changes(AT + 5)
    for id in (first, second):
        changes.update("transmissions", id, status="translated", format="x12")
    changes.update("transmissions", third, status="held", reason="unknown sender", parent_id=first)
    for place, id in enumerate((first, second, third)):
        changes.update("transmissions", id, file_name=f"{place}.edi")
    commit(database, changes)
    assert column(database, "SELECT status FROM transmissions ORDER BY id") == ["translated", "translated", "held"]
    assert column(database, "SELECT file_name FROM transmissions ORDER BY id") == ["0.edi", "1.edi", "2.edi"]
    assert one(database, "SELECT parent_id FROM transmissions WHERE status = 'held'") == first
    assert set(column(database, "SELECT updated_at FROM transmissions")) == {AT + 5}


def test_many_rows_each_with_its_own_values(database: Database) -> None:
    ids = making.received(database, *"abcdefgh")
    changes = Changes(AT + 5)
    for place, id in enumerate(ids):
        reason = None if place % 2 else f"é{place}"
        changes.update("transmissions", id, expected={"status": "received"}, reason=reason, pair_sequence=place + 7)
    changes.update("transmissions", ids[0], expected={"status": "received"}, reason="later", pair_sequence=99)
    commit(database, changes)
    assert column(database, "SELECT reason FROM transmissions ORDER BY id")[:4] == ["later", None, "é2", None]
    assert column(database, "SELECT pair_sequence FROM transmissions ORDER BY id") == [99, *range(8, 15)]


@pytest.mark.parametrize("moved", [0, 1])
def test_many_rows_of_which_one_has_changed_are_a_conflict(database: Database, moved: int) -> None:
    ids = making.received(database, *"abcdefgh")
    before = Changes(AT)
    for id in ids[:moved]:
        before.update("transmissions", id, status="held")
    commit(database, before)
    changes = Changes(AT)
    for place, id in enumerate(ids):
        changes.update("transmissions", id, expected={"status": "received"}, pair_sequence=place)
    with pytest.raises(ConflictError) if moved else nullcontext():
        commit(database, changes)
    assert column(database, "SELECT count(*) FROM transmissions WHERE pair_sequence IS NULL") == [8 if moved else 0]


@pytest.mark.parametrize("count", [1, 3])
def test_an_update_that_expects_what_has_changed_is_a_conflict(database: Database, count: int) -> None:
    ids = making.received(database, *"abc")[:count]
    moved = Changes(AT)
    moved.update("transmissions", ids[0], status="held")
    commit(database, moved)
    changes = Changes(AT)
    for id in ids:
        changes.update("transmissions", id, expected={"status": "received"}, status="translated")
    with pytest.raises(ConflictError):
        commit(database, changes)
    assert "translated" not in column(database, "SELECT status FROM transmissions")


def test_an_update_of_a_new_row_by_its_local_id(database: Database) -> None:
    changes = Changes(AT)
    tx = making.transmission(changes, "a")
    changes.update("transmissions", tx, expected={"status": "received"}, status="refused")
    commit(database, changes)
    assert column(database, "SELECT status FROM transmissions") == ["refused"]


def test_unknown_columns_are_refused_at_once() -> None:
    changes = Changes(AT)
    with pytest.raises(UsageError, match="colour"):
        changes.new("transmissions", colour="red")
    with pytest.raises(UsageError, match="colour"):
        changes.update("transmissions", 1, colour="red")
    with pytest.raises(UsageError):
        changes.new("pair_sequences", pair="a", value=1)
    with pytest.raises(StoreError):
        changes.new("nowhere", a=1)


def test_changes_are_committed_once(database: Database) -> None:
    changes = Changes(AT)
    making.transmission(changes, "a")
    commit(database, changes)
    with pytest.raises(UsageError):
        commit(database, changes)


def test_text_that_is_no_text_is_kept_visibly(database: Database) -> None:
    changes = Changes(AT)
    name = "nul\0 and \udc80 and ü"
    tx = making.transmission(changes, "a")
    changes.update("transmissions", tx, file_name=name)
    changes.issue(Issue("X12-E06", Location(offset=3), value="\udc80\0"), transmission_id=tx)
    changes.event("odd", data={"value": "\udc80\0"}, transmission_id=tx)
    commit(database, changes)
    assert one(database, "SELECT file_name FROM transmissions") == "nul\\0 and \\udc80 and ü"
    assert json.loads(one(database, "SELECT data FROM events WHERE name = 'odd'")) == {"value": "\udc80\0"}
    assert json.loads(one(database, "SELECT data FROM issues"))["location"] == {"offset": 3}


def test_archived_texts_are_kept_once(database: Database) -> None:
    for body in ("[order]", "[order] again"):
        changes = Changes(AT)
        changes.archive("mapping", "d1", "x12/850", body)
        commit(database, changes)
        database.archived.clear()
    assert column(database, "SELECT body FROM texts") == ["[order]"]


def test_work_that_is_due_later_waits(database: Database) -> None:
    changes = Changes(AT)
    doc = making.document(changes)
    changes.work(Step.HANDLE, doc, "acme", turn=1, due=database.now() + 3_600_000_000)
    assert changes.steps == set()
    commit(database, changes)
    assert one(database, "SELECT state FROM work") == State.WAITING
    assert making.take(database) == []
