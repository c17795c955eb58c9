"""What people hand in and out by hand, through the gateway's own steps. Part of the composition root."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import product

from gateway.agreements import Agreement
from gateway.canonical import Document
from gateway.core.errors import UsageError
from gateway.core.ports import Arrival, Clock
from gateway.core.spooled import Body, size_of
from gateway.pipeline.by_hand import HandedIn, enclose, hand_out, pass_through
from gateway.pipeline.context import Context
from gateway.pipeline.intake import DatabaseIntake
from gateway.pipeline.narrate import narrate
from gateway.store import Changes, Database, commit, write

#: The source of what people hand in with ``crossdock receive`` when no endpoint is named.
BY_HAND = "command-line"


class Desk:
    """``context``: that of the moment; ``ring`` tells workers that a step has something to do."""

    def __init__(
        self, database: Database, clock: Clock, context: Callable[[], Context], ring: Callable[[str], None]
    ) -> None:
        self._database, self._clock, self._context, self._ring = database, clock, context, ring

    def receive(self, files: Sequence[tuple[str, Body]], party: str | None = None) -> list[int]:
        """As if these had arrived, (name, bytes) each, at the door of ``party``; returns their transmission ids.

        Handing a file in twice is two transmissions. Raises UsageError for a party without a door.
        """
        source = self._source(party)
        arrivals = [
            Arrival(source=source, transport_id=_unit(name, body), body=body, file_name=name, party=party)
            for name, body in files
        ]
        intake = DatabaseIntake(self._database, self._clock, self._ring)
        return [receipt.transmission for receipt in intake.accept(arrivals)]

    def hand_out(
        self,
        name: str,
        body: bytes,
        documents: Sequence[Document],
        ways: Sequence[Sequence[Agreement]],
        enclosed: Sequence[tuple[str, bytes]] = (),
    ) -> int:
        """Documents to one party on their way, each by its agreements; returns the transmission of the file.

        ``enclosed``: files (name, bytes) that go with it, where the endpoint takes some.
        """
        changes = Changes(self._clock.now())
        id = hand_out(changes, _handed_in(name, body), documents, ways)
        for each, content in enclosed:
            enclose(changes, _handed_in(each, content), ways[0][0].party, id)
        commit(self._database, changes)
        self._tell(changes)
        return changes.real(id)

    def pass_through(
        self,
        name: str,
        body: bytes,
        party: str,
        own: str | None = None,
        enclosed: Sequence[tuple[str, bytes]] = (),
    ) -> list[int]:
        """Interchanges that are ready, on their way to the party; returns their transmissions. ``enclosed`` as above.

        Raises UsageError for what is not from one of our own parties to this one or has numbers that a receipt could
        not tell from others, and NotFoundError without a door.
        """
        changes = Changes(self._clock.now())
        file = _handed_in(name, body)
        with self._database.write() as connection:
            sent = pass_through(connection, changes, self._context(), file, party, own)
            for (each, content), way in product(enclosed, sent):
                enclose(changes, _handed_in(each, content), party, way.transmission)
            write(connection, changes)
        self._tell(changes)
        return [changes.real(each.transmission) for each in sent]

    def _tell(self, changes: Changes) -> None:
        narrate(changes)
        for step in changes.steps:
            self._ring(step.name.lower())

    def _source(self, party: str | None) -> str:
        if party is None:
            return BY_HAND
        endpoints = [e for e in self._context().agreements.party(party).endpoints if e.direction == "in"]
        if not endpoints:
            raise UsageError(f"{party} has no endpoint that documents come in by.")
        return endpoints[0].name


def _handed_in(name: str, body: bytes) -> HandedIn:
    return HandedIn(BY_HAND, _unit(name, body), name, body)


def _unit(name: str, body: Body) -> str:
    """The identity of a file that is handed in by hand: each time is a time of its own."""
    return f"{name}@{time.time_ns()}#{size_of(body)}"
