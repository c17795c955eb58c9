"""How long the disk takes to promise that something is written."""

from __future__ import annotations

import os
import time
from pathlib import Path
from statistics import median

_BLOCK = bytes(4096)


def fsync_seconds(folder: Path, times: int = 50) -> float:
    """The median of ``times`` appends of 4 KiB with fsync to a file in ``folder``, in seconds."""
    taken = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(times):
            begin = time.perf_counter()
            file.write(_BLOCK)
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - begin)
    return median(taken)
