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

from gateway.store import Step
from gateway.work.bell import NullBell

log = structlog.get_logger(__name__)

#: What the courier waits for.
DELIVER = Step.DELIVER.name.lower()

#: Seconds before one that ended by itself is started again: the first time, and when each ends as soon as it began.
_PAUSE, _LONGEST = 2.0, 60.0

#: Seconds after which one that ended had not ended as soon as it began; and that all may take to end when told to.
_OLD, _PATIENCE = 30.0, 60.0


class Courier:
    """The pipe by which whoever composed something wakes what delivers to near endpoints, in the first process."""

    def __init__(self) -> None:
        self.heard, self.rung = os.pipe()
        os.set_blocking(self.rung, False)

    def ring(self) -> None:
        """One that was rung for often and did not look is passed by."""
        with contextlib.suppress(OSError):
            os.write(self.rung, b".")

    def close(self) -> None:
        os.close(self.heard)
        os.close(self.rung)


class Processes:
    """``count`` processes of ``crossdock`` with these arguments. Each hears its bell on standard input, and may ring
    the ``courier``."""

    def __init__(self, arguments: Sequence[str], count: int, courier: Courier | None = None) -> None:
        self._command = [sys.executable, "-m", "gateway.cli", *arguments]
        self._handed = () if courier is None else (courier.rung,)
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
        process = subprocess.Popen(  # noqa: S603 - our own program
            self._command, stdin=subprocess.PIPE, pass_fds=self._handed
        )
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        return process


class ProcessesBell(NullBell):
    """Wakes the worker processes, or the courier; any thread may ring."""

    def __init__(self, processes: Processes, courier: Courier) -> None:
        self._processes, self._courier = processes, courier

    def ring(self, step: str) -> None:
        (self._courier if step == DELIVER else self._processes).ring()
