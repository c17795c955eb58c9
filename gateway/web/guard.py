"""Around every request: room for it, a count, a line in the log, headers for browsers, an end for who is slow."""

from __future__ import annotations

import asyncio
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.observe import metrics
from gateway.settings import Web
from gateway.web import problems
from gateway.web.callers import Room, caller
from gateway.web.pace import Pace

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

#: Bytes of an answer that are handed on at a time: then it is waited until they are read.
_PIECE = 64 * 1024

#: Asked for every few seconds: not worth a line unless they fail.
_QUIET = ("/health/", "/metrics")

#: There is always room for it: who is told that nobody lives here starts the gateway anew.
_ALWAYS = "/health/live"

#: Methods that are counted by name.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

#: Where the scope says which route a request came to: its path with the names of its parts.
ROUTE = "crossdock.route"

#: Where the scope says that another line of the log tells of the request: it needs none of its own, if it went well.
TOLD = "crossdock.told"

#: Callers that are remembered, to be told of once in the log.
_REMEMBERED = 1000


class Guard:
    """Pure ASGI. What a handler finds in the scope under :data:`ROUTE` is what it is counted by."""

    def __init__(self, app: ASGIApp, settings: Web) -> None:
        self._app = app
        self._settings = settings
        self._room = Room(settings.requests, settings.requests_per_address)
        self._unbelieved: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._look_at_proxy(scope)
        here = caller(_host(scope) or "")
        full = None if scope["path"] == _ALWAYS else self._room.full(here)
        self._room.enter(here)
        try:
            exchange = Exchange(self._settings, scope, receive, send)
            await exchange.run(_refusing(full) if full else _checking(scope) or self._app)
        finally:
            self._room.leave(here)

    def _look_at_proxy(self, scope: Scope) -> None:
        """Who stands before us and is not believed: all of its callers share its bounds."""
        host = _host(scope)
        if host is None or scope.get("state", {}).get("proxy", True) or host in self._unbelieved:
            return
        if any(name == b"x-forwarded-for" for name, _ in scope["headers"]) and len(self._unbelieved) < _REMEMBERED:
            self._unbelieved.add(host)
            hint = f'If it is a proxy of yours: proxies = "{host}" under [web].'
            log.warning("http.forwarded_not_believed", peer=host, hint=hint)


class Exchange:
    """One request and its answer."""

    def __init__(self, settings: Web, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        paces = (Pace(settings.seconds, settings.grace_seconds, settings.bytes_per_second) for _ in range(2))
        self._sent, self._read = paces
        self._whole = False
        self._status = 0
        self._cut = ""

    async def run(self, app: ASGIApp) -> None:
        """The answer of the application, as far as the caller takes it."""
        began = time.monotonic()
        try:
            await app(self._scope, self.receive, self.send)
        except Exception:  # what was raised below may have become another error on its way
            if not self._cut:
                raise
            await self._give_up()
        finally:
            self._tell(time.monotonic() - began)

    async def receive(self) -> Message:
        """Raises TimeoutError for a body that comes too slowly."""
        if self._whole:
            return await self._receive()
        try:
            message = await self._sent.wait(self._receive())
        except TimeoutError:
            self._cut = "slow_body"
            metrics.http_connections.labels(self._cut).inc()
            raise
        self._sent.moved(len(message.get("body", b"")))
        self._whole = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Raises TimeoutError when the answer is not read."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            names = {name for name, _ in message["headers"]}
            added = _HEADERS if _NOT_KEPT[0] in names else (*_HEADERS, _NOT_KEPT)
            await self._send({**message, "headers": [*message["headers"], *added]})
            return
        body = message.get("body", b"")
        for start in range(0, len(body) - _PIECE, _PIECE):
            await self._hand_on({**message, "body": body[start : start + _PIECE], "more_body": True})
        last = (len(body) - 1) // _PIECE * _PIECE
        await self._hand_on({**message, "body": body[max(last, 0) :]})

    async def _hand_on(self, message: Message) -> None:
        try:
            await self._read.wait(self._send(message))
        except TimeoutError:
            self._cut = "slow_reader"
            metrics.http_connections.labels(self._cut).inc()
            raise
        self._read.moved(len(message.get("body", b"")))

    async def _give_up(self) -> None:
        """Nobody reads, or half an answer was sent: then there is nothing more to say."""
        if self._cut == "slow_body" and not self._status:
            answer = problems.respond("timeout", "The body came too slowly; nothing was received.", headers=_CLOSE)
            await answer(self._scope, self._receive, self.send)
            return
        log.warning("http.not_read", path=self._scope["path"][:200], peer=_host(self._scope))
        if abort := self._scope.get("state", {}).get("abort"):
            abort()
            await asyncio.sleep(0)  # so that uvicorn learns of it first

    def _tell(self, seconds: float) -> None:
        scope, status = self._scope, self._status
        method = scope["method"] if scope["method"] in _METHODS else metrics.OTHER
        route = scope.get(ROUTE, metrics.OTHER)
        kind = f"{status // 100}xx" if status and self._cut != "slow_reader" else "cut"
        metrics.http_requests.labels(method, route, kind).inc()
        metrics.http_request_seconds.labels(method, route).observe(seconds)
        if (scope["path"].startswith(_QUIET) or TOLD in scope) and 0 < status < 400 and not self._cut:
            return
        log.info(
            "http.answered",
            method=scope["method"],
            path=scope["path"][:200],
            status=status,
            seconds=round(seconds, 4),
            peer=_host(scope),
        )


def _host(scope: Scope) -> str | None:
    client = scope.get("client")
    return str(client[0]) if client else None


def _refusing(full: str) -> ASGIApp:
    if full == "all":
        text = "The gateway has too many requests in hand at the moment."
        return problems.respond("unavailable", text, headers={"Retry-After": "5"})
    text = "There are too many requests from this address in hand at the moment."
    return problems.respond("too-many", text, headers={"Retry-After": "1"})


def _checking(scope: Scope) -> ASGIApp | None:
    """What answers a request whose headers cannot be."""
    if sum(len(name) + len(value) for name, value in scope["headers"]) > _LONGEST_HEADERS:
        return problems.respond("headers-too-long", "The headers are too long.")
    if {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
        return problems.respond("bad-request", "The length of the body is told twice.", headers=_CLOSE)
    return None
