"""Dying at a chosen moment: what has an effect outside of the process is wrapped, counted, and at the n-th it dies.

What a process has in memory dies with it, so between two effects there is one moment. A commit has one before it too:
with everything written and nothing kept.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from gateway.store import Database

#: Calls of the operating system that others can see. SQLite's own are not among them: a commit is one moment.
SYSTEM = ("rename", "link", "unlink")


class Counter:
    """Counts moments; at number ``last`` (from 1) the process is killed. 0: it lives."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._met = 0

    def moment(self) -> None:
        self._met += 1
        if self._met == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def after(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call with a moment after it."""

        def counted(*args: Any, **options: Any) -> Any:
            result = call(*args, **options)
            self.moment()
            return result

        return counted


def die_at(last: int, *, files: bool = True) -> None:
    """From now on the process dies at that moment. ``files`` False: only commits have moments."""
    counter = Counter(last)
    begin = Database.write

    @contextmanager
    def write(self: Database) -> Iterator[Connection]:
        with begin(self) as connection:
            yield connection
            counter.moment()
        counter.moment()

    Database.write = write  # type: ignore[method-assign]
    for name in SYSTEM if files else ():
        setattr(os, name, counter.after(getattr(os, name)))
