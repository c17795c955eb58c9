"""A lock among processes and threads: a file that they agree on (flock(2))."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, *, alone: bool) -> Iterator[None]:
    """Waits for its turn. ``alone``: nobody else has the lock meanwhile; otherwise others like this one may.

    Ends with the process, however that ends. Raises OSError where the file system has no locks.
    """
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
