"""The tables of the trading handler, and the reading of them.

Quantities and amounts are text: exact on every database. Every version of an order keeps its lines.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Index, Table

from gateway.handlers.trading.decide import KnownOrder
from gateway.store.metadata import blob, key, metadata, number, reference, text
from gateway.store.statements import both, run

Key = tuple[str, str, str, str]  # own party, partner, lane, number

#: One order as it stands now. ``state``: see ORDERS in decide.py.
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
    Index("uq_orders_identity", "own_party", "partner", "lane", "number", unique=True),
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


_FIND = both(
    "SELECT own_party, partner, lane, number, id, state, version, fingerprint FROM orders "
    "WHERE own_party = :own AND partner = :partner AND lane = :lane AND number {names}"
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
