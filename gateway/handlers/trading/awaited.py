"""Documents that wait for another one which came in the same moment: neither commit saw the other.

Whoever makes a condition true releases those that it finds waiting (:func:`gateway.expectations.fulfil`). One that was
being held meanwhile is not found; the sweep looks whether it still waits for something that is there.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from gateway.expectations import awaited_document, fulfil
from gateway.handlers.trading import records
from gateway.handlers.trading.conversing import came, side_of_partner
from gateway.handlers.trading.matter import awaited_by
from gateway.store import Changes, Database, commit
from gateway.store.statements import both, run

#: As many are looked at in one sweep, the latest first: it is a matter of the moment in which they were held.
_MOST = 1000

_WAITING = both(
    "SELECT h.condition, d.canonical, d.from_party FROM holds h JOIN documents d ON d.id = h.document_id "
    "WHERE h.condition LIKE :waits AND d.canonical IS NOT NULL AND h.released_at IS NULL "
    "GROUP BY h.condition, d.canonical, d.from_party ORDER BY max(h.id) DESC LIMIT :most"
)


class _Awaited(NamedTuple):
    """``kind``: what of the order ``number``; who waits sent a ``canonical``."""

    condition: str
    kind: str
    number: str
    canonical: str
    partner: str


def release_came(database: Database, now: int) -> int:
    """Lets the next sweep release what waits for something that is there; returns for how many conditions.

    Raises :class:`~gateway.core.errors.StoreError`.
    """
    with database.read() as connection:
        due = {
            each.condition
            for (own, lane), waiting in _waiting(connection).items()
            for each in _there(connection, own, lane, waiting)
        }
    if due:
        changes = Changes(now)
        for condition in sorted(due):
            fulfil(changes, condition)
        commit(database, changes)
    return len(due)


def _waiting(connection: Connection) -> dict[tuple[str, str], list[_Awaited]]:
    """By own party and lane."""
    found: dict[tuple[str, str], list[_Awaited]] = {}
    for row in run(connection, _WAITING, waits=f"{awaited_document('')}%", most=_MOST).all():
        words = awaited_by(row.condition)
        if words is not None:
            kind, own, lane, number = words
            each = _Awaited(row.condition, kind, number, row.canonical, row.from_party or "")
            found.setdefault((own, lane), []).append(each)
    return found


def _there(connection: Connection, own: str, lane: str, waiting: list[_Awaited]) -> list[_Awaited]:
    matters = records.matters(connection, own, lane, {each.number for each in waiting})
    return [
        each for each in waiting if came(each.kind, matters[each.number], side_of_partner(each.canonical), each.partner)
    ]
