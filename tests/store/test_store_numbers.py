"""Control numbers rise and are never given twice, whoever asks at the same time."""

from __future__ import annotations

import threading

import pytest

from gateway.core.errors import UsageError
from gateway.store import Changes, ConflictError, Database, commit
from gateway.store.numbers import Counter, jump
from tests.store import making
from tests.store.making import AT, column, one

ACME, GLOBEX = Counter("x12", "ZZ:INITECH", "acme"), Counter("x12", "ZZ:INITECH", "globex")


def composed(changes: Changes, number: int, agreement: str = "acme") -> None:
    values = {"direction": "out", "endpoint": agreement, "status": "composed", "size": 1, "sha256": "-"}
    changes.new("transmissions", transport_id=f"{agreement}-{number:09d}", **values)


def test_numbers_are_given_in_the_order_of_asking(database: Database) -> None:
    given: list[tuple[str, int]] = []
    for _ in range(2):
        changes = Changes(AT)
        for name in ("a", "b"):
            changes.numbered(ACME, lambda number, name=name: given.append((name, number)))
        commit(database, changes)
    assert given == [("a", 1), ("b", 2), ("a", 3), ("b", 4)]


def test_a_builder_adds_rows_and_may_ask_for_more(database: Database) -> None:
    changes = Changes(AT)

    def build(number: int) -> None:
        changes.numbered(GLOBEX, lambda group: composed(changes, 100 * number + group))

    changes.numbered(ACME, build)
    commit(database, changes)
    assert column(database, "SELECT transport_id FROM transmissions") == ["acme-000000101"]


def test_numbers_begin_where_the_agreement_says_and_only_count_up(database: Database) -> None:
    given: list[int] = []
    for start in (1000, 1, 40_000, 500):
        changes = Changes(AT)
        changes.numbered(ACME, given.append, start)
        commit(database, changes)
    assert given == [1000, 1001, 40_000, 40_001]


def test_a_rolled_back_commit_gives_its_numbers_back(database: Database) -> None:
    making.received(database, "a")
    changes = Changes(AT)
    changes.numbered(ACME, lambda number: composed(changes, number))
    making.transmission(changes, "a")
    with pytest.raises(ConflictError):
        commit(database, changes)
    given: list[int] = []
    changes = Changes(AT)
    changes.numbered(ACME, given.append)
    commit(database, changes)
    assert given == [1]


def test_numbers_are_unique_under_concurrency(database: Database) -> None:
    errors: list[Exception] = []

    def send(name: str) -> None:
        try:
            for _ in range(10):
                changes = Changes(AT)
                for counter in (ACME, GLOBEX) if name == "x" else (GLOBEX, ACME):
                    changes.numbered(counter, lambda n, a=counter.partner: composed(changes, n, a))  # noqa: B023
                commit(database, changes)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=send, args=(name,)) for name in ("x", "y", "x")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    names = column(database, "SELECT transport_id FROM transmissions ORDER BY transport_id")
    assert names == [f"{agreement}-{n:09d}" for agreement in ("acme", "globex") for n in range(1, 31)]


def test_each_pair_of_parties_counts_its_transmissions(database: Database) -> None:
    (known,) = making.received(database, "known")
    changes = Changes(AT)
    first, second = (making.transmission(changes, name) for name in "ab")
    changes.pair_sequence("acme>globex", known)
    changes.pair_sequence("acme>globex", first)
    changes.pair_sequence("acme>initech", second)
    commit(database, changes)
    sql = "SELECT pair_sequence FROM transmissions ORDER BY id"
    assert column(database, sql) == [1, 2, 1]


def test_a_jump_leaves_a_gap_in_every_number(database: Database) -> None:
    (before,) = making.received(database, "a")
    changes = Changes(AT)
    changes.numbered(ACME, lambda number: None)
    commit(database, changes)
    jump(database, 1000)
    given: list[int] = []
    changes = Changes(AT)
    changes.numbered(ACME, given.append)
    after = making.transmission(changes, "b")
    commit(database, changes)
    assert given == [1002]
    assert changes.real(after) > before + 1000
    assert one(database, "SELECT value FROM control_numbers WHERE standard <> '*'") == 1002
    with pytest.raises(UsageError):
        jump(database, -1)
