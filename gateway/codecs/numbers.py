"""Which control numbers were used already, in little memory: senders count upwards."""

from __future__ import annotations


class Numbers:
    """A set of control numbers, compared as they are written. A run of consecutive ones of equal length is kept as its
    two ends; whatever does not continue the run is kept by itself."""

    def __init__(self) -> None:
        self._first = self._last = -1
        self._length = 0
        self._others: set[str] = set()

    def add(self, number: str) -> bool:
        """False when ``number`` was added before."""
        value = int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else -1
        if value >= 0 and self._length == len(number) and self._first <= value <= self._last:
            return False
        if number in self._others:
            return False
        if value >= 0 and self._length in (0, len(number)) and (self._last < 0 or value == self._last + 1):
            self._first = value if self._first < 0 else self._first
            self._last, self._length = value, len(number)
        else:
            self._others.add(number)
        return True
