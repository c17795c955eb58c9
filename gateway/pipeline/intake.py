"""Intake: what doors hand their arrivals to that are called from outside; it answers after the commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gateway.core.ports import Arrival, Clock, Receipt
from gateway.core.spooled import sha256_of
from gateway.pipeline.receive import receive
from gateway.store import ConflictError, Database, Step
from gateway.store.statements import both, run, storable

_KNOWN = both(
    "SELECT id, endpoint, transport_id, sha256 FROM transmissions WHERE direction = 'in' AND transport_id {names}"
)


class DatabaseIntake:
    """The :class:`~gateway.core.ports.Intake` of a database. ``ring`` tells workers; any thread may call it."""

    def __init__(self, database: Database, clock: Clock, ring: Callable[[str], None]) -> None:
        self._database = database
        self._clock = clock
        self._ring = ring

    def accept(self, arrivals: Sequence[Arrival]) -> list[Receipt]:
        """One receipt for each arrival, after the commit. Raises :class:`~gateway.core.errors.StoreError`."""
        try:
            ids = receive(self._database, arrivals, self._clock.now())
        except ConflictError:  # another process has one of them at this moment
            ids = [receive(self._database, [arrival], self._clock.now())[0] for arrival in arrivals]
        if any(id is not None for id in ids):
            self._ring(Step.TRANSLATE.name.lower())
        known = [arrival for arrival, id in zip(arrivals, ids, strict=True) if id is None]
        repeated = iter(self._repeated(known) if known else ())
        return [Receipt(id) if id is not None else next(repeated) for id in ids]

    def _repeated(self, arrivals: Sequence[Arrival]) -> list[Receipt]:
        """Receipts of what was there before. Several may be of one unit, and differ in their bodies."""
        names = sorted({storable(arrival.transport_id) for arrival in arrivals})
        with self._database.read() as connection:
            found = {(row.endpoint, row.transport_id): row for row in run(connection, _KNOWN, names=names).all()}
        receipts = []
        for arrival in arrivals:
            row = found[arrival.source, storable(arrival.transport_id)]
            same = row.sha256 == sha256_of(arrival.body)
            receipts.append(Receipt(row.id, repeated=True, same_body=same))
        return receipts
