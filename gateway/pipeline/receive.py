"""Receive: store what came exactly as it came, commit, and only then answer.

One commit for all that is there. What was received before under the same identity is not received again.
"""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps

from gateway.core.ports import Arrival
from gateway.core.spooled import discard, sha256_of, size_of
from gateway.pipeline.narrate import narrate
from gateway.pipeline.queries import known_units
from gateway.pipeline.shelf import show
from gateway.store import Changes, Database, Step, commit, storable

INBOUND = "in"


def receive(database: Database, arrivals: Sequence[Arrival], now: int) -> list[int | None]:
    """Make the arrivals durable; returns their transmission ids, None where one was received before.

    Temporary files of bodies are removed after the commit. Raises :class:`StoreError` when the database or the payload
    store cannot take them: then nothing was received and nothing may be answered. Two receivers of the same unit at the
    same moment: one of them gets a ``ConflictError`` and, when it asks again, None.
    """
    changes = Changes(now)
    with database.read() as connection:
        known = known_units(connection, map(_unit, arrivals))
    local = [None if _unit(arrival) in known else arrived(changes, arrival, now) for arrival in arrivals]
    if any(local):
        commit(database, changes)
        narrate(changes)
    for arrival in arrivals:
        discard(arrival.body)
    return [None if number is None else changes.real(number) for number in local]


def _unit(arrival: Arrival) -> tuple[str, str]:
    """What makes it the same unit when it is met again, as the store keeps it."""
    return arrival.source, storable(arrival.transport_id)


def arrived(changes: Changes, arrival: Arrival, now: int, parent_id: int | None = None) -> int:
    """The rows of an arrival that nobody knows yet; returns its transmission. ``parent_id``: what it came with."""
    digest, count = sha256_of(arrival.body), size_of(arrival.body)
    transmission = changes.new(
        "transmissions",
        direction=INBOUND,
        endpoint=arrival.source,
        transport_id=arrival.transport_id,
        party=arrival.party,
        status="received",
        parent_id=parent_id,
        payload_id=changes.payload(arrival.body, digest),
        size=count,
        sha256=digest,
        file_name=arrival.file_name,
        headers=dumps(arrival.headers, ensure_ascii=False),
        created_at=now,
        updated_at=now,
    )
    if arrival.shown_until is not None:
        show(changes, arrival, transmission)
    size = {"size": count}
    log = size | {"party": arrival.party, "endpoint": arrival.source, "file_name": arrival.file_name}
    changes.event("transmission.received", data=size, log=log, transmission_id=transmission)
    changes.work(Step.TRANSLATE, transmission, arrival.source, turn=(transmission, 0), size=count)
    return transmission
