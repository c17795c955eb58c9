"""The life of an order. For our own people: several partners tell of it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from starlette.responses import Response

from gateway.core.errors import NotFoundError
from gateway.handlers.customs.view import linked
from gateway.handlers.trading.view import orders
from gateway.web.api.views import Id
from gateway.web.route import Answer, Call, Route, reply


class OrderLineView(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the order with what documents said of its quantity, in its unit. Numbers are decimal texts."""

    line: str
    items: list[str]
    description: str
    unit: str
    ordered: str
    confirmed: str
    backordered: str
    rejected: str
    despatched: str
    received: str
    refused: str
    invoiced: str
    price: str | None = None


class OrderInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice or credit note: matched, matched-within-tolerance or blocked, by the codes in ``reasons``. Amounts of
    a credit note are below zero. ``payment``: open, part-paid, settled or overpaid."""

    number: str
    outcome: str
    credit: bool
    reasons: list[str]
    paid_amount: str
    discount_amount: str
    payment: str
    settled: bool
    payable_amount: str | None = None


class OrderFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What does not fit, or why a document is held."""

    code: str
    text: str
    document: Id | None = None


class LeftAs(msgspec.Struct, frozen=True, kw_only=True):
    """A document that left because of another."""

    document: Id
    standard: str
    type: str
    to: str


class OrderDocument(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A document about the order, in the order of receipt."""

    document: Id
    kind: str | None
    standard: str
    type: str
    from_: str
    to: list[str]
    status: str
    left_as: list[LeftAs]


class OrderDeclaration(msgspec.Struct, frozen=True, kw_only=True):
    """What is declared to customs of it. ``waits``: what keeps it here."""

    party: str
    lane: str
    state: str
    waits: list[str]
    declarations: list[str]


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """An order as all its documents make it. ``side``: whether our party buys or sells."""

    number: str
    party: str
    side: str
    lane: str
    partners: list[str]
    state: str
    awaited: list[str]
    lines: list[OrderLineView]
    invoices: list[OrderInvoice]
    findings: list[OrderFinding]
    documents: list[OrderDocument]
    holds: list[OrderFinding]
    declarations: list[OrderDeclaration]
    currency: str | None = None
    payable_amount: str | None = None
    issue_date: str | None = None


class OrderList(msgspec.Struct, frozen=True, kw_only=True):
    """The orders of the number: mostly one."""

    items: list[OrderView]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which of several orders."""

    partner: Annotated[str, msgspec.Meta(description="The order of this partner, where several have the number.")] = ""


def _of(one: dict[str, Any], declared: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in declared if (each["party"], each["lane"]) == (one["party"], one["lane"])]


def order(call: Call) -> Response:
    number = str(call.request.path_params["number"])
    partner = call.query.partner
    found: list[dict[str, Any]] = []
    if call.trusted:
        with call.web.gateway.database.read() as connection:
            declared = linked(connection, number)
            found = [{**one, "declarations": _of(one, declared)} for one in orders(connection, number, partner)]
    if not found:
        raise NotFoundError(f"No order {number[:80]} is known.")
    return reply(OrderList(items=msgspec.convert(found, list[OrderView])))


ROUTES = (
    Route(
        *("GET", "/api/orders/{number}", "get_order", order, "read", "orders"),
        summary="The life of an order: lines with all quantities, documents, what is awaited and held",
        about="For our own people; a partner's token finds nothing here.",
        query=Wanted,
        answers={200: Answer("The orders of this number.", OrderList)},
        problems=("not-found",),
    ),
)
