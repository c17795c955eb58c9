"""What must arrive by when: an MDN, a TA1, a 997, a CONTRL, an order response. One mechanism for all of them.

An expectation is written by the commit that sends what it is about. The answer resolves it; a deadline that passes
raises one alert for all that a party owes of one kind, not one each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.core.issues import Issue
from gateway.core.lifecycle import EXPECTATION
from gateway.store import Changes, Database, write
from gateway.store.ids import show
from gateway.store.statements import Both, both, run

#: How many ids an alert names; it always says how many there are.
_NAMED = 20


def _following(event: str) -> tuple[str, str]:
    """For an event of the lifecycle: a CASE that gives the next state, and the states in which it is possible."""
    steps = {before: after for (before, name), after in EXPECTATION.items() if name == event}
    cases = " ".join(f"WHEN '{before}' THEN '{after}'" for before, after in steps.items())
    return f"CASE state {cases} END", ", ".join(f"'{state}'" for state in steps)


def _answered(event: str, column: str) -> Both:
    case, states = _following(event)
    return both(
        f"UPDATE expectations SET state = {case}, resolved_by = :by, resolved_at = :at "  # noqa: S608
        f"WHERE kind = :kind AND {column} = :about AND state IN ({states})"
    )


_COLUMNS = ("transmission_id", "interchange_id", "document_id")
_RESOLVE = {column: _answered("resolve", column) for column in _COLUMNS}
_WAIVE = {column: _answered("waive", column) for column in _COLUMNS}


def _answered_all(event: str) -> Both:
    case, states = _following(event)
    return both(
        f"UPDATE expectations SET state = {case}, resolved_by = :by, resolved_at = :at "  # noqa: S608
        f"WHERE kind {{names}} AND document_id {{ids}} AND state IN ({states})"
    )


_ALL = {event: _answered_all(event) for event in ("resolve", "waive")}

_PASS = both(
    "UPDATE expectations SET state = {state}, raised_at = :now WHERE id IN ("
    "SELECT id FROM expectations WHERE state = 'open' AND due < :now {free}) "
    "RETURNING id, kind, party, due, what, transmission_id, interchange_id, document_id",
    state=(f"'{EXPECTATION['open', 'pass']}'",) * 2,
)


class Overdue(msgspec.Struct, frozen=True):
    """One alert: what a party owes of one kind. ``due`` is the oldest deadline, ``about`` some of what it is about.

    ``what``: the numbers that are missing, where whole interchanges are.
    """

    party: str
    kind: str
    count: int
    due: int
    about: tuple[str, ...]
    what: tuple[str, ...] = ()


def expect(changes: Changes, kind: str, *, party: str, due: int, **about: int) -> int:
    """``party`` must answer with ``kind`` by ``due`` (microseconds). ``about``: transmission_id, interchange_id or
    document_id of what was sent; they may be local."""
    return changes.new("expectations", kind=kind, party=party, due=due, **about)


def resolve(changes: Changes, kind: str, *, by: int | None, **about: int) -> None:
    """What was expected about this has arrived with transmission ``by``; late ones say so. None open: nothing happens.

    ``about`` is exactly one of transmission_id, interchange_id, document_id.
    """
    _answer(changes, _RESOLVE, kind, by, about)


def waive(changes: Changes, kind: str, **about: int) -> None:
    """It need not arrive any more. ``about`` as for :func:`resolve`."""
    _answer(changes, _WAIVE, kind, None, about)


def _answer(changes: Changes, statements: dict[str, Both], kind: str, by: int | None, about: dict[str, int]) -> None:
    ((column, id),) = about.items()
    ids = {"about": id} if by is None else {"about": id, "by": by}
    rest = {"by": None} if by is None else {}
    changes.execute(statements[column], ids, kind=kind, at=changes.at, **rest)


def settle(
    changes: Changes, event: str, kinds: Sequence[str], documents: Sequence[int], *, by: int | None = None
) -> None:
    """The same for many documents and several kinds at once; ``event`` is ``resolve`` or ``waive``."""
    if documents and kinds:
        changes.execute(_ALL[event], None, by=by, at=changes.at, names=list(kinds), ids=list(documents))


def overdue(database: Database, now: int) -> list[Overdue]:
    """Deadlines that have passed become overdue, and for each party and kind one event ``expectation.overdue``."""
    with database.write() as connection:
        changes = Changes(now)
        alerts = _alerts(connection, now, changes)
        if alerts:
            for alert in alerts:
                changes.event("expectation.overdue", data=msgspec.to_builtins(alert))
            write(connection, changes)
    return alerts


def _alerts(connection: Connection, now: int, changes: Changes) -> list[Overdue]:
    """What is overdue since now, by party and kind. Missing numbers are told where the next one arrived, too."""
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in run(connection, _PASS, now=now):
        groups[row.party, row.kind].append(row)
        if row.what is not None:
            issue = Issue("GTW-GAP", value=row.what, params={"party": row.party})
            changes.issue(issue, transmission_id=row.transmission_id, interchange_id=row.interchange_id)
    return [_alert(party, kind, rows) for (party, kind), rows in sorted(groups.items())]


def _alert(party: str, kind: str, rows: list[Any]) -> Overdue:
    rows.sort(key=lambda row: (row.due, row.id))
    about = tuple(name for row in rows[:_NAMED] if (name := _subject(row)))
    what = tuple(row.what for row in rows[:_NAMED] if row.what is not None)
    return Overdue(party, kind, len(rows), rows[0].due, about, what)


def _subject(row: Any) -> str:
    about = (("document", row.document_id), ("interchange", row.interchange_id), ("transmission", row.transmission_id))
    return next((show(kind, id) for kind, id in about if id is not None), "")
