"""Peak memory of reading a file, measured in a process of its own: ``python -m gateway.bench.memory 850 FILE``."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from gateway.bench.figures import BenchmarkError

MEBIBYTE = 1024 * 1024


def peak(format: str, path: Path) -> float:
    """Megabytes (2^20 bytes) that parsing, validating and mapping a file took at most, the program itself included."""
    command = [sys.executable, "-m", __name__, format, str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if ended.returncode:
        raise BenchmarkError(f"Reading {path.name} failed: {ended.stderr.strip()[-500:]}")
    return int(ended.stdout) / MEBIBYTE


def highest() -> int:
    """The most bytes that this process ever had in memory.

    On Linux from the kernel's own mark: ``ru_maxrss`` there begins with what the parent process had.
    """
    try:
        found = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    except OSError:
        found = None
    if found:
        return int(found[1]) * 1024
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


def main(format: str, path: str) -> None:
    """Reads the file and writes the peak to stdout."""
    from gateway.bench.reading import readings
    from gateway.knowledge import Knowledge

    readings(Knowledge.of(None, {}))[format].map(Path(path))
    sys.stdout.write(str(highest()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
