"""Messages of many requests put on record in one commit: what waits while one is written is in the next.

Whoever finds nobody writing writes his own and what waits with it, in the thread that he has: a message that comes
alone goes from hand to hand as seldom as it can. What came meanwhile is written by a thread for that, and nobody
else's thread waits: it opens the next message.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from gateway.connectors.as2.reception import Answer, Prepared, Reception
from gateway.core.errors import StoreError
from gateway.core.spooled import size_of

#: What one commit takes at most: messages, and bytes of them.
_MOST, _MOST_BYTES = 128, 16 * 1024 * 1024


class _Waiting:
    """A message on its way into the record."""

    __slots__ = ("future", "prepared")

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.future: Future[Answer] = Future()

    def tell(self, result: Answer | Exception) -> None:
        if isinstance(result, Exception):
            self.future.set_exception(result)
        else:
            self.future.set_result(result)


class Gathering:
    """One for each process; its threads share it."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._waiting: list[_Waiting] = []
        self._lock, self._writing = threading.Lock(), False
        self._writer = ThreadPoolExecutor(1, "as2-record")

    def accept(self, prepared: Prepared) -> Future[Answer]:
        """Is done after the commit; it has the StoreError when nothing was received."""
        mine = _Waiting(prepared)
        with self._lock:
            self._waiting.append(mine)
            if self._writing:
                return mine.future
            self._writing = True
        self._write()
        return mine.future

    def _write(self) -> None:
        """Writes one group; who comes after it is the writer's."""
        group = self._group()
        try:
            results = self._together([each.prepared for each in group])
        finally:
            with self._lock:
                self._writing = bool(self._waiting)
                if self._writing:
                    self._writer.submit(self._write)
        for each, result in zip(group, results, strict=True):
            each.tell(result)

    def _group(self) -> list[_Waiting]:
        """What waits, the longest first, as far as one commit takes it."""
        with self._lock:
            count, size = 0, 0
            while count < min(len(self._waiting), _MOST) and size < _MOST_BYTES:
                size += size_of(self._waiting[count].prepared.incoming.request)
                count += 1
            group, self._waiting = self._waiting[:count], self._waiting[count:]
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
