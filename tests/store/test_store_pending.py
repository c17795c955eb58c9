"""The last document of an interchange that is handled starts the composing of what it led to."""

from __future__ import annotations

import threading

from gateway.store import Changes, Claim, Database, Step, claim, commit
from tests.store import making
from tests.store.making import AT, HANDLE, column, one


def interchange_of(database: Database, count: int, name: str = "a") -> int:
    """An interchange with ``count`` documents, each with its work of handling; its id."""
    changes = Changes(AT)
    tx = making.transmission(changes, name)
    ic = making.interchange(changes, tx, pending=count, documents=count)
    for position in range(count):
        doc = making.document(changes, interchange_id=ic, position=position, turn=(tx, position))
        changes.work(Step.HANDLE, doc, "free", turn=(tx, position))
    commit(database, changes)
    return changes.real(ic)


def emit(changes: Changes, ic: int) -> None:
    making.document(changes, direction="out", status="emitted", source_interchange_id=ic, type="855")


def test_composing_starts_when_the_last_is_handled(database: Database) -> None:
    ic = interchange_of(database, 2)
    for item, last in zip(claim(database, "me", HANDLE), (False, True)):
        changes = Changes(AT)
        emit(changes, ic)
        changes.pending(ic, -1)
        commit(database, changes, owner="me", finished=[item])
        assert (Step.COMPOSE in changes.steps) is last
    assert column(database, "SELECT subject FROM work WHERE step = 3") == [ic]
    assert column(database, "SELECT source FROM work WHERE step = 3") == ["acme"]


def test_nothing_is_composed_where_nothing_was_emitted(database: Database) -> None:
    ic = interchange_of(database, 1)
    changes = Changes(AT)
    changes.pending(ic, -1)
    commit(database, changes, owner="me", finished=claim(database, "me", HANDLE))
    assert one(database, "SELECT count(*) FROM work WHERE step = 3") == 0
    assert one(database, "SELECT pending FROM interchanges") == 0


def test_a_new_interchange_may_end_in_the_commit_that_makes_it(database: Database) -> None:
    changes = Changes(AT)
    ic = making.interchange(changes, making.transmission(changes, "a"), pending=1)
    emit(changes, ic)
    changes.pending(ic, -1)
    commit(database, changes)
    assert column(database, "SELECT subject FROM work WHERE step = 3") == [changes.real(ic)]


def test_two_workers_that_count_down_at_the_same_time_start_composing_once(database: Database) -> None:
    interchanges = [interchange_of(database, 20, name) for name in "abc"]
    of_document = dict(zip(column(database, "SELECT id FROM documents ORDER BY id"), sorted(interchanges * 20)))
    errors: list[Exception] = []

    def work(owner: str) -> None:
        try:
            while items := claim(database, owner, Claim((Step.HANDLE,), limit=3)):
                changes = Changes(AT)
                for item in items:
                    emit(changes, of_document[item.subject])
                    changes.pending(of_document[item.subject], -1)
                commit(database, changes, owner=owner, finished=items)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(column(database, "SELECT subject FROM work WHERE step = 3")) == sorted(interchanges)
    assert set(column(database, "SELECT pending FROM interchanges")) == {0}


def test_a_document_may_be_counted_without_knowing_its_interchange(database: Database) -> None:
    interchange_of(database, 2)
    (item, _) = claim(database, "me", HANDLE)
    changes = Changes(AT)
    changes.pending_of(item.subject, -1)
    commit(database, changes, owner="me", finished=[item])
    assert one(database, "SELECT pending FROM interchanges") == 1
