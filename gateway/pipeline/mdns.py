"""Messages of ours and their MDNs in the record: written before they are sent, settled wherever the MDN arrives.

An MDN may be quicker than the end of the delivery that it answers, and may come to another machine. Whoever says what
became of an exchange takes its row first: then the other one sees what was said.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from json import dumps, loads
from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.core.exchanges import Conclusion, Incoming, Outgoing, Sent, Standing
from gateway.core.lifecycle import EXPECTATION, TRANSMISSION, decide
from gateway.core.ports import Clock
from gateway.core.spooled import sha256_of, size_of
from gateway.expectations import resolve
from gateway.pipeline.exchanged import STRANGERS
from gateway.pipeline.narrate import narrate
from gateway.store import Changes, Database, Step, exchanges, storable, turn, write
from gateway.store.statements import both, run

MDN = "MDN"

_LAST = "(SELECT max(id) FROM exchanges WHERE transmission_id = :id AND direction = 'out')"
#: The row is taken first, so that one of the two sees what the other says.
_SETTLE = (
    both("UPDATE exchanges SET updated_at = updated_at WHERE :at > 0 AND transmission_id = :id"),
    both(
        f"UPDATE expectations SET state = '{EXPECTATION['open', 'resolve']}', resolved_at = :at "  # noqa: S608
        "WHERE kind = 'MDN' AND transmission_id = :id AND state = 'open' "
        f"AND EXISTS (SELECT 1 FROM exchanges e WHERE e.id = {_LAST} AND e.status <> 'sent')"
    ),
    both(
        f"UPDATE transmissions SET status = '{TRANSMISSION['delivered', 'stop']}', updated_at = :at, "  # noqa: S608
        f"reason = (SELECT disposition FROM exchanges e WHERE e.id = {_LAST}) "
        "WHERE id = :id AND status = 'delivered' "
        f"AND EXISTS (SELECT 1 FROM exchanges e WHERE e.id = {_LAST} AND e.status = 'refused')"
    ),
)
_STATUS = both("SELECT id, status, party, endpoint, size FROM transmissions WHERE id = :id {locked}")


class Mdns:
    """The record of what left. Threads may share it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def standing(self, transmissions: Sequence[int]) -> dict[int, Standing]:
        """Where they stand, before they are packed."""
        with self._database.read() as connection:
            rows = exchanges.standing(connection, transmissions)
        return {id: _standing(rows[id]) if id in rows else Standing() for id in transmissions}

    def begin(self, messages: Sequence[Outgoing]) -> list[int]:
        """Written down before they are sent. Returns their exchanges."""
        changes = Changes(self._clock.now())
        local = [_begin(changes, message) for message in messages]
        self._write(changes)
        return [changes.real(id) for id in local]

    def conclude(self, conclusions: Sequence[Conclusion]) -> None:
        """Receipts that came in the answer: the delivery itself says what they mean for the transmission."""
        with self._database.write() as connection:
            changes = Changes(self._clock.now())
            for each in sorted(conclusions, key=lambda one: one.exchange):
                row = exchanges.locked(connection, each.exchange)
                if row is not None and row.status == "sent":
                    _conclude(changes, each)
            write(connection, changes)
        narrate(changes)

    def sent(self, party: str, message_ids: Sequence[str]) -> Sent | None:
        """The message of ours to the party with one of these Message-IDs."""
        with self._database.read() as connection:
            row = exchanges.sent(connection, party, [storable(id) for id in message_ids])
        if row is None:
            return None
        facts = loads(row.facts)
        known = (row.endpoint, row.party, row.message_id, row.mic, row.mic_algorithm, facts, row.status)
        return Sent(row.id, row.transmission_id, *known)

    def receive_mdn(self, incoming: Incoming, conclusion: Conclusion | None) -> int | None:
        """An MDN that came by itself: kept as it came; what it answers is settled, once."""
        with self._database.write() as connection:
            changes = Changes(self._clock.now())
            row = exchanges.locked(connection, conclusion.exchange) if conclusion is not None else None
            about = row.transmission_id if row is not None else None
            known = row is not None and row.status == "sent"
            kept = _keep_mdn(changes, incoming, about, known=known)
            if conclusion is not None and about is not None and known:
                _conclude(changes, conclusion, kept)
                resolve(changes, MDN, by=kept, transmission_id=about)
                if conclusion.refused is not None:
                    _stop(connection, changes, about, conclusion)
            write(connection, changes)
        narrate(changes)
        return changes.real(kept)

    def _write(self, changes: Changes) -> None:
        with self._database.write() as connection:
            write(connection, changes)
        narrate(changes)


def settle(changes: Changes, transmission: int) -> None:
    """With the commit that says it is delivered: what its MDN said meanwhile, on another connection or machine."""
    for statement in _SETTLE:
        changes.execute(statement, {"id": transmission}, at=changes.at)


