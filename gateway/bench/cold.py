"""How long a command takes from nothing: the interpreter, the program, a small file, the answer."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from gateway.bench.corpus import DIALECTS, interchange
from gateway.bench.figures import BenchmarkError, Figure, Tell, middle

_START = "import sys; from gateway.cli.main import main; sys.exit(main())"


def measure(rounds: int, tell: Tell, folder: Path) -> Iterator[Figure]:
    """Milliseconds of ``crossdock detect`` for one order of each format; wall time, and beside it an interpreter that
    does nothing. Raises BenchmarkError."""
    empty = [sys.executable, "-c", ""]
    for standard in DIALECTS:
        file = folder / f"{standard}-small"
        file.write_bytes(interchange(standard, 1, [1]))
        command = [sys.executable, "-c", _START, "detect", "--json", str(file)]
        tell(f"detect: {standard}")
        _milliseconds(command)
        rates = [(_milliseconds(command), _milliseconds(empty)) for _ in range(rounds)]
        yield Figure(
            bench="parse",
            case=f"{standard}: detect, cold",
            value=middle([ours for ours, _ in rates]),
            unit="ms",
            peer="python -c ''",
            peer_value=middle([bare for _, bare in rates]),
        )


def _milliseconds(command: list[str]) -> float:
    begin = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if ended.returncode:
        raise BenchmarkError(f"{' '.join(command)} failed: {ended.stderr.strip()[-500:]}")
    return (time.perf_counter() - begin) * 1000
