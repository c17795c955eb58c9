"""What lies in a folder and is complete, oldest first. One look at the folder serves many batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from gateway.connectors.directory.looks import Look, scan
from gateway.connectors.directory.rules import Rule

SLOW_LOOK = 0.02  # seconds; looks that take longer are spaced, so that looking takes a fifth of the time at most
SPACING = 4.0

#: Of a folder that holds more files one look keeps the oldest: they are in memory, with what the rule knows of them.
MOST = 50_000


class Listing:
    """The complete files of ``folder`` whose names ``accepts``; looked for anew when all were handed out."""

    def __init__(
        self,
        folder: str,
        rule: Rule,
        accepts: Callable[[str], bool],
        ticks: Callable[[], float],
        *,
        inodes: bool = True,
    ) -> None:
        self._folder = folder
        self._rule = rule
        self._accepts = accepts
        self._ticks = ticks
        self._inodes = inodes
        self._ready: deque[Look] = deque()
        self._not_before = float("-inf")

    def refresh(self) -> None:
        """Look at the folder, unless files of the last look are left. Raises :class:`OSError`."""
        start = self._ticks()
        if self._ready or start < self._not_before:
            return
        most = None if self._rule.whole else MOST
        looks = scan(self._folder, self._accepts, inodes=self._inodes, most=most)
        self._ready.extend(sorted(self._rule.complete(looks, start), key=lambda look: look.age))
        spent = self._ticks() - start
        self._not_before = start + spent * (1 + SPACING) if spent > SLOW_LOOK else start

    def pop(self) -> Look | None:
        """The oldest that is left of the last look."""
        return self._ready.popleft() if self._ready else None

    def restore(self, looks: Iterable[Look]) -> None:
        """Files were put back: they are older than what is left, so forget the last look."""
        for look in looks:
            self._rule.trust(look)
        self._ready.clear()
        self._not_before = float("-inf")
