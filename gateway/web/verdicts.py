"""Waiting for what becomes of a transmission: all that wait are looked for by one query."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from gateway.core.errors import StoreError
from gateway.store import Database
from gateway.store.statements import both, run

log = structlog.get_logger(__name__)

#: Translated (or at its end), and no document of it still to be handled.
_SETTLED = both(
    "SELECT t.id FROM transmissions t WHERE t.id {ids} AND t.status <> 'received' "
    "AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.transmission_id = t.id AND d.status = 'ready')"
)

#: Seconds between looks, and how many may wait at a time: the others are answered at once.
_STEP, _MOST = 0.04, 300


class Verdicts:
    """For one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[asyncio.Event, int] = {}
        self._somebody = asyncio.Event()

    async def wait(self, transmission: int, seconds: float) -> None:
        """Until the transmission is settled, at most so long."""
        if len(self._waiting) >= _MOST:
            return
        event = asyncio.Event()
        self._waiting[event] = transmission
        self._somebody.set()
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            del self._waiting[event]

    async def run(self, in_thread: Callable[..., Awaitable[list[int]]]) -> None:
        """Looks while somebody waits."""
        while True:
            await self._somebody.wait()
            if not self._waiting:
                self._somebody.clear()
                continue
            await asyncio.sleep(_STEP)
            try:
                settled = set(await in_thread(self._settled, list(self._waiting.values())))
            except StoreError as error:
                log.warning("http.verdicts_unknown", error=str(error))
                await asyncio.sleep(1)
                continue
            for event, id in self._waiting.items():
                if id in settled:
                    event.set()

    def _settled(self, ids: list[int]) -> list[int]:
        with self._database.read() as connection:
            return list(run(connection, _SETTLED, ids=ids).scalars())
