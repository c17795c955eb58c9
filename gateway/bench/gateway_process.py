"""The gateway that is measured: ``crossdock serve`` with its workers, in processes of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from gateway.bench.figures import BenchmarkError
from gateway.bench.home import Home

#: Seconds that it may take to finish what it has in hand.
_PATIENCE = 60.0
_PROC = Path("/proc")


class Usage(NamedTuple):
    """What all processes of the gateway used up to now; None where the system does not say (only Linux does)."""

    cpu: float | None  # seconds
    written: int | None  # bytes that they caused to be written to storage

    def since(self, before: Usage) -> Usage:
        cpu = None if self.cpu is None or before.cpu is None else self.cpu - before.cpu
        written = None if self.written is None or before.written is None else self.written - before.written
        return Usage(cpu, written)


class GatewayProcess:
    """Runs while it is entered; leaving it ends it cleanly, and raises BenchmarkError when it ends otherwise."""

    def __init__(self, home: Home, workers: int, broker: str | None = None) -> None:
        self._home = home
        arguments = ["--home", str(home.folder), "serve", "--workers", str(workers)]
        self._command = [sys.executable, "-m", "gateway.cli", *arguments]
        self._environment = home.environment(broker)

    def __enter__(self) -> GatewayProcess:
        with self._home.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                self._command, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            code = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if code and error is None:
            raise BenchmarkError(f"The gateway ended with {code}: {self.said()}")

    def check(self) -> None:
        """Raises BenchmarkError when it is not running any more."""
        if self._process.poll() is not None:
            raise BenchmarkError(f"The gateway ended with {self._process.returncode}: {self.said()}")

    def said(self) -> str:
        """The end of its log."""
        return self._home.log.read_text(encoding="utf-8", errors="replace")[-2000:].strip()

    def usage(self) -> Usage:
        """Of its processes, as far as they still run."""
        found = [_usage(pid) for pid in self._family()]
        known = [usage for usage in found if usage is not None]
        if not known:
            return Usage(None, None)
        written = [usage.written for usage in known]
        total = None if None in written else sum(bytes for bytes in written if bytes is not None)
        return Usage(sum(usage.cpu or 0.0 for usage in known), total)

    def _family(self) -> Iterator[int]:
        return family(self._process.pid)


def family(pid: int) -> Iterator[int]:
    """The process itself and its children."""
    yield pid
    with suppress(OSError):
        yield from map(int, (_PROC / f"{pid}/task/{pid}/children").read_text(encoding="ascii").split())


def peak(pid: int) -> float | None:
    """Megabytes (2^20 bytes) that a process and its children had in memory at most; None where the system does not
    say."""
    found = [re.search(r"^VmHWM:\s+(\d+) kB", _status(each), re.MULTILINE) for each in family(pid)]
    return sum(int(each[1]) for each in found if each) / 1024 if all(found) else None


def _status(pid: int) -> str:
    try:
        return (_PROC / str(pid) / "status").read_text(encoding="utf-8")
    except OSError:
        return ""


def _usage(pid: int) -> Usage | None:
    try:
        fields = (_PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    ticks = int(fields[11]) + int(fields[12])  # utime and stime: proc(5), the fields 14 and 15
    return Usage(ticks / os.sysconf("SC_CLK_TCK"), _written(pid))


def _written(pid: int) -> int | None:
    try:
        text = (_PROC / str(pid) / "io").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"^write_bytes: (\d+)$", text, re.MULTILINE)
    return int(found[1]) if found else None
