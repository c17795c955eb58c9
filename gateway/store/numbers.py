"""Numbers that are given once: ids, control numbers, sequences per pair of parties.

Control numbers are counted for each pair of identities, whatever is sent between the two: documents and receipts draw
from one counter, so a partner never sees a number twice.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from gateway.core.errors import UsageError
from gateway.store.database import Database
from gateway.store.statements import both, run

_IDS_SQLITE = both(
    "INSERT INTO sequence_blocks (name, value) VALUES ('ids', :count) "
    "ON CONFLICT (name) DO UPDATE SET value = sequence_blocks.value + excluded.value RETURNING value"
)
_IDS_POSTGRESQL = both("SELECT nextval('ids') FROM generate_series(1, :count)")

# The row "*" of a table of counters stands for all counters that there are not yet: they begin behind it (`jump`).
_CONTROL = both(
    "INSERT INTO control_numbers (standard, own, partner, value) VALUES (:standard, :own, :partner, "
    "{most}(:before, coalesce((SELECT f.value FROM control_numbers f "
    "WHERE f.standard = '*' AND f.own = '*' AND f.partner = '*'), 0)) + :count) "
    "ON CONFLICT (standard, own, partner) "
    "DO UPDATE SET value = {most}(control_numbers.value, :before) + :count RETURNING value",
    most=("max", "greatest"),
)
#: A number that was given elsewhere: it is never given here.
TAKEN = both(
    "INSERT INTO control_numbers (standard, own, partner, value) VALUES (:standard, :own, :partner, "
    "{most}(:number, coalesce((SELECT f.value FROM control_numbers f "
    "WHERE f.standard = '*' AND f.own = '*' AND f.partner = '*'), 0))) "
    "ON CONFLICT (standard, own, partner) DO UPDATE SET value = {most}(control_numbers.value, :number)",
    most=("max", "greatest"),
)
_PAIR = both(
    "INSERT INTO pair_sequences (pair, value) VALUES (:pair, "
    "coalesce((SELECT f.value FROM pair_sequences f WHERE f.pair = '*'), 0) + :count) "
    "ON CONFLICT (pair) DO UPDATE SET value = pair_sequences.value + :count RETURNING value"
)

_JUMPS = (
    both(
        "INSERT INTO control_numbers (standard, own, partner, value) VALUES ('*', '*', '*', 0) ON CONFLICT DO NOTHING"
    ),
    both("INSERT INTO pair_sequences (pair, value) VALUES ('*', 0) ON CONFLICT DO NOTHING"),
    both("UPDATE control_numbers SET value = value + :by"),
    both("UPDATE pair_sequences SET value = value + :by"),
    both("UPDATE sequence_blocks SET value = value + :by"),
)
_JUMP_IDS = both("SELECT setval('ids', nextval('ids') + :by)")


class Counter(NamedTuple):
    """What control numbers are counted for: our identity and the partner's as their envelopes show them (``ZZ:ACME``).

    Files of JSON have no envelope: they are counted for each agreement, with its name in ``partner``.
    """

    standard: str
    own: str
    partner: str


def take_ids(connection: Connection, count: int) -> list[int] | range:
    """``count`` new ids, rising. On PostgreSQL others may take some in between."""
    if count == 0:
        return []
    if connection.dialect.name == "sqlite":
        last = run(connection, _IDS_SQLITE, count=count).scalar_one()
        return range(last - count + 1, last + 1)
    return sorted(run(connection, _IDS_POSTGRESQL, count=count).scalars())


def take_control_numbers(connection: Connection, counter: Counter, count: int, start: int = 1) -> range:
    """The next ``count`` numbers, from ``start`` on; nobody else gets any of this counter until the commit."""
    before = start - 1
    last = run(connection, _CONTROL, **counter._asdict(), before=before, count=count).scalar_one()
    return range(last - count + 1, last + 1)


def take_pair_numbers(connection: Connection, pair: str, count: int) -> range:
    """The next ``count`` numbers of a pair of parties."""
    last = run(connection, _PAIR, pair=pair, count=count).scalar_one()
    return range(last - count + 1, last + 1)


def jump(database: Database, by: int) -> None:
    """Lets every number skip ``by``: after a backup was restored, so that none given since is given again. Counters
    that there are not yet may have been begun since, too: they begin behind it."""
    if by <= 0:
        raise UsageError("Numbers jump ahead only.")
    with database.write() as connection:
        for statement in _JUMPS:
            run(connection, statement, by=by)
        if database.dialect == "postgresql":
            run(connection, _JUMP_IDS, by=by)
