"""Messages of many requests put on record in one commit: what waits while one is written is in the next.

There is no thread for it. Whoever finds nobody writing writes for all that wait, himself among them: a message that
comes alone goes from hand to hand as seldom as it can.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from gateway.connectors.as2.reception import Answer, Prepared, Reception
from gateway.core.errors import StoreError
from gateway.core.spooled import size_of

#: What one commit takes at most: messages, and bytes of them.
_MOST, _MOST_BYTES = 128, 16 * 1024 * 1024


class _Waiting:
    """A message on its way into the record."""

    __slots__ = ("prepared", "result")

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.result: Answer | Exception | None = None


class Gathering:
    """One for each process; its threads share it."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._waiting: list[_Waiting] = []
        self._list, self._writing = threading.Lock(), threading.Lock()

    def accept(self, prepared: Prepared) -> Answer:
        """Returns after the commit. Raises StoreError: then nothing was received."""
        mine = _Waiting(prepared)
        with self._list:
            self._waiting.append(mine)
        while mine.result is None:
            with self._writing:
                if mine.result is None:  # nobody wrote it while this waited for its turn
                    self._write(self._group())
        if isinstance(mine.result, Exception):
            raise mine.result
        return mine.result

    def _write(self, group: list[_Waiting]) -> None:
        results = self._together([each.prepared for each in group])
        for each, result in zip(group, results, strict=True):
            each.result = result

    def _group(self) -> list[_Waiting]:
        """What waits, the longest first, as far as one commit takes it."""
        with self._list:
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
