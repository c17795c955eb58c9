"""Messages of many requests put on record in one commit: what waits while one is written is in the next."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence

import structlog

from gateway.connectors.as2.reception import Answer, Prepared, Reception
from gateway.core.errors import StoreError
from gateway.core.spooled import size_of

log = structlog.get_logger(__name__)

#: What one commit takes at most: messages, and bytes of them.
_MOST, _MOST_BYTES = 128, 16 * 1024 * 1024

#: A message, and what is called with its answer or with what went wrong.
Waiting = tuple[Prepared, Callable[[Answer | Exception], object]]


class Gathering:
    """One for each process, with a thread of its own."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="as2-record", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Returns when everything that was handed in is answered."""
        self._queue.put(None)
        self._thread.join()

    async def accept(self, prepared: Prepared) -> Answer:
        """Returns after the commit. Raises StoreError: then nothing was received."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()

        def settle(result: Answer | Exception) -> None:
            if future.done():
                return  # who asked has gone; what is committed is committed, and known when it comes again
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)

        self._queue.put((prepared, lambda result: loop.call_soon_threadsafe(settle, result)))
        return await future

    def _run(self) -> None:
        while (group := self._group()) is not None:
            results = self._together([prepared for prepared, _ in group])
            for (_, settle), result in zip(group, results, strict=True):
                try:
                    settle(result)
                except RuntimeError:  # the loop has ended: the server did not wait for this one
                    log.info("as2.nobody_waits")

    def _group(self) -> list[Waiting] | None:
        """What waits now, at least one; None when it is time to end."""
        group: list[Waiting] = []
        size = 0
        while len(group) < _MOST and size < _MOST_BYTES:
            try:
                one = self._queue.get(block=not group)
            except queue.Empty:
                break
            if one is None:
                if group:
                    self._queue.put(None)
                    break
                return None
            group.append(one)
            size += size_of(one[0].incoming.request)
        return group

    def _together(self, prepared: Sequence[Prepared]) -> Sequence[Answer | Exception]:
        """In one commit; where something stands against one of them, each by itself."""
        try:
            return self._reception.accept(prepared)
        except Exception as error:
            out_of_reach = isinstance(error, StoreError) and error.retryable
            if len(prepared) == 1 or out_of_reach:
                return [error] * len(prepared)
        return [result for each in prepared for result in self._together([each])]
