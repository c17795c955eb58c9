"""Documents that wait for another one which came in the same moment: neither commit saw the other.

Whoever makes a condition true releases those that it finds waiting (:func:`gateway.expectations.fulfil`). One that was
being held meanwhile is not found; the sweep looks whether it still waits for something that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from gateway.expectations import awaited_document, fulfil
from gateway.handlers.trading import records
from gateway.handlers.trading.conversing import WORDS, came, side_of_partner
from gateway.store import Changes, Database, commit
from gateway.store.statements import both, run

#: As many are looked at in one sweep; the others in the next ones.
_MOST = 500

_WAITING = both(
    "SELECT DISTINCT h.condition, d.canonical, d.from_party FROM holds h JOIN documents d ON d.id = h.document_id "
    "WHERE h.condition LIKE :waits AND h.released_at IS NULL ORDER BY h.condition LIMIT :most"
)


class _Awaited(NamedTuple):
    """``kind``: order, response or despatch, of the order ``number``; who waits sent a ``canonical``."""

    condition: str
    kind: str
    own: str
    lane: str
    number: str
    canonical: str
    partner: str


def release_came(database: Database, now: int) -> int:
    """Lets the next sweep release what waits for something that is there; returns for how many conditions.

    Raises :class:`~gateway.core.errors.StoreError`.
    """
    with database.read() as connection:
        due = sorted({each.condition for each in _waiting(connection) if _is_there(connection, each)})
    if due:
        changes = Changes(now)
        for condition in due:
            fulfil(changes, condition)
        commit(database, changes)
    return len(due)


def _waiting(connection: Connection) -> list[_Awaited]:
    first = awaited_document("")
    rows = run(connection, _WAITING, waits=f"{first}%", most=_MOST).all()
    return [each for row in rows for each in _read(row, first)]


def _read(row: Any, first: str) -> Iterator[_Awaited]:
    words = row.condition.removeprefix(first).split("|", 3)
    if len(words) == 4 and words[0] in WORDS and row.canonical:
        kind, own, lane, number = words
        yield _Awaited(row.condition, kind, own, lane, number, row.canonical, row.from_party or "")


def _is_there(connection: Connection, each: _Awaited) -> bool:
    matter = records.matters(connection, each.own, each.lane, [each.number])[each.number]
    return came(each.kind, matter, side_of_partner(each.canonical), each.partner)
