"""Errors as problem details (RFC 9457): one row for each type, which ``/api/problems`` explains."""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

import msgspec
import structlog
from starlette.exceptions import HTTPException
from starlette.responses import Response

from gateway.core.errors import (
    CrossdockError,
    IllegalTransitionError,
    NotFoundError,
    RequestError,
    StoreError,
    UnwritableError,
    UsageError,
)
from gateway.store import ConflictError

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

#: Where the types are explained: each type is this and its name.
PAGE = "/api/problems"

#: Seconds after which it is worth asking again, where nothing better is known.
_PAUSE = 5


class Kind(NamedTuple):
    """A type of problem: its status, its title, and what it means and asks for."""

    status: int
    title: str
    about: str


KINDS: dict[str, Kind] = {
    "bad-request": Kind(
        400,
        "The request is not well formed",
        "A parameter or header does not exist, or cannot have this value.",
    ),
    "unauthorized": Kind(
        401,
        "A valid token is missing",
        "Send Authorization: Bearer cd_…. Tokens expire and are revoked; crossdock tokens list shows which hold.",
    ),
    "unsigned": Kind(
        401,
        "The signature is missing or wrong",
        "Nothing was received. The secret of the webhook and that of the endpoint must be the same.",
    ),
    "forbidden": Kind(403, "The token does not allow this", "Its role, its party or its door is another one."),
    "not-found": Kind(404, "There is no such thing", "It does not exist, or this token does not see it."),
    "method-not-allowed": Kind(405, "The address does not take this method", "The header Allow names those it takes."),
    "timeout": Kind(408, "The body came too slowly", "Nothing was received. Send it again."),
    "conflict": Kind(409, "It is not in a state for this", "Look at it again: perhaps it was decided on meanwhile."),
    "too-large": Kind(413, "The body is too large", "Nothing was received. The detail says how large it may be."),
    "media-type": Kind(
        415, "The content type is not accepted here", "The option content_types of the endpoint says which are."
    ),
    "invalid": Kind(422, "The request cannot be carried out", "It was understood; the detail says what is against it."),
    "key-reused": Kind(
        422,
        "The idempotency key was used for another body",
        "Nothing was received. A key stands for one body: make a new one for each document.",
    ),
    "throttled": Kind(
        429, "Too many attempts with wrong tokens", "Requests from this address are refused for a while: Retry-After."
    ),
    "too-many": Kind(
        429,
        "Too many requests from this address at a time",
        "Nothing was received. Send it again after Retry-After, and fewer at a time: web.requests_per_address, "
        "web.connections_per_address.",
    ),
    "headers-too-long": Kind(431, "The headers are too long", "All of them together may have 32 KiB."),
    "internal": Kind(
        500, "The gateway failed", "The log of the gateway has the error under the id that the problem shows."
    ),
    "unavailable": Kind(
        503,
        "The gateway cannot answer now",
        "Nothing was received. Send it again, with the same Idempotency-Key, after Retry-After.",
    ),
}

_OF_STATUS = {400: "bad-request", 404: "not-found", 405: "method-not-allowed"}


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong, as RFC 9457 has it. ``code``: the issue; ``error``: where the log tells more."""

    type: str
    title: str
    status: int
    detail: str = ""
    hint: str = ""
    code: str = ""
    error: str = ""


def respond(kind: str, detail: str, *, headers: dict[str, str] | None = None, **more: str) -> Response:
    """A problem of this kind."""
    known = KINDS[kind]
    problem = Problem(type=f"{PAGE}#{kind}", title=known.title, status=known.status, detail=detail, **more)
    return Response(msgspec.json.encode(problem), known.status, headers, MEDIA_TYPE)


def of_error(error: CrossdockError, *, trusted: bool) -> Response:
    """The answer to an error of ours. ``trusted``: the caller may read what is written for operators."""
    if isinstance(error, RequestError):
        return respond(error.kind, error.detail, headers=_headers(error), hint=error.hint or "")
    kind = _kind(error)
    if kind == "internal":
        return of_exception(error)
    if kind == "unavailable":
        log.warning("http.unavailable", error=str(error))
        text = "The database cannot be reached at the moment."
        return respond(kind, text, headers={"Retry-After": str(_PAUSE)})
    code = error.issue.code if isinstance(error, UnwritableError) else ""
    return respond(kind, error.detail, hint=(error.hint or "") if trusted else "", code=code)


def of_exception(error: Exception) -> Response:
    """The answer to what should not have happened: an id, under which the log has everything."""
    id = secrets.token_hex(8)
    log.error("http.failed", error=id, exc_info=error)
    return respond("internal", "Something went wrong in the gateway.", error=id)


def of_http(error: HTTPException) -> Response:
    """The answer where no route was found, or none for the method."""
    kind = _OF_STATUS.get(error.status_code, "bad-request")
    headers = {name.title(): value for name, value in (error.headers or {}).items()}
    return respond(kind, KINDS[kind].about, headers=headers)


def _kind(error: CrossdockError) -> str:
    if isinstance(error, StoreError):
        if isinstance(error, ConflictError):
            return "conflict"
        return "unavailable" if error.retryable else "internal"
    return next((kind for of, kind in _KINDS.items() if isinstance(error, of)), "internal")


_KINDS: dict[type[CrossdockError], str] = {
    NotFoundError: "not-found",
    IllegalTransitionError: "conflict",
    UsageError: "invalid",
    UnwritableError: "invalid",
}


def _headers(error: RequestError) -> dict[str, Any]:
    headers = {}
    if error.kind == "unauthorized":
        headers["WWW-Authenticate"] = 'Bearer realm="crossdock"'
    if error.kind == "timeout":
        headers["Connection"] = "close"
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    return headers
