"""Handle: canonical documents change business records, and may lead to documents for other parties.

A document that an operator released before it could be mapped is interpreted here first, from its bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.acknowledgments import ANSWER, from_stored
from gateway.agreements import Agreement, Trading
from gateway.canonical import business_key, from_own_json
from gateway.core.errors import NotFoundError
from gateway.core.issues import Issue
from gateway.core.lifecycle import DOCUMENT, decide
from gateway.core.spooled import Body
from gateway.expectations import VERDICT, fulfil, give_up
from gateway.handlers import Emission, Inbound, Outcome
from gateway.handlers.customs import CUSTOMS, decoded_message
from gateway.pipeline import queries
from gateway.pipeline.context import Context
from gateway.pipeline.destination import destination, fitting, is_route, routed
from gateway.pipeline.interpret import Interpretation
from gateway.pipeline.reread import reread
from gateway.pipeline.shared import shared, taken
from gateway.pipeline.verdicts import VerdictJob, failed_verdict, load_verdicts, make_verdict, tell_verdict
from gateway.pipeline.waiting import hold_document
from gateway.pipeline.written import first_error, handlers_of, written_by_erp
from gateway.store import Changes, Database, Result, Step, WorkItem


class Job(msgspec.Struct, kw_only=True):
    """One row of work with its document. ``read_again``: it was interpreted only now. ``shared``: not by it alone."""

    item: WorkItem
    row: Any
    handler: str | None
    document: Any = None
    canonical: str | None = None
    read_again: Interpretation | None = None
    record: Any = None
    answers: set[str] = set()
    ways: list[Agreement] = []
    shared: bool = False


class Handle:
    """The step."""

    step = Step.HANDLE

    def __init__(self, context: Context) -> None:
        self.context = context

    def load(self, database: Database, items: Sequence[WorkItem]) -> list[Job | VerdictJob]:
        told = [item for item in items if item.handler == VERDICT]
        items = [item for item in items if item.handler != VERDICT]
        with database.read() as connection:
            verdicts = load_verdicts(connection, told, self.context) if told else []
            rows = queries.documents(connection, [item.subject for item in items])
            several = shared(connection, list(rows))
            jobs = [
                Job(item=item, row=rows[item.subject], handler=item.handler, shared=item.subject in several)
                for item in items
            ]
            unread = sorted({job.row.transmission_id for job in jobs if job.row.body is None})
            bodies = queries.raw_bodies(connection, unread) if unread else {}
        for job in jobs:
            self._read(job, bodies)
        with database.read() as connection:
            self._whom_they_answer(connection, [job for job in jobs if is_route(job.handler)])
            for name, handler in self.context.handlers.items():
                mine = {job.row.id: job for job in jobs if job.handler == name and job.document is not None}
                if mine:
                    records = handler.load(connection, [self._inbound(job) for job in mine.values()])
                    for id, job in mine.items():
                        job.record = records.get(id)
        return [*jobs, *verdicts]

    def _whom_they_answer(self, connection: Connection, jobs: list[Job]) -> None:
        """The parties whose documents of the same business key came before, for what is passed on."""
        keys = {business_key(job.document) for job in jobs if job.document is not None}
        senders = queries.senders(connection, keys) if keys else []
        for job in jobs:
            if job.document is not None:
                mine = (business_key(job.document), job.row.to_party, job.row.lane)
                found = {row.from_party for row in senders if (row.business_key, row.to_party, row.lane) == mine}
                job.answers = found - {job.row.from_party}

    def _read(self, job: Job, bodies: Mapping[int, Body]) -> None:
        """The canonical document: as it was stored, or made again from the bytes."""
        row = job.row
        if row.body is not None:
            job.canonical, job.document = row.canonical, _document(row.canonical, bytes(row.body))
        else:
            found = job.read_again = reread(row, bodies[row.transmission_id], self.context)
            job.canonical, job.document = found.canonical, found.document
            if found.canonical in (ANSWER, CUSTOMS) and found.body is not None:
                job.document = _document(found.canonical, found.body)
        if job.handler is None and job.read_again is not None and job.read_again.to:
            job.handler = routed(job.read_again.to)
        if job.handler is None and job.canonical is not None:
            job.handler = self._handler(row.agreement, job.canonical)

    def _handler(self, agreement: str, canonical: str) -> str | None:
        """Who handles what was held before anybody was known for it."""
        return next(iter(self._handlers(agreement, canonical)), None)

    def _handlers(self, agreement: str, canonical: str) -> list[str]:
        known = self._agreement(agreement)
        return [] if known is None else handlers_of(known, canonical, self.context)

    def _agreement(self, name: str) -> Agreement | None:
        """None where it is gone."""
        try:
            return self.context.agreements.agreement(name)
        except NotFoundError:
            return None

    def run(self, jobs: list[Job | VerdictJob]) -> Result:
        changes = Changes(self.context.clock.now())
        result = Result(changes)
        for job in jobs:
            if isinstance(job, VerdictJob):
                tell_verdict(changes, job)
                result.finished.append(job.item.id)
                continue
            outcome = self._outcome(job, changes)
            if outcome.hold is None:
                self._finish(job, outcome, changes)
                result.finished.append(job.item.id)
            else:
                self._hold(job, outcome, outcome.hold, changes)
                result.held.append(job.item.id)
            if job.row.interchange_id is not None:
                changes.pending(job.row.interchange_id, -1)
        return result

    def fail(self, item: WorkItem, error: str) -> Changes:
        changes = Changes(self.context.clock.now())
        if item.handler == VERDICT:
            failed_verdict(changes, item, error)
        else:
            give_up(changes, item, error)
        return changes

    def _outcome(self, job: Job, changes: Changes) -> Outcome:
        found = job.read_again
        if found is not None and (job.document is None or found.hold is not None):
            return Outcome(hold=found.hold or first_error(found))
        inbound = self._inbound(job)
        if found is not None and found.body is not None:
            inbound = msgspec.structs.replace(inbound, payload_id=changes.payload(found.body))
        if is_route(job.handler):
            return self._pass_on(job, inbound)
        handler = self.context.handlers.get(job.handler or "")
        if handler is None:
            return Outcome(hold=Issue("GTW-HANDLER", value=job.canonical))
        return handler.handle(inbound, job.record, changes)

    def _pass_on(self, job: Job, inbound: Inbound) -> Outcome:
        """Nothing is handled, the document goes on as it is."""
        try:
            agreed = self.context.agreements.agreement(job.row.agreement)
        except NotFoundError as error:
            params = {"sender": job.row.from_party, "receiver": job.row.to_party, "configuration": str(error)}
            return Outcome(hold=Issue("GTW-AGREEMENT", value=inbound.canonical, params=params))
        ways = destination(self.context, job.handler or "", agreed, inbound.document, job.answers)
        if isinstance(ways, Issue):
            return Outcome(hold=ways)
        job.ways = ways
        emission = Emission(
            canonical=inbound.canonical,
            from_party=inbound.own,
            business_key=business_key(inbound.document),
            payload_id=inbound.payload_id,
        )
        return Outcome(emissions=(emission,), event="document.routed")

    def _finish(self, job: Job, outcome: Outcome, changes: Changes) -> None:
        row, about = job.row, _about(job)
        reading = _reading(job, changes)
        if job.shared or row.status != "ready":
            if reading:
                changes.update("documents", row.id, **reading)
            taken(changes, row.id)
        else:
            changes.update("documents", row.id, status=decide(DOCUMENT, "ready", "handle"), reason=None, **reading)
        for issue in outcome.issues:
            changes.issue(issue, **about)
        log = {"party": row.from_party, "type": row.type, "control_number": row.control_number}
        changes.event(outcome.event or "document.handled", data={"handler": job.handler}, log=log, **about)
        for emission in outcome.emissions:
            if not (emission.alone and self._taken_by_others(job)):
                self._emit(job, emission, changes)
        for condition in outcome.fulfils if self.context.agreements.awaiting else ():
            fulfil(changes, condition)
        make_verdict(changes, job.item, self.context.agreements, row)

    def _hold(self, job: Job, outcome: Outcome, issue: Issue, changes: Changes) -> None:
        status = decide(DOCUMENT, "ready", "hold")
        changes.update("documents", job.row.id, status=status, reason=issue.code, **_reading(job, changes))
        changes.issue(issue, **_about(job))
        hold_document(changes, issue, waits_for=outcome.waits_for, **_about(job))
        if outcome.waits_for_key:
            changes.update("work", job.item.id, lane=None)

    def _emit(self, job: Job, emission: Emission, changes: Changes) -> None:
        """One outgoing document for everybody it is for: what a handler took goes to our own parties, an ERP say."""
        row = job.row
        takers = self._takers(job, emission)
        if not takers:
            params = {"own": emission.from_party, "lane": row.lane}
            changes.issue(Issue("GTW-NOBODY", value=emission.canonical, params=params), **_about(job))
        for agreement in takers:
            payload = emission.payload_id or changes.made(emission.body or b"")
            document = changes.new(
                "documents",
                direction="out",
                source_interchange_id=row.interchange_id,
                parent_id=row.id,
                position=row.position,
                standard=agreement.standard,
                version=agreement.version,
                type=agreement.message,
                canonical=emission.canonical,
                business_key=emission.business_key,
                from_party=emission.from_party,
                to_party=agreement.party,
                lane=row.lane,
                agreement=agreement.name,
                agreement_digest=agreement.digest,
                mapping=agreement.mapping or None,
                status="emitted",
                payload_id=payload,
                turn=row.turn,
            )
            changes.event("document.emitted", data={"to": agreement.party}, document_id=document)

    def _taken_by_others(self, job: Job) -> bool:
        """Whether another handler takes it too, or it is passed on beside."""
        return any(handler != job.handler for handler in self._handlers(job.row.agreement, job.canonical or ""))

    def _inbound(self, job: Job) -> Inbound:
        """What a handler is told."""
        row, agreed = job.row, self._agreement(job.row.agreement)
        return Inbound(
            document_id=row.id,
            payload_id=row.payload_id or 0,
            canonical=job.canonical or "",
            document=job.document,
            own=row.to_party,
            partner=row.from_party,
            lane=row.lane,
            received_at=row.created_at,
            inside=agreed is not None and written_by_erp(agreed, self.context),
            trading=agreed.trading if agreed is not None else Trading(),
        )

    def _takers(self, job: Job, emission: Emission) -> list[Agreement]:
        if is_route(job.handler):
            return job.ways
        if emission.agreement:
            known = self._agreement(emission.agreement)
            return [] if known is None else [known]
        ways = self.context.agreements.outbound(emission.from_party, emission.canonical, lane=job.row.lane)
        return [
            way for way in fitting(self.context, ways, job.document) if self.context.agreements.party(way.party).own
        ]


def _document(canonical: str, body: bytes) -> Any:
    if canonical == CUSTOMS:
        return decoded_message(body)
    return from_stored(body) if canonical == ANSWER else from_own_json(canonical, body)


def _about(job: Job) -> dict[str, int | None]:
    row = job.row
    return {"transmission_id": row.transmission_id, "interchange_id": row.interchange_id, "document_id": row.id}


def _reading(job: Job, changes: Changes) -> dict[str, Any]:
    """What is kept of a document that was interpreted only now, and the remarks on it."""
    found = job.read_again
    if found is None:
        return {}
    for issue in found.remarks:
        changes.issue(issue, **_about(job))
    if found.body is None:
        return {}
    return {
        "canonical": found.canonical,
        "business_key": found.business_key,
        "mapping_digest": found.mapping_digest,
        "payload_id": changes.payload(found.body),
    }
