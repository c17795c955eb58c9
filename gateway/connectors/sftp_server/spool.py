"""Unfinished uploads: private files that nobody but the account that writes them ever sees.

A draft is open for writing and belongs to one handle. What its client left behind is parked under its name: ``.part``
when the connection was lost in the middle (it may be resumed, never received), ``.done`` when the client closed it
under a temporary name (a rename receives it). Nothing here is a promise: what was received is in the database.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from uuid import uuid4

from gateway.connectors.oserrors import os_errors
from gateway.connectors.sftp_server.ranges import Ranges
from gateway.connectors.sftp_server.refusal import Refusal
from gateway.core.errors import ConnectorError

PART, DONE, DRAFT = ".part", ".done", ".draft"

#: Pieces of one file that may lie apart from each other: clients write from front to back.
_APART = 1024

#: Clients that resume go on anywhere; they write in pieces of this size.
_PIECE = 32768

#: Seconds that a parked upload is kept for its client to come back.
_KEPT = 86400.0


class Parked(NamedTuple):
    """An upload without a handle. ``complete``: its client closed it."""

    name: str
    size: int
    modified: int
    complete: bool


class Limits(NamedTuple):
    """Bytes of one file, and of all unfinished ones of an endpoint."""

    file: int
    together: int


class Draft:
    """A file that is being written, for one handle and one thread."""

    def __init__(self, spool: Spool, endpoint: str, limits: Limits, path: Path, written: int = 0) -> None:
        self._spool, self._endpoint, self._limits, self.path = spool, endpoint, limits, path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)  # it has an owner: see Spool.tidy
        self._ranges = Ranges(written)
        self.size = written

    @property
    def complete(self) -> bool:
        """Whether there is no hole in it."""
        return self._ranges.covers(self.size)

    def write(self, offset: int, data: bytes) -> None:
        """Raises :class:`Refusal` for what is beyond the limits, :class:`ConnectorError` when the disk is full."""
        end = offset + len(data)
        self._grow(end)
        with os_errors(f"Writing {self.path}"):
            done = os.pwrite(self._file, data, offset)
            while done < len(data):
                done += os.pwrite(self._file, data[done:], offset + done)
        self._ranges.add(offset, end)

    def truncate(self, size: int) -> None:
        """Shorter, or with a hole at its end."""
        self._grow(size)
        with os_errors(f"Writing {self.path}"):
            os.ftruncate(self._file, size)
        if size < self.size:
            self._spool.count(self._endpoint, size - self.size)
        self.size = size
        self._ranges.cut(size)

    def read(self) -> bytes:
        """All of it. Raises :class:`ConnectorError`."""
        with os_errors(f"Reading {self.path}"), open(self.path, "rb") as file:
            return file.read()

    def park(self, name: str) -> None:
        """Its client closed it: it waits under its name for a rename. Raises :class:`ConnectorError`."""
        self._park(name, DONE)

    def leave(self, name: str) -> None:
        """Its client was cut off: it waits for the rest. With a hole in it nobody can go on with it: it is dropped.

        Its last piece is cut off, so that a file that was never closed never looks as long as the whole.
        """
        size = max(0, self.size - 1) // _PIECE * _PIECE
        if self.complete and size:
            self.truncate(size)
            self._park(name, PART)
        else:
            self.drop()

    def _park(self, name: str, ending: str) -> None:
        self._spool.drop(self._endpoint, name)
        try:
            with os_errors(f"Keeping {name}"):
                self.path.rename(self.path.with_name(name + ending))
        except ConnectorError:
            self.drop()
            raise
        self._close()

    def drop(self) -> None:
        with suppress(OSError):
            self.path.unlink()
        self._spool.count(self._endpoint, -self.size)
        self._close()

    def _close(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    def _grow(self, size: int) -> None:
        if size > self._limits.file:
            raise Refusal.failure(f"Files may have {self._limits.file} bytes at most.")
        if len(self._ranges) > _APART:
            raise Refusal.failure("Write the file from its beginning to its end.")
        if size > self.size:
            self._spool.count(self._endpoint, size - self.size, self._limits.together)
            self.size = size


class Spool:
    """The unfinished uploads of all endpoints, a folder each. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: dict[str, int] = defaultdict(int)
        self._lock = Lock()

    def begin(self, endpoint: str, limits: Limits) -> Draft:
        """A new file. Raises :class:`ConnectorError`."""
        with os_errors(f"Making a file in {self._folder}"):
            folder = self._of(endpoint)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return Draft(self, endpoint, limits, folder / f"{uuid4().hex}{DRAFT}")

    def resume(self, endpoint: str, name: str, limits: Limits) -> Draft | None:
        """What was parked under the name, for its client to go on with; nobody else can."""
        for ending in (PART, DONE):
            path = self._of(endpoint) / f"{uuid4().hex}{DRAFT}"
            with suppress(FileNotFoundError):
                (self._of(endpoint) / (name + ending)).rename(path)
                return Draft(self, endpoint, limits, path, path.stat().st_size)
        return None

    def parked(self, endpoint: str) -> Iterator[Parked]:
        """In no order."""
        with suppress(FileNotFoundError), os.scandir(self._of(endpoint)) as entries:
            for entry in entries:
                stem, dot, ending = entry.name.rpartition(".")
                if dot + ending in (PART, DONE):
                    with suppress(FileNotFoundError):
                        found = entry.stat()
                        yield Parked(stem, found.st_size, int(found.st_mtime), dot + ending == DONE)

    def find(self, endpoint: str, name: str) -> Parked | None:
        for ending in (PART, DONE):
            with suppress(FileNotFoundError):
                found = (self._of(endpoint) / (name + ending)).stat()
                return Parked(name, found.st_size, int(found.st_mtime), ending == DONE)
        return None

    def rename(self, endpoint: str, name: str, other: str) -> None:
        """A parked file gets another name; what had that name is gone. Raises :class:`ConnectorError`."""
        known = self.find(endpoint, name)
        if known is not None:
            self.drop(endpoint, other)
            ending = DONE if known.complete else PART
            folder = self._of(endpoint)
            with os_errors(f"Renaming {name}"):
                (folder / (name + ending)).rename(folder / (other + ending))

    def drop(self, endpoint: str, name: str) -> bool:
        """A parked file is gone; False: there was none."""
        found = False
        for ending in (PART, DONE):
            path = self._of(endpoint) / (name + ending)
            with suppress(FileNotFoundError):
                size = path.stat().st_size
                path.unlink()
                self.count(endpoint, -size)
                found = True
        return found

    def count(self, endpoint: str, more: int, most: int | None = None) -> None:
        """Keeps count of what an endpoint has here. Raises :class:`Refusal` beyond ``most``."""
        with self._lock:
            if endpoint not in self._used:
                self._used[endpoint] = self._measured(endpoint)
            if most is not None and self._used[endpoint] + more > most:
                raise Refusal.failure(f"Unfinished uploads may have {most} bytes together.")
            self._used[endpoint] = max(0, self._used[endpoint] + more)

    def _measured(self, endpoint: str) -> int:
        with suppress(FileNotFoundError), os.scandir(self._of(endpoint)) as entries:
            return sum(_size(entry) for entry in entries)
        return 0

    def tidy(self) -> None:
        """Drafts whose process is gone, and what nobody came back for."""
        for path in self._folder.glob("*/*"):
            with suppress(OSError):
                if path.suffix == DRAFT:
                    _drop_if_orphaned(path)
                elif path.stat().st_mtime < time.time() - _KEPT:
                    path.unlink()
        with self._lock:
            self._used.clear()

    def _of(self, endpoint: str) -> Path:
        return self._folder / endpoint


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_size
    except FileNotFoundError:
        return 0


def _drop_if_orphaned(path: Path) -> None:
    """Whoever writes a draft holds its lock."""
    with open(path, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        path.unlink()
