"""An order as people and programs see it: its state, its lines with all quantities, every document, what waits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from gateway.handlers.trading import records
from gateway.handlers.trading.facts import BUYER, SELLER, digest, plain
from gateway.handlers.trading.fold import Conversation
from gateway.handlers.trading.invoices import Invoiced
from gateway.handlers.trading.lines import Entry
from gateway.handlers.trading.matter import (
    WORDS,
    condition_of,
    conversation,
    order_of,
    partners,
    said_by,
    told_of,
    versions_in,
)
from gateway.handlers.trading.payments import counting, place_of
from gateway.handlers.trading.records import Matter, Told
from gateway.store.ids import show
from gateway.store.statements import both, run

_QUANTITIES = ("ordered", "confirmed", "backordered", "rejected", "despatched", "received", "refused", "invoiced")

_HISTORY = both("SELECT document_id, action, at FROM order_history WHERE order_id = :id ORDER BY id")
_DOCUMENTS = both(
    "SELECT id, parent_id, direction, standard, type, canonical, from_party, to_party, status FROM documents "
    "WHERE id {ids} OR parent_id {ids} ORDER BY id"
)
#: Documents of the order that did not come to be counted: held, refused or failed.
_ELSE = both(
    "SELECT id, from_party FROM documents WHERE business_key = :key AND to_party = :own AND lane = :lane "
    "AND direction = 'in' ORDER BY id"
)
_HELD = both("SELECT id, document_id, code, text FROM holds WHERE released_at IS NULL AND document_id {ids}")
_WAITING = both("SELECT id, document_id, code, text FROM holds WHERE released_at IS NULL AND condition {names}")


def orders(connection: Connection, number: str, partner: str = "") -> list[dict[str, Any]]:
    """The orders of this number, on both sides and of all partners; ``partner`` asks for one."""
    found: list[dict[str, Any]] = []
    for own, lane in records.places(connection, number):
        matter = records.matters(connection, own, lane, [number])[number]
        for side in (SELLER, BUYER):
            for each in partners(matter, side):
                view = _view(connection, (own, lane, side, number), matter, each)
                if not partner or partner in view["partners"]:
                    found.append(view)
    return found


def _view(connection: Connection, place: tuple[str, str, str, str], matter: Matter, partner: str) -> dict[str, Any]:
    own, lane, side, number = place
    row = order_of(matter, side, partner)
    told = told_of(matter, side, partner)
    told += _payments(connection, own, lane, side, told)
    state = conversation(number, matter, side, partner, [each.fact for each in told if each.fact.about])
    documents = _documents(connection, row, told, place)
    parties = {each["from"] for each in documents} | {name for each in documents for name in each["to"]}
    named = {name for name in (partner, *(each.partner for each in told)) if name}
    return {
        "number": number,
        "party": own,
        "side": side,
        "lane": lane,
        "partners": sorted(named or parties - {own}) if side == SELLER else sorted(parties - {own} | named),
        "state": state.state,
        "awaited": list(state.awaited),
        "currency": row.currency if row is not None else None,
        "payable_amount": row.payable_amount if row is not None else None,
        "issue_date": row.issue_date if row is not None else None,
        "lines": [_line(entry) for entry in state.lines],
        "invoices": [_invoice(one) for one in state.invoices],
        "findings": _findings(state, {each.digest: show("document", each.document_id) for each in told}),
        "documents": documents,
        "holds": _holds(connection, documents, place),
    }


def _payments(connection: Connection, own: str, lane: str, side: str, told: list[Told]) -> list[Told]:
    """What was said of the payment of its invoices and stands, by whom they came from or whom they went to."""
    invoices = {each.fact.number: each for each in told if each.fact.kind == "Invoice"}
    found = records.matters(connection, own, lane, map(place_of, invoices))
    versions = records.matters(connection, own, lane, versions_in(found))
    payments = [
        payment
        for number, invoice in invoices.items()
        for payment in said_by(found[place_of(number)], side, invoice.partner)
        if payment.fact.kind == "RemittanceAdvice"
    ]
    known = [each.fact for matter in versions.values() for each in matter.told if each.side == side]
    standing = {digest(fact) for fact in counting((each.fact for each in payments), known)}
    return [payment for payment in payments if payment.digest in standing]


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "line": entry.line,
        "items": list(entry.items),
        "description": entry.description,
        "unit": entry.unit,
        "price": _text(entry.price),
        **{name: _text(getattr(entry, name)) for name in _QUANTITIES},
    }


def _invoice(one: Invoiced) -> dict[str, Any]:
    return {
        "number": one.number,
        "outcome": one.outcome,
        "credit": one.credit,
        "payable_amount": _text(one.payable),
        "reasons": list(one.reasons),
        "paid_amount": _text(one.paid),
        "discount_amount": _text(one.discount),
        "payment": one.payment,
        "settled": one.settled,
    }


def _findings(state: Conversation, documents: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"code": finding.issue.code, "text": finding.issue.text, "document": documents.get(finding.fact)}
        for finding in state.findings
    ]


def _documents(
    connection: Connection, row: Any, told: list[records.Told], place: tuple[str, str, str, str]
) -> list[dict[str, Any]]:
    """What came in about it, each with what left because of it."""
    own, lane, _, number = place
    ids = {each.document_id for each in told}
    if row is not None:
        ids |= {each.document_id for each in run(connection, _HISTORY, id=row.id)}
    partners_known = {each.partner for each in told if each.partner} | ({row.partner} if row is not None else set())
    others = run(connection, _ELSE, key=f"order:{number}", own=own, lane=lane).all()
    ids |= {each.id for each in others if each.from_party in partners_known}
    if not ids:
        return []
    rows = run(connection, _DOCUMENTS, ids=sorted(ids)).all()
    left: dict[int, list[Any]] = {}
    for each in rows:
        if each.direction == "out":
            left.setdefault(each.parent_id, []).append(each)
    return [
        {
            "document": show("document", each.id),
            "kind": each.canonical,
            "standard": each.standard,
            "type": each.type,
            "from": each.from_party,
            "to": sorted({out.to_party for out in left.get(each.id, ())}),
            "status": each.status,
            "left_as": [
                {"document": show("document", out.id), "standard": out.standard, "type": out.type, "to": out.to_party}
                for out in left.get(each.id, ())
            ],
        }
        for each in rows
        if each.direction == "in" and each.id in ids
    ]


def _holds(
    connection: Connection, documents: list[dict[str, Any]], place: tuple[str, str, str, str]
) -> list[dict[str, Any]]:
    own, lane, _, number = place
    conditions = [condition_of(kind, own, lane, number) for kind in WORDS]
    ids = [int(each["document"].partition("_")[2]) for each in documents]
    found = [*run(connection, _HELD, ids=ids), *run(connection, _WAITING, names=conditions)]
    holds = {hold.id: hold for hold in found}
    return [
        {"document": show("document", hold.document_id), "code": hold.code, "text": hold.text}
        for _, hold in sorted(holds.items())
    ]


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)
