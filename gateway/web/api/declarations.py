"""Declarations to customs. For our own people: several parties tell of them."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from gateway.core.errors import NotFoundError
from gateway.handlers.customs.view import declarations
from gateway.web.api.views import Id, Time
from gateway.web.route import Answer, Call, Route, reply


class DeclarationNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number that it goes by: order, list (copNo), payment, waybill, pre (preNo), entry (invtNo)."""

    kind: str
    value: str


class DeclarationSlot(msgspec.Struct, frozen=True, kw_only=True):
    """What proves it: order, payment, waybill, list. ``evidence``: own, copy, confirmed, filed; empty: missing."""

    slot: str
    evidence: str
    document: str


class DeclarationDifference(msgspec.Struct, frozen=True, kw_only=True):
    """Two values that do not agree; those of persons are empty."""

    left: str
    right: str
    left_value: str
    right_value: str
    tolerance: str
    severity: str


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where it is kept byte for byte."""

    document: Id = ""
    transmission: Id = ""
    sha256: str = ""


class DeclarationVersion(Evidence, frozen=True, kw_only=True, omit_defaults=True):
    """A version of a document. ``at``: appTime, in China; ``guid`` and ``because_of``: where it left here."""

    at: str
    kind_of_change: str
    evidence: str
    guid: str = ""
    status: str = ""
    because_of: Id = ""


class DeclarationReceipt(Evidence, frozen=True, kw_only=True, omit_defaults=True):
    """What customs says. ``at``: returnTime, in China."""

    at: str
    status: str
    text: str
    guid: str


class DeclarationDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document of it. ``state``: waits, withdrawn, or where its receipts lead."""

    message: str
    key: str
    slot: str
    evidence: str
    state: str
    at: str
    text: str
    numbers: dict[str, str]
    versions: list[DeclarationVersion]
    receipts: list[DeclarationReceipt]


class DeclarationTax(Evidence, frozen=True, kw_only=True, omit_defaults=True):
    """A tax bill. ``status``: 1 made, 2 summarised, 3 void."""

    entry: str
    number: str
    customsTax: str
    valueAddedTax: str
    consumptionTax: str
    status: str


class DeclarationPurchase(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A retail import for the buyer's limits: its amount, and what the same buyer's year came to here, in CNY."""

    year: str = ""
    amount: str = ""
    year_amount: str = ""


class DeclarationView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one order at customs."""

    id: int
    party: str
    lane: str
    state: str
    waits_for: list[str]
    numbers: list[DeclarationNumber]
    slots: list[DeclarationSlot]
    differences: list[DeclarationDifference]
    documents: list[DeclarationDocument]
    taxes: list[DeclarationTax]
    purchase: DeclarationPurchase
    created_at: Time
    updated_at: Time


class DeclarationList(msgspec.Struct, frozen=True, kw_only=True):
    """Those that go by the number: mostly one."""

    items: list[DeclarationView]


def declaration(call: Call) -> Response:
    reference = str(call.request.path_params["number"])
    found: list[dict[str, Any]] = []
    if call.trusted:
        gateway = call.web.gateway
        with gateway.database.read() as connection:
            found = declarations(connection, reference, gateway.current().agreements)
    if not found:
        raise NotFoundError(f"No declaration goes by {reference[:80]}.")
    return reply(DeclarationList(items=msgspec.convert(found, list[DeclarationView])))


ROUTES = (
    Route(
        *("GET", "/api/declarations/{number}", "get_declaration", declaration, "read", "declarations"),
        summary="A declaration to customs: where it stands, what proves it, what it waits for, the evidence",
        about="By the number of the order, the declaration, the payment, the waybill, or one that customs gave. For "
        "our own people; a partner's token finds nothing here.",
        answers={200: Answer("Those that go by it.", DeclarationList)},
        problems=("not-found",),
    ),
)
