"""The application: the table of routes made into one, behind one guard."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Path

from gateway.core.errors import CrossdockError, RequestError
from gateway.core.ports import Ringer
from gateway.web import problems
from gateway.web.gateway import Gateway
from gateway.web.guard import ROUTE, Guard
from gateway.web.route import Call, Route
from gateway.web.routes import ROUTES
from gateway.web.state import Web
from gateway.work.bell import NullBell


def create_app(gateway: Gateway, bell: Ringer | None = None, routes: Sequence[Route] = ROUTES) -> Starlette:
    """The ASGI application of a gateway. ``bell``: one that any thread may ring. Left out: a sweep finds the work."""
    web = Web(gateway, bell or NullBell())
    by_path: dict[str, dict[str, Route]] = defaultdict(dict)
    for route in routes:
        by_path[route.path][route.method] = route
    paths = [
        Path(path, _endpoint(web, known), methods=sorted(known), include_in_schema=False)
        for path, known in by_path.items()
    ]
    app = Starlette(
        routes=paths,
        middleware=[Middleware(Guard, settings=web.settings)],
        exception_handlers={HTTPException: _http},
        lifespan=web.running,
    )
    app.router.redirect_slashes = False
    app.state.web = web
    return app


def _endpoint(web: Web, known: dict[str, Route]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        route = known["GET" if request.method == "HEAD" else request.method]
        request.scope[ROUTE] = route.path
        caller = None
        try:
            caller = await web.admit(request, route)
            call = Call(web, request, caller, _query(request, route))
            return await _answer(web, route, call)
        except CrossdockError as error:
            return problems.of_error(error, trusted=caller is not None and caller.role != "partner")
        except Exception as error:
            return problems.of_exception(error)

    return endpoint


async def _answer(web: Web, route: Route, call: Call) -> Response:
    """Plain functions read the database and block: they have threads."""
    handle: Any = route.handle
    found: Response = await (handle(call) if inspect.iscoroutinefunction(handle) else web.in_thread(handle, call))
    return found


def _query(request: Request, route: Route) -> msgspec.Struct | None:
    """The parameters as the route declares them. Raises RequestError: a slip is not passed over."""
    given = request.query_params.multi_items()
    known = msgspec.structs.fields(route.query) if route.query is not None else ()
    names = {field.encode_name for field in known}
    for name, _ in given:
        if name not in names:
            hint = f"There are: {', '.join(sorted(names))}." if names else "There are none."
            raise RequestError("bad-request", f'There is no parameter "{name[:40]}".', hint=hint)
    if len(given) != len(dict(given)):
        raise RequestError("bad-request", "A parameter is given twice.")
    if route.query is None:
        return None
    try:
        return msgspec.convert(dict(given), route.query, strict=False)
    except msgspec.ValidationError as error:
        raise RequestError("bad-request", f"{error}.".replace("$.", "")) from None


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problems.of_http(error)
