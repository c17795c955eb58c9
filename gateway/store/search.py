"""Searching transmissions and documents: for the command line and the console, the latest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, or_, select

from gateway.store.statements import storable
from gateway.store.tables import documents, expectations, interchanges, transmissions
from gateway.store.visible import Visible, visible_documents, visible_transmissions

AnyRow = Any
Conditions = dict[str, Callable[[Any], ColumnElement[bool]]]


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for; None: anything. Times in microseconds, ``since`` included and ``until`` not.

    ``party`` is either end. ``type`` is the document type (of transmissions: of a document in it), ``key`` the business
    key, ``control`` the control number of the document or of its interchange. ``transmission``: the documents of it, or
    those that came of it. ``before``: what is older than this row; ``visible``: what this party may see.
    """

    direction: str | None = None
    party: str | None = None
    type: str | None = None
    status: str | None = None
    key: str | None = None
    control: str | None = None
    since: int | None = None
    until: int | None = None
    transmission: int | None = None
    before: int | None = None
    visible: Visible | None = None
    limit: int = 50


def find_documents(connection: Connection, wanted: Filter) -> list[AnyRow]:
    """Documents, the latest first; all columns."""
    c, i = documents.c, interchanges.c

    def by_control(value: str) -> ColumnElement[bool]:
        interchange = select(i.id).where(i.control_number == value)
        return or_(c.control_number == value, c.interchange_id.in_(interchange))

    conditions: Conditions = {
        "party": lambda value: or_(c.from_party == value, c.to_party == value),
        "type": lambda value: c.type == value,
        "key": lambda value: c.business_key == value,
        "control": by_control,
        "transmission": lambda value: c.transmission_id == value,
        "visible": visible_documents,
    }
    return _find(connection, documents, wanted, conditions)


def find_transmissions(connection: Connection, wanted: Filter) -> list[AnyRow]:
    """Transmissions, the latest first; all columns."""
    c, d, i = transmissions.c, documents.c, interchanges.c

    def by_control(value: str) -> ColumnElement[bool]:
        interchange = select(i.transmission_id).where(i.control_number == value)
        document = select(d.transmission_id).where(d.control_number == value)
        return or_(c.id.in_(interchange), c.id.in_(document))

    conditions: Conditions = {
        "party": lambda value: c.party == value,
        "type": lambda value: c.id.in_(select(d.transmission_id).where(d.type == value)),
        "key": lambda value: c.id.in_(select(d.transmission_id).where(d.business_key == value)),
        "control": by_control,
        "transmission": lambda value: c.parent_id == value,
        "visible": visible_transmissions,
    }
    return _find(connection, transmissions, wanted, conditions)


def _find(connection: Connection, table: Table, wanted: Filter, own: Conditions) -> list[AnyRow]:
    """Rows of ``table`` that meet its ``own`` conditions and those that both tables have the same way."""
    c = table.c
    conditions = own | {
        "direction": lambda value: c.direction == value,
        "status": lambda value: c.status == value,
        "since": lambda value: c.created_at >= value,
        "until": lambda value: c.created_at < value,
        "before": lambda value: c.id < value,
    }
    values = {name: getattr(wanted, name) for name in conditions}
    given = [conditions[name](_stored(value)) for name, value in values.items() if value is not None]
    return list(connection.execute(select(table).where(*given).order_by(c.id.desc()).limit(wanted.limit)))


def _stored(value: Any) -> Any:
    """As the rows have it."""
    return storable(value) if isinstance(value, str) else value


class Awaited(msgspec.Struct, frozen=True, kw_only=True):
    """Which expectations are looked for. ``states``: any of these; ``kind``: 997, CONTRL, interchange …"""

    states: tuple[str, ...] = ("open", "overdue")
    party: str | None = None
    kind: str | None = None
    document: int | None = None
    transmission: int | None = None
    limit: int = 50


def find_expectations(connection: Connection, wanted: Awaited) -> list[AnyRow]:
    """What is awaited, what is due first at the top; all columns, and the type and control number of the document."""
    e, d = expectations.c, documents.c
    given: list[ColumnElement[bool]] = [e.state.in_(wanted.states)]
    asked = (
        (e.party, wanted.party),
        (e.kind, wanted.kind),
        (e.document_id, wanted.document),
        (e.transmission_id, wanted.transmission),
    )
    given += [column == _stored(value) for column, value in asked if value is not None]
    with_document = expectations.outerjoin(documents, e.document_id == d.id)
    columns = (expectations, d.type, d.control_number, d.business_key)
    query = select(*columns).select_from(with_document).where(*given).order_by(e.due, e.id).limit(wanted.limit)
    return list(connection.execute(query))
