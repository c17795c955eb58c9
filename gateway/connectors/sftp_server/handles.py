"""Open files and folders: how many one account may have, over all its connections of this process."""

from __future__ import annotations

from threading import Lock


class Handles:
    """So many at a time. Threads share it."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._lock = Lock()

    def take(self) -> bool:
        """Whether there was one left, which is taken then."""
        with self._lock:
            if self._left == 0:
                return False
            self._left -= 1
            return True

    def give(self, number: int = 1) -> None:
        with self._lock:
            self._left += number
