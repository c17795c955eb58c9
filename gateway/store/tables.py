"""All tables of the store by name."""

from __future__ import annotations

from gateway.store.metadata import metadata
from gateway.store.tables_access import tokens
from gateway.store.tables_as2 import exchanges
from gateway.store.tables_traffic import (
    documents,
    events,
    interchanges,
    issues,
    payloads,
    pickups,
    shelf,
    transmissions,
)
from gateway.store.tables_watch import alert_messages, alerts, endpoint_states
from gateway.store.tables_work import (
    control_numbers,
    expectations,
    holds,
    pair_sequences,
    partner_numbers,
    sequence_blocks,
    texts,
    work,
)

__all__ = [
    "alert_messages",
    "alerts",
    "control_numbers",
    "documents",
    "endpoint_states",
    "events",
    "exchanges",
    "expectations",
    "holds",
    "interchanges",
    "issues",
    "metadata",
    "pair_sequences",
    "partner_numbers",
    "payloads",
    "pickups",
    "sequence_blocks",
    "shelf",
    "texts",
    "tokens",
    "transmissions",
    "work",
]
