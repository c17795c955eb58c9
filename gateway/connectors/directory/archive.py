"""Where received and refused files go: renamed aside at once, purged later in small steps.

Deleting files one by one as they are received would make every file that is created after them slower (ext4 looks
past the inodes of files deleted recently), so that is done little by little, at quiet times.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from gateway.connectors.directory.claims import CONTROL
from gateway.connectors.directory.names import free_path


class Archive:
    """The folders ``done/YYYY-MM-DD`` (days of UTC) and ``refused``. Methods raise :class:`OSError`."""

    def __init__(self, folder: str, *, keep: bool, keep_days: int) -> None:
        self._done = os.path.join(folder, CONTROL, "done")
        self._refused = os.path.join(folder, CONTROL, "refused")
        self._keep = keep
        self._keep_days = keep_days
        self._made = ""

    def settle(self, path: str, now: float) -> None:
        """Put a received file aside. One that is gone was settled by somebody else."""
        try:
            if self._keep:
                _move(path, self._today(now))
            else:
                os.unlink(path)
        except FileNotFoundError:
            if os.path.lexists(path):
                self._made = ""  # the folder of today is gone: the next try makes it again
                raise

    def refuse(self, path: str, reason: str) -> None:
        """Set a file aside that is not received, with the reason in a text beside it."""
        os.makedirs(self._refused, exist_ok=True)
        target = _move(path, self._refused)
        with open(target + ".reason.txt", "w", encoding="utf-8") as note:
            note.write(reason + "\n")

    def purge(self, now: float, most: int) -> int:
        """Delete at most ``most`` files older than the days to keep; returns how many."""
        last = _day(now) - timedelta(days=self._keep_days)
        gone = 0
        for folder in self._days_before(last):
            for name in os.listdir(folder)[: most - gone]:
                os.unlink(os.path.join(folder, name))
                gone += 1
            if gone >= most:
                break
            os.rmdir(folder)
        return gone

    def _days_before(self, last: date) -> Iterator[str]:
        with suppress(FileNotFoundError):
            for name in sorted(os.listdir(self._done)):
                with suppress(ValueError):
                    if date.fromisoformat(name) < last:
                        yield os.path.join(self._done, name)

    def _today(self, now: float) -> str:
        path = os.path.join(self._done, _day(now).isoformat())
        if path != self._made:
            os.makedirs(path, exist_ok=True)
            self._made = path
        return path


def _day(now: float) -> date:
    return datetime.fromtimestamp(now, UTC).date()


def _move(path: str, folder: str) -> str:
    target = free_path(folder, path)
    os.rename(path, target)
    return target
