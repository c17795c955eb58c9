"""Looking at files: what a look sees, the listing of a folder, and reading a file that stays as it was seen."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterable
from fnmatch import translate
from typing import NamedTuple

from gateway.core.spooled import Body, Spool, discard, size_of

#: What senders call a file that they have not finished.
TEMPORARY = ("*.tmp", "*.part", "*.filepart", ".*")

#: Bytes of a file that are read at once.
_AT_ONCE = 256 * 1024

#: What is said of a file that was there a moment ago; over NFS also when another machine removed it.
GONE = frozenset({errno.ENOENT, errno.ESTALE})


class Look(NamedTuple):
    """A file as it was seen: equal looks, unchanged file. ``modified`` is in nanoseconds."""

    name: str
    inode: int
    modified: int
    size: int

    @classmethod
    def of(cls, name: str, stat: os.stat_result, inodes: bool = True) -> Look:
        """``inodes`` False: the file system gives one file several numbers, so they say nothing."""
        return cls(name, stat.st_ino if inodes else 0, stat.st_mtime_ns, stat.st_size)

    @property
    def age(self) -> tuple[int, str]:
        """The order of arrival."""
        return self.modified, self.name


def scan(folder: str, accepts: Callable[[str], bool], *, inodes: bool = True, most: int | None = None) -> list[Look]:
    """The regular files in ``folder``; sub folders, links and devices are passed over. Raises :class:`OSError`.

    ``most``: of a folder that holds more, the oldest.
    """
    found: list[Look] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if accepts(entry.name) and entry.is_file(follow_symlinks=False):
                look = look_at(entry.path, entry.name, inodes)
                if look is not None:
                    found.append(look)
                if most is not None and len(found) >= 2 * most:
                    found = _oldest(found, most)
    return found if most is None else _oldest(found, most)


def _oldest(looks: list[Look], most: int) -> list[Look]:
    return sorted(looks, key=lambda look: look.age)[:most] if len(looks) > most else looks


def name_filter(wanted: Iterable[str], temporary: Iterable[str]) -> Callable[[str], bool]:
    """Is a name one of the ``wanted`` patterns and none of the ``temporary`` ones? Case does not count."""
    take = re.compile("|".join(map(translate, wanted)), re.IGNORECASE).match
    leave = re.compile("|".join(map(translate, temporary)), re.IGNORECASE).match
    return lambda name: leave(name) is None and take(name) is not None


def look_at(path: str, name: str, inodes: bool = True) -> Look | None:
    """A look at one file; None when it is gone."""
    try:
        return Look.of(name, os.lstat(path), inodes)
    except OSError as error:
        if error.errno not in GONE:
            raise
        return None


def _body(descriptor: int, most: int, spool: Spool) -> Body:
    if most <= _AT_ONCE:
        return _read(descriptor, most)
    with spool.write() as writer:
        while (left := most - writer.size) and (piece := os.read(descriptor, min(left, _AT_ONCE))):
            writer.write(piece)
        return writer.finish()


def _read(descriptor: int, most: int) -> bytes:
    """At most so many bytes; one read for a file that is shorter."""
    parts = [os.read(descriptor, most)]
    while parts[-1] and (left := most - sum(map(len, parts))):
        parts.append(os.read(descriptor, left))
    return b"".join(parts)


def read_steady(path: str, name: str, most: int, inodes: bool, spool: Spool) -> tuple[Body, Look | None]:
    """The bytes of a regular file, and its look; no look when it was not the same before and after.

    Raises OSError, and :class:`~gateway.core.errors.StoreError` where our own disk does not take it.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return b"", None
        before = Look.of(name, status, inodes)
        body = _body(descriptor, min(status.st_size, most) + 1, spool)
        after = Look.of(name, os.fstat(descriptor), inodes)
    finally:
        os.close(descriptor)
    if before == after and size_of(body) == after.size:
        return body, after
    discard(body)
    return b"", None
