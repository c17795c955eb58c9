"""Deliver: hand what was composed to the connector of its endpoint, and write down what became of it.

At least once with a stable name: whoever delivers again after a crash delivers the same bytes under the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from gateway.core.errors import CrossdockError
from gateway.core.lifecycle import DOCUMENT, TRANSMISSION, decide
from gateway.core.ports import Departure, OutboundConnector, Outcome
from gateway.expectations import give_up
from gateway.pipeline import queries
from gateway.pipeline.context import Context
from gateway.store import Changes, Database, Failure, Result, Step, WorkItem

Doors = Callable[[str], OutboundConnector]

_BEHIND = "An earlier transmission with the same business key has not left yet."
_WAIT = 0.2  # seconds until it is looked at again; it was not its turn, so this is no try


class Job(msgspec.Struct, kw_only=True):
    """One outgoing transmission and the documents in it. ``behind``: an earlier one with its key leaves first."""

    item: WorkItem
    row: Any
    documents: list[Any] = []
    behind: bool = False


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
            jobs = {item.subject: Job(item=item, row=rows[item.subject], documents=[]) for item in items}
            for document in queries.documents_of(connection, ids):
                jobs[document.transmission_id].documents.append(document)
            for transmission in queries.behind(connection, ids):
                jobs[transmission].behind = True
        return list(jobs.values())

    def run(self, jobs: list[Job]) -> Result:
        outcomes = self._deliver([job for job in jobs if not job.behind])
        changes = Changes(self.context.clock.now())
        result = Result(changes)
        for job in jobs:
            if job.behind:
                result.failures.append(Failure(job.item.id, _BEHIND, waits=_WAIT))
                continue
            outcome = outcomes[job.row.id]
            if outcome.error is None:
                _delivered(changes, job)
                result.finished.append(job.item.id)
            else:
                result.failures.append(Failure(job.item.id, outcome.error, outcome.retryable))
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
            departures = [
                Departure(transmission=job.row.id, endpoint=endpoint, name=job.row.file_name, body=bytes(job.row.body))
                for job in mine
            ]
            try:
                found = self.doors(endpoint).deliver(departures)
            except CrossdockError as error:
                found = [Outcome(d.transmission, str(error), error.retryable) for d in departures]
            outcomes |= {outcome.transmission: outcome for outcome in found}
        return outcomes


def _delivered(changes: Changes, job: Job) -> None:
    id = job.row.id
    status = decide(TRANSMISSION, "composed", "deliver")
    said = {document.status for document in job.documents}
    if said and said <= {"accepted", "rejected"}:  # its receipt was quicker
        status = decide(TRANSMISSION, status, "accept" if "accepted" in said else "reject")
    changes.update("transmissions", id, status=status)
    log = {"party": job.row.party, "type": job.row.format, "endpoint": job.row.endpoint, "file_name": job.row.file_name}
    if job.row.parent_id is not None:
        log["correlation"] = f"tx_{job.row.parent_id}"
    changes.event("transmission.delivered", data={"name": job.row.file_name}, log=log, transmission_id=id)
    for document in job.documents:
        if document.status == "composed":
            # Its receipt may come before this commit: then the commit is refused, and the next try sees that.
            after = decide(DOCUMENT, "composed", "send")
            changes.update("documents", document.id, expected={"status": "composed"}, status=after)
            changes.event("document.sent", transmission_id=id, document_id=document.id)
