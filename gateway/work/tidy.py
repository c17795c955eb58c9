"""The sweep of the payload store, now and then: files on which a process died, and those that no row came to name."""

from __future__ import annotations

import time

import structlog

from gateway.store import Database

log = structlog.get_logger(__name__)

#: Seconds between two sweeps, and until the first one: a gateway that begins has other things to do.
_EVERY, _FIRST = 3600.0, 60.0


class Tidy:
    """A hook of the sweeper. Several processes may do it at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next = time.monotonic() + _FIRST

    def keep(self) -> None:
        """Sweeps when it is time. Raises :class:`~gateway.core.errors.StoreError`."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _EVERY
            if removed := self._database.sweep_payloads():
                log.info("payloads.swept", files=removed)
