"""The transmissions that answer a transmission: receipts that we wrote, or that a partner sent."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from gateway.store.statements import both, run

AnyRow = Any

_ANSWERS = both(
    "SELECT * FROM transmissions WHERE id IN ("
    "SELECT id FROM transmissions WHERE parent_id = :id UNION "
    "SELECT d.transmission_id FROM documents d JOIN interchanges i ON i.id = d.source_interchange_id "
    "WHERE i.transmission_id = :id AND d.direction = 'in' AND i.direction = 'out') ORDER BY id"
)


def answers_to(connection: Connection, transmission: int) -> list[AnyRow]:
    """All columns, in the order in which they came or were written."""
    return list(run(connection, _ANSWERS, id=transmission).all())
