"""What is looked for is found, grouped; every question is an index search."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import text

from gateway.agreements import Agreements
from gateway.alerts import Watch, watch
from gateway.alerts.watch import Bounds
from gateway.store import Changes, Database, Step, commit
from tests.agreements.files import agreements
from tests.store.making import AT
from tests.store.test_store_plans import plan

MINUTE = 60_000_000


def unit(changes: Changes, endpoint: str, status: str, direction: str = "in", at: int = AT) -> int:
    values = {"direction": direction, "endpoint": endpoint, "status": status, "size": 0, "sha256": ""}
    return changes.new("transmissions", transport_id=f"{endpoint}{status}{at}", created_at=at, **values)


def document(changes: Changes, status: str, **values: Any) -> int:
    usual = {
        "direction": "in",
        "standard": "x12",
        "version": "004010",
        "type": "850",
        "turn": 1,
        "from_party": "globex",
    }
    return changes.new("documents", status=status, **{**usual, **values})


def nobody() -> Agreements:
    return Agreements([])


def look(database: Database, now: int = AT, known: Any = nobody) -> dict[str, str]:
    found = Watch(database, known, Bounds(5 * MINUTE, 15 * MINUTE)).look(now)
    return {f"{each.kind} {each.subject}": each.text for each in found.conditions}


def test_what_is_held_failed_stopped_and_overdue_is_grouped(database: Database) -> None:
    changes = Changes(AT)
    for _ in range(3):
        document(changes, "held", reason="GTW-MAPPING")
        document(changes, "failed", reason="division by zero")
        changes.new("expectations", kind="997", party="globex", due=AT, state="overdue")
    unit(changes, "far", "stopped", "out")
    changes.new("expectations", kind="interchange", party="globex", due=AT, state="overdue", what="7")
    commit(database, changes)
    assert look(database) == {
        "documents globex/held/GTW-MAPPING": "Documents of globex that are held (GTW-MAPPING): 3.",
        "documents globex/failed": "Documents of globex that are failed (failed): 3.",
        "overdue globex/997": "3 of what globex must answer with 997 did not arrive in time.",
        "missing globex/interchange": "Interchanges of globex that never arrived, while later numbers did: 1.",
        "transmissions far/stopped": "Transmissions at far that are stopped: 1.",
    }


def test_endpoints_that_are_open_or_fail_for_long(database: Database) -> None:
    rows = (("a", "open", 1), ("b", "failing", 1), ("c", "failing", 9), ("d", "closed", 9))
    with database.write() as connection:
        for name, state, minutes in rows:
            connection.execute(
                text("INSERT INTO endpoint_states VALUES (:name, 'out', :state, 3, 'cut', :since, :since, NULL)"),
                {"name": name, "state": state, "since": AT - minutes * MINUTE},
            )
    assert list(look(database)) == ["endpoint a", "endpoint c"]


def test_what_no_partner_fetches(database: Database) -> None:
    changes = Changes(AT)
    for hours in (23, 25, 30):
        unit(changes, "globex-box", "deposited", "out", at=AT - hours * 60 * MINUTE)
    unit(changes, "other-box", "delivered", "out", at=AT - 30 * 60 * MINUTE)
    commit(database, changes)
    found = look(database)
    assert list(found) == ["unfetched globex-box"]
    assert found["unfetched globex-box"].startswith("Files at globex-box that wait for nobody to fetch them: 2")


def test_work_that_nobody_takes(database: Database) -> None:
    changes = Changes(AT)
    old = unit(changes, "x", "received", at=AT - 20 * MINUTE)
    changes.work(Step.TRANSLATE, old, "x", turn=(old, 0))
    changes.work(Step.DELIVER, old, "y", turn=(old, 0))  # it waits for its endpoint
    commit(database, changes)
    assert list(look(database)) == ["backlog translate"]


def test_data_that_no_line_of_the_mapping_takes(database: Database) -> None:
    changes = Changes(AT)
    for number in range(3):
        id = document(changes, "ready", created_at=AT - MINUTE // 2)
        if number:
            changes.new("issues", code="MAP-UNMAPPED", severity="warning", data="{}", document_id=id)
    commit(database, changes)
    assert look(database)["unmapped globex/850"].startswith("Documents 850 of globex with data")


def test_an_inbox_that_is_silent_longer_than_agreed(database: Database) -> None:
    door = '[[endpoint]]\nname = "{0}"\nconnector = "directory"\ndirection = "in"\npath = "{0}"\nexpect_every = "{1}"\n'
    globex = 'id = "globex"\nname = "Globex"\n' + door.format("quiet", "1h") + door.format("busy", "1h")
    known = agreements(globex=globex + door.format("seldom", "30d"))
    changes = Changes(AT)
    unit(changes, "quiet", "translated", at=AT - 61 * MINUTE)
    unit(changes, "busy", "translated", at=AT - 59 * MINUTE)
    commit(database, changes)
    watched = Watch(database, lambda: known, Bounds(MINUTE, MINUTE))
    found = watched.look(AT)
    assert [each.subject for each in found.conditions] == ["quiet"]
    assert found.unknown == {("silent", "seldom")}
    later = Changes(AT + MINUTE)
    unit(later, "quiet", "translated", at=AT + MINUTE)
    commit(database, later)
    assert [each.subject for each in watched.look(AT + 2 * MINUTE).conditions] == ["busy"]


def test_what_happened_in_this_process_is_reported_once(database: Database) -> None:
    watched = Watch(database, nobody, Bounds(MINUTE, MINUTE))
    watched.report("worker", "processes", "exit code -9")
    watched.report("worker", "processes", "exit code -9")
    assert [each.text for each in watched.look(AT).conditions] == [
        "Processes that work and ended by themselves: 2 (exit code -9)."
    ]
    assert watched.look(AT).conditions == []


@pytest.mark.slow
def test_every_question_is_an_index_search(database: Database) -> None:
    numbers = {
        "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 20000) SELECT n FROM s) s",
        "postgresql": "generate_series(1, 20000) AS s(n)",
    }[database.dialect]
    with database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO documents (id, direction, position, standard, version, type, control_number, status, turn, "
            f"\"offset\", length, created_at, updated_at) SELECT n, 'in', 1, 'x12', '', '850', '', 'handled', "
            f"n, 0, 0, n, n FROM {numbers}"
        )
        connection.exec_driver_sql(
            "INSERT INTO transmissions (id, direction, endpoint, transport_id, status, size, sha256, file_name, "
            f"headers, created_at, updated_at) SELECT n, 'in', 'x', n, 'translated', 0, '', '', '', n, n FROM {numbers}"
        )
        connection.exec_driver_sql("ANALYZE")
    since = {"since": 19_990, "now": 20_000, "most": 5000}
    questions = (
        (watch.DOCUMENTS, {"most": 5000}),
        (watch.TRANSMISSIONS, {"most": 5000}),
        (watch.UNFETCHED, {"before": 19_990, "most": 5000}),
        (watch.UNMAPPED, since),
        (watch.ARRIVALS, {"since": 19_990, "most": 5000}),
    )
    scan = re.compile(r"^SCAN (documents|transmissions|issues)\b|Seq Scan on (documents|transmissions)\b")
    for statement, values in questions:
        lines = plan(database, statement, values)
        assert [line for line in lines if scan.search(line)] == [], lines
    if database.dialect == "postgresql":
        with database.write() as connection:
            connection.exec_driver_sql("TRUNCATE documents, transmissions")
            connection.exec_driver_sql("ANALYZE documents, transmissions")
