"""Giving up, reprocessing what failed, sending again what was sent."""

from __future__ import annotations

import pytest

from gateway.core.errors import IllegalTransitionError, UsageError
from gateway.expectations import cancel, give_up, reprocess, resend
from gateway.store import Changes, Claim, Database, Step, WorkItem, commit, turn
from gateway.store.batches import Retry
from gateway.store.ids import Reference
from tests.store import making
from tests.store.making import AT, TRANSLATE, column, one, received, take

DELIVER = Claim((Step.DELIVER,))


def given_up(database: Database, items: list[WorkItem], error: str = "The mapping is wrong.") -> None:
    for item in items:
        changes = Changes(AT)
        give_up(changes, item, error)
        commit(database, changes, owner="me", finished=[item])


def outgoing(database: Database, status: str) -> Reference:
    changes = Changes(AT)
    values = {"direction": "out", "endpoint": "acme-out", "transport_id": "o1", "size": 9, "sha256": "-"}
    tx = changes.new("transmissions", status=status, **values)
    commit(database, changes)
    return Reference("transmission", changes.real(tx))


def test_a_failed_transmission_is_translated_again_at_its_old_place(database: Database) -> None:
    (tx,) = received(database, "a")
    given_up(database, take(database, wish=TRANSLATE))
    assert column(database, "SELECT status FROM transmissions") == ["failed"]
    assert column(database, "SELECT reason FROM transmissions") == ["The mapping is wrong."]
    assert reprocess(database, Reference("transmission", tx), "ann", AT + 1) == "received"
    (item,) = take(database, wish=TRANSLATE)
    assert (item.subject, item.turn, item.attempts) == (tx, turn(tx), 1)


def test_a_failed_document_goes_back_to_the_handlers_that_gave_it_up(database: Database) -> None:
    changes = Changes(AT)
    ic = making.interchange(changes, making.transmission(changes, "a"), pending=3)
    doc = making.document(changes, interchange_id=ic, turn=55)
    for handler in ("trading", "logistics", "customs"):
        changes.work(Step.HANDLE, doc, "acme", turn=55, lane=f"{handler}|1", handler=handler, size=10)
    commit(database, changes)
    items = {item.handler: item for item in take(database)}
    given_up(database, [items["trading"], items["customs"]])
    making.finish(database, [items["logistics"]])
    assert column(database, "SELECT status FROM documents") == ["failed"]
    assert one(database, "SELECT pending FROM interchanges") == 1  # finishing it is what the step counts itself

    reprocess(database, Reference("document", changes.real(doc)), "ann", AT + 1)
    again = sorted(take(database), key=lambda item: str(item.handler))
    assert [(item.handler, item.lane, item.turn, item.size) for item in again] == [
        ("customs", "customs|1", 55, 10),
        ("trading", "trading|1", 55, 10),
    ]
    assert one(database, "SELECT pending FROM interchanges") == 3

    given_up(database, again[:1], "Again.")
    reprocess(database, Reference("document", changes.real(doc)), "ann", AT + 2)
    assert [item.handler for item in take(database)] == ["customs"]


def test_siblings_are_answered_though_a_document_is_given_up(database: Database) -> None:
    changes = Changes(AT)
    ic = making.interchange(changes, making.transmission(changes, "a"), pending=1)
    doc = making.document(changes, interchange_id=ic)
    making.document(changes, direction="out", status="emitted", source_interchange_id=ic)
    changes.work(Step.HANDLE, doc, "free", turn=1)
    commit(database, changes)
    given_up(database, take(database))
    assert column(database, "SELECT subject FROM work WHERE step = 3") == [changes.real(ic)]


def test_answers_that_cannot_be_composed_are_withheld(database: Database) -> None:
    changes = Changes(AT)
    ic = making.interchange(changes, making.transmission(changes, "a"))
    making.document(changes, direction="out", status="emitted", source_interchange_id=ic)
    changes.work(Step.COMPOSE, ic, "acme", turn=1)
    commit(database, changes)
    given_up(database, take(database, wish=Claim((Step.COMPOSE,))))
    assert column(database, "SELECT status FROM documents") == ["withheld"]
    assert column(database, "SELECT name FROM events WHERE interchange_id IS NOT NULL") == ["interchange.failed"]


def test_a_delivery_given_up_is_stopped_and_can_be_sent_again(database: Database) -> None:
    reference = outgoing(database, "composed")
    changes = Changes(AT)
    changes.work(Step.DELIVER, reference.id, "acme-out", turn=turn(reference.id))
    commit(database, changes)
    given_up(database, take(database, wish=Claim((Step.DELIVER,))), "The door is closed.")
    assert column(database, "SELECT status FROM transmissions") == ["stopped"]
    assert resend(database, reference, "ann", AT + 1) == "composed"
    (item,) = take(database, wish=Claim((Step.DELIVER,)))
    assert (item.subject, item.source, item.size, item.lane) == (reference.id, "acme-out", 9, None)


def test_what_was_delivered_can_be_sent_again_by_the_name_of_its_document(database: Database) -> None:
    reference = outgoing(database, "delivered")
    changes = Changes(AT)
    doc = making.document(changes, direction="out", status="sent", transmission_id=reference.id)
    commit(database, changes)
    resend(database, Reference("document", changes.real(doc)), "ann", AT + 1)
    assert column(database, "SELECT subject FROM work WHERE step = 4") == [reference.id]


def test_what_waits_for_its_next_try_is_tried_now(database: Database) -> None:
    reference = outgoing(database, "composed")
    changes = Changes(AT)
    changes.work(Step.DELIVER, reference.id, "acme-out", turn=turn(reference.id))
    commit(database, changes)
    (item,) = take(database, wish=DELIVER)
    commit(database, Changes(AT), owner="me", retry=[Retry(item, 300.0, "Nobody answers.")])
    assert take(database, wish=DELIVER) == []
    assert resend(database, reference, "ann", AT + 1) == "composed"
    assert [item.subject for item in take(database, wish=DELIVER)] == [reference.id]
    assert column(database, "SELECT name FROM events WHERE transmission_id IS NOT NULL") == ["transmission.resent"]


def test_what_is_being_tried_at_this_moment_is_not_tried_twice(database: Database) -> None:
    reference = outgoing(database, "composed")
    changes = Changes(AT)
    changes.work(Step.DELIVER, reference.id, "acme-out", turn=turn(reference.id))
    commit(database, changes)
    assert len(take(database, wish=DELIVER)) == 1
    assert resend(database, reference, "ann", AT + 1) == "composed"
    assert take(database, wish=DELIVER) == []


def test_what_came_in_cannot_be_sent_again(database: Database) -> None:
    (tx,) = received(database, "a")
    with pytest.raises(UsageError, match="reprocess"):
        resend(database, Reference("transmission", tx), "ann", AT)
    with pytest.raises(IllegalTransitionError):
        resend(database, outgoing(database, "cancelled"), "ann", AT)


def test_only_what_failed_is_reprocessed(database: Database) -> None:
    (tx,) = received(database, "a")
    with pytest.raises(IllegalTransitionError):
        reprocess(database, Reference("transmission", tx), "ann", AT)
    given_up(database, take(database, wish=TRANSLATE))
    assert cancel(database, Reference("transmission", tx), "ann", AT) == "cancelled"
