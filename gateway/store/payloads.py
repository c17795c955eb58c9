"""The payload store: large bodies as files, named by their content.

``<folder>/ab/ab12…`` holds the bytes whose SHA-256 is ``ab12…``: equal ones once, and never changed. A file is durable
before the row that names it is committed. So a crash between the two leaves a file that no row names, and never a row
without its file; the sweep removes such a file when it is a day old. ``<folder>/incoming`` has what is on its way in.

Whoever keeps a file makes it young, and the sweep looks at its age while nobody does: by ``<folder>/lock``. Where a
file system has no locks nothing that was kept is swept: a file too many is no loss.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from time import time
from typing import Any

from gateway.core.errors import PayloadError
from gateway.core.locked import locked
from gateway.core.spooled import Body, Spooled
from gateway.store.spool import MEMORY, Scratch, SpooledFile, Writer, disk_errors

#: Below the folder: what is on its way in.
INCOMING = "incoming"

_LOCK = "lock"
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})

#: Seconds after which a file that nobody names is nobody's.
_OLD = 24 * 3600

#: Names that are asked for at a time.
_MANY = 1000


class Payloads:
    """The payload store in ``folder``, which is made when the first file comes; it is the
    :class:`~gateway.core.spooled.Spool` of doors, too. Threads and processes may share it."""

    def __init__(self, folder: Path, memory: int = MEMORY) -> None:
        self.folder = folder
        self._memory = memory
        self._incoming = folder / INCOMING

    def write(self, most: int | None = None) -> Writer:
        """A new body, of at most so many bytes."""
        return Writer(self._incoming, self._memory, most)

    def scratch(self, most: int | None = None) -> Scratch:
        """Intermediate content, of at most so many bytes."""
        return Scratch(self._incoming, self._memory, most)

    def keep(self, spooled: Spooled) -> str:
        """Makes the file durable under the name of its content, which is returned; ``spooled`` may be discarded then.

        Raises :class:`~gateway.core.errors.StoreError` when the disk does not take it, PayloadError when it is not
        there any more.
        """
        name = name_of(spooled.sha256)
        target = self.folder / name
        with disk_errors(self.folder):
            if not target.parent.is_dir():
                target.parent.mkdir(parents=True, exist_ok=True)
                _sync(self.folder)
            with self._lock(alone=False):
                try:
                    self._put(Path(spooled.path), target)
                except FileNotFoundError:
                    raise PayloadError(f"The file {spooled.path} is missing.") from None
            _sync(target.parent)
        return name

    @contextmanager
    def _lock(self, *, alone: bool) -> Iterator[bool]:
        """Says whether there is one."""
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self.folder / _LOCK, alone=alone))
            except OSError as error:
                if error.errno not in _NO_LOCKS:
                    raise
                yield False
            else:
                yield True

    def _put(self, spooled: Path, target: Path) -> None:
        """A second name, and at once, instead of what is there: equal bytes, or damaged ones."""
        if spooled == target or not spooled.exists():  # it was kept before: of a commit that is repeated, for one
            os.utime(target)
            return
        aside = self._incoming / f"{spooled.name}.link"
        with suppress(FileNotFoundError):
            aside.unlink()
        try:
            os.link(spooled, aside)
        except FileNotFoundError:
            raise
        except OSError:  # a file system without second names: a repeat finds it under its name for good
            aside = spooled
        os.utime(aside)
        os.rename(aside, target)
        with suppress(FileNotFoundError):
            aside.unlink()  # rename(2) leaves both where they are names of one file already

    def file(self, name: str, size: int) -> SpooledFile:
        """The file of a row that names it."""
        return SpooledFile(str(self.folder / name), size, name.rpartition("/")[2], kept=True)

    def body_of(self, row: Any) -> Body | None:
        """The body of a row with ``body``, ``file`` and ``size``; None where it has none."""
        if row.body is not None:
            return bytes(row.body)
        return None if row.file is None else self.file(row.file, row.size)

    def names(self) -> Iterator[str]:
        """All files that are kept, whether a row names them or not."""
        yield from (f"{path.parent.name}/{path.name}" for path in self._kept(float("inf")))

    # What nobody names

    def sweep(self, named: Callable[[Sequence[str]], Collection[str]], *, old: float = _OLD) -> int:
        """Removes files that nobody names and that are ``old`` (seconds); returns how many. ``named`` says which of
        some names rows have. Raises :class:`~gateway.core.errors.StoreError`."""
        before = time() - old
        removed = 0
        with disk_errors(self.folder):
            for path in self._older(self._incoming, before):
                removed += _remove(path)
            names = (f"{path.parent.name}/{path.name}" for path in self._kept(before))
            while some := list(islice(names, _MANY)):
                removed += sum(self._forget(name, before) for name in set(some) - set(named(some)))
        return removed

    def _kept(self, before: float) -> Iterator[Path]:
        folders = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        for folder in folders:
            if len(folder.name) == 2 and folder.is_dir():
                yield from self._older(folder, before)

    def _older(self, folder: Path, before: float) -> Iterator[Path]:
        if not folder.is_dir():
            return
        with os.scandir(folder) as entries:
            found = [entry.path for entry in entries if _is_older(entry, before)]
        yield from map(Path, found)

    def _forget(self, name: str, before: float) -> int:
        """Unless somebody receives these bytes since it was found: that made it young."""
        path = self.folder / name
        with self._lock(alone=True) as there, suppress(FileNotFoundError):
            if there and path.stat().st_mtime < before:
                path.unlink()
                return 1
        return 0


def name_of(digest: str) -> str:
    """Where the bytes with this SHA-256 lie, below the folder."""
    return f"{digest[:2]}/{digest}"


def _is_older(entry: os.DirEntry[str], before: float) -> bool:
    try:
        return entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < before
    except FileNotFoundError:
        return False


def _remove(path: Path) -> int:
    with suppress(FileNotFoundError):
        path.unlink()
        return 1
    return 0


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
