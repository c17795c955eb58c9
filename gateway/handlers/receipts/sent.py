"""What we sent and a receipt may speak of: interchanges with their documents, and what was said of these before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.acknowledgments import Statement, plain, spellings
from gateway.codecs import RawDocument
from gateway.codecs.ubl import OF_TRADE, UBL
from gateway.core.spooled import Body
from gateway.handlers.model import Inbound
from gateway.store.database import payloads_of
from gateway.store.ids import show
from gateway.store.statements import both, run

AnyRow = Any

_BROUGHT = both(
    "SELECT d.id, d.transmission_id, i.sender, i.receiver FROM documents d "
    "JOIN interchanges i ON i.id = d.interchange_id WHERE d.id {ids}"
)
_COLUMNS = (
    "i.id, i.transmission_id, i.standard, i.sender, i.receiver, i.control_number, i.status, i.pending, "
    "t.status AS transmission_status FROM interchanges i LEFT JOIN transmissions t ON t.id = i.transmission_id"
)
_BY_NUMBER = both(
    f"SELECT {_COLUMNS} WHERE i.direction = 'out' AND i.from_party = :own AND i.to_party = :partner "
    "AND i.control_number {names} ORDER BY i.id"
)
_BY_ID = both(f"SELECT {_COLUMNS} WHERE i.id {{ids}} ORDER BY i.id")
_BY_KEY = both(
    "SELECT DISTINCT interchange_id FROM documents WHERE business_key {names} AND direction = 'out' "
    "AND from_party = :own AND to_party = :partner AND interchange_id IS NOT NULL"
)
_BY_OWN_NUMBER = both(
    "SELECT DISTINCT interchange_id FROM documents WHERE control_number {names} AND standard = 'ubl' "
    "AND direction = 'out' AND from_party = :own AND to_party = :partner AND interchange_id IS NOT NULL"
)
_DOCUMENTS = both(
    "SELECT id, interchange_id, type, version, control_number, business_key, status, position FROM documents "
    "WHERE interchange_id {ids} AND direction = 'out' ORDER BY interchange_id, position"
)
_SAID = both(
    "SELECT document_id, data FROM events WHERE document_id {ids} "
    "AND name IN ('document.accepted', 'document.rejected') ORDER BY id"
)
_RELEASED = both(
    "SELECT document_id FROM holds WHERE document_id {ids} AND code = 'RCP-CONTRADICTION' AND released_at IS NOT NULL"
)
_BODY = both(
    "SELECT t.id, p.body, p.file, p.size FROM transmissions t JOIN payloads p ON p.id = t.payload_id WHERE t.id {ids}"
)

#: The kinds of business key that a reference may be one of.
_KEYS = ("order",)


class Verdict(msgspec.Struct, frozen=True):
    """What an earlier receipt said of a document: its type and its id."""

    receipt: str
    by: str


class SentDocument(msgspec.Struct, kw_only=True):
    """A document that we sent. ``verdict`` is the last one that was given."""

    id: int
    type: str
    version: str
    control_number: str
    business_key: str | None
    status: str
    position: int
    verdict: Verdict | None = None

    @property
    def name(self) -> str:
        return show("document", self.id)


class SentInterchange(msgspec.Struct, kw_only=True):
    """An interchange that we sent; changed as the receipts of a batch are applied one after the other.

    ``pending``: the documents that had no verdict after the last receipt, by which another worker's receipt is noticed.
    ``body`` is there where a receipt names places by number alone; ``read``: the documents in it, once it was read.
    """

    id: int
    transmission_id: int | None
    transmission_status: str | None
    standard: str
    sender: str
    receiver: str
    control_number: str
    status: str
    pending: int = 0
    documents: list[SentDocument] = []
    body: Body | None = None
    read: dict[str, RawDocument] | None = None

    def concerned(self, statement: Statement) -> list[SentDocument]:
        """The documents that a statement is about: all of them, or those that it names by a reference."""
        if statement.control_number:
            return self.documents
        if self.standard == UBL:
            return [document for document in self.documents if _names(statement, document)]
        keys = _keys(statement)
        return [document for document in self.documents if document.business_key in keys]

    @property
    def left(self) -> bool:
        """Whether it was not cancelled before it left."""
        return self.status != "void" and self.transmission_status != "cancelled"


class Brought(msgspec.Struct, kw_only=True):
    """One receipt's surroundings: where it came from, and what it may speak of.

    ``insists``: an operator let it hold although an earlier one said otherwise.
    """

    transmission_id: int
    sender: str
    receiver: str
    insists: bool = False
    candidates: list[SentInterchange] = []

    def find(self, statement: Statement, standard: str) -> SentInterchange | None:
        """The interchange that a statement is about: by control number, else by a reference.

        Numbers are counted for each pair of identities. A partner that answers under another of its names is
        understood as long as the number leaves no doubt. Of numbers that were used again the last one counts.
        """
        number = plain(statement.control_number)
        found = [
            one
            for one in self.candidates
            if one.standard == standard
            and (plain(one.control_number) == number if statement.control_number else one.concerned(statement))
        ]
        exact = [one for one in found if (one.sender, one.receiver) == (self.receiver, self.sender)]
        doubtful = len({(one.sender, one.receiver) for one in found}) > 1
        certain = exact or ([] if doubtful else found)
        return certain[-1] if certain else None


def load(connection: Connection, batch: Sequence[Inbound]) -> dict[int, Brought]:
    """For each receipt what it came in and what it may speak of. Receipts of one batch share what they speak of."""
    ids = [inbound.document_id for inbound in batch]
    insisting = set(run(connection, _RELEASED, ids=ids).scalars())
    brought = {
        row.id: Brought(
            transmission_id=row.transmission_id,
            sender=row.sender,
            receiver=row.receiver,
            insists=row.id in insisting,
            candidates=[],
        )
        for row in run(connection, _BROUGHT, ids=ids)
    }
    known: dict[int, SentInterchange] = {}
    by_pair = sorted(batch, key=lambda inbound: (inbound.own, inbound.partner))
    for (own, partner), group in groupby(by_pair, key=lambda inbound: (inbound.own, inbound.partner)):
        mine = list(group)
        found = _of_pair(connection, own, partner, mine)
        for inbound in mine:
            brought[inbound.document_id].candidates = [known.setdefault(one.id, one) for one in found]
    _complete(connection, known, with_bodies=any(_counts_segments(inbound) for inbound in batch))
    return brought


def _counts_segments(inbound: Inbound) -> bool:
    """Whether it names segments by their number alone, as a CONTRL does."""
    statements = inbound.document.statements if inbound.document.type == "CONTRL" else ()
    return any(document.remarks for statement in statements for document in statement.documents)


def _of_pair(connection: Connection, own: str, partner: str, batch: Iterable[Inbound]) -> list[SentInterchange]:
    statements = [statement for inbound in batch for statement in inbound.document.statements]
    numbers = sorted({name for one in statements for name in spellings(one.control_number)})
    rows = list(run(connection, _BY_NUMBER, own=own, partner=partner, names=numbers)) if numbers else []
    names = sorted({key for one in statements if not one.control_number for key in _keys(one)})
    if names:
        found = set(run(connection, _BY_KEY, own=own, partner=partner, names=names).scalars())
        own_numbers = sorted({number for one in statements if not one.control_number for number in one.references})
        found |= set(run(connection, _BY_OWN_NUMBER, own=own, partner=partner, names=own_numbers).scalars())
        more = sorted(found - {row.id for row in rows})
        rows += list(run(connection, _BY_ID, ids=more)) if more else []
    rows.sort(key=lambda row: row.id)
    return [SentInterchange(**row._asdict(), documents=[]) for row in rows]


def _names(statement: Statement, document: SentDocument) -> bool:
    """Whether it is about a document of UBL, which is named by its own number, and by its kind where that is known."""
    kind = statement.documents[0].type if statement.documents else ""
    return document.control_number in statement.references and (kind not in OF_TRADE or kind == document.type)


def _keys(statement: Statement) -> set[str]:
    """The business keys that its references may be."""
    return {f"{kind}:{reference}" for kind in _KEYS for reference in statement.references}


def _complete(connection: Connection, known: dict[int, SentInterchange], with_bodies: bool) -> None:
    """The documents, what was said of them, and the bytes where they are wanted."""
    if not known:
        return
    documents = {}
    for row in run(connection, _DOCUMENTS, ids=sorted(known)):
        if row.type == "TA1":
            continue  # a segment between the envelopes: no receipt speaks of it
        values = row._asdict()
        documents[row.id] = SentDocument(**{name: v for name, v in values.items() if name != "interchange_id"})
        known[row.interchange_id].documents.append(documents[row.id])
    sent = {one.transmission_id: one for one in known.values() if one.transmission_id is not None}
    for row in run(connection, _SAID, ids=sorted(documents)):
        documents[row.document_id].verdict = msgspec.json.decode(row.data, type=Verdict)
    if with_bodies:
        payloads = payloads_of(connection)
        for row in run(connection, _BODY, ids=sorted(sent)):
            sent[row.id].body = payloads.body_of(row)
