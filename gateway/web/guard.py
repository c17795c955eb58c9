"""Around every request: a number, a line in the log, headers for browsers, and no waiting for who does not read."""

from __future__ import annotations

import asyncio
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.web import problems

log = structlog.get_logger(__name__)

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
)
#: Where a proxy may see the next request elsewhere than we do.
_CLOSE = {"Connection": "close"}
_NOT_KEPT = (b"cache-control", b"no-store")

#: Bytes of all headers. The protocol bounds those that come in pieces; these came in one.
_LONGEST_HEADERS = 32 * 1024

#: Asked for every few seconds: not worth a line unless they fail.
_QUIET = ("/health/", "/metrics")


class Guard:
    """Pure ASGI. ``silence``: seconds that a caller may not read for."""

    def __init__(self, app: ASGIApp, silence: float) -> None:
        self._app = app
        self._silence = silence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if sum(len(name) + len(value) for name, value in scope["headers"]) > _LONGEST_HEADERS:
            await problems.respond("headers-too-long", "The headers are too long.")(scope, receive, send)
            return
        if {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
            answer = problems.respond("bad-request", "The length of the body is told twice.", headers=_CLOSE)
            await answer(scope, receive, send)
            return
        began = time.monotonic()
        status = 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                names = {name for name, _ in message["headers"]}
                added = _HEADERS if _NOT_KEPT[0] in names else (*_HEADERS, _NOT_KEPT)
                message["headers"] = [*message["headers"], *added]
            async with asyncio.timeout(self._silence):
                await send(message)

        try:
            await self._app(scope, receive, guarded)
        except TimeoutError:
            log.warning("http.not_read", path=scope["path"])
            raise
        finally:
            self._tell(scope, status, time.monotonic() - began)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        if scope["path"].startswith(_QUIET) and status < 400:
            return
        client = scope.get("client")
        log.info(
            "http.answered",
            method=scope["method"],
            path=scope["path"][:200],
            status=status,
            seconds=round(seconds, 4),
            peer=client[0] if client else None,
        )
