"""Tokens, for administrators: as ``crossdock tokens`` makes, lists and revokes them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from gateway.core.errors import RequestError
from gateway.core.spooled import in_memory
from gateway.store import tokens
from gateway.store.rows import moment
from gateway.web.api.scope import may_be_used
from gateway.web.api.views import Time
from gateway.web.bodies import Body
from gateway.web.route import Answer, Call, Route, reply
from gateway.web.route import Body as Taken

_MOST_BYTES = 64 * 1024
_DAY = 86_400_000_000

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]


class Wish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token that is wanted. ``days``: after so many it expires."""

    name: Name
    role: tokens.Role
    party: str | None = None
    endpoint: str | None = None
    days: Annotated[int, Meta(ge=1, le=3650)] | None = None


class Known(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A token, as it is kept: not the token itself."""

    name: str
    role: tokens.Role
    party: str = ""
    endpoint: str = ""
    created_at: Time = ""
    created_by: str = ""
    expires_at: Time = ""
    used_at: Time = ""
    revoked_at: Time = ""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A new token: this is the only time that it is shown."""

    name: str
    token: str


class TokenList(msgspec.Struct, frozen=True, kw_only=True):
    """All that were ever made, the oldest first."""

    items: list[Known]


def shown(token: tokens.Token) -> Known:
    """A token as the API and the command line list it."""
    times = {name: getattr(token, name) for name in ("created_at", "expires_at", "used_at", "revoked_at")}
    return Known(
        name=token.name,
        role=token.role,
        party=token.party or "",
        endpoint=token.endpoint or "",
        created_by=token.created_by,
        **{name: moment(value) for name, value in times.items() if value},
    )


def every(call: Call) -> Response:
    return reply(TokenList(items=[shown(each) for each in tokens.every(call.web.gateway.database)]))


async def add(call: Call) -> Response:
    web = call.web
    async with Body(call.request, web.budget, _MOST_BYTES, web.settings.seconds) as body:
        try:
            wish = msgspec.json.decode(in_memory(body), type=Wish)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RequestError("bad-request", f"{error}.".replace("$.", "")) from None
    return await web.in_thread(_add, call, wish)


def revoke(call: Call) -> Response:
    gateway = call.web.gateway
    name, by = str(call.request.path_params["name"]), f"token {call.token.name}"
    tokens.revoke(gateway.database, name, by=by, at=gateway.clock.now())
    return Response(status_code=204)


def _add(call: Call, wish: Wish) -> Response:
    gateway = call.web.gateway
    now = gateway.clock.now()
    if wish.endpoint is not None and wish.party is None:
        raise RequestError("invalid", "A token of an endpoint is for its party: name it, too.")
    wanted = tokens.Token(id=0, name=wish.name, role=wish.role, party=wish.party, endpoint=wish.endpoint)
    may_be_used(wanted, gateway.current().agreements)
    token = tokens.add(
        gateway.database,
        wish.name,
        wish.role,
        by=f"token {call.token.name}",
        at=now,
        party=wish.party,
        endpoint=wish.endpoint,
        expires_at=None if wish.days is None else now + wish.days * _DAY,
    )
    return reply(Made(name=wish.name, token=token), 201)


_WISH = {"name": "globex-2027", "role": "partner", "party": "globex"}

ROUTES = (
    Route(
        *("GET", "/api/tokens", "list_tokens", every, "administer", "tokens"),
        summary="All tokens, without what they say",
        answers={200: Answer("All of them.", TokenList)},
    ),
    Route(
        *("POST", "/api/tokens", "add_token", add, "administer", "tokens"),
        summary="Make a token",
        body=Taken(
            "What it is for.", {"application/json": {"name": "globex-2027", "role": "partner", "party": "globex"}}
        ),
        answers={201: Answer("The token, which is not shown again.", Made)},
        problems=("bad-request", "timeout", "too-large", "media-type", "invalid", "unavailable"),
    ),
    Route(
        *("DELETE", "/api/tokens/{name}", "revoke_token", revoke, "administer", "tokens"),
        summary="Revoke a token for good",
        answers={204: Answer("It holds no more, within seconds.")},
        problems=("not-found",),
    ),
)
