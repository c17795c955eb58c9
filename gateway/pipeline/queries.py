"""What the steps read: named statements, one round trip for a whole batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from gateway.core.spooled import Body
from gateway.store.database import payloads_of
from gateway.store.statements import both, run

AnyRow = Any

_KNOWN = both("SELECT endpoint, transport_id FROM transmissions WHERE direction = 'in' AND transport_id {names}")
_TRANSMISSIONS = both(
    "SELECT t.id, t.endpoint, t.party, t.file_name, t.format, t.parent_id, t.size, t.headers, p.body, p.file "
    "FROM transmissions t LEFT JOIN payloads p ON p.id = t.payload_id WHERE t.id {ids}"
)
_ATTACHED = both(
    "SELECT t.parent_id, t.file_name, t.headers, t.size, p.body, p.file FROM transmissions t "
    "JOIN payloads p ON p.id = t.payload_id "
    "WHERE t.parent_id {ids} AND t.format = 'attachment' AND t.status = 'kept' ORDER BY t.id"
)
_EARLIER = both(
    "SELECT i.id, i.transmission_id, i.position, i.identity, i.sha256, i.status, t.status AS transmission_status "
    "FROM interchanges i JOIN transmissions t ON t.id = i.transmission_id WHERE i.identity {names}"
)
_BEGUN = both("SELECT id, transmission_id, position, status FROM interchanges WHERE transmission_id {ids}")
_RELEASED = both(
    "SELECT transmission_id, code FROM holds WHERE transmission_id {ids} AND document_id IS NULL "
    "AND released_at IS NOT NULL"
)
_RECEIPTS = both(
    "SELECT d.source_interchange_id, p.body FROM documents d JOIN payloads p ON p.id = d.payload_id "
    "WHERE d.source_interchange_id {ids} AND d.direction = 'out' AND d.canonical IS NULL AND d.parent_id IS NULL "
    "ORDER BY d.id"
)
_WRITTEN = both("SELECT id, interchange_id, position FROM documents WHERE interchange_id {ids} AND direction = 'in'")
_ISSUES = both(
    "SELECT document_id, data FROM issues WHERE interchange_id {ids} AND document_id IS NOT NULL ORDER BY id"
)
_DOCUMENTS = both("SELECT d.*, p.body FROM documents d LEFT JOIN payloads p ON p.id = d.payload_id WHERE d.id {ids}")
_RAW = both(
    "SELECT t.id, p.body, p.file, p.size FROM transmissions t JOIN payloads p ON p.id = t.payload_id WHERE t.id {ids}"
)
_EMITTED = both(
    "SELECT d.*, p.body, i.transmission_id AS source_transmission_id FROM documents d "
    "JOIN payloads p ON p.id = d.payload_id JOIN interchanges i ON i.id = d.source_interchange_id "
    "WHERE d.source_interchange_id {ids} AND d.status = 'emitted' ORDER BY d.turn, d.id"
)
#: The status is no index to find them by: many documents may wait, few have the key.
_OVERTAKEN = both(
    "SELECT d.*, p.body, i.transmission_id AS source_transmission_id FROM documents d "
    "JOIN payloads p ON p.id = d.payload_id JOIN interchanges i ON i.id = d.source_interchange_id "
    "WHERE NOT d.source_interchange_id {ids} AND d.id IN ("
    "SELECT e.id FROM documents n JOIN documents e ON e.business_key = n.business_key AND e.agreement = n.agreement "
    "WHERE n.source_interchange_id {ids} AND n.status || '' = 'emitted' "
    "AND e.status || '' = 'emitted' AND e.turn < n.turn)"
)
#: What an agreement has not sent yet, but for what stands behind something withheld.
_COLLECTED = both(
    "SELECT d.*, p.body, i.transmission_id AS source_transmission_id FROM documents d "
    "JOIN payloads p ON p.id = d.payload_id JOIN interchanges i ON i.id = d.source_interchange_id "
    "WHERE d.status = 'emitted' AND d.agreement {names} AND NOT EXISTS ("
    "SELECT 1 FROM documents w WHERE w.status = 'withheld' AND w.business_key || '' = d.business_key "
    "AND w.agreement = d.agreement AND w.turn < d.turn) ORDER BY d.turn, d.id LIMIT :most"
)
#: Few are withheld, many may have the key.
_WITHHELD = both(
    "SELECT agreement, business_key, min(turn) AS turn FROM documents "
    "WHERE status = 'withheld' AND business_key || '' {names} GROUP BY agreement, business_key"
)
#: Who sent what has these keys: whom a document with one of them answers.
_SENDERS = both(
    "SELECT DISTINCT business_key, from_party, to_party, lane FROM documents "
    "WHERE business_key {names} AND direction = 'in' AND status || '' <> 'refused'"
)
#: Lanes keep files of one document in order; files of several have no lane of each key. Asked by key: a join with what
#: is delivered now has no plan that is good on a table which grows while it is asked.
_LEAVING = both(
    "SELECT e.business_key, s.id, s.endpoint FROM documents e JOIN transmissions s ON s.id = e.transmission_id "
    "WHERE e.business_key {names} AND e.direction = 'out' AND e.status || '' = 'composed' "
    "AND s.status || '' IN ('composed', 'stopped')"
)
_SENT_BY = both(
    "SELECT id, transmission_id, type, status, business_key FROM documents "
    "WHERE transmission_id {ids} AND direction = 'out'"
)


def known_units(connection: Connection, units: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which (endpoint, transport id) were received before."""
    wanted = set(units)
    names = sorted({transport_id for _, transport_id in wanted})
    return wanted & {(row.endpoint, row.transport_id) for row in run(connection, _KNOWN, names=names).all()}


