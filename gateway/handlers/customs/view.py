"""A declaration as people and programs see it: where it stands, what proves it, what waits, and the evidence.

Evidence is each version, submission and receipt by the transmission that it came or left with, and the hash of that.
What is somebody's (names, numbers of identity cards, telephones, addresses) is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from gateway.agreements import Agreements
from gateway.handlers.customs import records
from gateway.handlers.customs.case import WITHDRAWN, Case, Document, case_of
from gateway.handlers.customs.facts import COPY, DOCUMENT, NUMBER, OWN, Fact
from gateway.handlers.customs.handler import business_key
from gateway.handlers.customs.leaving import waiting
from gateway.handlers.customs.matching import EXPORT_SLOTS, LIST, Difference
from gateway.handlers.customs.message import CustomsMessage, CustomsNode
from gateway.handlers.customs.records import Kept
from gateway.store.ids import show
from gateway.store.rows import moment
from gateway.store.statements import both, run

_SLOTS = ("order", "payment", "waybill", "list")
_CAME = both(
    "SELECT d.id, d.transmission_id, t.sha256 FROM documents d LEFT JOIN transmissions t ON t.id = d.transmission_id "
    "WHERE d.id {ids}"
)
_LEFT = both(
    "SELECT d.id, d.control_number, d.status, d.reason, d.transmission_id, t.sha256 FROM documents d "
    "LEFT JOIN transmissions t ON t.id = d.transmission_id WHERE d.business_key {names} AND d.direction = 'out'"
)


def declarations(connection: Connection, reference: str, agreements: Agreements) -> list[dict[str, Any]]:
    """The cases that go by this number: of the order, the list, the payment, the waybill, or one that customs gave."""
    return of_ids(connection, records.NAMED.search(connection, reference.strip()), agreements)


def of_ids(connection: Connection, ids: Sequence[int], agreements: Agreements) -> list[dict[str, Any]]:
    """These cases, the older first."""
    rows = records.NAMED.rows(connection, list(ids))
    found = {each.id: each for each in records.known(connection, {int(row.id): 0 for row in rows})}
    return [_view(connection, row, found[int(row.id)], agreements) for row in rows]


def linked(connection: Connection, order: str) -> list[dict[str, Any]]:
    """The declarations of an order, in short."""
    rows = records.NAMED.rows(connection, records.NAMED.search(connection, order)) if order else []
    found = {each.id: each for each in records.known(connection, {int(row.id): 0 for row in rows})}
    return [
        {
            "party": row.own_party,
            "lane": row.lane,
            "state": row.state,
            "waits": row.waits.split(),
            "declarations": [" ".join(each.key) for each in case_of(_facts(found[int(row.id)])).lists],
        }
        for row in rows
        if any(name.kind == NUMBER and name.value == order for name in found[int(row.id)].names)
    ]


def _facts(known: records.Known) -> list[Fact]:
    return [each.fact for each in known.facts]


def _view(connection: Connection, row: Any, known: records.Known, agreements: Agreements) -> dict[str, Any]:
    case = case_of(_facts(known))
    evidence = _Evidence(connection, known.facts)
    gates = waiting(case, agreements)
    return {
        "id": int(row.id),
        "party": row.own_party,
        "lane": row.lane,
        "state": case.state,
        "waits_for": [word for _, gate in gates for word in gate.missing],
        "numbers": sorted(
            ({"kind": name.kind, "value": name.value} for name in known.names if name.kind not in (NUMBER, "message")),
            key=lambda each: (each["kind"], each["value"]),
        ),
        "slots": _slots(case),
        "differences": [_difference(each) for each in case.agrees(case.of_slot(LIST))],
        "documents": [_document(each, evidence) for each in case.documents],
        "taxes": [_tax(each, evidence) for each in case.taxes],
        "purchase": _purchase(connection, row),
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
    }


def _purchase(connection: Connection, row: Any) -> dict[str, str]:
    """What it is for the buyer's limits, and what the buyer's year came to here."""
    for bought in records.bought(connection, [row.id]):
        for year in records.years(connection, row.own_party, row.lane, [bought.person]):
            if year.year == bought.year:
                return {"year": bought.year, "amount": bought.amount, "year_amount": year.total}
    return {}


def _slots(case: Case) -> list[dict[str, Any]]:
    export = any(each.number in EXPORT_SLOTS for each in case.documents)
    found = []
    for slot in _SLOTS:
        document = case.of_slot(slot)
        if export and slot == "payment" and document is None:
            continue  # nobody asks for one unless it is there
        key = " ".join(document.key) if document is not None else ""
        found.append({"slot": slot, "evidence": case.filled(slot), "document": key})
    return found


def _difference(each: Difference) -> dict[str, Any]:
    return each._asdict()


def _document(each: Document, evidence: _Evidence) -> dict[str, Any]:
    waits = each.draft is not None and each.draft.status != WITHDRAWN
    return {
        "message": each.number,
        "key": " ".join(each.key),
        "slot": each.slot,
        "evidence": each.evidence or (COPY if each.versions else ""),
        "state": "waits" if waits else each.standing.state if each.versions or each.receipts else "withdrawn",
        "at": each.standing.at,
        "text": each.standing.text,
        "numbers": each.numbers,
        "versions": [evidence.version(fact) for fact in each.versions],
        "receipts": [evidence.receipt(fact) for fact in each.receipts],
    }


def _tax(fact: Fact, evidence: _Evidence) -> dict[str, Any]:
    names = ("customsTax", "valueAddedTax", "consumptionTax", "status")
    return {
        "entry": fact.key[0],
        "number": fact.key[-1],
        **{name: fact.head[name] for name in names},
        **evidence.of(fact),
    }


class _Evidence:
    """Where each fact came from or left with."""

    def __init__(self, connection: Connection, kept: Iterable[Kept]) -> None:
        facts = list(kept)
        self._origin = {_place(each.fact): each.document_id for each in facts}
        ids = sorted({each.document_id for each in facts})
        self._came = {int(row.id): row for row in run(connection, _CAME, ids=ids)} if ids else {}
        ours = [each.fact for each in facts if each.fact.kind == DOCUMENT and each.fact.id]
        keys = sorted({_key(fact) for fact in ours})
        rows = run(connection, _LEFT, names=keys).all() if keys else []
        self._left = {row.control_number: row for row in rows}

    def of(self, fact: Fact) -> dict[str, Any]:
        """The document that brought it, its transmission and the hash of that."""
        return _named(self._came.get(self._origin.get(_place(fact), 0)))

    def version(self, fact: Fact) -> dict[str, Any]:
        about = {"at": fact.at, "kind_of_change": fact.head["appType"], "evidence": fact.evidence}
        if fact.evidence != OWN or not fact.id:
            return about | self.of(fact)
        left = self._left.get(fact.id)
        sent = {"guid": fact.id, "status": left.status if left is not None else "emitted"}
        return about | sent | _named(left) | {"because_of": self.of(fact).get("document", "")}

    def receipt(self, fact: Fact) -> dict[str, Any]:
        return {"at": fact.at, "status": fact.status, "text": fact.text, "guid": fact.id, **self.of(fact)}


def _place(fact: Fact) -> tuple[str, str, tuple[str, ...], str, str]:
    return fact.kind, fact.number, fact.key, fact.at, fact.id


def _key(fact: Fact) -> str:
    return business_key(CustomsMessage(type=f"CEB{fact.number}Message", nodes=(CustomsNode(head=fact.head),)))


def _named(row: Any) -> dict[str, Any]:
    if row is None:
        return {}
    found: dict[str, Any] = {"document": show("document", row.id)}
    if row.transmission_id is not None:
        found |= {"transmission": show("transmission", row.transmission_id), "sha256": row.sha256}
    return found
