"""Claims on files of one folder that several processes poll: made by rename, kept apart by owner.

A claimed file lies in ``.crossdock/claimed/<owner>/`` under its own name, with inode and times unchanged. A lock on
``.crossdock/claimed/<owner>.lock`` is proof that the owner lives; the kernel lets go of it however the process ends.

Where the file system knows no locks the owner touches that file every now and then, and one that was not touched for
a while belongs to an owner that is gone. One that was only slow meanwhile loses its claims; then both have the same
files, which are known by the same identity, so they are received once.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterable
from contextlib import suppress

from gateway.connectors.directory.looks import GONE

CONTROL = ".crossdock"
_LOCK = ".lock"
#: Seconds between touches where there are no locks, and after which an owner that did not touch is gone.
TOUCH_SECONDS, GONE_SECONDS = 10.0, 300.0

_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EXDEV, errno.EMLINK})


class Claims:
    """The files of ``folder`` that ``owner`` (unique for each start of a process) holds. Methods raise OSError."""

    def __init__(self, folder: str, owner: str) -> None:
        self.folder = folder
        self._all = os.path.join(folder, CONTROL, "claimed")
        self._owner = owner
        self._mine = os.path.join(self._all, owner)
        self._lock: int | None = None
        self._next_touch = 0.0

    def open(self) -> None:
        """Make the place for claims and show that the owner lives. Does nothing when that is so already."""
        self._touch()
        if self._lock is None:
            os.stat(self.folder)  # the folder itself is the operator's to make: it may be a share that is not mounted
            os.makedirs(self._all, exist_ok=True)
            _refuse_link(os.path.dirname(self._all))
            lock = _lock_new(self._mine + _LOCK)
            try:
                os.mkdir(self._mine)
            except OSError:
                os.close(lock)
                raise
            self._lock = lock

    def path(self, name: str) -> str:
        return os.path.join(self._mine, name)

    def take(self, name: str) -> bool:
        """Claim a file; False when it is gone or somebody else was first. ``name`` must not be held already."""
        try:
            os.rename(os.path.join(self.folder, name), self.path(name))
        except OSError as error:
            if error.errno not in GONE:
                raise
            # A file server that did it, and whose answer was lost, says so too when it is asked again.
            return os.path.lexists(self.path(name))
        return True

    def put_back(self, name: str) -> bool:
        """Return a file to the folder; False when a newer file of that name lies there: then it stays claimed."""
        return move_without_replacing(self.path(name), os.path.join(self.folder, name))

    def adopt(self, held: Iterable[str]) -> list[str]:
        """Take over what owners that are gone had claimed, except names that are ``held``; returns the names."""
        taken: list[str] = []
        for owner in self._others():
            lock = self._lock_of(owner)
            if lock is not None:
                taken += self._inherit(owner, {*held, *taken})
                os.close(lock)
        return taken

    def _lock_of(self, owner: str) -> int | None:
        """The lock of an owner that is gone; None while the owner lives."""
        path = os.path.join(self._all, owner + _LOCK)
        try:
            return _lock_existing(path)
        except OSError as error:
            if error.errno not in _NO_LOCKS or self._lock is None:
                raise
        # Both times are the file server's.
        os.utime(self._lock)
        silent = os.fstat(self._lock).st_mtime - os.stat(path).st_mtime
        return os.open(path, os.O_RDWR) if silent > GONE_SECONDS else None

    def _touch(self) -> None:
        """Show that the owner lives. One that was taken for gone meanwhile begins anew."""
        now = time.monotonic()
        if self._lock is not None and not os.path.isdir(self._mine):
            os.close(self._lock)
            self._lock = None
        if self._lock is not None and now >= self._next_touch:
            self._next_touch = now + TOUCH_SECONDS
            os.utime(self._lock)

    def _others(self) -> list[str]:
        names = {name.removesuffix(_LOCK) for name in os.listdir(self._all)}
        return sorted(names - {self._owner})

    def _inherit(self, owner: str, held: set[str]) -> list[str]:
        estate = os.path.join(self._all, owner)
        names = sorted(os.listdir(estate)) if os.path.isdir(estate) else []
        free = [name for name in names if name not in held]
        for name in free:
            os.rename(os.path.join(estate, name), self.path(name))
        if len(free) == len(names):
            _remove(estate, os.path.join(self._all, owner + _LOCK))
        return free

    def close(self) -> None:
        """Take the owner's place away when it is empty; what is left in it will be adopted."""
        if self._lock is not None:
            if os.path.isdir(self._mine) and not os.listdir(self._mine):
                _remove(self._mine, self._mine + _LOCK)
            os.close(self._lock)
            self._lock = None


def move_without_replacing(source: str, target: str) -> bool:
    """Rename, unless ``target`` exists (then False). A crash between its two steps leaves one file under two names."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return _rename_if_free(source, target)
    os.unlink(source)
    return True


def _rename_if_free(source: str, target: str) -> bool:
    """For file systems without hard links. A file that comes within these two calls is replaced."""
    if os.path.lexists(target):
        return False
    os.rename(source, target)
    return True


def _refuse_link(control: str) -> None:
    """Whoever may write to the folder could point us elsewhere with a link."""
    if os.path.islink(control):
        raise NotADirectoryError(errno.ENOTDIR, f"{CONTROL} is a symbolic link", control)


def _lock_new(path: str) -> int:
    """A lock file of our own. One that was swept away before it was locked is made again."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                os.close(descriptor)
                raise
            return descriptor
        if os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)


def _lock_existing(path: str) -> int | None:
    """The lock of an owner that is gone; None while the owner lives."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _remove(folder: str, lock: str) -> None:
    """The folder first: while it is there, its lock says whether its owner lives."""
    if os.path.isdir(folder):
        os.rmdir(folder)
    with suppress(FileNotFoundError):  # somebody who waited for the same lock was here before
        os.unlink(lock)
