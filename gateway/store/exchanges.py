"""AS2 exchanges in the database: the statements that read them. What they mean is in the pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from gateway.store.statements import both, run

AnyRow = Any

#: What came under these Message-IDs and was not refused, with its MDN.
_KNOWN = both(
    "SELECT e.id, e.as2_from, e.as2_to, e.message_id, e.mic, e.content, e.status, e.transmission_id, e.mdn_mode, "
    "e.disposition, e.mdn_headers, e.mdn_transmission_id, p.body AS mdn_body, t.status AS mdn_status, t.headers AS "
    "mdn_told, t.size AS mdn_size "
    "FROM exchanges e LEFT JOIN payloads p ON p.id = e.mdn_id "
    "LEFT JOIN transmissions t ON t.id = e.mdn_transmission_id "
    "WHERE e.message_id {names} AND e.direction = 'in' AND e.status <> 'refused'"
)
#: How much was refused at a door since a moment; no more rows than count.
_REFUSED = both(
    "SELECT count(*) AS number, coalesce(sum(size), 0) AS size FROM (SELECT size FROM exchanges "
    "WHERE endpoint = :endpoint AND status = 'refused' AND created_at > :since LIMIT :most) e"
)
#: The last exchange of each transmission of ours, and when it was sent again by hand.
_STANDING = both(
    "SELECT e.id, e.transmission_id, e.message_id, e.status, e.attempts, e.disposition, e.updated_at, "
    "EXISTS (SELECT 1 FROM expectations x WHERE x.transmission_id = e.transmission_id AND x.kind = 'MDN' "
    "AND x.state IN ('open', 'overdue')) AS awaited, "
    "(SELECT max(v.at) FROM events v WHERE v.transmission_id = e.transmission_id AND v.interchange_id IS NULL "
    "AND v.document_id IS NULL AND v.name = 'transmission.resent') AS resent_at, "
    "(SELECT t.reason FROM transmissions t WHERE t.id = e.transmission_id) AS reason "
    "FROM exchanges e WHERE e.transmission_id {ids} AND e.direction = 'out' ORDER BY e.id"
)
_SENT = both(
    "SELECT e.id, e.transmission_id, e.endpoint, e.party, e.message_id, e.mic, e.mic_algorithm, e.facts, e.status "
    "FROM exchanges e WHERE e.message_id {names} AND e.direction = 'out' AND e.party = :party "
    "ORDER BY e.id DESC LIMIT 1"
)
#: Whoever says what became of an exchange has its row until the commit.
_LOCK = both("SELECT id, status, transmission_id FROM exchanges WHERE id = :id {locked}")
_UNANSWERED = both(
    "SELECT e.id, e.transmission_id, e.endpoint, e.attempts FROM exchanges e WHERE e.resend_at <= :now "
    "AND e.status = 'sent' ORDER BY e.resend_at LIMIT :most {free}"
)
_ANY_UNANSWERED = both("SELECT 1 FROM exchanges WHERE resend_at <= :now LIMIT 1")
#: What strangers sent, which nothing else points to.
_STRANGERS = both(
    "SELECT e.id, e.transmission_id, e.request_id, e.mdn_id FROM exchanges e WHERE e.endpoint = :endpoint "
    "AND e.status = 'refused' AND e.created_at < :before ORDER BY e.created_at LIMIT :most"
)
_FORGET = tuple(
    both(text)
    for text in (
        "DELETE FROM issues WHERE transmission_id {ids}",
        "DELETE FROM events WHERE transmission_id {ids}",
        "DELETE FROM transmissions WHERE id {ids} AND status = 'refused'",
    )
)
_FORGET_EXCHANGES = both("DELETE FROM exchanges WHERE id {ids}")
_FORGET_PAYLOADS = both("DELETE FROM payloads WHERE id {ids} AND sha256 = ''")

#: Strangers of the last day, for whoever might want to admit them.
_WHO = both(
    "SELECT as2_from, as2_to, count(*) AS number, max(created_at) AS at FROM (SELECT as2_from, as2_to, created_at "
    "FROM exchanges WHERE endpoint = :endpoint AND status = 'refused' AND created_at > :since LIMIT :most) e "
    "GROUP BY as2_from, as2_to ORDER BY number DESC, as2_from LIMIT 20"
)


def known(connection: Connection, message_ids: Iterable[str]) -> list[AnyRow]:
    """What came in under one of these Message-IDs and was not refused, with its MDN."""
    return run(connection, _KNOWN, names=sorted(set(message_ids))).all()


def refused(connection: Connection, endpoint: str, since: int, most: int) -> tuple[int, int]:
    """(messages, bytes) that were refused at a door since then; not counted beyond ``most`` messages."""
    row = run(connection, _REFUSED, endpoint=endpoint, since=since, most=most).one()
    return int(row.number), int(row.size)


def standing(connection: Connection, transmissions: Sequence[int]) -> dict[int, AnyRow]:
    """The last exchange of each transmission that left."""
    return {row.transmission_id: row for row in run(connection, _STANDING, ids=list(transmissions))}


def sent(connection: Connection, party: str, message_ids: Sequence[str]) -> AnyRow | None:
    """The message of ours to a party with one of these Message-IDs."""
    return run(connection, _SENT, names=list(message_ids), party=party).first()


def locked(connection: Connection, exchange: int) -> AnyRow | None:
    """The row of an exchange, nobody else's until the commit."""
    return run(connection, _LOCK, id=exchange).first()


def any_unanswered(connection: Connection, now: int) -> bool:
    """Whether an MDN did not come in time: cheap to ask once a second."""
    return run(connection, _ANY_UNANSWERED, now=now).first() is not None


def unanswered(connection: Connection, now: int, most: int = 100) -> list[AnyRow]:
    """Messages of ours whose MDN did not come in time; they are the caller's until the commit."""
    return run(connection, _UNANSWERED, now=now, most=most).all()


def strangers(connection: Connection, endpoint: str, since: int, most: int = 1000) -> list[AnyRow]:
    """Who knocked since then and was not known: names, how often, and when for the last time."""
    return run(connection, _WHO, endpoint=endpoint, since=since, most=most).all()


def forget(connection: Connection, endpoint: str, before: int, most: int = 500) -> int:
    """Removes what strangers sent before a moment, with its bytes; returns how many messages."""
    rows = run(connection, _STRANGERS, endpoint=endpoint, before=before, most=most).all()
    if not rows:
        return 0
    transmissions = [row.transmission_id for row in rows if row.transmission_id is not None]
    for statement in _FORGET:
        run(connection, statement, ids=transmissions)
    run(connection, _FORGET_EXCHANGES, ids=[row.id for row in rows])
    payloads = [id for row in rows for id in (row.request_id, row.mdn_id) if id is not None]
    run(connection, _FORGET_PAYLOADS, ids=payloads)
    return len(rows)
