"""Times at which agreements send, kept in step with what the agreements say now.

What waits has its time on its row of work. When the times of an agreement change, what waits already moves to the next
of the new ones; what no longer waits for a time leaves at once.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from gateway.agreements import Agreements
from gateway.core.errors import NotFoundError
from gateway.core.ports import Clock
from gateway.store import Database, Step
from gateway.store.statements import both, run

log = structlog.get_logger(__name__)

_WAITING = both("SELECT DISTINCT handler FROM work WHERE state = 3 AND step = :step AND handler IS NOT NULL")
_MOVE = both(
    "UPDATE work SET due = :due WHERE state = 3 AND step = :step AND handler = :name AND due > :now AND due <> :due"
)


class Windows:
    """Looks whenever the agreements were read anew since the last look; the first look is one too."""

    def __init__(self, database: Database, clock: Clock, current: Callable[[], Agreements]) -> None:
        self._database, self._clock, self._current = database, clock, current
        self._seen: Agreements | None = None

    def keep(self) -> None:
        """Moves what waits for times that are no longer those of its agreement. Raises StoreError."""
        agreements = self._current()
        if agreements is self._seen:
            return
        now = self._clock.now()
        with self._database.read() as connection:
            names = run(connection, _WAITING, step=int(Step.COMPOSE)).scalars()
            times = {name: _next(agreements, name, now) for name in names}
        for name, due in times.items():
            with self._database.write() as connection:
                moved = run(connection, _MOVE, step=int(Step.COMPOSE), name=name, due=due, now=now).rowcount
            if moved:
                log.info("window.moved", agreement=name, rows=moved)
        self._seen = agreements


def _next(agreements: Agreements, name: str, now: int) -> int:
    """Now, where nothing is to be waited for."""
    try:
        agreement = agreements.agreement(name)
    except NotFoundError:
        return now
    return agreement.next_time(now) if agreement.send else now
