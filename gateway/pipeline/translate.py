"""Translate: from the bytes of a transmission to canonical documents, and the receipts that answer it.

A transmission is planned from its envelopes (:mod:`gateway.pipeline.plan`), then its documents are read one after the
other and committed in chunks: a chunk's documents are released with its commit, the receipts leave with the last one.
Where the agreement refuses a group or an interchange as a whole, all of it is one chunk: nothing is released before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from gateway.core.issues import Issue
from gateway.expectations import give_up
from gateway.pipeline import queries
from gateway.pipeline.begun import Begun, begun_interchanges
from gateway.pipeline.context import Context
from gateway.pipeline.envelope import Receipt
from gateway.pipeline.interchange import TranslatedInterchange
from gateway.pipeline.plan import InterchangePlan, Plan, plan
from gateway.pipeline.receipts import repeat_answer
from gateway.pipeline.waiting import hold_transmission
from gateway.pipeline.walk import documents_of
from gateway.store import Changes, Database, Result, Step, WorkItem, turn

#: Documents in one commit, when a transmission has more.
CHUNK = 1000


class Job(msgspec.Struct, kw_only=True):
    """One transmission with all that was read for it."""

    item: WorkItem
    row: Any
    body: bytes
    plan: Plan
    earlier: dict[str, Any] = {}
    answers: dict[int, list[bytes]] = {}
    begun: dict[int, Begun] = {}
    admitted: bool = False  # an operator released a conflict


class Translate:
    """The step. ``load`` reads, ``run`` is pure."""

    step = Step.TRANSLATE

    def __init__(self, context: Context, chunk: int = CHUNK) -> None:
        self.context = context
        self.chunk = chunk

    def load(self, database: Database, items: Sequence[WorkItem]) -> list[Job]:
        ids = [item.subject for item in items]
        with database.read() as connection:
            rows = queries.transmissions(connection, ids)
        jobs = []
        for item in items:
            row = rows[item.subject]
            body = bytes(row.body)
            jobs.append(Job(item=item, row=row, body=body, plan=plan(body, row.endpoint, self.context)))
        identities = {i.identity for job in jobs for i in job.plan.interchanges}
        continued = [job.item.subject for job in jobs if job.item.position]
        with database.read() as connection:
            earlier = queries.earlier(connection, identities)
            released = queries.released_codes(connection, ids)
            answers = queries.receipts(connection, sorted({row.id for row in earlier.values()}))
            begun = begun_interchanges(connection, continued)
        for job in jobs:
            subject = job.item.subject
            job.earlier, job.answers, job.begun = earlier, answers, begun.get(subject, {})
            job.admitted = (subject, "GTW-CONFLICT") in released
        return jobs

    def run(self, jobs: list[Job]) -> Result:
        changes = Changes(self.context.clock.now())
        result = Result(changes)
        for job in jobs:
            _Translation(job, changes, result, self.context, self.chunk).run()
        return result

    def fail(self, item: WorkItem, error: str) -> Changes:
        changes = Changes(self.context.clock.now())
        give_up(changes, item, error)
        return changes


class _Translation:
    """One transmission on its way."""

    def __init__(self, job: Job, changes: Changes, result: Result, context: Context, chunk: int) -> None:
        self.job = job
        self.changes = changes
        self.result = result
        self.context = context
        self.chunk = chunk
        self.taken: dict[str, int] = {}  # identities of this very transmission: it may repeat itself
        self.statuses: set[str] = set()

    def run(self) -> None:
        plan = self.job.plan
        hold = plan.hold or self._conflict()
        if hold is not None:
            hold_transmission(self.changes, self.job.item.subject, plan.format, hold, plan.missing)
            self.result.finished.append(self.job.item.id)  # its release makes the work anew
            return
        for position, interchange in enumerate(plan.interchanges, 1):
            if self._is_done(position):
                continue
            stopped_at = self._interchange(position, interchange)
            if stopped_at is not None:
                self.result.continued.append((self.job.item.id, turn(self.job.item.subject, stopped_at)))
                return
        self._finish()

    def _is_done(self, position: int) -> bool:
        """An earlier chunk concluded this interchange."""
        begun = self.job.begun.get(position)
        if begun is None or begun.status == "pending":
            return False
        self.statuses.add(begun.status)
        return True

    def _conflict(self) -> Issue | None:
        """The same control number with other content, unless an operator admitted it."""
        if self.job.admitted:
            return None
        for interchange in self.job.plan.interchanges:
            row = self.job.earlier.get(interchange.identity)
            if row is None or interchange.refused or row.transmission_id == self.job.item.subject:
                continue
            if row.sha256 != interchange.summary.sha256.hex():
                number = interchange.summary.header.control_number
                return Issue("GTW-CONFLICT", value=number, params={"earlier": f"tx_{row.transmission_id}"})
        return None

    def _interchange(self, position: int, plan: InterchangePlan) -> int | None:
        """Translate one interchange; returns the position of the document to go on with when the chunk is full."""
        work = TranslatedInterchange(
            plan, position, self.job.row, self.changes, self.context, self.job.begun.get(position)
        )
        earlier = self._earlier(plan)
        if plan.refused:
            work.refuse()
        elif earlier is not None:
            work.repeat(earlier)
            self._answer_again(plan, work, earlier)
        else:
            work.begin(None if self.job.admitted else plan.identity)
            self.taken[plan.identity] = work.id
            start = max(plan.first, self.job.item.position)
            for raw in documents_of(self.job.body, plan, position, start, self.context):
                if self.chunk <= 0 and plan.scope == "document":
                    return raw.position - 1 + plan.first
                self.chunk -= 1
                work.take(raw)
            work.conclude()
        self.statuses.add(work.status)
        return None

    def _earlier(self, plan: InterchangePlan) -> int | None:
        """The interchange that this one repeats."""
        if plan.identity in self.taken:
            return self.taken[plan.identity]
        row = self.job.earlier.get(plan.identity)
        if row is None or row.transmission_id == self.job.item.subject:
            return None
        return int(row.id) if row.sha256 == plan.summary.sha256.hex() else None

    def _answer_again(self, plan: InterchangePlan, work: TranslatedInterchange, earlier: int) -> None:
        bodies = self.job.answers.get(earlier, [])
        answers = [msgspec.json.decode(body, type=Receipt) for body in bodies]
        repeat_answer(self.changes, plan, work.receipt_about(), answers)

    def _finish(self) -> None:
        status = next((s for s in ("refused", "duplicate") if self.statuses == {s}), "translated")
        subject = self.job.item.subject
        plans = self.job.plan.interchanges
        self.changes.update(
            "transmissions",
            subject,
            status=status,
            format=self.job.plan.format,
            party=plans[0].partner.id,
            lane=plans[0].lane,
        )
        self.changes.pair_sequence(f"{plans[0].partner.id}>{plans[0].own.id}", subject)
        self.changes.event(f"transmission.{status}", transmission_id=subject)
        self.result.finished.append(self.job.item.id)
