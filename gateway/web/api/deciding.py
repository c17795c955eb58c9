"""What operators decide about what stopped: release, cancel, reprocess, resend."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from starlette.responses import Response

from gateway import expectations
from gateway.core.errors import NotFoundError
from gateway.store import Database, Step
from gateway.store.ids import Reference
from gateway.web.api.views import Id
from gateway.web.route import Answer, Call, Route, reply

Decision = Callable[[Database, Reference, str, int], str]

#: Each with what it does, and what it is about.
_DECISIONS: tuple[tuple[str, Decision, str], ...] = (
    ("release", expectations.release, "Let go on what is held: it is looked at again"),
    ("cancel", expectations.cancel, "End what is held, failed or stopped; what it blocked goes on"),
    ("reprocess", expectations.reprocess, "Try again what failed, at its old place in the order"),
    (
        "resend",
        expectations.resend,
        "Deliver again, under the same name; what waits for its next try waits no longer",
    ),
)


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """Its status now; what follows from it is done by the workers."""

    id: Id
    status: str
    links: dict[str, str]


def decide(call: Call, decision: Decision, kind: str) -> Response:
    """Written down under the name of the token."""
    reference = call.reference(kind)
    if reference is None:
        raise NotFoundError(f"There is no {kind} of this id.")
    gateway = call.web.gateway
    status = decision(gateway.database, reference, f"token {call.token.name}", gateway.clock.now())
    for step in Step:
        call.web.ring(step.name.lower())
    return reply(Decided(id=str(reference), status=status, links={"self": f"/api/{kind}s/{reference}"}))


def _route(name: str, decision: Decision, text: str, kind: str) -> Route:
    handle: Any = partial(decide, decision=decision, kind=kind)
    return Route(
        *("POST", f"/api/{kind}s/{{id}}/{name}", f"{name}_{kind}", handle, "decide", f"{kind}s"),
        summary=text,
        answers={200: Answer("It is done.", Decided)},
        problems=("not-found", "conflict", "invalid"),
    )


ROUTES = tuple(_route(*row, kind) for kind in ("transmission", "document") for row in _DECISIONS)
