"""Unfinished uploads: private files that nobody but the account that writes them ever sees.

A draft is open for writing and belongs to one handle. What its client left behind is parked under its name: ``.part``
when the connection was lost in the middle (it may be resumed, never received), ``.done`` when the client closed it
under a temporary name (a rename receives it). Nothing here is a promise: what was received is in the database. But what
has a name here is what its client wrote, also when the machine lost its power: it is on the disk before it gets one.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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

#: Unfinished uploads of an endpoint.
_NUMBER = 1000

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

    def __init__(self, spool: Spool, endpoint: str, limits: Limits, path: Path, file: int, written: int = 0) -> None:
        """``file`` is open and locked: it has an owner, see :meth:`Spool.tidy`."""
        self._spool, self._endpoint, self._limits, self.path, self._file = spool, endpoint, limits, path, file
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
        try:
            with os_errors(f"Keeping {name}"):
                os.fsync(self._file)
                self._spool.keep(self._endpoint, self.path, name, ending)
        except ConnectorError:
            self.drop()
            raise
        self._close()

    def drop(self) -> None:
        """It is gone; what was kept under a name stays."""
        if self._file < 0:
            return
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
        """A new file. Raises :class:`ConnectorError` and :class:`Refusal`."""
        folder = self._of(endpoint)
        with os_errors(f"Making a file in {folder}"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _alone(folder):
                if len(os.listdir(folder)) >= _NUMBER:
                    raise Refusal.failure(f"There are {_NUMBER} unfinished uploads: rename or remove some.")
                path = _draft(folder)
                file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
                fcntl.flock(file, fcntl.LOCK_EX)
        return Draft(self, endpoint, limits, path, file)

    def resume(self, endpoint: str, name: str, limits: Limits) -> Draft | None:
        """What was parked under the name, for its client to go on with; nobody else can. Raises
        :class:`ConnectorError`."""
        folder = self._of(endpoint)
        if self.find(endpoint, name) is None:
            return None
        with os_errors(f"Going on with {name}"), _alone(folder):
            for ending in (PART, DONE):
                with suppress(FileNotFoundError):
                    file = os.open(folder / (name + ending), os.O_RDWR)
                    fcntl.flock(file, fcntl.LOCK_EX)
                    path = _draft(folder)
                    (folder / (name + ending)).rename(path)
                    return Draft(self, endpoint, limits, path, file, os.fstat(file).st_size)
        return None

    def keep(self, endpoint: str, path: Path, name: str, ending: str) -> None:
        """A draft gets its name; what had that name is gone. Raises OSError."""
        folder = self._of(endpoint)
        with _alone(folder):
            self._drop(endpoint, name)
            path.rename(folder / (name + ending))

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
        folder = self._of(endpoint)
        with os_errors(f"Renaming {name}"), _alone(folder):
            known = self.find(endpoint, name)
            if known is not None and name != other:
                self._drop(endpoint, other)
                ending = DONE if known.complete else PART
                (folder / (name + ending)).rename(folder / (other + ending))

    def drop(self, endpoint: str, name: str) -> bool:
        """A parked file is gone; False: there was none. Raises :class:`ConnectorError`."""
        if self.find(endpoint, name) is None:
            return False
        with os_errors(f"Removing {name}"), _alone(self._of(endpoint)):
            return self._drop(endpoint, name)

    def _drop(self, endpoint: str, name: str) -> bool:
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
        for folder in self._folder.glob("*"):
            with suppress(OSError), _alone(folder):
                for path in folder.iterdir():
                    if path.suffix == DRAFT:
                        _drop_if_orphaned(path)
                    elif path.stat().st_mtime < time.time() - _KEPT:
                        path.unlink()
        with self._lock:
            self._used.clear()

    def _of(self, endpoint: str) -> Path:
        return self._folder / endpoint


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else, no other process either, gives or takes names in this folder meanwhile."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _draft(folder: Path) -> Path:
    return folder / f"{uuid4().hex}{DRAFT}"


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
