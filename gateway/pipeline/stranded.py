"""Documents that would wait for a sibling which itself waits for a person.

What an interchange leads to is composed when the last of its documents is handled. A document that stands behind a
held one of its key may not be handled for days; then what its siblings led to goes out without it, and it gets a file
of its own when its turn comes. A held document blocks its own key and nothing else.
"""

from __future__ import annotations

from gateway.store import Changes, Database, Step, commit, turn
from gateway.store.statements import both, run

_ANY_HELD = both("SELECT 1 FROM holds WHERE released_at IS NULL AND document_id IS NOT NULL LIMIT 1")

#: Interchanges with documents to compose of which every row of work that is left is held, or behind one that is.
_STRANDED = both(
    """
WITH waiting(id) AS MATERIALIZED (
  SELECT DISTINCT source_interchange_id FROM documents WHERE status = 'emitted' AND source_interchange_id IS NOT NULL
)
SELECT i.id, t.endpoint FROM waiting JOIN interchanges i ON i.id = waiting.id
JOIN transmissions t ON t.id = i.transmission_id
WHERE i.pending > 0 AND i.status <> 'pending'
  AND NOT EXISTS (SELECT 1 FROM work c WHERE c.subject = i.id AND c.step = 3)
  AND NOT EXISTS (
    SELECT 1 FROM documents s JOIN work w ON w.subject = s.id AND w.step = 2 AND w.state <> 4
    WHERE s.interchange_id = i.id
      AND NOT EXISTS (SELECT 1 FROM work h WHERE h.lane = w.lane AND h.turn < w.turn AND h.state = 4))
ORDER BY i.id"""
)


def compose_stranded(database: Database, now: int) -> list[int]:
    """Makes the work of composing what waits for held documents only; returns the interchanges. For the sweep.

    Raises :class:`~gateway.core.errors.StoreError`.
    """
    with database.read() as connection:
        held = run(connection, _ANY_HELD).first() is not None
        rows = run(connection, _STRANDED).all() if held else []
    changes = Changes(now)
    for row in rows:
        changes.work(Step.COMPOSE, row.id, row.endpoint, turn=turn(row.id))
    if rows:
        commit(database, changes)
    return [row.id for row in rows]
