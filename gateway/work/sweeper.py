"""The sweep, once a second: leases that ran out, retries that are due, deadlines that passed, dates that came.

Every process may run one; they do not disturb each other. A lost ring of the bell costs one interval of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import structlog

from gateway.core.errors import CrossdockError, StoreError
from gateway.core.ports import Clock, Ringer
from gateway.expectations import Overdue, overdue, release_due
from gateway.observe import metrics
from gateway.store import Database, Step, Swept, sweep
from gateway.work.bell import NullBell

log = structlog.get_logger(__name__)


class Sweeper:
    """Sweeps every ``interval`` seconds, and calls ``hooks``: connectors tidy up what processes that died left behind.

    ``alert`` is told of each group of overdue expectations, once.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        bell: Ringer | None = None,
        interval: float = 1.0,
        hooks: Sequence[Callable[[], object]] = (),
        alert: Callable[[Overdue], None] | None = None,
    ) -> None:
        self._database, self._clock = database, clock
        self._bell = bell or NullBell()
        self._interval = interval
        self._hooks = hooks
        self._alert = alert or _log_alert

    def run_once(self) -> Swept:
        """One sweep. Raises StoreError when the database is out of reach; hooks never hinder it."""
        now = self._clock.now()
        swept = sweep(self._database)
        released = release_due(self._database, now)
        for group in overdue(self._database, now):
            self._alert(group)
        if swept.expired:
            for step, number in swept.lost.items():
                metrics.leases_expired.labels(step.name.lower()).inc(number)
            log.warning("leases.expired", rows=swept.expired)
        for step in Step if released else swept.steps:
            self._bell.ring(step.name.lower())
        for hook in self._hooks:
            _call(hook)
        return swept

    def run(self, stop: threading.Event) -> None:
        """Sweeps until ``stop`` is set."""
        while not stop.wait(self._interval):
            try:
                self.run_once()
            except StoreError as error:
                log.warning("sweep.failed", error=str(error))
            except Exception:  # whatever it is: without sweeps expired leases would stay for ever
                log.exception("sweep.failed")


def _call(hook: Callable[[], object]) -> None:
    try:
        hook()
    except (CrossdockError, OSError) as error:
        log.warning("sweep.hook_failed", error=str(error))


def _log_alert(group: Overdue) -> None:
    what = {"what": group.what} if group.what else {}
    log.warning("expectation.overdue", party=group.party, kind=group.kind, count=group.count, about=group.about, **what)
