"""The ASGI application that partners post to, at any path: they keep the URL that they know.

POST has a message or an MDN; HEAD and GET are for whoever wants to see that somebody is there.
"""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import Future
from contextlib import AsyncExitStack
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.connectors.as2 import reception
from gateway.connectors.as2.names import header
from gateway.connectors.as2.reception import Answer, Parties, Prepared, Reception
from gateway.core.errors import CrossdockError, RequestError
from gateway.core.exchanges import Pairs
from gateway.core.spooled import Spool
from gateway.settings import Web
from gateway.web import problems
from gateway.web.as2.gathering import Gathering
from gateway.web.bodies import Body, Budget
from gateway.web.guard import ROUTE, TOLD, Guard

#: Bytes that are read of somebody that nobody is agreed on with.
_STRANGERS = 1024 * 1024

#: Headers of an MDN that belong to the connection, and not to it.
_OURS = frozenset({"content-length", "transfer-encoding", "connection", "date", "server"})
_PATH = "/{path:path}"
_METHODS = ("GET", "HEAD", "POST")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class _Door:
    """What all requests share."""

    def __init__(self, found: Reception, spool: Spool, settings: Web, threads: int) -> None:
        self._reception, self._spool, self._settings = found, spool, settings
        self._gathering = Gathering(found)
        self._budget = Budget(settings.memory_bytes)
        self._threads = CapacityLimiter(threads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An application without routes: partners may post to any path."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        """Whatever went wrong on our side is answered so that the partner sends it again."""
        request.scope[ROUTE] = _PATH
        if request.method not in _METHODS:
            return problems.respond(
                "method-not-allowed", "Messages are posted here.", headers={"Allow": ", ".join(_METHODS)}
            )
        try:
            if request.method == "POST":
                return await self._post(request)
        except CrossdockError as error:
            return problems.of_error(error, trusted=False)
        except Exception as error:
            return problems.of_exception(error)
        text = "Here AS2 is spoken. Messages are posted.\n" if request.method == "GET" else ""
        return Response(text, media_type="text/plain")

    async def _post(self, request: Request) -> Response:
        headers = pairs_of(request)
        if not header(headers, "as2-from") or not header(headers, "as2-to"):
            text = "This is no message of AS2: AS2-From and AS2-To are needed."
            raise RequestError("bad-request", text, hint="RFC 4130, 6.2.")
        parties = self._reception.parties(headers)
        bound = _STRANGERS if parties.most is None else parties.most
        async with AsyncExitStack() as stack:
            body = await stack.enter_async_context(
                Body(request, self._budget, bound, self._settings.seconds, self._spool)
            )
            call = partial(self._receive, reception.Request(headers, body), parties)
            found = await to_thread.run_sync(call, limiter=self._threads)
            if isinstance(found, Future):
                found = found.result() if found.done() else await asyncio.shield(asyncio.wrap_future(found))
            request.scope[TOLD] = True
            return _response(found)

    def _receive(self, request: reception.Request, parties: Parties) -> Answer | Future[Answer]:
        """In a thread: what is opened and signed needs a processor, what is committed waits for the disk."""
        found = self._reception.prepare(request, parties)
        return self._gathering.accept(found) if isinstance(found, Prepared) else found


def create_as2_app(found: Reception, spool: Spool, settings: Web, threads: int) -> ASGIApp:
    """``settings``: bounds of connections and bodies, as the web server has them."""
    return Guard(_Door(found, spool, settings, threads), settings)


async def _live(receive: Receive, send: Send) -> None:
    """There is nothing to begin and nothing to end (ASGI, lifespan)."""
    for phase in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{phase}.complete"})


def pairs_of(request: Request) -> Pairs:
    """The headers as they came. Folded ones are one line already."""
    return tuple((name.decode("latin-1"), value.decode("latin-1").strip()) for name, value in request.headers.raw)


def _response(found: Answer) -> Response:
    response = Response(found.body or None, status_code=found.status)
    raw = [(name.lower(), value) for name, value in response.raw_headers if name.lower() == b"content-length"]
    for name, value in found.headers:
        if name.lower() not in _OURS:
            raw.append((name.encode("latin-1"), _CONTROL.sub(" ", value).encode("latin-1", "replace")))
    response.raw_headers = raw
    return response
