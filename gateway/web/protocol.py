"""HTTP/1.1 as uvicorn and h11 read it, with a deadline for what they wait for without end.

uvicorn has no time limit for a caller that sends its headers byte by byte, or that goes on sending a body that was
answered already.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import h11
import structlog
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from gateway.web import problems

log = structlog.get_logger(__name__)

#: Bytes of the request line and all headers.
HEADERS_BYTES = 32 * 1024


class BoundedProtocol(H11Protocol):
    """While no request is in hand, the next one must be there in time, and who comes when there are enough connections
    is told so. ``seconds`` and ``most`` are set by :func:`bounded`.
    """

    seconds = 30.0
    most: int | None = None
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        full = self.most is not None and max(len(self.connections), len(self.tasks)) >= self.most
        self.app = _full if full else self.config.loaded_app
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


async def _full(scope: Scope, receive: Receive, send: Send) -> None:
    """Instead of uvicorn's own answer: as a problem, and with the time to come again."""
    log.warning("http.full", path=scope["path"][:200])
    text = "The gateway has too many connections at the moment."
    answer = problems.respond("unavailable", text, headers={"Retry-After": "5", "Connection": "close"})
    await answer(scope, receive, send)


def bounded(seconds: float, most: int | None = None) -> type[BoundedProtocol]:
    """The protocol with a deadline of so many seconds, for fewer than so many connections."""
    return type("BoundedProtocol", (BoundedProtocol,), {"seconds": seconds, "most": most})
