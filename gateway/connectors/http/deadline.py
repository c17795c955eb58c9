"""A time limit for a whole exchange: a timeout of the library counts from byte to byte, and a receiver that sends one
now and then would hold a thread for ever."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any


class Deadline:
    """Ends the connection when the time is up. ``trace`` is the extension of that name of httpcore."""

    def __init__(self, seconds: float, sockets: list[socket.socket]) -> None:
        self.passed = False
        self._sockets = sockets
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def trace(self, name: str, info: dict[str, Any]) -> None:
        """Takes note of the connection that is used from now on."""
        if name in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            found = info["return_value"].get_extra_info("socket")
            if found is not None:
                self._sockets[:] = [found]
                if self.passed:
                    self._end()

    def _end(self) -> None:
        self.passed = True
        for each in list(self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
