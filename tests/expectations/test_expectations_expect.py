"""What must arrive by when: resolved, resolved late, overdue once, waived."""

from __future__ import annotations

import json

import pytest

from gateway.expectations import expect, overdue, resolve, waive
from gateway.store import Changes, Database, commit
from gateway.store.ids import show
from tests.store import making
from tests.store.making import AT, column, one


def sent(
    database: Database, *, kind: str = "997", party: str = "acme", due: int = AT + 100, count: int = 1
) -> list[int]:
    """Documents that were sent and must be answered; their ids."""
    changes = Changes(AT)
    ids = []
    for _ in range(count):
        ids.append(making.document(changes, direction="out", status="sent"))
        expect(changes, kind, party=party, due=due, document_id=ids[-1])
    commit(database, changes)
    return [changes.real(id) for id in ids]


def answer(database: Database, document: int, kind: str = "997") -> int:
    changes = Changes(AT + 50)
    tx = making.transmission(changes, f"answer to {document}")
    resolve(changes, kind, by=tx, document_id=document)
    commit(database, changes)
    return changes.real(tx)


def test_the_answer_resolves_what_was_expected(database: Database) -> None:
    first, second = sent(database, count=2)
    tx = answer(database, first)
    assert column(database, "SELECT state FROM expectations ORDER BY document_id") == ["resolved", "open"]
    assert one(database, "SELECT resolved_by FROM expectations WHERE document_id = :d", d=first) == tx
    assert one(database, "SELECT resolved_at FROM expectations WHERE document_id = :d", d=first) == AT + 50
    assert overdue(database, AT + 1000)[0].about == (show("document", second),)


def test_an_answer_of_another_kind_resolves_nothing(database: Database) -> None:
    (document,) = sent(database)
    answer(database, document, kind="CONTRL")
    assert column(database, "SELECT state FROM expectations") == ["open"]


def test_a_second_answer_changes_nothing(database: Database) -> None:
    (document,) = sent(database)
    first = answer(database, document)
    changes = Changes(AT + 60)
    resolve(changes, "997", by=None, document_id=document)
    commit(database, changes)
    assert column(database, "SELECT resolved_by FROM expectations") == [first]


def test_a_deadline_raises_one_alert_for_a_party_and_kind(database: Database) -> None:
    late = sent(database, count=30)
    sent(database, kind="CONTRL", party="initech", due=AT + 50)
    sent(database, due=AT + 5000)
    groups = overdue(database, AT + 101)
    assert [(g.party, g.kind, g.count, g.due) for g in groups] == [
        ("acme", "997", 30, AT + 100),
        ("initech", "CONTRL", 1, AT + 50),
    ]
    assert len(groups[0].about) == 20
    assert set(groups[0].about) <= {show("document", id) for id in late}
    events = [
        json.loads(data) for data in column(database, "SELECT data FROM events WHERE name = 'expectation.overdue'")
    ]
    assert sorted((event["party"], event["count"]) for event in events) == [("acme", 30), ("initech", 1)]
    assert overdue(database, AT + 102) == []
    assert column(database, "SELECT DISTINCT raised_at FROM expectations WHERE state = 'overdue'") == [AT + 101]


def test_an_answer_after_the_deadline_is_late(database: Database) -> None:
    (document,) = sent(database)
    overdue(database, AT + 101)
    answer(database, document)
    assert column(database, "SELECT state FROM expectations") == ["resolved late"]


@pytest.mark.parametrize("late", [False, True])
def test_what_is_waived_is_not_expected_any_more(database: Database, late: bool) -> None:
    (document,) = sent(database)
    if late:
        overdue(database, AT + 101)
    changes = Changes(AT + 200)
    waive(changes, "997", document_id=document)
    commit(database, changes)
    assert column(database, "SELECT state FROM expectations") == ["waived"]
    assert overdue(database, AT + 300) == []


def test_expectations_about_transmissions_and_interchanges(database: Database) -> None:
    changes = Changes(AT)
    tx = making.transmission(changes, "out")
    ic = making.interchange(changes, tx)
    expect(changes, "MDN", party="acme", due=AT, transmission_id=tx)
    expect(changes, "TA1", party="acme", due=AT, interchange_id=ic)
    resolve(changes, "MDN", by=tx, transmission_id=tx)
    commit(database, changes)
    assert column(database, "SELECT state FROM expectations ORDER BY kind") == ["resolved", "open"]
    (group,) = overdue(database, AT + 1)
    assert group.about == (show("interchange", changes.real(ic)),)
