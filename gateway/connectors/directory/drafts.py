"""Temporary files of an outbox: one per departure, written, synced, and published under the final name.

A draft is locked as long as its writer has it open, and the kernel unlocks it however the writer ends. So a temporary
file that can be locked belongs to nobody.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from contextlib import suppress
from dataclasses import dataclass

from gateway.connectors.directory.claims import move_without_replacing
from gateway.connectors.directory.names import safe_name
from gateway.core.ports import Departure
from gateway.core.spooled import Body, pieces_of, size_of

PIECE = 1024 * 1024  # bytes that are written at a time
PREFIX = ".crossdock."
SUFFIX = ".tmp"


@dataclass(slots=True)
class Draft:
    """One departure on its way into the folder."""

    departure: Departure
    temporary: str
    final: str
    descriptor: int = -1
    published: bool = False

    @classmethod
    def of(cls, departure: Departure, folder: str, owner: str) -> Draft:
        """``owner`` is not used for another draft while this one is open."""
        name = safe_name(departure.name)
        temporary = os.path.join(folder, f"{PREFIX}{owner}.{name}{SUFFIX}")
        return cls(departure, temporary, os.path.join(folder, name))

    def write(self) -> None:
        """All bytes into the temporary file."""
        self.descriptor = _open_locked(self.temporary)
        for piece in pieces_of(self.departure.body, PIECE):
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(self.descriptor, rest) :]

    def start_writeback(self) -> None:
        """Ask the kernel to begin writing, so that the syncs of a batch do not wait one after the other."""
        with suppress(OSError, AttributeError):  # a hint: where there is no such call, the sync does all of it
            os.posix_fadvise(self.descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def sync(self) -> None:
        os.fsync(self.descriptor)

    def publish(self) -> bool:
        """Give it the final name; False when that is taken."""
        self.published = move_without_replacing(self.temporary, self.final)
        return self.published

    def close(self) -> None:
        """Let go of the temporary file, and remove it when it was not published."""
        if self.descriptor >= 0:
            if not self.published:
                with suppress(OSError):  # left to the sweep
                    os.unlink(self.temporary)
            os.close(self.descriptor)
            self.descriptor = -1

    def is_there(self) -> bool:
        """Does the final name have these bytes already? Then they are synced, since another writer may have failed to.

        Raises :class:`FileExistsError` when it has other bytes.
        """
        try:
            descriptor = os.open(self.final, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return False
        try:
            if not _has(descriptor, self.departure.body):
                raise FileExistsError(errno.EEXIST, "a file of this name with other content is there", self.final)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return True


def sweep(folder: str) -> int:
    """Remove drafts whose writers are gone; returns how many. Raises :class:`OSError`."""
    with os.scandir(folder) as entries:
        paths = [e.path for e in entries if e.name.startswith(PREFIX) and e.name.endswith(SUFFIX)]
    return sum(map(_remove_orphan, paths))


def sync_folder(folder: str) -> None:
    """Make the names in ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that has no sync of folders
            raise
    finally:
        os.close(descriptor)


def _has(descriptor: int, body: Body) -> bool:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size != size_of(body):
        return False
    with open(descriptor, "rb", closefd=False) as file:
        return all(file.read(len(piece)) == piece for piece in pieces_of(body, PIECE))


def _open_locked(path: str) -> int:
    """A new file that is locked. One that was swept away before it was locked is made again."""
    while True:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
        with suppress(OSError):  # without locks the sweep removes nothing
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)


def _remove_orphan(path: str) -> bool:
    """False when somebody writes it, or it cannot be told."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(path)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
