"""Bodies that pass through memory, on their way to the database or from it: so many bytes at a time, in all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

#: However many clients finish an upload or begin a fetch at one moment.
_MOST = 128 * 1024 * 1024


class Memory:
    """Whoever needs more than is left waits; what is larger than all of it passes alone."""

    def __init__(self, most: int = _MOST) -> None:
        self._most, self._used = most, 0
        self._changed = Condition()

    @contextmanager
    def room(self, size: int) -> Iterator[None]:
        """Room for so many bytes, as long as it is entered."""
        size = min(size, self._most)
        with self._changed:
            self._changed.wait_for(lambda: self._used + size <= self._most)
            self._used += size
        try:
            yield
        finally:
            with self._changed:
                self._used -= size
                self._changed.notify_all()


#: One for all connections of the process.
MEMORY = Memory()
