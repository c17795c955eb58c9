"""Where goods are: consignments by any of their numbers. For our own people: it is told by several partners."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from gateway.core.errors import NotFoundError
from gateway.handlers.logistics.view import consignments
from gateway.web.api.views import Id, Time
from gateway.web.route import Answer, Call, Route, reply


class ConsignmentName(msgspec.Struct, frozen=True, kw_only=True):
    """A number that it goes by. ``scoped``: with its issuer, where the number alone says nothing."""

    kind: str
    value: str
    scoped: str


class ConsignmentEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happened or is expected. ``told``: the time as the source says it; ``own_code``: of its own list."""

    event: str
    document: Id
    received_at: Time
    at: Time = ""
    told: str = ""
    place: str = ""
    reason: str = ""
    description: str = ""
    signed_by: str = ""
    own_code: bool = False


class ConsignmentFreight(msgspec.Struct, frozen=True, kw_only=True):
    """A freight invoice against its tender: matched, or blocked by the codes in ``reasons``."""

    number: str
    carrier: str
    currency: str
    outcome: str
    reasons: list[str]
    document: Id
    amount: str | None = None


class Consignment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Goods under way. Events are in the order in which they happened."""

    id: int
    party: str
    lane: str
    state: str
    created_at: Time
    updated_at: Time
    names: list[ConsignmentName]
    events: list[ConsignmentEvent]
    documents: list[Id]
    conditions: list[str] = []
    delay_days: int = 0
    delivered_at: Time = ""
    signed_by: str = ""
    estimates: list[ConsignmentEvent] = []
    freight: list[ConsignmentFreight] = []


class ConsignmentList(msgspec.Struct, frozen=True, kw_only=True):
    """Those that go by the number, the older first: mostly one."""

    items: list[Consignment]


def consignment(call: Call) -> Response:
    reference = str(call.request.path_params["reference"])
    found: list[dict[str, Any]] = []
    if call.trusted:
        with call.web.gateway.database.read() as connection:
            found = consignments(connection, reference)
    if not found:
        raise NotFoundError(f"No consignment goes by {reference[:80]}.")
    return reply(ConsignmentList(items=msgspec.convert(found, list[Consignment])))


ROUTES = (
    Route(
        *("GET", "/api/consignments/{reference}", "get_consignment", consignment, "read", "consignments"),
        summary="Where goods are, by any of their numbers: bill of lading, container, label, the carrier's number",
        about="For our own people; a partner's token finds nothing here.",
        answers={200: Answer("Those that go by it.", ConsignmentList)},
        problems=("not-found",),
    ),
)
