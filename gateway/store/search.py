"""Searching transmissions and documents: for the command line and the console, the latest first."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Table, or_, select

from gateway.store.tables import documents, interchanges, transmissions

AnyRow = Row[*tuple[Any, ...]]


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for; None: anything. Times in microseconds, ``since`` included and ``until`` not.

    ``party`` is either end. ``type`` is the document type (of transmissions: of a document in it), ``key`` the business
    key, ``control`` the control number of the document or of its interchange.
    """

    direction: str | None = None
    party: str | None = None
    type: str | None = None
    status: str | None = None
    key: str | None = None
    control: str | None = None
    since: int | None = None
    until: int | None = None
    limit: int = 50


def find_documents(connection: Connection, wanted: Filter) -> list[AnyRow]:
    """Documents, the latest first; all columns."""
    c = documents.c
    by_interchange = select(interchanges.c.id).where(interchanges.c.control_number == wanted.control)
    conditions = _given(
        wanted,
        documents,
        party=or_(c.from_party == wanted.party, c.to_party == wanted.party),
        type=c.type == wanted.type,
        key=c.business_key == wanted.key,
        control=or_(c.control_number == wanted.control, c.interchange_id.in_(by_interchange)),
    )
    return list(connection.execute(select(documents).where(*conditions).order_by(c.id.desc()).limit(wanted.limit)))


def find_transmissions(connection: Connection, wanted: Filter) -> list[AnyRow]:
    """Transmissions, the latest first; all columns."""
    c, d, i = transmissions.c, documents.c, interchanges.c
    conditions = _given(
        wanted,
        transmissions,
        party=c.party == wanted.party,
        type=c.id.in_(select(d.transmission_id).where(d.type == wanted.type)),
        key=c.id.in_(select(d.transmission_id).where(d.business_key == wanted.key)),
        control=or_(
            c.id.in_(select(i.transmission_id).where(i.control_number == wanted.control)),
            c.id.in_(select(d.transmission_id).where(d.control_number == wanted.control)),
        ),
    )
    return list(connection.execute(select(transmissions).where(*conditions).order_by(c.id.desc()).limit(wanted.limit)))


def _given(wanted: Filter, table: Table, **conditions: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """The conditions whose filters are given; those that both tables have the same way are added."""
    c = table.c
    every = conditions | {
        "direction": c.direction == wanted.direction,
        "status": c.status == wanted.status,
        "since": c.created_at >= wanted.since,
        "until": c.created_at < wanted.until,
    }
    return [condition for name, condition in every.items() if getattr(wanted, name) is not None]
