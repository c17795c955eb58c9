"""The worker processes of ``crossdock serve``: started, woken, watched, stopped."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType

import structlog

from gateway.work.bell import NullBell

log = structlog.get_logger(__name__)

#: Seconds before one that ended by itself is started again: the first time, and when each ends as soon as it began.
_PAUSE, _LONGEST = 2.0, 60.0

#: Seconds after which one that ended had not ended as soon as it began; and that all may take to end when told to.
_OLD, _PATIENCE = 30.0, 60.0


class Processes:
    """``count`` processes of ``crossdock`` with these arguments. Each hears its bell on standard input."""

    def __init__(self, arguments: Sequence[str], count: int) -> None:
        self._command = [sys.executable, "-m", "gateway.cli", *arguments]
        self._count = count
        self._running: list[subprocess.Popen[bytes]] = []
        self._not_before, self._started, self._pause = 0.0, 0.0, _PAUSE / 2
        self.ended: Callable[[int], None] = lambda code: None  # told of each that ended by itself

    def __enter__(self) -> Processes:
        self._running = [self._start() for _ in range(self._count)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._running:
            process.terminate()
        until = time.monotonic() + _PATIENCE
        for process in self._running:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("worker.killed", pid=process.pid)
                process.kill()
                process.wait()
            if process.stdin is not None:
                process.stdin.close()

    def ring(self) -> None:
        """Wakes those that wait. One that ended, or that was rung for often and did not look, is passed by."""
        for process in list(self._running):
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError, BlockingIOError, ValueError):
                os.write(process.stdin.fileno(), b".")

    def watch(self, stop: threading.Event) -> None:
        """Starts again what ended, unless it is time to stop."""
        for ended in [process for process in self._running if process.poll() is not None]:
            log.warning("worker.ended", pid=ended.pid, code=ended.returncode)
            self.ended(ended.returncode)
            self._running.remove(ended)
            if ended.stdin is not None:
                ended.stdin.close()
            self._pause = _PAUSE if time.monotonic() - self._started > _OLD else min(2 * self._pause, _LONGEST)
            self._not_before = time.monotonic() + self._pause
        if time.monotonic() >= self._not_before and not stop.is_set():
            self._running += [self._start() for _ in range(self._count - len(self._running))]

    def _start(self) -> subprocess.Popen[bytes]:
        self._started = time.monotonic()
        process = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603 - our own program
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        return process


class ProcessesBell(NullBell):
    """Wakes the worker processes; any thread may ring."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def ring(self, step: str) -> None:
        self._processes.ring()
