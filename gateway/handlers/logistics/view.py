"""A consignment as people and programs see it: its state, its numbers, and what was told, by the time it happened."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from gateway.handlers.logistics import records
from gateway.handlers.logistics.facts import Fact
from gateway.handlers.logistics.fold import State, fold
from gateway.handlers.logistics.freight import Freight
from gateway.store.ids import show
from gateway.store.rows import moment


def consignments(connection: Connection, reference: str) -> list[dict[str, Any]]:
    """The consignments that go by this number, whatever it is the number of; the older first."""
    ids = records.NAMED.search(connection, reference.strip())
    return [_view(connection, row) for row in records.NAMED.rows(connection, ids)] if ids else []


def _view(connection: Connection, row: Any) -> dict[str, Any]:
    kept = records.facts_of(connection, row.id)
    facts = {records.fact(each).digest: each for each in kept}
    state = fold(map(records.fact, kept))
    names = sorted(
        {(name.kind, name.value.rpartition("/")[2], name.value) for name in records.names_of(connection, row.id)}
    )
    return {
        "id": int(row.id),
        "party": row.own_party,
        "lane": row.lane,
        "state": state.state,
        "conditions": list(state.conditions),
        "delay_days": state.delay_days,
        **_delivery(state),
        "names": [{"kind": kind, "value": short, "scoped": value} for kind, short, value in names],
        "estimates": [_event(fact, facts) for fact in state.estimates],
        "events": [_event(fact, facts) for fact in state.history],
        "freight": [_freight(one, facts) for one in state.freight],
        "documents": sorted({show("document", each.document_id) for each in kept}, key=_number),
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
    }


def _delivery(state: State) -> dict[str, Any]:
    if state.delivered is None or state.delivered.happened_at is None:
        return {}
    delivered = {"delivered_at": moment(state.delivered.happened_at)}
    return delivered | ({"signed_by": state.signatory} if state.signatory else {})


def _event(fact: Fact, rows: dict[str, Any]) -> dict[str, Any]:
    """``at`` is its instant in UTC, ``told`` what the source says of it, ``received_at`` when that came."""
    row = rows[fact.digest]
    values = {
        "event": fact.kind,
        "at": moment(fact.happened_at) if fact.happened_at is not None else None,
        "told": fact.told,
        "place": fact.place,
        "reason": fact.reason,
        "description": fact.description,
        "signed_by": fact.signatory,
        "own_code": fact.own_code,
        "document": show("document", row.document_id),
        "received_at": moment(row.at),
    }
    return {name: value for name, value in values.items() if value}


def _freight(one: Freight, rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": one.number,
        "carrier": one.carrier,
        "amount": None if one.amount is None else f"{one.amount:f}",
        "currency": one.currency,
        "outcome": one.outcome,
        "reasons": [each.code for each in one.differences],
        "document": show("document", rows[one.digest].document_id),
    }


def _number(id: str) -> int:
    return int(id.partition("_")[2])
