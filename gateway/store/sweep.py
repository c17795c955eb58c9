"""The sweep of the work table: what a process left behind when it died, and what has waited long enough.

Every sweep is safe beside every other and beside workers; losing every ring of the bell costs one interval of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from gateway.store import claims_sql as sql
from gateway.store.batches import Step
from gateway.store.database import Database
from gateway.store.statements import run


class Swept(NamedTuple):
    """How many rows became ready again, and for which steps; ``lost``: those that expired, by step."""

    expired: int
    due: int
    woken: int
    steps: frozenset[Step]
    lost: Mapping[Step, int] = MappingProxyType({})


def sweep(database: Database) -> Swept:
    """Expired leases, retries that are due and overlooked heads of lanes become ready."""
    with database.write() as connection:
        found = [list(run(connection, each).scalars()) for each in (sql.EXPIRE, sql.RETURN_WAITING, sql.PARKED_HEADS)]
    expired, due, woken = (len(steps) for steps in found)
    lost = {Step(step): number for step, number in Counter(found[0]).items()}
    return Swept(expired, due, woken, frozenset(Step(step) for steps in found for step in steps), lost)
