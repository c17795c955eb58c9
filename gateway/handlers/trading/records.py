"""The tables of the trading handler, and the reading of them.

Quantities and amounts are text: exact on every database. Every version of an order keeps its lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, Index, Table

from gateway.handlers.trading.decide import KnownOrder
from gateway.handlers.trading.facts import Fact, decoded
from gateway.store.metadata import blob, key, metadata, number, reference, text
from gateway.store.statements import both, run

Key = tuple[str, str, str, str]  # own party, partner, lane, number

#: One order as it stands now. ``state``: see ORDERS in decide.py. ``side`` is ours: of an order that we sent out
#: (``buyer``) the partner is the ERP that wrote it.
orders = Table(
    "orders",
    metadata,
    key(),
    text("own_party"),
    text("partner"),
    text("lane"),
    text("number"),
    text("state"),
    number("version"),
    blob("fingerprint", nullable=False),
    text("issue_date"),
    text("currency", nullable=True),
    text("payable_amount", nullable=True),
    reference("document_id", nullable=False),
    number("created_at"),
    number("updated_at"),
    text("side", default="seller", server_default="seller"),
    number("net_days", nullable=True),
    Index("uq_orders_identity", "own_party", "lane", "number", "partner", unique=True),
)

#: The lines of every version of an order.
order_lines = Table(
    "order_lines",
    metadata,
    reference("order_id", nullable=False),
    number("version"),
    number("position"),
    text("line", nullable=True),
    text("buyers_item", nullable=True),
    text("sellers_item", nullable=True),
    text("standard_item", nullable=True),
    text("description", nullable=True),
    text("quantity", nullable=True),
    text("unit", nullable=True),
    text("price", nullable=True),
    Index("uq_order_lines_place", "order_id", "version", "position", unique=True),
)

#: What happened to an order, and which document did it.
order_history = Table(
    "order_history",
    metadata,
    key(),
    reference("order_id", nullable=False),
    number("version"),
    text("action"),
    text("state"),
    reference("document_id", nullable=False),
    number("at"),
    Index("ix_order_history_order_id", "order_id"),
)

#: What the other documents said of orders, as :mod:`gateway.handlers.trading.facts` has it. An order need not be known.
#: ``partner`` is empty where one of our own said it.
order_facts = Table(
    "order_facts",
    metadata,
    key(),
    text("own_party"),
    text("lane"),
    text("number"),
    text("side"),
    text("partner"),
    text("kind"),
    text("digest"),
    text("said"),
    reference("document_id", nullable=False),
    number("at"),
    Index("ix_order_facts_number", "number", "own_party", "lane"),
)

_FIND = both(
    "SELECT own_party, partner, lane, number, id, state, version, fingerprint FROM orders "
    "WHERE own_party = :own AND partner = :partner AND lane = :lane AND number {names}"
)
_ORDER_COLUMNS = (
    "id, own_party, partner, lane, number, side, state, version, currency, payable_amount, net_days, issue_date, "
    "document_id, created_at, updated_at"
)
_ORDERS = both(
    f"SELECT {_ORDER_COLUMNS} FROM orders WHERE own_party = :own AND lane = :lane AND number {{names}} ORDER BY id"  # noqa: S608
)
_LINES = both(
    "SELECT l.order_id, l.line, l.buyers_item, l.sellers_item, l.standard_item, l.description, l.quantity, l.unit, "
    "l.price FROM order_lines l JOIN orders o ON o.id = l.order_id AND o.version = l.version WHERE l.order_id {ids} "
    "ORDER BY l.order_id, l.position"
)
_FACTS = both(
    "SELECT number, side, partner, digest, said, document_id, at FROM order_facts "
    "WHERE own_party = :own AND lane = :lane AND number {names} ORDER BY id"
)
_PLACES = both(
    "SELECT to_party AS own_party, lane FROM documents WHERE business_key = :key AND direction = 'in' "
    "UNION SELECT own_party, lane FROM order_facts WHERE number = :number ORDER BY own_party, lane"
)


def find(connection: Connection, keys: Iterable[Key]) -> dict[Key, KnownOrder]:
    """The known orders among ``keys``."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for own, partner, lane, order_number in keys:
        groups.setdefault((own, partner, lane), []).append(order_number)
    return {
        (row.own_party, row.partner, row.lane, row.number): KnownOrder(
            id=row.id, state=row.state, version=row.version, fingerprint=bytes(row.fingerprint)
        )
        for (own, partner, lane), numbers in groups.items()
        for row in run(connection, _FIND, own=own, partner=partner, lane=lane, names=numbers)
    }


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A fact, with the document that said it."""

    side: str
    partner: str
    digest: str
    fact: Fact
    document_id: int
    at: int


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """What the records have under one number: the orders of all partners, and everything said of them."""

    orders: tuple[Any, ...] = ()
    lines: dict[int, list[Any]] = {}
    told: tuple[Told, ...] = ()


def matters(connection: Connection, own: str, lane: str, numbers: Iterable[str]) -> dict[str, Matter]:
    """By number, in three statements."""
    names = sorted(set(numbers))
    if not names:
        return {}
    orders: dict[str, list[Any]] = {}
    for row in run(connection, _ORDERS, own=own, lane=lane, names=names):
        orders.setdefault(row.number, []).append(row)
    ids = [row.id for rows in orders.values() for row in rows]
    lines: dict[int, list[Any]] = {}
    for row in run(connection, _LINES, ids=ids) if ids else ():
        lines.setdefault(row.order_id, []).append(row)
    told: dict[str, list[Told]] = {}
    for row in run(connection, _FACTS, own=own, lane=lane, names=names):
        told.setdefault(row.number, []).append(
            Told(
                side=row.side,
                partner=row.partner,
                digest=row.digest,
                fact=decoded(row.said),
                document_id=row.document_id,
                at=row.at,
            )
        )
    return {
        name: Matter(orders=tuple(orders.get(name, ())), lines=lines, told=tuple(told.get(name, ()))) for name in names
    }


def places(connection: Connection, order_number: str) -> list[tuple[str, str]]:
    """The own parties and lanes in which the number was heard of."""
    return [
        (row.own_party, row.lane) for row in run(connection, _PLACES, number=order_number, key=f"order:{order_number}")
    ]
