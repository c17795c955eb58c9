"""The gauges of the backlog: right, and by index searches only."""

from __future__ import annotations

import re
from typing import Any

from gateway.store import Changes, Database, State, Step, commit
from gateway.store.statements import Both
from gateway.work import gauges
from gateway.work.gauges import Gauges
from tests.store.test_store_plans import plan

AT = 1_700_000_000_000_000
AGE = 90


class Clock:
    def now(self) -> int:
        return AT + AGE * 1_000_000


def _fill(database: Database) -> None:
    changes = Changes(AT)
    for source in ("a", "b"):
        unit = changes.new(
            "transmissions", direction="in", endpoint=source, transport_id=source, status="received", size=0, sha256=""
        )
        changes.work(Step.TRANSLATE, unit, source, turn=(unit, 0))
        changes.work(Step.HANDLE, unit, source, turn=(unit, 1), state=State.PARKED, lane="x")
    changes.work(Step.DELIVER, 1, "out", turn=7, due=AT)
    changes.new("holds", code="GTW-SENDER", text="", condition="operator", transmission_id=1, created_at=AT)
    changes.new("expectations", kind="997", party="globex", due=AT, state="overdue")
    commit(database, changes)
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO endpoint_states VALUES ('far', 'out', 'open', 7, 'cut', 0, 0, NULL)")
        connection.exec_driver_sql(
            "INSERT INTO alerts (id, kind, subject, severity, text, count, opened_at, seen_at, reminded_at) "
            "VALUES (1, 'endpoint', 'far', 'critical', '', 1, 0, 0, 0)"
        )


def test_the_backlog_its_age_holds_and_what_is_overdue(database: Database) -> None:
    _fill(database)
    found = {
        (sample.name.removeprefix("crossdock_"), *sample.labels.values()): sample.value
        for family in Gauges(database, Clock()).collect()
        for sample in family.samples
    }
    assert found["work_items", "translate", "ready"] == 2
    assert found["work_items", "handle", "parked"] == 2
    assert found["work_items", "deliver", "waiting"] == 1
    assert found["work_oldest_seconds", "translate"] == AGE
    assert found["work_oldest_seconds", "handle"] == 0
    assert found["holds",] == 1
    assert found["expectations", "overdue"] == 1
    assert (found["endpoint_open", "far", "out"], found["endpoint_failures", "far", "out"]) == (1, 7)
    assert found["alerts", "endpoint"] == 1


def test_every_part_is_an_index_search(database: Database) -> None:
    values: dict[str, Any] = {"most": 10}
    statements: list[tuple[Both, dict[str, Any]]] = [(each, values) for each in gauges._COUNT.values()]
    statements += [(gauges.READY, values | {"step": 1}), (gauges.OLDEST, {"step": 1})]
    statements += [(gauges.HOLDS, values), (gauges.EXPECTATIONS, values)]
    for statement, given in statements:
        lines = plan(database, statement, given)
        if database.dialect == "sqlite":  # on empty tables PostgreSQL prefers to read them
            whole = [line for line in lines if re.match(r"SCAN (work|w|t|holds|expectations)\b", line)]
            assert [line for line in whole if "USING" not in line] == [], lines
