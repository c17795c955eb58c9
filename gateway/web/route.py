"""One row of the table of routes: from it come the handlers' dispatch, the OpenAPI description and the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gateway.core.errors import UsageError
from gateway.store.ids import Reference, parse
from gateway.store.tokens import Role, Token

if TYPE_CHECKING:
    from gateway.web.state import Web

#: What a route asks for → the roles that have it.
ACCESS: dict[str, frozenset[Role]] = {
    "submit": frozenset({"partner", "operator", "admin"}),
    "read": frozenset({"partner", "viewer", "operator", "admin"}),
    "decide": frozenset({"operator", "admin"}),
    "measure": frozenset({"monitor", "viewer", "operator", "admin"}),
    "administer": frozenset({"admin"}),
}


class Call(NamedTuple):
    """A request that was admitted. ``caller`` is None on routes that ask for no token; ``query`` is checked."""

    web: Web
    request: Request
    caller: Token | None
    query: Any

    @property
    def token(self) -> Token:
        """Who asks, on routes that ask for a token."""
        assert self.caller is not None
        return self.caller

    @property
    def trusted(self) -> bool:
        """Whether it is one of our own people, and not a partner."""
        return self.caller is not None and self.caller.role in {"viewer", "operator", "admin"}

    def reference(self, kind: str) -> Reference | None:
        """The id in the path, None where it is none of this kind."""
        try:
            found = parse(str(self.request.path_params["id"]))
        except UsageError:
            return None
        return found if found.kind == kind else None


Handler = Callable[[Call], Response] | Callable[[Call], Awaitable[Response]]


class Answer(NamedTuple):
    """An answer that a route may give. ``kind``: what its JSON holds; ``media``: where it is no JSON."""

    text: str
    kind: Any = None
    media: tuple[str, ...] = ()
    example: Any = None


class Body(NamedTuple):
    """The body that a route takes: its content types, each with an example. ``kind``: what its JSON holds."""

    text: str
    media: Mapping[str, Any]
    kind: Any = None


class Route(NamedTuple):
    """``handle`` runs in a thread when it is a plain function. ``access`` None: nobody needs a token.

    ``problems``: the kinds that it may answer with, beside those of all routes. ``headers``: name → meaning.
    """

    method: str
    path: str
    name: str
    handle: Handler
    access: str | None
    tag: str
    summary: str
    answers: Mapping[int, Answer]
    about: str = ""
    query: type[msgspec.Struct] | None = None
    body: Body | None = None
    headers: Mapping[str, str] = {}
    problems: tuple[str, ...] = ()


def reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON of a value."""
    return Response(msgspec.json.encode(value), status, dict(headers or {}), "application/json")
