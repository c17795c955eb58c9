"""The sweep: what it finds, whom it tells, and that its hooks cannot stop it."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from gateway.core.errors import ConnectorError
from gateway.expectations import Overdue, expect, hold, until
from gateway.store import Changes, Claim, Database, Step, claim, commit
from gateway.work import Sweeper
from tests.store import making
from tests.store.making import AT, TRANSLATE, handling, one, take


class Clock:
    def __init__(self, now: int = AT) -> None:
        self.time = now

    def now(self) -> int:
        return self.time


class Ear:
    """A bell that remembers."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def ring(self, step: str) -> None:
        self.heard.append(step)

    def wait(self, timeout: float) -> bool:
        return False

    def close(self) -> None: ...


def test_what_is_ready_again_is_rung_for(database: Database) -> None:
    handling(database, ("acme", None, 1))
    claim(database, "dead", Claim((Step.HANDLE,), lease=0.0))
    with database.write() as connection:
        connection.execute(text("UPDATE work SET until = 1"))
    ear = Ear()
    assert Sweeper(database, Clock(), bell=ear).run_once().expired == 1
    assert ear.heard == ["handle"]
    assert len(take(database)) == 1


def test_overdue_is_told_once(database: Database) -> None:
    changes = Changes(AT)
    doc = making.document(changes)
    expect(changes, "997", party="acme", due=AT + 10, document_id=doc)
    commit(database, changes)
    told: list[Overdue] = []
    clock = Clock()
    sweeper = Sweeper(database, clock, alert=told.append)
    sweeper.run_once()
    assert told == []
    clock.time = AT + 11
    sweeper.run_once()
    sweeper.run_once()
    assert [(group.party, group.kind, group.count) for group in told] == [("acme", "997", 1)]


def test_what_waited_for_a_date_is_released_and_rung_for(database: Database) -> None:
    (tx,) = making.received(database, "a")
    changes = Changes(AT)
    changes.update("transmissions", tx, status="held")
    hold(changes, code="GTW-DATE", text="Not before then.", condition=until(AT + 10), transmission_id=tx)
    commit(database, changes, owner="me", finished=take(database, wish=TRANSLATE))
    clock, ear = Clock(), Ear()
    sweeper = Sweeper(database, clock, bell=ear)
    sweeper.run_once()
    assert take(database, wish=TRANSLATE) == []
    clock.time = AT + 10
    sweeper.run_once()
    assert "translate" in ear.heard
    assert [item.subject for item in take(database, wish=TRANSLATE)] == [tx]
    assert one(database, "SELECT released_by FROM holds") == until(AT + 10)


def test_hooks_are_called_and_cannot_stop_the_sweep(database: Database) -> None:
    called: list[str] = []

    def broken() -> None:
        called.append("broken")
        raise ConnectorError("The folder is gone.")

    sweeper = Sweeper(database, Clock(), hooks=[broken, lambda: called.append("tidy")])
    sweeper.run_once()
    assert called == ["broken", "tidy"]


def test_it_runs_until_it_is_told_to_stop(database: Database) -> None:
    stop, swept = threading.Event(), threading.Event()
    sweeper = Sweeper(database, Clock(), interval=0.01, hooks=[swept.set])
    thread = threading.Thread(target=sweeper.run, args=(stop,))
    thread.start()
    assert swept.wait(20)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def test_an_outage_does_not_end_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from gateway.core.errors import StoreError
    from gateway.work import sweeper as module

    stop = threading.Event()
    times = iter(range(1000))

    def failing(database: Database) -> None:
        if next(times) >= 2:
            stop.set()
        raise StoreError("away")

    monkeypatch.setattr(module, "sweep", failing)
    Sweeper(database, Clock(), interval=0.01).run(stop)
    assert next(times) >= 3
