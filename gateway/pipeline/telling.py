"""Events for those who want to hear of them: written as outgoing transmissions in the commit that they tell of.

Each event becomes one transmission for each endpoint whose ``events`` name it: a CloudEvent (version 1.0, JSON format).
What is told of one business key leaves an endpoint in the order in which it happened. Deliveries of events are
recorded and shown as others are, and no event tells of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.agreements import Agreements, Endpoint
from gateway.pipeline.event_letter import FORMAT, About, letter
from gateway.store import Changes, Step
from gateway.store.commit import append
from gateway.store.statements import both, run

_DOCUMENTS = both(
    "SELECT d.id, d.direction, d.interchange_id, d.transmission_id, d.parent_id, d.from_party, d.to_party, d.lane, "
    "d.standard, d.version, d.type, d.canonical, d.business_key, d.control_number, t.endpoint, t.format, t.file_name "
    "FROM documents d LEFT JOIN transmissions t ON t.id = d.transmission_id WHERE d.id {ids}"
)
_INTERCHANGES = both(
    "SELECT i.id, i.direction, i.transmission_id, i.from_party, i.to_party, i.lane, i.standard, i.version, "
    "i.control_number, t.endpoint, t.format, t.file_name "
    "FROM interchanges i JOIN transmissions t ON t.id = i.transmission_id WHERE i.id {ids}"
)
_TRANSMISSIONS = both(
    "SELECT id, direction, party, lane, endpoint, format, file_name FROM transmissions WHERE id {ids}"
)


class Subscription(msgspec.Struct, frozen=True):
    """One endpoint, and what it is told of."""

    endpoint: Endpoint
    own: bool

    def wants(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self.endpoint.events)

    def hears(self, about: About) -> bool:
        """Whether it is told of this. An external party only hears of what it sent or gets."""
        told = self.endpoint.events_of
        parties = {party for party in (about.from_party, about.to_party, about.party) if party}
        if not self.own and self.endpoint.party not in parties:
            return False
        if told.parties and not parties.intersection(told.parties):
            return False
        if told.types and not {about.type, about.canonical}.intersection(told.types):
            return False
        return told.lane is None or told.lane == about.lane


class Telling:
    """What :meth:`gateway.store.Database.listen` calls in each commit. ``current`` gives the agreements of now."""

    def __init__(self, current: Callable[[], Agreements]) -> None:
        self._current = current

    def __call__(self, connection: Connection, changes: Changes) -> None:
        """Adds to the transaction what is to be told of ``changes``, which are written already."""
        rows = changes.rows.get("events")
        if not rows:
            return
        agreements = self._current()
        listening = subscriptions(agreements)
        if not listening:
            return
        wanted = [(row, subscribed) for row in rows if (subscribed := [s for s in listening if s.wants(row["name"])])]
        if wanted:
            _tell(connection, changes, wanted)


@lru_cache(maxsize=8)
def subscriptions(agreements: Agreements) -> tuple[Subscription, ...]:
    """Who is told of anything."""
    doors = agreements.endpoints("out")
    return tuple(Subscription(door, agreements.party(door.party).own) for door in doors if door.events)


def _tell(connection: Connection, changes: Changes, wanted: Sequence[tuple[Any, list[Subscription]]]) -> None:
    abouts = _abouts(connection, [row for row, _ in wanted], changes.real)
    more = Changes(changes.at)
    for row, subscribed in wanted:
        about = abouts[row["id"]]
        if about.format == FORMAT:
            continue  # of the delivery of an event no event is made
        for subscription in subscribed:
            if subscription.hears(about):
                _send(more, subscription.endpoint, row, about, changes.real(row["id"]))
    if more.count:
        append(connection, changes, more)


def _send(more: Changes, endpoint: Endpoint, row: Any, about: About, event: int) -> None:
    body = letter(endpoint.name, row["name"], row["at"], event, about, row["data"])
    transmission = more.new(
        "transmissions",
        direction="out",
        endpoint=endpoint.name,
        transport_id=f"evt_{event}",
        party=endpoint.party,
        status="composed",
        parent_id=about.transmission_id,
        lane=about.lane,
        format=FORMAT,
        payload_id=more.made(body),
        size=len(body),
        sha256=sha256(body).hexdigest(),
        file_name=f"{row['name']}-{event}.event.json",
    )
    more.event("transmission.composed", transmission_id=transmission)
    order = about.business_key or (f"tx_{about.transmission_id}" if about.transmission_id else None)
    lane = f"{endpoint.name}|{order}" if order else None
    more.work(Step.DELIVER, transmission, endpoint.name, turn=(transmission, 0), lane=lane, size=len(body))


def _abouts(connection: Connection, rows: Iterable[Any], real: Callable[[int], int]) -> dict[int, About]:
    """What each event is about: the smallest thing that it names, with what is known of it."""
    named: dict[str, dict[int, int]] = {"document_id": {}, "interchange_id": {}, "transmission_id": {}}
    for row in rows:
        column = next((column for column in named if row[column] is not None), None)
        if column is not None:
            named[column][row["id"]] = real(row[column])
    found: dict[int, About] = {}
    reads = (("document_id", _DOCUMENTS), ("interchange_id", _INTERCHANGES), ("transmission_id", _TRANSMISSIONS))
    for column, statement in reads:
        ids = sorted(set(named[column].values()))
        known = {row.id: About.of(column, row) for row in run(connection, statement, ids=ids).all()} if ids else {}
        found |= {event: known[id] for event, id in named[column].items()}
    return {row["id"]: found.get(row["id"], About()) for row in rows}
