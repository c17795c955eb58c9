"""Connections between two transactions: the next one takes over what the last one left.

Most transactions are a few short statements; having the pool hand out, check and take back a connection for each
would cost as much as they do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

#: As many are kept as the pool keeps.
_MOST = 10


class Idle:
    """The idle connections of an engine; threads may share it."""

    def __init__(self, engine: Engine, beside: Idle | None = None) -> None:
        """``beside``: others to the same server. Where it ended a connection of one, those of both are gone too."""
        self._engine = engine
        self._idle: deque[Connection] = deque()
        self._beside = beside
        if beside is not None:
            beside._beside = self

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """A connection without a transaction. After an exception it goes back to the pool, which looks after it, and
        with it the others: where a server went away they are gone too."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._engine.connect()
        try:
            yield connection
        except BaseException:
            lost = connection.invalidated
            connection.close()
            self.clear()
            if lost and self._beside is not None:
                self._beside.clear()
            raise
        if len(self._idle) < _MOST:
            self._idle.append(connection)
        else:
            connection.close()

    def clear(self) -> None:
        """Gives all of them back to the pool."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was quicker
                return
            connection.close()
