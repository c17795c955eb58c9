"""AS2 messages into the record, and their answers out of it: committed first, answered then.

A Message-ID that was taken is not taken again: the same content gets the MDN that it got before, other content is a
conflict and refused. What was refused counts for nothing: the partner may send it again under its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from gateway.core.exchanges import Accepted, Incoming, Reply
from gateway.core.issues import Issue
from gateway.core.ports import Clock
from gateway.core.spooled import discard, size_of
from gateway.pipeline.exchanged import STRANGERS, refuse, repeat, take
from gateway.pipeline.mdns import Mdns
from gateway.pipeline.narrate import narrate
from gateway.store import Changes, ConflictError, Database, commit, exchanges, storable

_DAY = 24 * 3600 * 1_000_000

#: How often a message is looked at again that another process has in hand at this moment.
_TRIES = 5

Identity = tuple[str, str, str]


class Quota(NamedTuple):
    """What is kept of refused messages in a day, at one door: messages, and bytes of them."""

    messages: int
    bytes: int


class Quotas(NamedTuple):
    """Of those that nobody is agreed on with, all together; and of each door of a partner."""

    strangers: Quota = Quota(1000, 64 * 1024 * 1024)
    partners: Quota = Quota(10_000, 4 * 1024 * 1024 * 1024)


class DatabaseExchanges(Mdns):
    """The :class:`~gateway.core.exchanges.Exchanges` of a database. Threads may share it; ``ring`` tells workers."""

    def __init__(
        self, database: Database, clock: Clock, ring: Callable[[str], None], quotas: Quotas | None = None
    ) -> None:
        super().__init__(database, clock)
        self._ring, self._quotas = ring, quotas or Quotas()

    def accept(self, incoming: Sequence[Incoming]) -> list[Accepted]:
        """Returns after the commit. Raises :class:`~gateway.core.errors.StoreError`: then nothing was received."""
        first, later = _apart(incoming)
        try:
            found = dict(zip(map(id, first), self._together(first), strict=True))
        except ConflictError:  # another process has one of them at this moment
            found = {id(each): self._alone(each) for each in first}
        for each in later:  # several in this batch have one name
            found[id(each)] = self._alone(each)
        for each in incoming:
            for body in (each.request, *(part.body for part in (*each.documents, *each.attachments))):
                discard(body)
        return [found[id(each)] for each in incoming]

    def forget_strangers(self, days: int) -> int:
        """Removes what strangers sent longer ago; returns how many messages."""
        with self._database.write() as connection:
            return exchanges.forget(connection, STRANGERS, self._clock.now() - days * _DAY)

    def _alone(self, message: Incoming) -> Accepted:
        for _ in range(_TRIES - 1):
            try:
                return self._together([message])[0]
            except ConflictError:
                continue
        return self._together([message])[0]

    def _together(self, messages: Sequence[Incoming]) -> list[Accepted]:
        changes = Changes(self._clock.now())
        with self._database.read() as connection:
            rows = exchanges.known(connection, [storable(each.message_id) for each in messages])
            doors = {_door(each) for each in messages if each.refused}
            full = {door: self._is_full(connection, door, changes.at) for door in doors}
        known = {(row.as2_from, row.as2_to, row.message_id): row for row in rows}
        found = [_accept(changes, each, known.get(_identity(each)), full.get(_door(each), False)) for each in messages]
        if changes.count:
            commit(self._database, changes)
            narrate(changes)
            for step in changes.steps:
                self._ring(step.name.lower())
        return [Accepted(_real(changes, each.transmission), each.what, each.reply) for each in found]

    def _is_full(self, connection: Any, door: str, now: int) -> bool:
        quota = self._quotas.strangers if door == STRANGERS else self._quotas.partners
        number, size = exchanges.refused(connection, door, now - _DAY, quota.messages)
        return number >= quota.messages or size >= quota.bytes


def _accept(changes: Changes, message: Incoming, row: Any, full: bool) -> Accepted:
    if message.refused is not None:
        kept = None if full else refuse(changes, _bounded(message), message.refused)
        return Accepted(kept, "refused", _answer(message, message.reply))
    if row is None:
        return Accepted(take(changes, message), "new", _answer(message, message.reply))
    if _same(row, message):
        reply = _stored(row) or message.answering("repeated")
        repeat(changes, message, row, reply)
        return Accepted(row.transmission_id, "repeated", _answer(message, reply))
    reply = message.answering("conflict")
    issue = Issue("AS2-CONFLICT", value=message.message_id, params={"earlier": f"tx_{row.transmission_id}"})
    changed = {"refused": issue, "reply": reply, "disposition": reply.disposition if reply else "conflict"}
    kept = refuse(changes, msgspec.structs.replace(message, documents=(), attachments=(), **changed), issue)
    return Accepted(kept, "conflict", _answer(message, reply))


def _answer(message: Incoming, reply: Reply | None) -> Reply | None:
    """What stands in the answer: an MDN that goes elsewhere does not."""
    return reply if message.mdn_mode == "sync" else None


def _same(row: Any, message: Incoming) -> bool:
    """Whether it is what came before: by its MIC, or by what is in it, where it was signed or compressed anew."""
    return bool((message.mic is not None and message.mic == row.mic) or message.content == row.content)


def _stored(row: Any) -> Reply | None:
    if row.mdn_headers is None or row.mdn_body is None:
        return None
    pairs = tuple((str(name), str(value)) for name, value in msgspec.json.decode(row.mdn_headers))
    return Reply(pairs, bytes(row.mdn_body), row.disposition or "")


def _bounded(message: Incoming) -> Incoming:
    """Of strangers no files are kept."""
    if message.endpoint is None and not isinstance(message.request, bytes):
        return msgspec.structs.replace(message, request=b"", facts={**message.facts, "size": size_of(message.request)})
    return message


def _apart(incoming: Sequence[Incoming]) -> tuple[list[Incoming], list[Incoming]]:
    """Those whose names are met for the first time here, and the others."""
    seen: set[Identity] = set()
    first: list[Incoming] = []
    later: list[Incoming] = []
    for each in incoming:
        (later if _identity(each) in seen else first).append(each)
        seen.add(_identity(each))
    return first, later


def _identity(message: Incoming) -> Identity:
    return storable(message.as2_from), storable(message.as2_to), storable(message.message_id)


def _door(message: Incoming) -> str:
    return message.endpoint or STRANGERS


def _real(changes: Changes, transmission: int | None) -> int | None:
    return None if transmission is None else changes.real(transmission)
