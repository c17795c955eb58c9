"""Holds: what is released goes on at its old place, what is cancelled lets others go on."""

from __future__ import annotations

import json

import pytest

from gateway.core.errors import IllegalTransitionError, NotFoundError, UsageError
from gateway.expectations import awaited_document, cancel, hold, release, release_matching
from gateway.store import Changes, Claim, Database, Result, State, Step, claim, commit, turn
from gateway.store.ids import Reference
from tests.store import making
from tests.store.making import AT, TRANSLATE, column, finish, one, received, take


def held_transmission(database: Database, name: str = "a", condition: str = "configuration") -> Reference:
    (tx,) = received(database, name)
    items = [item for item in take(database, wish=TRANSLATE) if item.subject == tx]
    changes = Changes(AT)
    changes.update("transmissions", tx, status="held", reason="GTW-SENDER")
    hold(
        changes,
        code="GTW-SENDER",
        text="Sender is not known.",
        condition=condition,
        configuration='[identity] x12 = "ZZ:ACME"',
        transmission_id=tx,
    )
    commit(database, changes, owner="me", finished=items)
    return Reference("transmission", tx)


def two_documents(database: Database) -> tuple[Reference, Reference, int]:
    """Two orders of one key and one interchange, ready to be handled; the documents and their interchange."""
    changes = Changes(AT)
    tx = changes.new(
        "transmissions", direction="in", endpoint="acme", transport_id="x", status="translated", size=1, sha256="-"
    )
    ic = making.interchange(changes, tx, pending=2, documents=2)
    ids = []
    for position in (1, 2):
        ids.append(making.document(changes, transmission_id=tx, interchange_id=ic, turn=(tx, position)))
        changes.work(Step.HANDLE, ids[-1], "acme", turn=(tx, position), lane="order:1", handler="trading")
    commit(database, changes)
    first, second = (Reference("document", changes.real(id)) for id in ids)
    return first, second, changes.real(ic)


def hold_first(database: Database, interchange: int) -> Reference:
    """The handling step holds the head of the lane."""
    (item,) = take(database)
    result = Result(Changes(AT), held=[item.id])
    result.changes.update("documents", item.subject, status="held", reason="TRD-UNKNOWN")
    result.changes.pending(interchange, -1)
    hold(result.changes, code="TRD-UNKNOWN", text="Not known.", interchange_id=interchange, document_id=item.subject)
    commit(database, result.changes, owner="me", held=[item])
    return Reference("document", item.subject)


def test_a_released_transmission_is_translated_at_its_old_place(database: Database) -> None:
    reference = held_transmission(database)
    (later,) = received(database, "later")
    (item,) = take(database, wish=TRANSLATE)
    making.translated(database, item, ["order:7"], "me")
    assert release(database, reference, "ann", AT + 1) == "received"
    assert take(database) == []  # what came later waits for it again
    (item,) = take(database, wish=TRANSLATE)
    assert (item.subject, item.turn, item.size) == (reference.id, turn(reference.id), 7)
    finish(database, [item])
    assert [each.turn for each in take(database)] == [turn(later, 1)]
    assert one(database, "SELECT released_by FROM holds") == "ann"
    assert one(database, "SELECT reason FROM transmissions WHERE id = :i", i=reference.id) is None
    names = column(database, "SELECT name FROM events WHERE transmission_id = :i ORDER BY id", i=reference.id)
    assert names == ["transmission.received", "transmission.held", "transmission.released"]


def test_a_held_document_blocks_its_key_until_it_is_released(database: Database) -> None:
    first, second, ic = two_documents(database)
    assert hold_first(database, ic) == first
    assert take(database) == []
    assert one(database, "SELECT pending FROM interchanges") == 1
    assert release(database, first, "ann", AT + 1) == "ready"
    assert one(database, "SELECT pending FROM interchanges") == 2
    (item,) = take(database)
    assert (item.subject, item.handler) == (first.id, "trading")
    finish(database, [item])
    assert [item.subject for item in take(database)] == [second.id]


def test_a_cancelled_document_lets_the_next_go_on(database: Database) -> None:
    first, second, ic = two_documents(database)
    hold_first(database, ic)
    assert take(database) == []  # the second is parked
    assert cancel(database, first, "ann", AT + 1) == "cancelled"
    assert [item.subject for item in take(database)] == [second.id]
    assert column(database, "SELECT DISTINCT released_by FROM holds") == ["ann"]


def test_a_document_held_from_the_beginning_is_handled_when_it_is_released(database: Database) -> None:
    changes = Changes(AT)
    doc = making.document(changes, status="held", turn=77)
    hold(changes, code="GTW-HANDLER", text="Nobody.", document_id=doc)
    commit(database, changes)
    release(database, Reference("document", changes.real(doc)), "ann", AT + 1)
    (item,) = take(database)
    assert (item.subject, item.turn, item.handler) == (changes.real(doc), 77, None)


def test_a_withheld_answer_is_composed_when_it_is_released(database: Database) -> None:
    changes = Changes(AT)
    ic = making.interchange(changes, making.transmission(changes, "a"))
    doc = making.document(changes, direction="out", status="withheld", source_interchange_id=ic)
    commit(database, changes)
    assert release(database, Reference("document", changes.real(doc)), "ann", AT + 1) == "emitted"
    assert column(database, "SELECT subject FROM work WHERE step = 3") == [changes.real(ic)]


def test_everything_that_waits_for_one_document_is_released_with_it(database: Database) -> None:
    condition = awaited_document("order:1")
    waiting = [held_transmission(database, name, condition) for name in "ab"]
    other = held_transmission(database, "c", awaited_document("order:2"))
    cancel(database, waiting[0], "bob", AT)
    assert release_matching(database, condition, "order:1 arrived", AT + 1) == [waiting[1]]
    assert one(database, "SELECT status FROM transmissions WHERE id = :i", i=other.id) == "held"


@pytest.mark.parametrize("operation", [release, cancel])
def test_only_what_is_held_can_be_released_or_cancelled(database: Database, operation: object) -> None:
    (tx,) = received(database, "a")
    with pytest.raises(IllegalTransitionError, match="received"):
        operation(database, Reference("transmission", tx), "ann", AT)  # type: ignore[operator]
    with pytest.raises(NotFoundError, match="doc_5"):
        operation(database, Reference("document", 5), "ann", AT)  # type: ignore[operator]
    with pytest.raises(UsageError, match="tx_"):
        operation(database, Reference("interchange", 5), "ann", AT)  # type: ignore[operator]


def test_a_second_release_is_refused_and_makes_no_second_work(database: Database) -> None:
    reference = held_transmission(database)
    release(database, reference, "ann", AT)
    with pytest.raises(IllegalTransitionError):
        release(database, reference, "bob", AT)
    assert len(claim(database, "me", Claim((Step.TRANSLATE,)))) == 1


def test_a_hold_says_why_and_which_line_would_admit_it(database: Database) -> None:
    reference = held_transmission(database)
    assert one(database, "SELECT configuration FROM holds") == '[identity] x12 = "ZZ:ACME"'
    data = one(
        database, "SELECT data FROM events WHERE name = 'transmission.held' AND transmission_id = :i", i=reference.id
    )
    assert json.loads(data)["code"] == "GTW-SENDER"
    assert State.HELD not in column(database, "SELECT state FROM work")
