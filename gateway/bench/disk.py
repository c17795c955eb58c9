"""The disk that is measured on: how long it takes to promise that something is written, and which part of it."""

from __future__ import annotations

import fcntl
import os
import struct
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

_BLOCK = bytes(4096)

#: linux/fs.h: reading and setting the attributes of a file; that of ``chattr +T``.
_GET_FLAGS, _SET_FLAGS, _TOP_OF_HIERARCHY = 0x80086601, 0x40086602, 0x00020000


def spread(folder: Path) -> None:
    """Lets the folders that are made in ``folder`` lie far apart, where the file system can (ext4).

    Creating a file on ext4 takes many times as long, for minutes, in a part of the disk where many were deleted,
    whoever did that: the last run of a benchmark, say.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            flags = struct.unpack("l", fcntl.ioctl(descriptor, _GET_FLAGS, bytes(struct.calcsize("l"))))[0]
            fcntl.ioctl(descriptor, _SET_FLAGS, struct.pack("l", flags | _TOP_OF_HIERARCHY))
    finally:
        os.close(descriptor)


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
