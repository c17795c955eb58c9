"""The deliverer: a thread for each far endpoint that something is to be delivered to.

An endpoint that hangs or fails keeps its own thread busy and nobody else's, and never a worker of the pipeline. Rows
are claimed as workers claim them, so several deliverers share the work and none is done twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from gateway.core.errors import StoreError
from gateway.core.ports import Ringer
from gateway.store import Database, Step, ready_sources
from gateway.work.bell import NullBell, OneWay
from gateway.work.processor import Processor
from gateway.work.worker import Worker

log = structlog.get_logger(__name__)

#: Seconds that deliveries in hand have when it is time to stop.
PATIENCE = 20.0

#: Seconds to wait when the database is out of reach.
_OUTAGE = 1.0


class Deliverer:
    """``remote`` names the far endpoints at each moment, ``ready`` says whether one is to be called now.

    ``make`` makes the step for one thread. At most ``threads`` endpoints are delivered to at a time; ``limit`` and
    ``size`` (bytes) bound what is claimed for one at once, ``lease`` is in seconds.
    """

    def __init__(
        self,
        database: Database,
        make: Callable[[], Processor[Any]],
        remote: Callable[[], frozenset[str]],
        ready: Callable[[str], bool],
        *,
        bell: Ringer | None = None,
        threads: int = 64,
        limit: int = 32,
        size: int = 4 * 1024 * 1024,
        lease: float = 60.0,
        poll: tuple[float, float] = (0.02, 0.2),
    ) -> None:
        self._database, self._make, self._remote, self._ready = database, make, remote, ready
        self._bell, self._most, self._poll = OneWay(bell or NullBell()), threads, poll
        self._bounds: dict[str, Any] = {"limit": limit, "size": size, "lease": lease}
        self._active: dict[str, threading.Thread] = {}
        self._last = ""  # the endpoint that was begun last: the next in turn come first

    def run(self, stop: threading.Event) -> None:
        """Delivers until ``stop`` is set; what is in hand then has ``PATIENCE`` seconds."""
        pause = self._poll[0]
        while not stop.is_set():
            try:
                begun = self.begin(stop)
            except StoreError as error:
                log.warning("database.unavailable", owner="deliverer", error=str(error))
                stop.wait(_OUTAGE)
                continue
            pause = self._poll[0] if begun else min(2 * pause, self._poll[1])
            stop.wait(pause)
        self.join()

    def begin(self, stop: threading.Event) -> int:
        """Begins with the endpoints that have work and no thread; returns how many. Raises StoreError."""
        self._active = {name: thread for name, thread in self._active.items() if thread.is_alive()}
        room = self._most - len(self._active)
        remote = self._remote()
        if room <= 0 or not remote:
            return 0
        waiting = [name for name in ready_sources(self._database, Step.DELIVER) if name in remote]
        due = [name for name in _in_turn(waiting, self._last) if name not in self._active and self._ready(name)][:room]
        for name in due:
            thread = threading.Thread(target=self._serve, args=(name, stop), name=f"deliver {name}", daemon=True)
            self._active[name] = thread
            thread.start()
            self._last = name
        return len(due)

    def join(self, patience: float = PATIENCE) -> list[str]:
        """Waits for what is in hand; returns the endpoints that did not come to an end. Their leases run out."""
        until = time.monotonic() + patience
        for thread in self._active.values():
            thread.join(max(0.0, until - time.monotonic()))
        left = sorted(name for name, thread in self._active.items() if thread.is_alive())
        if left:
            log.warning("deliveries.left", endpoints=left)
        return left

    def _serve(self, endpoint: str, stop: threading.Event) -> None:
        """One endpoint, until nothing is left for it now."""
        try:
            worker = Worker(
                self._database,
                [self._make()],
                bell=self._bell,
                only=frozenset({endpoint}),
                role="deliverer",
                **self._bounds,
            )
            worker.run_while(lambda: not stop.is_set() and self._ready(endpoint))
        except StoreError as error:
            log.warning("database.unavailable", owner="deliverer", endpoint=endpoint, error=str(error))
        except Exception:  # the thread of an endpoint that ends by a mistake is begun again
            log.exception("deliverer.failed", endpoint=endpoint)
            stop.wait(_OUTAGE)


def _in_turn(names: Sequence[str], last: str) -> list[str]:
    """Those behind ``last`` first: with fewer threads than endpoints each gets its turn."""
    return [name for name in names if name > last] + [name for name in names if name <= last]
