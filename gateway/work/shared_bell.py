"""One bell for many threads: a ring is noted, and a thread of its own rings for all that were noted meanwhile.

Whoever rings waits for nobody, a broker that is away included.
"""

from __future__ import annotations

import threading

from gateway.core.ports import Bell

#: Seconds between looks whether it is time to stop.
_LOOK = 0.5


class SharedBell:
    """Rings ``bell``, which only its own thread touches: that of :meth:`run`."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._steps: set[str] = set()
        self._lock = threading.Lock()
        self._noted = threading.Event()

    def ring(self, step: str) -> None:
        """Any thread may."""
        with self._lock:
            self._steps.add(step)
        self._noted.set()

    def run(self, stop: threading.Event) -> None:
        """Rings until ``stop`` is set."""
        while not stop.is_set():
            if self._noted.wait(_LOOK):
                self._ring()
        self._ring()

    def close(self) -> None:
        self._bell.close()

    def _ring(self) -> None:
        self._noted.clear()
        with self._lock:
            steps, self._steps = self._steps, set()
        for step in sorted(steps):
            self._bell.ring(step)
