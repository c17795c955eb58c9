"""Keeps the leases of a batch that takes long: a thread that renews what the worker has in hand.

A process that is stopped does not renew, so its work goes to somebody else. One that hangs does not renew for ever.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType

import structlog

from gateway.core.errors import StoreError
from gateway.store import Database, WorkItem, renew

log = structlog.get_logger(__name__)


class Keeper:
    """While it is entered, the leases of ``in_hand()`` are renewed three times per ``lease`` (seconds).

    The same batch is kept for at most ``longest`` seconds.
    """

    def __init__(
        self,
        database: Database,
        owner: str,
        lease: float,
        in_hand: Callable[[], Sequence[WorkItem]],
        longest: float = 900.0,
    ) -> None:
        self._database, self._owner, self._lease = database, owner, lease
        self._in_hand = in_hand
        self._longest = longest
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="leases", daemon=True)

    def __enter__(self) -> Keeper:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        first, since = 0, time.monotonic()
        while not self._stop.wait(self._lease / 3):
            items = list(self._in_hand())
            if not items:
                continue
            if items[0].id != first:
                first, since = items[0].id, time.monotonic()
            if time.monotonic() - since < self._longest:
                self._renew(items)

    def _renew(self, items: Sequence[WorkItem]) -> None:
        try:
            renew(self._database, self._owner, items, self._lease)
        except StoreError as error:
            log.warning("lease.not_renewed", owner=self._owner, error=str(error))
