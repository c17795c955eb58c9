"""Deliver: hand what was composed to the connector of its endpoint, and write down what became of it.

At least once with a stable name: whoever delivers again after a crash delivers the same bytes under the same name.
At a door that partners look into nothing is handed out: it is deposited, and shown until it is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.core.errors import CrossdockError, NotFoundError
from gateway.core.ports import Departure, Enclosure, OutboundConnector, Outcome
from gateway.core.spooled import Body
from gateway.expectations import expect, give_up
from gateway.pipeline import queries
from gateway.pipeline.context import Context
from gateway.pipeline.delivered import delivered, deposited, holds_receipts
from gateway.pipeline.event_letter import FORMAT
from gateway.pipeline.exchanged import MDN
from gateway.pipeline.mdns import settle
from gateway.pipeline.whole import whole
from gateway.store import Changes, Database, Failure, Result, Step, WorkItem
from gateway.store.ids import show

Doors = Callable[[str], OutboundConnector]

_BEHIND = "An earlier transmission with the same business key has not left yet."
_WAIT = 0.2  # seconds until it is looked at again; it was not its turn, so this is no try
_UNTRIED = 1.0  # the door handed it back without a try
_TOLD = 100  # documents that are named to the door


class Job(msgspec.Struct, kw_only=True):
    """One outgoing transmission and the documents in it. ``behind``: an earlier one with its key leaves first."""

    item: WorkItem
    row: Any
    body: Body | None = None
    documents: list[Any] = []
    behind: bool = False
    enclosures: tuple[tuple[str, str, Body | None], ...] = ()


class Deliver:
    """The step. ``doors`` gives the connector of an endpoint by its name."""

    step = Step.DELIVER

    def __init__(self, context: Context, doors: Doors) -> None:
        self.context = context
        self.doors = doors

    def load(self, database: Database, items: Sequence[WorkItem]) -> list[Job]:
        ids = [item.subject for item in items]
        with database.read() as connection:
            rows = queries.transmissions(connection, ids)
            jobs = {
                item.subject: Job(
                    item=item, row=rows[item.subject], body=database.payloads.body_of(rows[item.subject]), documents=[]
                )
                for item in items
            }
            documents = queries.documents_of(connection, ids)
            first = queries.leaving(connection, [each.business_key for each in documents if each.business_key])
            self._enclose(database, connection, jobs.values())
        for document in documents:
            job = jobs[document.transmission_id]
            job.documents.append(document)
            job.behind |= first.get((document.business_key, job.row.endpoint), job.row.id) < job.row.id
        return list(jobs.values())

    def _enclose(self, database: Database, connection: Connection, jobs: Iterable[Job]) -> None:
        """What came with a document goes on with it where the endpoint says so; by hand it is given to what leaves."""
        taking = [job for job in jobs if job.row.format != MDN and self._encloses(job.row.endpoint)]
        if not taking:
            return
        places = {place for job in taking for place in (job.row.id, job.row.parent_id) if place is not None}
        found = queries.attached(connection, places)
        for job in taking:
            job.enclosures = tuple(
                (row.file_name, _type_of(row), database.payloads.body_of(row))
                for row in found
                if row.parent_id in {job.row.id, job.row.parent_id}
            )

    def _encloses(self, endpoint: str) -> bool:
        try:
            return self.context.agreements.endpoint(endpoint).options.get("attachments") is True
        except NotFoundError:
            return False

    def run(self, jobs: list[Job]) -> Result:
        outcomes = self._deliver([job for job in jobs if not job.behind])
        changes = Changes(self.context.clock.now())
        result = Result(changes)
        for job in jobs:
            if job.behind:
                result.failures.append(Failure(job.item.id, _BEHIND, waits=_WAIT))
                continue
            outcome = outcomes[job.row.id]
            if outcome.error is not None:
                waits = max(_UNTRIED, outcome.retry_after or 0.0) if outcome.untried else None
                failure = Failure(job.item.id, outcome.error, outcome.retryable, waits, outcome.retry_after)
                result.failures.append(failure)
                continue
            if outcome.deposited is not None:
                deposited(changes, job.row, job.documents, outcome.deposited)
            else:
                delivered(changes, job.row, job.documents)
            if outcome.awaits is not None:
                kind, party, due = outcome.awaits
                if due:
                    expect(changes, kind, party=party, due=due, transmission_id=job.row.id)
                settle(changes, job.row.id)
            result.finished.append(job.item.id)
        return result

    def fail(self, item: WorkItem, error: str) -> Changes:
        changes = Changes(self.context.clock.now())
        give_up(changes, item, error)
        return changes

    def _deliver(self, jobs: list[Job]) -> dict[int, Outcome]:
        by_endpoint: dict[str, list[Job]] = {}
        for job in jobs:
            by_endpoint.setdefault(job.row.endpoint, []).append(job)
        outcomes: dict[int, Outcome] = {}
        for endpoint, mine in by_endpoint.items():
            departures = [each for job in mine if (each := _departure(job, endpoint, outcomes)) is not None]
            try:
                found = self.doors(endpoint).deliver(departures) if departures else []
            except CrossdockError as error:
                found = [Outcome(d.transmission, str(error), error.retryable) for d in departures]
            outcomes |= {outcome.transmission: outcome for outcome in found}
        return outcomes


def _departure(job: Job, endpoint: str, outcomes: dict[int, Outcome]) -> Departure | None:
    """What is handed to the door; None where its bytes are lost, which is an outcome, and no door's fault."""
    try:
        body = whole(job.body, job.row.id)
        enclosures = tuple(Enclosure(name, type, whole(each, job.row.id)) for name, type, each in job.enclosures)
    except CrossdockError as error:
        outcomes[job.row.id] = Outcome(job.row.id, str(error), error.retryable, untried=error.retryable)
        return None
    return Departure(
        transmission=job.row.id,
        endpoint=endpoint,
        name=job.row.file_name,
        body=body,
        headers=_told(job),
        receipt=holds_receipts(job.documents),
        enclosures=() if holds_receipts(job.documents) else enclosures,
    )


def _type_of(row: Any) -> str:
    told: dict[str, str] = msgspec.json.decode(row.headers) if row.headers else {}
    return told.get("content-type", "")


def _told(job: Job) -> dict[str, str]:
    """Whom it is for, what it is where all of it is the same, and the ids of the first documents in it."""
    row = job.row
    if row.format == MDN:  # where it goes stands with it
        told: dict[str, str] = msgspec.json.decode(row.headers, type=dict[str, str])
        return told
    if row.format == FORMAT:  # the file name begins with the name of the event
        return {"party": row.party or "", "type": row.file_name.rpartition("-")[0]}
    types = {document.type for document in job.documents}
    return {
        "party": row.party or "",
        "type": types.pop() if len(types) == 1 else "",
        "documents": " ".join(show("document", document.id) for document in job.documents[:_TOLD]),
    }
