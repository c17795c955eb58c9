"""The worker: batches, culprits, retries, giving up, outages."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from gateway.core.errors import ConnectorError, CrossdockError, StoreError
from gateway.core.retry import RetryPolicy
from gateway.store import Changes, Claim, ConflictError, Database, Failure, State, Step, WorkItem, claim, sweep
from gateway.work import Worker, new_owner
from tests.store.making import column, finish, handling, one, take
from tests.work.counting import Counting

ONCE = {Step.HANDLE: RetryPolicy(attempts=1)}


def rows(*turns: int) -> list[tuple[str, str | None, int]]:
    return [("acme", f"order:{turn}", turn) for turn in turns]


def raising(turn: int, error: Exception, times: int = 1000) -> Counting:
    """A step that raises ``error`` when item ``turn`` is among what it is given, ``times`` times."""
    left = [times]

    def behave(item: WorkItem) -> None:
        if item.turn == turn and left[0]:
            left[0] -= 1
            raise error

    return Counting(behave)


def test_all_work_is_done_in_batches_and_in_order(database: Database) -> None:
    handling(database, *rows(*range(1, 11)))
    step = Counting()
    assert Worker(database, [step], limit=4).run_until_idle() == 10
    assert step.given == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]]
    assert one(database, "SELECT count(*) FROM work") == 0
    assert one(database, "SELECT count(DISTINCT document_id) FROM events WHERE name = 'done'") == 10


def test_one_bad_item_stops_nobody_but_itself(database: Database) -> None:
    handling(database, *rows(1, 2, 3))
    step = raising(2, ValueError("boom"))
    Worker(database, [step], policies=ONCE).run_until_idle()
    assert step.given == [[1, 2, 3], [1], [2], [3]]
    assert step.failed == [(2, "ValueError: boom")]
    assert one(database, "SELECT count(*) FROM events WHERE name = 'done'") == 2
    assert one(database, "SELECT count(*) FROM work") == 0


def test_an_error_of_ours_that_would_come_again_is_given_up_at_once(database: Database) -> None:
    handling(database, *rows(1))
    step = raising(1, CrossdockError("The mapping has no line for it."))
    Worker(database, [step]).run_until_idle()
    assert step.failed == [(1, "The mapping has no line for it.")]


def test_an_error_that_may_pass_is_tried_again_later_and_blocks_its_lane_meanwhile(database: Database) -> None:
    handling(database, ("acme", "order:1", 1), ("acme", "order:1", 2), ("acme", "order:2", 3))
    step = raising(1, ConnectorError("The door is closed."), times=2)
    worker = Worker(database, [step], policies={Step.HANDLE: RetryPolicy(first=0.0)})
    worker.run_until_idle()
    assert column(database, "SELECT state FROM work ORDER BY turn") == [State.WAITING, State.PARKED]
    assert one(database, "SELECT error FROM work WHERE turn = 1") == "The door is closed."
    assert sweep(database).due == 1
    worker.run_until_idle()
    assert step.given == [[1, 3], [1], [3], [1], [2]]
    assert one(database, "SELECT count(*) FROM work") == 0


def test_the_last_try_gives_up_and_says_why(database: Database) -> None:
    handling(database, *rows(1))
    step = raising(1, ConnectorError("The door is closed."))
    worker = Worker(database, [step], policies={Step.HANDLE: RetryPolicy(attempts=3, first=0.0)})
    for _ in range(3):
        worker.run_until_idle()
        sweep(database)
    assert step.failed == [(1, "The door is closed.")]
    assert one(database, "SELECT count(*) FROM work") == 0


def test_delays_grow_as_the_policy_says(database: Database) -> None:
    handling(database, *rows(1))
    step = Counting(lambda item: Failure(item.id, "busy"))
    worker = Worker(database, [step], policies={Step.HANDLE: RetryPolicy(first=100.0, factor=2.0, spread=0.0)})
    waits = []
    for _ in range(3):
        before = database.now()
        worker.run_until_idle()
        waits.append((one(database, "SELECT due FROM work") - before) / 1e6)
        with database.write() as connection:
            connection.execute(text("UPDATE work SET state = 0"))
    assert waits == pytest.approx([100, 200, 400], abs=5)


def test_a_step_reports_single_failures_without_stopping_the_batch(database: Database) -> None:
    handling(database, *rows(1, 2, 3))

    def behave(item: WorkItem) -> Failure | None:
        return {2: Failure(item.id, "refused", retryable=False), 3: Failure(item.id, "busy")}.get(item.turn)

    step = Counting(behave)
    Worker(database, [step]).run_until_idle()
    assert step.given == [[1, 2, 3]]
    assert step.failed == [(2, "refused")]
    assert column(database, "SELECT turn FROM work WHERE state = 3") == [3]


def test_a_result_must_account_for_every_item(database: Database) -> None:
    handling(database, *rows(1))

    class Forgetful(Counting):
        def run(self, loaded: object) -> object:  # type: ignore[override]
            result = super().run(loaded)  # type: ignore[arg-type]
            result.finished.clear()
            return result

    step = Forgetful()
    Worker(database, [step], policies=ONCE).run_until_idle()
    ((turn, error),) = step.failed
    assert turn == 1
    assert "what became of []" in error


def test_held_items_keep_their_place(database: Database) -> None:
    handling(database, ("acme", "order:1", 1), ("acme", "order:1", 2))

    class Holding(Counting):
        def run(self, loaded: object) -> object:  # type: ignore[override]
            result = super().run(loaded)  # type: ignore[arg-type]
            result.held, result.finished = result.finished, []
            return result

    Worker(database, [Holding()]).run_until_idle()
    assert column(database, "SELECT state FROM work ORDER BY turn") == [State.HELD, State.PARKED]


def test_a_conflict_is_repeated_on_what_the_database_says_now(database: Database) -> None:
    ids = handling(database, *rows(1, 2))

    class Racing(Counting):
        """Reads a status, and somebody else changes it once before the commit."""

        raced = False

        def load(self, database: Database, items: object) -> object:  # type: ignore[override]
            with database.read() as connection:
                self.status = connection.execute(
                    text("SELECT status FROM documents WHERE id = :i"), {"i": ids[0]}
                ).scalar()
            if not self.raced:
                self.raced = True
                with database.write() as connection:
                    connection.execute(text("UPDATE documents SET status = 'staged' WHERE id = :i"), {"i": ids[0]})
            return items

        def run(self, loaded: object) -> object:  # type: ignore[override]
            result = super().run(loaded)  # type: ignore[arg-type]
            result.changes.update("documents", ids[0], expected={"status": self.status}, status=f"{self.status}!")
            return result

    step = Racing()
    Worker(database, [step]).run_until_idle()
    assert step.given == [[1, 2], [1], [2]]
    assert step.failed == []
    assert one(database, "SELECT status FROM documents WHERE id = :i", i=ids[0]) == "staged!!"


def test_a_lost_lease_drops_the_batch_and_the_worker_goes_on(database: Database) -> None:
    handling(database, *rows(1, 2))

    def steal(item: WorkItem) -> None:
        if not stolen:
            with database.write() as connection:
                connection.execute(text("UPDATE work SET state = 0, owner = NULL WHERE turn = 1"))
            stolen.extend(take(database, "thief"))

    stolen: list[WorkItem] = []
    step = Counting(steal)
    Worker(database, [step]).run_until_idle()
    assert step.given == [[1, 2], [2]]
    finish(database, stolen, "thief")
    assert one(database, "SELECT count(*) FROM events WHERE name = 'done'") == 1


def test_what_killed_its_workers_is_run_alone_and_then_given_up(database: Database) -> None:
    handling(database, *rows(1, 2))
    for _ in range(2):
        claim(database, "victim", Claim((Step.HANDLE,), lease=0.0))
        with database.write() as connection:
            connection.execute(text("UPDATE work SET until = 0 WHERE state = 1"))
        sweep(database)
    step = Counting()
    Worker(database, [step], policies={Step.HANDLE: RetryPolicy(attempts=2)}).run_until_idle()
    assert step.given == []
    assert [turn for turn, _ in step.failed] == [1, 2]
    assert "begun 2 times" in step.failed[0][1]

    handling(database, *rows(3, 4))
    with database.write() as connection:
        connection.execute(text("UPDATE work SET attempts = 2"))
    patient = Counting()
    Worker(database, [patient]).run_until_idle()
    assert patient.given == [[3], [4]]


def test_what_cannot_even_be_given_up_comes_back_later(database: Database) -> None:
    handling(database, *rows(1))

    class Stuck(Counting):
        def fail(self, item: WorkItem, error: str) -> Changes:
            raise KeyError("party")

    step = Stuck(lambda item: Failure(item.id, "refused", retryable=False))
    Worker(database, [step]).run_until_idle()
    assert one(database, "SELECT state FROM work") == State.WAITING
    assert "could not be given up" in one(database, "SELECT error FROM work")


def test_an_outage_is_no_items_fault(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    handling(database, *rows(1, 2))
    step = raising(2, StoreError("The database is gone."), times=1)
    worker = Worker(database, [step])
    with pytest.raises(StoreError, match="gone"):
        worker.run_once()
    assert column(database, "SELECT state FROM work") == [State.READY, State.READY]
    assert column(database, "SELECT attempts FROM work") == [0, 0]
    assert worker.run_until_idle() == 2


def test_a_conflict_of_one_item_alone_is_tried_again_later(database: Database) -> None:
    handling(database, *rows(1))
    step = raising(1, ConflictError("Somebody was faster."), times=2)
    Worker(database, [step]).run_until_idle()
    assert step.given == [[1], [1]]
    assert one(database, "SELECT state FROM work") == State.WAITING


def test_steps_take_turns_beginning_with_what_follows(database: Database) -> None:
    order: list[Step] = []

    class Chained(Counting):
        def run(self, loaded: object) -> object:  # type: ignore[override]
            order.append(self.step)
            result = super().run(loaded)  # type: ignore[arg-type]
            if self.step is not Step.DELIVER:
                for item in loaded:  # type: ignore[attr-defined]
                    result.changes.work(Step(self.step + 1), item.subject, item.source, turn=item.turn)
            return result

    handling(database, *rows(1, 2))
    Worker(
        database, [Chained(step=step) for step in (Step.HANDLE, Step.COMPOSE, Step.DELIVER)], limit=1
    ).run_until_idle()
    assert order == [Step.HANDLE, Step.COMPOSE, Step.DELIVER] * 2


def test_a_running_worker_stops_when_told_and_gives_back_what_it_claimed(database: Database) -> None:
    handling(database, *rows(*range(1, 21)))
    stop = threading.Event()
    step = Counting(lambda item: stop.set() if item.turn == 4 else None)
    worker = Worker(database, [step], limit=4, poll=(0.001, 0.002))
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert step.given == [[1, 2, 3, 4]]
    assert column(database, "SELECT DISTINCT state FROM work") == [State.READY]
    assert column(database, "SELECT DISTINCT attempts FROM work") == [0]


def test_a_batch_that_takes_longer_than_its_lease_keeps_it(database: Database) -> None:
    handling(database, *rows(1))
    begun, stop = threading.Event(), threading.Event()

    def slow(item: WorkItem) -> None:
        begun.set()
        threading.Event().wait(0.5)
        sweep(database)

    step = Counting(slow)
    thread = threading.Thread(target=Worker(database, [step], lease=0.15).run, args=(stop,))
    thread.start()
    assert begun.wait(20)
    stop.set()
    thread.join(20)
    assert len(step.given) == 1
    assert one(database, "SELECT count(*) FROM work") == 0


def test_every_start_has_a_name_of_its_own() -> None:
    assert len({new_owner("worker") for _ in range(100)}) == 100


def test_owner_of_a_claim_is_visible(database: Database) -> None:
    handling(database, *rows(1))
    seen: list[str] = []
    step = Counting(lambda item: seen.extend(column(database, "SELECT owner FROM work")) or None)
    worker = Worker(database, [step], role="tester")
    worker.run_until_idle()
    assert seen == [worker.owner]
    assert worker.owner.startswith("tester@")


def test_no_error_ends_a_running_worker(database: Database) -> None:
    handling(database, *rows(1))
    stop = threading.Event()

    class Ear:
        """A bell that ends the test when the worker is idle."""

        def ring(self, step: str) -> None: ...

        def wait(self, timeout: float) -> bool:
            stop.set()
            return False

        def close(self) -> None: ...

    step = Counting()
    worker = Worker(database, [step], bell=Ear())
    original = worker.run_once
    failures = iter([RuntimeError("surprise")])

    def run_once() -> int:
        for error in failures:
            raise error
        return original()

    worker.run_once = run_once  # type: ignore[method-assign]
    worker.run(stop)
    assert step.given == [[1]]
