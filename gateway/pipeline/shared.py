"""Documents that several handlers take: handled when all of them have, and held as long as one of them holds it.

Each handler has a row of work of its own and may be at work elsewhere at the same time. So who is the last is decided
within the commit, with the row of the document locked.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from gateway.core.lifecycle import DOCUMENT, decide
from gateway.expectations import VERDICT
from gateway.store import Changes
from gateway.store.statements import both, run

_OF_HANDLERS = f"step = 2 AND coalesce(handler, '') <> '{VERDICT}'"

_SHARED = both(
    f"SELECT subject FROM work WHERE subject {{ids}} AND {_OF_HANDLERS} GROUP BY subject HAVING count(*) > 1"  # noqa: S608
)
_LOCK = both("SELECT id FROM documents WHERE id = :document {locked}")
#: A statement of its own: on PostgreSQL it sees what others committed while the lock was awaited.
_HANDLED = both(
    f"UPDATE documents SET status = '{decide(DOCUMENT, 'ready', 'handle')}', reason = NULL, updated_at = :at "  # noqa: S608
    f"WHERE id = :document AND status = 'ready' "
    f"AND NOT EXISTS (SELECT 1 FROM work WHERE subject = :document AND {_OF_HANDLERS})"
)


def shared(connection: Connection, documents: Sequence[int]) -> set[int]:
    """Those that more than one handler still has to take."""
    return set(run(connection, _SHARED, ids=list(documents)).scalars())


def taken(changes: Changes, document: int) -> None:
    """One of its handlers took it: the last one makes it handled."""
    changes.execute(_LOCK, {"document": document})
    changes.execute(_HANDLED, {"document": document}, at=changes.at)
