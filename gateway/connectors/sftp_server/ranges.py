"""Which bytes of a file were written or read: a few ranges that grow together. Pure."""

from __future__ import annotations

from bisect import bisect_left
from threading import Lock


class Ranges:
    """Half-open ranges of bytes, joined where they touch. Threads may share it."""

    def __init__(self, whole: int = 0) -> None:
        self._lock = Lock()
        self._starts: list[int] = [0] if whole else []
        self._ends: list[int] = [whole] if whole else []

    def __len__(self) -> int:
        """How many there are, apart from each other."""
        return len(self._starts)

    def add(self, start: int, end: int) -> None:
        if start >= end:
            return
        with self._lock:
            if self._ends and self._starts[-1] <= start <= self._ends[-1]:  # what usually happens: one after the other
                self._ends[-1] = max(self._ends[-1], end)
                return
            first = bisect_left(self._ends, start)
            last = first
            while last < len(self._starts) and self._starts[last] <= end:
                start, end = min(start, self._starts[last]), max(end, self._ends[last])
                last += 1
            self._starts[first:last] = [start]
            self._ends[first:last] = [end]

    def cut(self, size: int) -> None:
        """Nothing is left from there on."""
        with self._lock:
            while self._starts and self._starts[-1] >= size:
                self._starts.pop()
                self._ends.pop()
            if self._ends:
                self._ends[-1] = min(self._ends[-1], size)

    def covers(self, size: int) -> bool:
        """Whether nothing of a file of this size is missing."""
        with self._lock:
            return size == 0 or (bool(self._starts) and self._starts[0] == 0 and self._ends[0] >= size)
