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

_CONTROL = both(
    "INSERT INTO control_numbers (standard, own, partner, value) VALUES (:standard, :own, :partner, :first) "
    "ON CONFLICT (standard, own, partner) "
    "DO UPDATE SET value = {most}(control_numbers.value, :before) + :count RETURNING value",
    most=("max", "greatest"),
)
#: A number that was given elsewhere: it is never given here.
TAKEN = both(
    "INSERT INTO control_numbers (standard, own, partner, value) VALUES (:standard, :own, :partner, :number) "
    "ON CONFLICT (standard, own, partner) DO UPDATE SET value = {most}(control_numbers.value, excluded.value)",
    most=("max", "greatest"),
)
_PAIR = both(
    "INSERT INTO pair_sequences (pair, value) VALUES (:pair, :count) "
    "ON CONFLICT (pair) DO UPDATE SET value = pair_sequences.value + excluded.value RETURNING value"
)

_JUMPS = (
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
    last = run(connection, _CONTROL, **counter._asdict(), before=before, first=before + count, count=count).scalar_one()
    return range(last - count + 1, last + 1)


def take_pair_numbers(connection: Connection, pair: str, count: int) -> range:
    """The next ``count`` numbers of a pair of parties."""
    last = run(connection, _PAIR, pair=pair, count=count).scalar_one()
    return range(last - count + 1, last + 1)


def jump(database: Database, by: int) -> None:
    """Lets every number skip ``by``: after a backup was restored, so that none given since is given again."""
    if by <= 0:
        raise UsageError("Numbers jump ahead only.")
    with database.write() as connection:
        for statement in _JUMPS:
            run(connection, statement, by=by)
        if database.dialect == "postgresql":
            run(connection, _JUMP_IDS, by=by)
