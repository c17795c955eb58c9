"""The quick way of writing rows and the readable one write the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from gateway.store import Changes, Database, Step
from gateway.store.bulk import insert, insert_readably, shape
from gateway.store.changes import resolved
from gateway.store.metadata import metadata
from tests.store import making
from tests.store.making import AT

ODD = 'tab\t newline\n backslash\\N "quotes" \\. ü 中 \u2028'


def sample(count: int) -> Changes:
    changes = Changes(AT)
    for n in range(count):
        tx = making.transmission(changes, f"{ODD}{n}", body=bytes(range(256)) + bytes([n]))
        ic = making.interchange(changes, tx, offset=n)
        doc = making.document(changes, transmission_id=tx, interchange_id=ic, turn=(tx, n), business_key=ODD)
        changes.work(Step.HANDLE, doc, "acme", turn=(tx, n), lane=None if n % 2 else ODD)
        changes.event("odd", data={"value": ODD}, transmission_id=tx, document_id=doc)
    return changes


def written(database: Database, changes: Changes, how: Callable[..., None]) -> dict[str, list[tuple[Any, ...]]]:
    """What the tables hold after ``how`` wrote the rows; rolled back."""

    def real(local: int) -> int:
        return 1000 - local

    with database.read() as connection:
        for name, rows in changes.rows.items():
            how(connection, name, shape(name).columns, list(resolved(name, rows, real)))
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(table.c[0]))]
            for name, table in metadata.tables.items()
            if name in changes.rows
        }


@pytest.mark.parametrize("count", [1, 40])
def test_both_ways_write_the_same_rows(database: Database, count: int) -> None:
    changes = sample(count)
    quick = written(database, changes, insert)
    assert quick == written(database, changes, insert_readably)
    assert {name: len(rows) for name, rows in quick.items()}["documents"] == count
    assert quick["documents"][0][list(shape("documents").columns).index("business_key")] == ODD


def test_nothing_to_write_is_nothing(database: Database) -> None:
    with database.write() as connection:
        insert(connection, "events", shape("events").columns, [])
        insert_readably(connection, "events", shape("events").columns, [])
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM events").scalar() == 0
