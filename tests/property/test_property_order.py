"""Whatever two sources send and however two workers take turns: documents of one order are applied, and leave, in the
order in which they came."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core.errors import ConnectorError
from gateway.store import Database, open_database, sweep
from gateway.work import Worker
from tests.conftest import empty
from tests.pipeline.orders import REPLACE, edifact, message, order, x12
from tests.pipeline.yard import Yard

#: Numbers of orders; each source has its own.
KEYS = st.sampled_from("ABC")
SENDS = st.tuples(st.sampled_from(["globex", "initech"]), st.lists(KEYS, min_size=1, max_size=4))
#: A worker runs one batch (and claims the next), or dies with what it has in hand; the ERP's door is closed for one
#: file; retries become due.
TURNS = st.tuples(st.sampled_from(["work", "work", "work", "die", "closed", "due"]), st.sampled_from([0, 1]))
PLANS = st.lists(st.one_of(SENDS, TURNS), max_size=40)


#: By number of the order, versions of it: each has its own number as the quantity.
Versions = dict[str, list[int]]


class Market:
    """Two sources that order and replace, and two workers that take turns."""

    def __init__(self, database: Database, *, chunk: int, limit: int) -> None:
        self.yard = Yard(database, chunk=chunk, limit=limit)
        self.versions: dict[tuple[str, str], int] = {}
        self._controls = count(1)
        self.workers = [self._worker(), self._worker()]

    def _worker(self) -> Worker:
        return self.yard.worker(policies={}, lease=600.0)

    def send(self, partner: str, keys: list[str]) -> None:
        """One interchange; the first document of a key is the order, the later ones replace it."""
        control = next(self._controls)
        quantities = [self._next(partner, key) for key in keys]
        if partner == "globex":
            documents = [
                order(f"G{key}", function="00" if n == 1 else REPLACE, quantity=n) for key, n in zip(keys, quantities)
            ]
            self.yard.put(x12(control, *documents), "globex-in")
        else:
            messages = [
                message(f"I{key}", place, function="9" if n == 1 else "5", quantity=n)
                for place, (key, n) in enumerate(zip(keys, quantities), 1)
            ]
            self.yard.put(edifact(str(control), *messages), "initech-in")

    def _next(self, partner: str, key: str) -> int:
        self.versions[partner, key] = self.versions.get((partner, key), 0) + 1
        return self.versions[partner, key]

    def turn(self, what: str, who: int) -> None:
        if what == "work":
            self.workers[who].run_once()
        elif what == "die":
            self._die(who)
        elif what == "closed":
            self.yard.door("erp-out").failures.plan("deliver", ConnectorError("No route to host."))
        else:
            self._due()

    def _die(self, who: int) -> None:
        """Its leases run out; its successor has another name."""
        with self.yard.database.write() as connection:
            dead = f"UPDATE work SET until = 0 WHERE owner = '{self.workers[who].owner}'"
            connection.exec_driver_sql(dead)
        self.workers[who] = self._worker()
        sweep(self.yard.database)

    def _due(self) -> None:
        """What waits for its next try need not wait."""
        with self.yard.database.write() as connection:
            connection.exec_driver_sql("UPDATE work SET due = 0 WHERE state = 3")
        sweep(self.yard.database)

    def finish(self) -> None:
        """Both go on in turns until nothing is left."""
        for _ in range(400):
            if not any([worker.run_once() for worker in self.workers]):  # noqa: C419  each of them has its turn
                if not self.yard.count("work"):
                    return
                self._due()
        raise AssertionError(self.yard.column("SELECT step || ' ' || state || ' ' || coalesce(error, '') FROM work"))

    def expected(self) -> Versions:
        """Of each order all versions that were sent, in their order."""
        return {partner[0].upper() + key: list(range(1, last + 1)) for (partner, key), last in self.versions.items()}

    def applied(self) -> Versions:
        """The versions that came into the records, in the order in which they did."""
        rows = self.yard.column(
            "SELECT o.number || ' ' || l.quantity FROM order_history h JOIN orders o ON o.id = h.order_id "
            "JOIN order_lines l ON l.order_id = o.id AND l.version = h.version ORDER BY h.id"
        )
        return _versions(row.split(" ") for row in rows)

    def left(self) -> Versions:
        """Those that left for the ERP."""
        lines = [json.loads(line) for body in self.yard.to("erp-out") for line in body.splitlines()]
        return _versions((line["id"], line["order_lines"][0]["quantity"]["value"]) for line in lines)


def _versions(pairs: Iterable[Sequence[str]]) -> Versions:
    found: Versions = {}
    for number, version in pairs:
        found.setdefault(number, []).append(int(version))
    return found


def traded(database: Database, plan: list[tuple[str, object]], chunk: int, limit: int) -> Market:
    """The market after the plan, when nothing is left to do."""
    market = Market(database, chunk=chunk, limit=limit)
    for what, which in plan:
        if isinstance(which, list):
            market.send(what, which)
        else:
            market.turn(what, int(str(which)))
    market.finish()
    return market


@contextmanager
def fresh(template: Path) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder) / "crossdock.db")
        database = open_database(f"sqlite:///{folder}/crossdock.db")
        try:
            yield database
        finally:
            database.close()


@settings(max_examples=40, deadline=None)
@given(plan=PLANS, chunk=st.sampled_from([1, 2, 1000]), limit=st.sampled_from([1, 3, 64]))
def test_order_is_kept_on_sqlite(migrated_sqlite: Path, plan: list[tuple[str, object]], chunk: int, limit: int) -> None:
    with fresh(migrated_sqlite) as database:
        market = traded(database, plan, chunk, limit)
        assert market.yard.count("holds") == 0
        assert set(market.yard.statuses()) <= {"handled"}
        assert market.applied() == market.left() == market.expected()


@pytest.mark.postgres
@settings(max_examples=15, deadline=None)
@given(plan=PLANS, chunk=st.sampled_from([1, 2, 1000]), limit=st.sampled_from([1, 3, 64]))
def test_order_is_kept_on_postgresql(
    migrated_postgresql: str, plan: list[tuple[str, object]], chunk: int, limit: int
) -> None:
    empty(migrated_postgresql)
    database = open_database(migrated_postgresql)
    try:
        market = traded(database, plan, chunk, limit)
        assert market.yard.count("holds") == 0
        assert set(market.yard.statuses()) <= {"handled"}
        assert market.applied() == market.left() == market.expected()
    finally:
        database.close()
