"""Control numbers of partners as they arrive: a number that is missing is awaited, and one that comes late is noted.

One row for each series (a pair of identities in a standard and lane) holds the highest number and what is missing below
it, so nothing is ever searched for. It is locked for the end of the commit: two workers that take a partner's
interchanges out of order see each other's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from gateway.core.lifecycle import EXPECTATION
from gateway.core.series import Gap, Series
from gateway.store.bulk import insert, shape
from gateway.store.numbers import take_ids
from gateway.store.statements import both, run, storable

#: The kind of expectation that a gap is.
MISSING = "interchange"

_KNOWN = both("SELECT series, highest, gaps FROM partner_numbers WHERE series {names} ORDER BY series {locked}")
_BEGIN = both(
    "INSERT INTO partner_numbers (series, highest, gaps) VALUES (:series, :highest, '[]') "
    "ON CONFLICT (series) DO NOTHING"
)
_SET = both("UPDATE partner_numbers SET highest = :highest, gaps = :gaps WHERE series = :series")
_SMALLER = both("UPDATE expectations SET what = :what WHERE id = :id")
_CLOSED = tuple(
    both(
        f"UPDATE expectations SET state = '{after}', resolved_by = :by, resolved_at = :at "  # noqa: S608
        f"WHERE id = :id AND state = '{state}'"
    )
    for (state, event), after in EXPECTATION.items()
    if event == "resolve"
)


class Arrival(NamedTuple):
    """A number that came in. ``due``: when those that it jumped over must have come. ``transmission`` brought it."""

    series: str
    number: int
    party: str
    due: int
    transmission: int
    interchange: int


def note_arrivals(connection: Connection, arrivals: Sequence[Arrival], real: Callable[[int], int], at: int) -> None:
    """Brings the series up to date, and awaits what is missing now. ``real`` resolves local ids, ``at`` is the time."""
    if not arrivals:
        return
    series = _series(connection, arrivals)
    before = {name: msgspec.json.encode(each) for name, each in series.items()}
    opened: list[tuple[Gap, Arrival]] = []
    for arrival in arrivals:
        gap = series[storable(arrival.series)].arrive(arrival.number)
        if gap is not None and gap.id:
            _fill(connection, gap, arrival, at)
        elif gap is not None and not any(gap is each for each, _ in opened):
            opened.append((gap, arrival))
    _await(connection, [(gap, arrival) for gap, arrival in opened if gap.missing], real)
    for name, each in sorted(series.items()):
        if msgspec.json.encode(each) != before[name]:
            gaps = msgspec.json.encode(each.gaps).decode()
            run(connection, _SET, series=name, highest=each.highest, gaps=gaps)


def _series(connection: Connection, arrivals: Sequence[Arrival]) -> dict[str, Series]:
    """What is known of each series, nobody else's until the commit. A new one begins with its first number."""
    first: dict[str, int] = {}
    for arrival in arrivals:
        first.setdefault(storable(arrival.series), arrival.number)
    found = _known(connection, sorted(first))
    missing = sorted(first.keys() - found.keys())
    if missing:
        for name in missing:
            run(connection, _BEGIN, series=name, highest=first[name])
        found |= _known(connection, missing)
    return found


def _known(connection: Connection, names: list[str]) -> dict[str, Series]:
    return {
        row.series: Series(highest=row.highest, gaps=msgspec.json.decode(row.gaps, type=list[Gap]))
        for row in run(connection, _KNOWN, names=names)
    }


def _await(connection: Connection, opened: Sequence[tuple[Gap, Arrival]], real: Callable[[int], int]) -> None:
    form = shape("expectations")
    rows = []
    for id, (gap, arrival) in zip(take_ids(connection, len(opened)), opened, strict=True):
        gap.id = id
        values = {"id": id, "kind": MISSING, "party": arrival.party, "due": arrival.due, "what": str(gap)}
        about = {"transmission_id": arrival.transmission, "interchange_id": real(arrival.interchange)}
        rows.append(tuple({**form.blank, **values, **about}.values()))
    insert(connection, "expectations", form.columns, rows)


def _fill(connection: Connection, gap: Gap, arrival: Arrival, at: int) -> None:
    if gap.missing:
        run(connection, _SMALLER, id=gap.id, what=str(gap))
        return
    for statement in _CLOSED:
        run(connection, statement, id=gap.id, by=arrival.transmission, at=at)