def transmissions(connection: Connection, ids: Sequence[int]) -> dict[int, AnyRow]:
    """Transmissions with their bytes, or the names of their files: see ``Payloads.body_of``."""
    return {row.id: row for row in run(connection, _TRANSMISSIONS, ids=list(ids)).all()}


def attached(connection: Connection, ids: Iterable[int]) -> list[AnyRow]:
    """Attachments of transmissions, in their order; their bytes as above."""
    return list(run(connection, _ATTACHED, ids=sorted(set(ids))).all())


def earlier(connection: Connection, identities: Iterable[str]) -> dict[str, AnyRow]:
    """Interchanges that were received under these identities."""
    return {row.identity: row for row in run(connection, _EARLIER, names=sorted(set(identities))).all()}


def begun(connection: Connection, transmissions: Sequence[int]) -> list[AnyRow]:
    """Interchanges that are there already of transmissions that are translated: earlier chunks wrote them."""
    return list(run(connection, _BEGUN, ids=list(transmissions)).all())


def released_codes(connection: Connection, transmissions: Sequence[int]) -> set[tuple[int, str]]:
    """Holds of transmissions that somebody released: (transmission, code of the hold)."""
    rows = run(connection, _RELEASED, ids=list(transmissions))
    return {(row.transmission_id, row.code) for row in rows}


def receipts(connection: Connection, interchanges: Sequence[int]) -> dict[int, list[bytes]]:
    """The bodies of the receipts that interchanges were answered with."""
    found: dict[int, list[bytes]] = {}
    for row in run(connection, _RECEIPTS, ids=list(interchanges)).all():
        found.setdefault(row.source_interchange_id, []).append(bytes(row.body))
    return found


def written_documents(connection: Connection, interchanges: Sequence[int]) -> list[AnyRow]:
    """The documents of interchanges that earlier chunks committed."""
    return list(run(connection, _WRITTEN, ids=list(interchanges)).all())


def document_issues(connection: Connection, interchanges: Sequence[int]) -> dict[int, list[str]]:
    """Issues (JSON) of the documents of interchanges, by document."""
    found: dict[int, list[str]] = {}
    for row in run(connection, _ISSUES, ids=list(interchanges)).all():
        found.setdefault(row.document_id, []).append(row.data)
    return found


def documents(connection: Connection, ids: Sequence[int]) -> dict[int, AnyRow]:
    """Documents with the bytes of their canonical form, where they have one."""
    return {row.id: row for row in run(connection, _DOCUMENTS, ids=list(ids)).all()}


def raw_bodies(connection: Connection, transmissions: Sequence[int]) -> dict[int, Body]:
    """The bytes of transmissions, or their files."""
    payloads = payloads_of(connection)
    found = {row.id: payloads.body_of(row) for row in run(connection, _RAW, ids=list(transmissions)).all()}
    return {id: body for id, body in found.items() if body is not None}


def emitted(connection: Connection, interchanges: Sequence[int]) -> list[AnyRow]:
    """Documents that wait to be composed, in the order of their turns."""
    return list(run(connection, _EMITTED, ids=list(interchanges)).all())


def overtaken(connection: Connection, interchanges: Sequence[int]) -> list[AnyRow]:
    """Documents of other interchanges that wait too, and that some document of these would overtake."""
    return list(run(connection, _OVERTAKEN, ids=list(interchanges)).all())


def collected(connection: Connection, agreements: Iterable[str], most: int) -> list[AnyRow]:
    """Documents that wait to be composed by these agreements, at most so many, in the order of their turns.

    Those that stand behind a withheld one of their key are not among them: they would keep others out for ever.
    """
    return list(run(connection, _COLLECTED, names=sorted(agreements), most=most).all())


def withheld(connection: Connection, keys: Iterable[str]) -> dict[tuple[str, str], int]:
    """The first turn of what is withheld, by agreement and business key."""
    rows = run(connection, _WITHHELD, names=sorted(keys))
    return {(row.agreement, row.business_key): row.turn for row in rows}


def senders(connection: Connection, keys: Iterable[str]) -> list[AnyRow]:
    """Who sent documents with these business keys, to whom of us, in which lane."""
    return list(run(connection, _SENDERS, names=sorted(keys)).all())


def leaving(connection: Connection, keys: Iterable[str]) -> dict[tuple[str, str], int]:
    """By (business key, endpoint): the first transmission with that key which has not left that endpoint yet.

    One that was given up keeps its place, as a hold does, until an operator sends it again or cancels it.
    """
    wanted = sorted(set(keys))
    first: dict[tuple[str, str], int] = {}
    for row in run(connection, _LEAVING, names=wanted) if wanted else ():
        place = row.business_key, row.endpoint
        first[place] = min(row.id, first.get(place, row.id))
    return first


def documents_of(connection: Connection, transmissions: Sequence[int]) -> list[AnyRow]:
    """Which documents left with which transmission."""
    return list(run(connection, _SENT_BY, ids=list(transmissions)).all())