class Resending:
    """For the sweep: messages of ours whose MDN did not come in time are sent again, under their Message-ID.

    ``patience`` says for an endpoint how long an MDN may take (microseconds) and how often it is sent again.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        patience: Callable[[str], tuple[int, int] | None],
        ring: Callable[[str], None] = lambda step: None,
    ) -> None:
        self._database, self._clock, self._patience, self._ring = database, clock, patience, ring

    def run(self) -> list[int]:
        """The transmissions that leave once more. Raises :class:`~gateway.core.errors.StoreError`."""
        now = self._clock.now()
        with self._database.read() as connection:
            if not exchanges.any_unanswered(connection, now):
                return []
        with self._database.write() as connection:
            changes = Changes(now)
            rows = exchanges.unanswered(connection, now)
            again = [row.transmission_id for row in rows if self._again(connection, changes, row)]
            write(connection, changes)
        narrate(changes)
        if again:
            self._ring(Step.DELIVER.name.lower())
        return again

    def _again(self, connection: Connection, changes: Changes, row: Any) -> bool:
        patience = self._patience(row.endpoint)
        if patience is None or row.attempts > patience[1]:
            changes.update("exchanges", row.id, resend_at=None)  # from now on it is overdue
            return False
        transmission = run(connection, _STATUS, id=row.transmission_id).first()
        if transmission is None or transmission.status != "delivered":
            changes.update("exchanges", row.id, resend_at=changes.at + patience[0])
            return False
        after = decide(TRANSMISSION, "delivered", "resend")
        changes.update("exchanges", row.id, resend_at=changes.at + patience[0])
        changes.update("transmissions", row.transmission_id, expected={"status": "delivered"}, status=after)
        changes.work(
            Step.DELIVER, row.transmission_id, row.endpoint, turn=turn(row.transmission_id), size=transmission.size
        )
        data = {"by": "no MDN", "before": "delivered"}
        changes.event("transmission.resent", data=data, log=data, transmission_id=row.transmission_id)
        return True


def _standing(row: Any) -> Standing:
    awaited = bool(row.awaited)
    if row.status == "sent":
        return Standing(row.id, row.message_id, row.attempts, awaited=awaited)
    if row.resent_at is not None and row.resent_at >= row.updated_at:
        return Standing(awaited=awaited)  # somebody wants it to be sent as a new message
    error = loads(row.facts).get("reason", row.disposition) if row.status == "refused" else None
    return Standing(row.id, row.message_id, row.attempts, concluded=True, error=error, awaited=awaited)


def _begin(changes: Changes, message: Outgoing) -> int:
    said: dict[str, Any] = {
        "mic": message.mic,
        "mic_algorithm": message.mic_algorithm,
        "facts": msgspec.json.encode(message.facts).decode(),
        "headers": dumps([list(pair) for pair in message.headers], ensure_ascii=False),
        "size": message.size,
        "mdn_mode": message.mdn_mode,
        "resend_at": message.resend_at,
    }
    if message.exchange is not None:
        changes.execute(_ATTEMPT, {"id": message.exchange}, at=changes.at)
        changes.update("exchanges", message.exchange, **said)
        return message.exchange
    return changes.new(
        "exchanges",
        direction="out",
        endpoint=message.endpoint,
        party=message.party,
        as2_from=message.as2_from,
        as2_to=message.as2_to,
        message_id=message.message_id,
        transmission_id=message.transmission,
        status="sent",
        attempts=1,
        **said,
    )


_ATTEMPT = both("UPDATE exchanges SET attempts = attempts + 1 WHERE id = :id")


def _conclude(changes: Changes, conclusion: Conclusion, mdn_transmission: int | None = None) -> None:
    """The exchange is answered: what the receipt says, and the receipt."""
    reply, refused = conclusion.reply, conclusion.refused
    status = "refused" if refused is not None else "delivered" if reply is None else "confirmed"
    values: dict[str, Any] = {"status": status, "disposition": conclusion.disposition, "resend_at": None}
    if reply is not None:
        values["mdn_headers"] = dumps([list(pair) for pair in reply.headers], ensure_ascii=False)
        values["mdn_id"] = changes.made(reply.body)
    if mdn_transmission is not None:
        values["mdn_transmission_id"] = mdn_transmission
    if refused is not None:
        values["facts"] = msgspec.json.encode({**conclusion.facts, "reason": refused.text}).decode()
    changes.update("exchanges", conclusion.exchange, expected={"status": "sent"}, **values)
    if reply is None or conclusion.transmission is None:
        return
    about = {"transmission_id": conclusion.transmission}
    log = {"disposition": conclusion.disposition or ""} | ({"reason": refused.code} if refused is not None else {})
    changes.event("mdn.received" if refused is None else "mdn.refused", data=log, log=log, **about)
    if refused is not None:
        changes.issue(refused, **about)


def _keep_mdn(changes: Changes, incoming: Incoming, about: int | None, *, known: bool) -> int:
    """The MDN as a transmission of its own, beside the one that it answers."""
    endpoint = incoming.endpoint or STRANGERS
    mdn = changes.new(
        "transmissions",
        direction="in",
        endpoint=endpoint,
        transport_id=f"mdn:{incoming.message_id}#{changes.at}-{secrets.token_hex(4)}",
        party=incoming.party,
        status=decide(TRANSMISSION, "received", "keep"),
        parent_id=about,
        format=MDN,
        payload_id=changes.payload(incoming.request) if size_of(incoming.request) else None,
        size=size_of(incoming.request),
        sha256=sha256_of(incoming.request),
        file_name="mdn.txt",
        headers=dumps([list(pair) for pair in incoming.headers], ensure_ascii=False),
    )
    if not known:
        log = {"party": incoming.party, "endpoint": endpoint, "disposition": incoming.disposition or ""}
        changes.event("mdn.unknown", data=log, log=log, transmission_id=mdn)
        if incoming.refused is not None:
            changes.issue(incoming.refused, transmission_id=mdn)
    return mdn


def _stop(connection: Connection, changes: Changes, transmission: int, conclusion: Conclusion) -> None:
    """What was delivered has not arrived, after all. What is still on its way is stopped by its delivery."""
    row = run(connection, _STATUS, id=transmission).first()
    if row is None or row.status != "delivered" or conclusion.refused is None:
        return
    reason = conclusion.refused.text
    after = decide(TRANSMISSION, "delivered", "stop")
    changes.update("transmissions", transmission, expected={"status": "delivered"}, status=after, reason=reason)
    log = {"party": row.party, "endpoint": row.endpoint, "error": reason}
    changes.event("transmission.stopped", data={"error": reason}, log=log, transmission_id=transmission)
