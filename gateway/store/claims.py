"""Claiming work: look, judge, mark; and giving it back, renewing it, waking what waited.

Each source gets its turn, however much another one sent. Handling stops at the watermark of its source. Of a lane only
the head is claimed, whatever state the head is in; rows behind it are parked when they are first met, and the commit
that finishes the head wakes the next. Leases are measured by the database's clock and fenced by their owner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from gateway.store import claims_sql as sql
from gateway.store.batches import Claim, Step, WorkItem
from gateway.store.database import Database
from gateway.store.statements import run

AnyRow = Any

#: How often a claim looks, when it meets rows that it has to park or sources leave their share to others.
_LOOKS = 8


def claim(database: Database, owner: str, wish: Claim) -> list[WorkItem]:
    """The next rows of the first step that has any, leased to ``owner``, in the order of their turns."""
    with database.read() as connection:
        ready = _sources(connection, wish.steps, wish)
    if not ready:
        return []  # an idle worker that polls never takes the lock of a writer
    with database.write() as connection:
        return claim_within(connection, owner, wish)


def claim_within(connection: Connection, owner: str, wish: Claim) -> list[WorkItem]:
    """The same, as the last thing in a transaction that somebody else commits."""
    ready = _sources(connection, wish.steps, wish)
    for step in wish.steps:
        items = _claim(connection, owner, step, wish, ready[step]) if step in ready else []
        if items:
            return items
    return []


def ready_sources(database: Database, step: Step) -> list[str]:
    """The sources that have ready work of a step."""
    with database.read() as connection:
        return _sources(connection, (step,), Claim((step,))).get(step, [])


def _sources(connection: Connection, steps: Sequence[Step], wish: Claim) -> dict[int, list[str]]:
    """The sources that have ready work and are asked, by step. There are few: endpoints."""
    found: dict[int, list[str]] = {}
    for step, source in run(connection, sql.SOURCES, steps=[int(step) for step in steps]):
        if wish.asks(step, source):
            found.setdefault(step, []).append(source)
    return found


def _claim(connection: Connection, owner: str, step: Step, wish: Claim, sources: list[str]) -> list[WorkItem]:
    taken: list[AnyRow] = []
    room = wish.size
    for _ in range(_LOOKS):
        rows, more = _look(connection, step, sources, wish.limit - len(taken))
        heads, behind = _judge(connection, rows)
        fitting = _fitting(heads, room, first=not taken)
        if fitting:
            lease = round(wish.lease * 1_000_000)
            run(connection, sql.LEASE, ids=[row.id for row in fitting], owner=owner, lease=lease)
        if behind:
            run(connection, sql.PARK, ids=behind)
        taken += fitting
        room -= sum(row.size for row in fitting)
        if not (behind or more) or len(taken) >= wish.limit or len(fitting) < len(heads):
            break
        sources = _sources(connection, (step,), wish).get(step, [])
    return [_item(step, row) for row in sorted(taken, key=attrgetter("turn"))]


def _look(connection: Connection, step: Step, sources: list[str], limit: int) -> tuple[list[AnyRow], bool]:
    """Rows that are ready, at most ``limit``, a fair share of each source; locked on PostgreSQL.

    And whether a source has had its share and may have more.
    """
    if not sources:
        return [], False
    statement = sql.LOOK_BELOW_WATERMARK if step is Step.HANDLE else sql.LOOK
    # Some sources may have less than their share: twice the share fills most batches at the first look.
    each = min(limit, max(4, 2 * limit // len(sources)))
    rows = run(connection, statement, step=int(step), sources=sources, each=each, limit=limit).all()
    return rows, each in Counter(row.source for row in rows).values()


def _judge(connection: Connection, rows: Sequence[AnyRow]) -> tuple[list[AnyRow], list[int]]:
    """The rows that may be taken, and the ids of those that are not at the head of their lane."""
    laned = [row.id for row in rows if row.lane is not None]
    if not laned:
        return list(rows), []
    behind = run(connection, sql.BEHIND, ids=laned).scalars()
    blocked = set(behind)
    return [row for row in rows if row.id not in blocked], behind


def _fitting(rows: list[AnyRow], room: int, *, first: bool) -> list[AnyRow]:
    """As many as have room; one at least, however large, when it is the first."""
    fitting: list[AnyRow] = []
    for row in rows:
        if row.size > room and (fitting or not first):
            break
        room -= row.size
        fitting.append(row)
    return fitting


def _item(step: Step, row: AnyRow) -> WorkItem:
    return WorkItem(
        row.id, step, row.subject, row.handler, row.source, row.lane, row.turn, row.size, row.attempts + 1, row.error
    )


def wake(connection: Connection, lanes: Sequence[str]) -> None:
    """The heads of these lanes are ready if they were parked; within the transaction that freed them, near its end."""
    if lanes:
        run(connection, sql.WAKE, lanes=list(lanes))


def renew(database: Database, owner: str, items: Sequence[WorkItem], lease: float) -> int:
    """Extends the leases to ``lease`` seconds from now; returns how many of the items still are ``owner``'s."""
    with database.write() as connection:
        ids = [item.id for item in items]
        return run(connection, sql.RENEW, ids=ids, owner=owner, lease=round(lease * 1_000_000)).rowcount


def give_back(database: Database, owner: str, items: Sequence[WorkItem]) -> None:
    """What was claimed and not begun is ready again, and the claim does not count as an attempt."""
    if items:
        with database.write() as connection:
            run(connection, sql.GIVE_BACK, ids=[item.id for item in items], owner=owner)
