"""The threads of a process that runs until it is told to stop."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

import structlog

log = structlog.get_logger(__name__)

#: Seconds between looks at what is watched.
_INTERVAL = 0.5

#: Seconds that all threads together have to end. What one has in hand that hangs is taken up by another process.
PATIENCE = 45.0


class Threads:
    """Started threads, each given the event that ends it. SIGTERM and SIGINT set it while this is entered."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._threads: list[threading.Thread] = []
        self._failed = False
        self._left: list[str] = []
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Threads:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.signal(number, self._told)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if self._left:
            return  # they still may write
        os.close(self._woken)
        os.close(self._wake)

    def start(self, name: str, run: Callable[[threading.Event], None]) -> None:
        """``run`` in a thread. When it ends by an exception everything ends: a gateway in part is none."""
        thread = threading.Thread(target=self._run, args=(name, run), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def wait(self, watch: Callable[[threading.Event], None]) -> None:
        """Until it is time to stop; ``watch`` is called twice a second."""
        while not self._stop.is_set():
            told, _, _ = select.select([self._woken], [], [], _INTERVAL)
            if told:
                self._stop.set()
            else:
                watch(self._stop)

    def stop(self, patience: float = PATIENCE) -> bool:
        """Ends all threads; True when one had failed, or did not end within ``patience`` seconds."""
        self._stop.set()
        until = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        left = [thread.name for thread in self._threads if thread.is_alive()]
        self._threads = []
        if left:
            log.error("threads.left", threads=left)
            self._left += left
            self._failed = True
        return self._failed

    def _run(self, name: str, run: Callable[[threading.Event], None]) -> None:
        try:
            run(self._stop)
        except Exception:
            log.exception("thread.failed", thread=name)
            self._failed = True
        finally:
            self._stop.set()
            self._told(0, None)

    def _told(self, number: int, frame: FrameType | None) -> None:
        """Sets no event: whoever is interrupted may hold its lock, an earlier signal of this kind for one."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._wake, b".")
