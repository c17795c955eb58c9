"""What a caller may see, and the door that its documents come in by."""

from __future__ import annotations

import msgspec

from gateway.agreements import Agreements, Endpoint
from gateway.connectors.http import InboundOptions
from gateway.core.errors import NotFoundError, RequestError
from gateway.core.strict import convert
from gateway.store.tokens import Token
from gateway.store.visible import Visible
from gateway.web.route import Call

CONNECTOR = "http"


class Door(msgspec.Struct, frozen=True):
    """An endpoint that documents come in by, and what it takes."""

    endpoint: str
    party: str
    options: InboundOptions


def visible(call: Call) -> Visible | None:
    """What a partner may see; None: everything."""
    token = call.token
    if token.role != "partner":
        return None
    party = token.party or ""
    if token.endpoint is not None:
        return Visible(party, (token.endpoint,))
    return Visible(party, _names(call.web.gateway.current().agreements, party))


def door(call: Call, party: str | None, endpoint: str | None) -> Door:
    """Where a document is handed in. ``party`` and ``endpoint``: what the request names.

    Raises RequestError where the token is not for it, or where there is none or more than one.
    """
    agreements = call.web.gateway.current().agreements
    token = call.token
    for asked, bound in ((party, token.party), (endpoint, token.endpoint)):
        if asked and bound and asked != bound:
            raise RequestError("forbidden", "This token is for another party or endpoint.")
    name, party = endpoint or token.endpoint, party or token.party
    if name and token.party and name not in _names(agreements, token.party):
        raise RequestError("invalid", f"{token.party} has no endpoint {name[:80]}.")
    found = _named(agreements, name) if name else _only(agreements, party)
    if party and found.party != party:
        raise RequestError("invalid", f"{found.name} is no endpoint of {party}.")
    options = found.options if found.connector == CONNECTOR else {}
    return Door(found.name, found.party, convert(options, InboundOptions, found.name))


def _names(agreements: Agreements, party: str) -> tuple[str, ...]:
    known = agreements.parties.get(party)
    return tuple(endpoint.name for endpoint in known.endpoints) if known else ()


def _named(agreements: Agreements, name: str) -> Endpoint:
    try:
        found = agreements.endpoint(name)
    except NotFoundError:
        raise RequestError("invalid", f"There is no endpoint {name[:80]}.") from None
    if found.connector != CONNECTOR or found.direction != "in":
        text = f"{name} is no endpoint that documents come in by over HTTP."
        raise RequestError("invalid", text, hint=_lines(found.party))
    return found


def _only(agreements: Agreements, party: str | None) -> Endpoint:
    if not party:
        raise RequestError("invalid", "Nothing says whose document this is.", hint="Write ?party=… in the address.")
    if party not in agreements.parties:
        raise RequestError("invalid", f"There is no party {party[:80]}.")
    inward = [each for each in agreements.parties[party].endpoints if each.direction == "in"]
    doors = [each for each in inward if each.connector == CONNECTOR]
    if not doors:
        text = f"{party} has no endpoint that documents come in by over HTTP."
        raise RequestError("invalid", text, hint=_lines(party))
    if len(doors) > 1:
        names = ", ".join(each.name for each in doors)
        text = f"{party} has several endpoints: {names}."
        raise RequestError("invalid", text, hint="Write ?endpoint=… in the address.")
    return doors[0]


def _lines(party: str) -> str:
    return f'In partners/{party}.toml: [[endpoint]] name = "{party}-http", connector = "http", direction = "in"'


def may_be_used(token: Token, agreements: Agreements) -> None:
    """Raises RequestError for a party or an endpoint that a new token cannot be bound to."""
    if token.party is not None and token.party not in agreements.parties:
        raise RequestError("invalid", f"There is no party {token.party[:80]}.")
    if token.endpoint is not None and _named(agreements, token.endpoint).party != token.party:
        raise RequestError("invalid", f"{token.endpoint} is no endpoint of {token.party}.")
