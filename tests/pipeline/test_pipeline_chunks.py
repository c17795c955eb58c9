"""A large transmission is translated in chunks: one verdict, in order, wherever it was interrupted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.expectations import reprocess
from gateway.pipeline import interchange, translate
from gateway.pipeline.interchange import TranslatedInterchange
from gateway.pipeline.plan import plan
from gateway.store import Database, open_database, sweep
from tests.pipeline.orders import REPLACE, broken, edifact, message, order, x12
from tests.pipeline.yard import AT, GLOBEX, Yard, segments

BODIES = {
    "x12": (x12(7, order("A"), broken("B"), order("C"), broken("D"), order("E")), "globex-in"),
    "edifact": (
        edifact("7", message("A", 1, quantity="X"), message("B", 2), message("C", 3, count=99), message("D", 4)),
        "initech-in",
    ),
    "several": (x12(7, order("A"), broken("B")) + x12(8, order("C")) + x12(9, broken("D"), order("E")), "globex-in"),
    "repeating": (2 * x12(7, order("A"), broken("B")) + x12(8, order("C")), "globex-in"),
}


@pytest.fixture
def in_one_piece(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Yard]:
    """A gateway of its own that translates everything in one chunk."""
    path = tmp_path / "in_one_piece.db"
    shutil.copy(migrated_sqlite, path)
    database = open_database(f"sqlite:///{path}")
    yield Yard(database)
    database.close()


def answers(yard: Yard) -> list[list[str]]:
    return [segments(each) for each in yard.to("globex-out") + yard.to("initech-out")]


def test_a_large_transmission_gets_one_receipt_with_all_verdicts_and_keeps_its_order(database: Database) -> None:
    yard = Yard(database, chunk=100)
    bad = {n for n in range(2500) if n % 7 == 3}
    sent = yard.arrive(x12(7, *(broken(f"N{n}") if n in bad else order(f"N{n}") for n in range(2500))))
    assert yard.status(sent) == "translated"
    (receipt,) = yard.to("globex-out")
    assert segments(receipt, "AK9") == [f"AK9*P*2500*2500*{2500 - len(bad)}"]
    assert [n for n, ak5 in enumerate(segments(receipt, "AK5")) if ak5.startswith("AK5*R")] == sorted(bad)
    assert len(segments(receipt, "AK4")) == len(bad)
    assert yard.erp() == [[f"N{n}" for n in range(2500) if n not in bad]]
    assert yard.count("documents", "direction = 'in'") == 2500
    assert yard.nothing_left()


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("chunk", [1, 2])
def test_the_answer_is_the_same_as_that_to_one_piece(
    database: Database, in_one_piece: Yard, kind: str, chunk: int
) -> None:
    body, source = BODIES[kind]
    in_one_piece.arrive(body, source)
    yard = Yard(database, chunk=chunk)
    yard.arrive(body, source)
    assert answers(yard) == answers(in_one_piece)
    assert yard.statuses() == in_one_piece.statuses()
    assert yard.statuses("interchanges") == in_one_piece.statuses("interchanges")
    assert yard.erp() == in_one_piece.erp()
    assert yard.nothing_left()


def die(yard: Yard) -> None:
    """Whoever has a lease is gone for good."""
    with yard.database.write() as connection:
        connection.execute(text("UPDATE work SET until = 0 WHERE state = 1"))
    sweep(yard.database)


@pytest.mark.parametrize("kind", BODIES)
def test_the_worker_may_die_after_every_chunk(database: Database, in_one_piece: Yard, kind: str) -> None:
    body, source = BODIES[kind]
    in_one_piece.arrive(body, source)
    yard = Yard(database, chunk=1)
    yard.put(body, source)
    lives = 0
    while yard.worker(policies={}).run_once():  # one batch, and the one that is claimed with it is left behind
        lives += 1
        die(yard)
    assert lives > 5
    assert answers(yard) == answers(in_one_piece)
    assert sorted(yard.column("SELECT number FROM orders")) == sorted(in_one_piece.column("SELECT number FROM orders"))
    assert yard.statuses() == in_one_piece.statuses()
    assert yard.nothing_left()


def test_documents_of_the_first_chunks_are_released_before_the_last_is_read(database: Database) -> None:
    yard = Yard(database, chunk=2)
    yard.put(x12(7, *(order(f"N{n}") for n in range(6))))
    worker = yard.worker()
    worker.run_once()
    worker.run_once()
    assert yard.statuses() == ["handled", "handled"]
    assert yard.statuses("interchanges") == ["pending"]
    assert yard.sent == []


def test_a_chunk_is_bounded_by_its_bytes_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translate, "CHUNK_BYTES", 1)
    yard = Yard(database)
    yard.put(x12(7, order("A"), order("B")))
    worker = yard.worker()
    worker.run_once()
    assert yard.count("documents", "direction = 'in'") == 1
    worker.run_until_idle()
    assert yard.statuses() == ["handled", "handled"]


def test_who_translates_the_next_chunk_reads_on_where_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    monkeypatch.setattr(translate, "plan", lambda *given: begun.append(1) or plan(*given))
    yard = Yard(database, chunk=1)
    yard.arrive(x12(7, *(order(f"N{n}") for n in range(5))))
    assert len(begun) == 1
    assert yard.erp() == [[f"N{n}" for n in range(5)]]


@pytest.mark.parametrize("scope", ["group", "interchange"])
def test_where_siblings_decide_nothing_is_released_before_the_end(database: Database, scope: str) -> None:
    yard = Yard(database, chunk=2)
    yard.agree(globex=f'{GLOBEX}reject = "{scope}"\n')
    yard.put(x12(7, *(order(f"N{n}") for n in range(6)), broken("Z")))
    yard.worker().run_once()
    assert yard.statuses() == ["refused"] * 7
    yard.work()
    assert [yard.count("orders"), yard.count("documents", "status = 'handled'")] == [0, 0]


def test_what_comes_later_from_the_same_source_waits_for_its_turn(database: Database) -> None:
    yard = Yard(database, chunk=1)
    yard.receive(x12(7, order("A"), order("B"), order("C")), x12(8, order("C", function=REPLACE, quantity=9)))
    yard.work()
    assert yard.column("SELECT action FROM order_history ORDER BY id") == ["create", "create", "create", "replace"]
    assert yard.statuses() == ["handled"] * 4


def test_a_transmission_given_up_between_chunks_goes_on_where_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    yard = Yard(database, chunk=2)
    conclude = TranslatedInterchange.conclude

    def fail(self: TranslatedInterchange) -> None:
        raise ValueError("out of paper")

    monkeypatch.setattr(interchange.TranslatedInterchange, "conclude", fail)
    sent = yard.arrive(x12(7, *(order(f"N{n}") for n in range(5))))
    assert yard.status(sent) == "failed"
    monkeypatch.setattr(interchange.TranslatedInterchange, "conclude", conclude)
    reprocess(yard.database, sent, "ann", AT)
    yard.work()
    assert yard.status(sent) == "translated"
    assert segments(yard.to("globex-out")[0], "AK9") == ["AK9*A*5*5*5"]
    assert yard.erp() == [[f"N{n}" for n in range(5)]]
    assert yard.nothing_left()


def test_a_repeat_of_what_is_still_being_translated_waits_for_its_verdict(database: Database) -> None:
    yard = Yard(database, chunk=1)
    body = x12(7, order("A"), broken("B"))
    yard.receive(body)
    yard.worker().run_once()
    again = yard.put(body)
    die(yard)
    while yard.work():
        sweep(database)
    assert yard.status(again) == "duplicate"
    first, second = answers(yard)
    assert first == second
    assert yard.nothing_left()
