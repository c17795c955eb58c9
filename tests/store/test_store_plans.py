"""With 100,000 rows of backlog every part of a claim and of a sweep is an index search, and takes milliseconds."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from gateway.store import Database, State, Step
from gateway.store import claims_sql as sql
from gateway.store.batches import Claim
from gateway.store.claims import claim_within
from gateway.store.statements import Both, run
from gateway.store.sweep import sweep
from tests.store.making import column

pytestmark = pytest.mark.slow

MANY = 100_000

#: 100,000 rows of one source and one per lane, one lane with 5,000 parked, and a little of everything else.
_FILL = """
INSERT INTO work (id, step, subject, source, lane, turn, size, state, owner, until, attempts, due)
SELECT n, CASE WHEN n % 50 = 0 THEN 1 ELSE 2 END, n,
  CASE WHEN n % 501 = 0 THEN 'small' || (n % 25) ELSE 'flood' END,
  CASE WHEN n <= 5000 THEN 'hot' WHEN n % 7 = 0 THEN NULL ELSE 'lane ' || n END,
  CASE WHEN n % 50 = 0 THEN n + 1000000 ELSE n END, 0,
  CASE WHEN n BETWEEN 2 AND 5000 THEN 2 WHEN n % 101 = 0 THEN 3 WHEN n % 103 = 0 THEN 1 ELSE 0 END,
  'somebody', 9000000000000000, 0, 9000000000000000
FROM {numbers}"""
_NUMBERS = {
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :many) SELECT n FROM s) s",
    "postgresql": "generate_series(1, :many) AS s(n)",
}

_IDS: dict[str, Any] = {"ids": list(range(6001, 6065))}
STATEMENTS: dict[str, tuple[Both, dict[str, Any]]] = {
    "sources": (sql.SOURCES, {"steps": [1, 2, 3, 4]}),
    "look": (sql.LOOK, {"step": 4, "sources": ["flood", "small0"], "each": 64, "limit": 64}),
    "look below the watermark": (
        sql.LOOK_BELOW_WATERMARK,
        {"step": 2, "sources": ["flood", "small0"], "each": 64, "limit": 64},
    ),
    "judge": (sql.BEHIND, _IDS),
    "lease": (sql.LEASE, _IDS | {"owner": "me", "lease": 1}),
    "park": (sql.PARK, _IDS),
    "wake": (sql.WAKE, {"lanes": ["hot", "lane 7001"]}),
    "expire": (sql.EXPIRE, {}),
    "return": (sql.RETURN_WAITING, {}),
    "parked heads": (sql.PARKED_HEADS, {}),
}


@pytest.fixture
def crowded(database: Database) -> Iterator[Database]:
    with database.write() as connection:
        connection.execute(text(_FILL.format(numbers=_NUMBERS[database.dialect])), {"many": MANY})
        connection.execute(text("ANALYZE work" if database.dialect == "postgresql" else "ANALYZE"))
    yield database
    if database.dialect == "postgresql":
        with database.write() as connection:
            connection.execute(text("TRUNCATE work"))


def plan(database: Database, statement: Both, values: dict[str, Any]) -> list[str]:
    """The lines of the plan, with the values that a claim has."""
    prefix = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
    explained = {dialect: text(prefix + each.text) for dialect, each in statement.items()}
    with database.read() as connection:
        rows = run(connection, explained, **values).all()
    return [row[-1] for row in rows]


def test_every_part_is_an_index_search(crowded: Database) -> None:
    scan = re.compile(r"^SCAN (work|w|y|t|q|h)\b" if crowded.dialect == "sqlite" else r"Seq Scan on work\b")
    for name, (statement, values) in STATEMENTS.items():
        lines = plan(crowded, statement, values)
        whole = [line for line in lines if scan.search(line) and "USING" not in line]
        assert whole == [], f"{name}: {lines}"


def test_claims_and_sweeps_take_milliseconds(crowded: Database) -> None:
    started = time.perf_counter()
    with crowded.write() as connection:
        items = claim_within(connection, "me", Claim((Step.HANDLE,)))
    claimed = time.perf_counter() - started
    assert len(items) == 64
    assert len({item.source for item in items}) > 1
    started = time.perf_counter()
    sweep(crowded)
    swept = time.perf_counter() - started
    assert column(crowded, "SELECT count(*) FROM work WHERE state = :s", s=int(State.PARKED))[0] >= 4999
    # Ten times what was measured on a machine that does nothing else.
    assert claimed < 0.5
    assert swept < 1.0
