"""Which control numbers were given, and which of them are void."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from gateway.store.numbers import Counter
from gateway.store.statements import both, run

_COUNTERS = both(
    "SELECT standard, own, partner, value FROM control_numbers WHERE standard <> '*' ORDER BY standard, own, partner"
)
_VOIDS = both(
    "SELECT standard, sender, receiver, control_number, transmission_id FROM interchanges "
    "WHERE direction = 'out' AND status = 'void' ORDER BY id"
)


class Given(NamedTuple):
    """The last number of a counter, and the void ones: (as it was written, the transmission that never left)."""

    counter: Counter
    last: int
    void: tuple[tuple[str, int], ...]


def given(connection: Connection) -> list[Given]:
    """Every counter of interchanges."""
    voids: dict[Counter, list[tuple[str, int]]] = {}
    for row in run(connection, _VOIDS):
        found = voids.setdefault(Counter(row.standard, row.sender, row.receiver), [])
        found.append((row.control_number, row.transmission_id))
    counters = [(Counter(row.standard, row.own, row.partner), row.value) for row in run(connection, _COUNTERS)]
    return [Given(each, last, tuple(voids.get(each, ()))) for each, last in counters if each.standard != "json"]
