"""HTTP/1.1 as uvicorn and h11 read it, with a deadline for what they wait for without end.

uvicorn has no time limit for a caller that sends its headers byte by byte, or that goes on sending a body that was
answered already.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from gateway.web import problems

#: Bytes of the request line and all headers.
HEADERS_BYTES = 32 * 1024


class BoundedProtocol(H11Protocol):
    """While no request is in hand, the next one must be there in time. ``seconds`` is set by :func:`bounded`."""

    seconds = 30.0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._forget()
        else:
            self._watch()

    def send_400_response(self, msg: str) -> None:
        """As a problem, with the status that h11 proposes (431 for headers that are too long)."""
        error = sys.exception()
        if getattr(error, "error_status_hint", 400) == 431:
            answer = problems.respond("headers-too-long", "The headers are too long.")
        else:
            answer = problems.respond("bad-request", "This is no HTTP/1.1 request.")
        headers = [*answer.raw_headers, (b"connection", b"close")]
        events: list[Any] = [
            h11.Response(status_code=answer.status_code, headers=headers),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ]
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            for event in events:
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.seconds, self._late)

    def _forget(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()


def bounded(seconds: float) -> type[BoundedProtocol]:
    """The protocol with a deadline of so many seconds."""
    return type("BoundedProtocol", (BoundedProtocol,), {"seconds": seconds})
