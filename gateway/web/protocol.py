"""HTTP/1.1 as uvicorn and h11 read it, with a deadline for what they wait for without end.

uvicorn has no time limit for a caller that sends its headers byte by byte, that goes on sending a body that was
answered already, or that does not read the end of its answer.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any, NamedTuple

import h11
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from gateway.observe import metrics
from gateway.web import problems
from gateway.web.doorway import Place

#: Bytes of the request line and all headers.
HEADERS_BYTES = 32 * 1024

#: Seconds that who is refused has for its request, to be told so.
_TOLD = 2.0


class Seconds(NamedTuple):
    """Until the headers must be there, and without a byte that is sent or read."""

    headers: float
    silence: float


class BoundedProtocol(H11Protocol):
    """While no request is in hand, the next one must be there in time; what was answered must be read in time; and who
    came when there was no room is told so.
    """

    def __init__(self, place: Place, seconds: Seconds, config: uvicorn.Config, state: ServerState, shared: Any) -> None:
        super().__init__(config, state, {**shared, "proxy": place.proxy, "abort": self._abort})
        self._place, self._seconds = place, seconds
        self._deadline: asyncio.TimerHandle | None = None
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.client = (self._place.host, self.client[1] if self.client else 0)
        if self._place.refused:
            self.app = _FULL[self._place.refused]
        else:
            metrics.http_connections.labels("accepted").inc()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._place.leave()
        self._forget()
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._forget()
        else:
            self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._end_in_time()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._end_in_time()

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
        self._end_in_time()

    def _watch(self) -> None:
        if self._deadline is None:
            seconds = min(self._seconds.headers, _TOLD) if self._place.refused else self._seconds.headers
            self._deadline = self.loop.call_later(seconds, self._late)

    def _forget(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        if self.cycle is None or self.cycle.response_complete:
            metrics.http_connections.labels("slow_headers").inc()
            self._abort()

    def _end_in_time(self) -> None:
        """A transport that is closed waits without end for who does not read the rest."""
        if self._end is None:
            self._end = self.loop.call_later(self._seconds.silence, self._abort)

    def _abort(self) -> None:
        self.transport.abort()


def _refusing(kind: str, text: str) -> ASGIApp:
    """Instead of uvicorn's own answer: as a problem, and with the time to come again."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"Retry-After": "5", "Connection": "close"}
        await problems.respond(kind, text, headers=headers)(scope, receive, send)

    return answer


_FULL: dict[str, Any] = {
    "all": _refusing("unavailable", "The gateway has too many connections at the moment."),
    "caller": _refusing("too-many", "There are too many connections from this address at the moment."),
}
