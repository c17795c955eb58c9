"""Translate: from the bytes of a transmission to canonical documents, and the receipts that answer it.

A transmission is planned from its envelopes (:mod:`gateway.pipeline.plan`), then its documents are read one after the
other and committed in chunks: a chunk's documents are released with its commit, the receipts leave with the last one.
Where the agreement refuses a group or an interchange as a whole, all of it is one chunk: nothing is released before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from gateway.acknowledgments.model import DocumentVerdict
from gateway.codecs.ceb import CEB
from gateway.codecs.model import RawDocument
from gateway.codecs.records import IDOC
from gateway.codecs.ubl import UBL
from gateway.core.errors import PayloadError
from gateway.core.issues import Issue
from gateway.core.spooled import Body, part_of, size_of
from gateway.expectations import give_up
from gateway.pipeline import queries
from gateway.pipeline.begun import Begun, begun_interchanges
from gateway.pipeline.ceb_in import plan_ceb
from gateway.pipeline.context import Context
from gateway.pipeline.envelope import Receipt
from gateway.pipeline.interchange import TranslatedInterchange
from gateway.pipeline.lines import JSON
from gateway.pipeline.plan import InterchangePlan, Plan, plan
from gateway.pipeline.plan_lines import plan_lines
from gateway.pipeline.receipts import repeat_answer
from gateway.pipeline.records_in import plan_csv, plan_idoc
from gateway.pipeline.shops import form_at, plan_shop
from gateway.pipeline.ubl_in import plan_ubl
from gateway.pipeline.waiting import hold_transmission
from gateway.pipeline.walk import documents_of
from gateway.pipeline.whole import whole
from gateway.store import Changes, Database, Failure, Result, Step, WorkItem, turn

#: Documents and bytes in one commit, when a transmission has more.
CHUNK = 1000
CHUNK_BYTES = 4 * 1024 * 1024


#: What a file of columns may look like: with one column, or one row, it shows no delimiter.
_PERHAPS_CSV = frozenset({"csv", "unknown"})


class LeftOff(NamedTuple):
    """Where a chunk ended, so that the next one need not begin anew if it comes to the same process: the documents that
    are left of the interchange at this position, and the verdicts on those before them."""

    turn: int
    plan: Plan
    position: int
    documents: Iterator[RawDocument]
    verdicts: dict[int, DocumentVerdict]


class Job(msgspec.Struct, kw_only=True):
    """One transmission with all that was read for it."""

    item: WorkItem
    row: Any
    body: Body
    plan: Plan
    earlier: dict[str, Any] = {}
    answers: dict[int, list[bytes]] = {}
    begun: dict[int, Begun] = {}
    admitted: bool = False  # an operator released a conflict
    left_off: LeftOff | None = None
    lost: str = ""  # what is wrong with the bytes that were received


class Translate:
    """The step. ``load`` reads, ``run`` is pure."""

    step = Step.TRANSLATE

    def __init__(self, context: Context, chunk: int = CHUNK) -> None:
        self.context = context
        self.chunk = chunk
        self._left_off: dict[int, LeftOff] = {}

    def load(self, database: Database, items: Sequence[WorkItem]) -> list[Job]:
        ids = [item.subject for item in items]
        with database.read() as connection:
            rows = queries.transmissions(connection, ids)
        left_off, self._left_off = self._left_off, {}
        jobs = [
            self._job(
                item, rows[item.subject], database.payloads.body_of(rows[item.subject]), left_off.get(item.subject)
            )
            for item in items
        ]
        identities = {i.identity for job in jobs for i in job.plan.interchanges}
        with database.read() as connection:
            earlier = queries.earlier(connection, identities)
            released = queries.released_codes(connection, ids)
            answers = queries.receipts(connection, sorted({row.id for row in earlier.values()}))
            begun = begun_interchanges(connection, ids)
        for job in jobs:
            subject = job.item.subject
            job.earlier, job.answers, job.begun = earlier, answers, begun.get(subject, {})
            job.admitted = (subject, "GTW-CONFLICT") in released
        return jobs

    def _job(self, item: WorkItem, row: Any, body: Body | None, left_off: LeftOff | None) -> Job:
        """``left_off`` counts only if all went well since: then the row of work stands where that ended."""
        if left_off is not None and left_off.turn == item.turn:
            return Job(item=item, row=row, body=body or b"", plan=left_off.plan, left_off=left_off)
        try:
            found = whole(body, row.id)
            return Job(item=item, row=row, body=found, plan=_plan(found, row, self.context))
        except PayloadError as error:
            return Job(item=item, row=row, body=b"", plan=Plan(format=""), lost=str(error))

    def run(self, jobs: list[Job]) -> Result:
        changes = Changes(self.context.clock.now())
        result = Result(changes)
        for job in jobs:
            if job.lost:
                result.failures.append(Failure(job.item.id, job.lost, retryable=False))
                continue
            translation = _Translation(job, changes, result, self.context, self.chunk)
            translation.run()
            if translation.left_off is not None:
                self._left_off[job.item.subject] = translation.left_off
        return result

    def fail(self, item: WorkItem, error: str) -> Changes:
        changes = Changes(self.context.clock.now())
        give_up(changes, item, error)
        return changes


def _plan(body: Body, row: Any, context: Context) -> Plan:
    form = form_at(row.endpoint, context)
    if form is not None:
        return plan_shop(part_of(body, 0, size_of(body)), msgspec.json.decode(row.headers), row.endpoint, form, context)
    found = plan(body, row.endpoint, context)
    if found.format in _PERHAPS_CSV:
        found = plan_csv(part_of(body, 0, size_of(body)), row.endpoint, context) or found
    others = {JSON: plan_lines, UBL: plan_ubl, CEB: plan_ceb, IDOC: plan_idoc}
    format = JSON if found.format == "unknown" and _called_json(row.headers) else found.format
    if format not in others:
        return found
    return others[format](part_of(body, 0, size_of(body)), row.endpoint, context)


def _called_json(headers: str | None) -> bool:
    """Whether its sender says that it is JSON, whatever it looks like: then what is wrong with it is of interest."""
    said = str(msgspec.json.decode(headers).get("content-type", "")) if headers else ""
    return said.partition(";")[0].strip().lower() in ("application/json", "application/x-ndjson")


class _Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """An interchange and what it was answered with."""

    id: int
    sha256: str
    answers: list[Receipt]


class _Translation:
    """One transmission on its way."""

    def __init__(self, job: Job, changes: Changes, result: Result, context: Context, chunk: int) -> None:
        self.job = job
        self.changes = changes
        self.result = result
        self.context = context
        self.chunk = chunk
        self.room = CHUNK_BYTES
        self.left_off: LeftOff | None = None
        self.taken: dict[str, TranslatedInterchange] = {}  # by identity: a transmission may repeat itself
        self.statuses: set[str] = set()

    def run(self) -> None:
        plan = self.job.plan
        if plan.ignored is not None:
            self._ignore(plan)
            return
        hold = plan.hold or self._conflict() or self._stuck()
        if hold is not None:
            hold_transmission(self.changes, self.job.item.subject, plan.format, hold, plan.missing)
            self.result.finished.append(self.job.item.id)  # its release makes the work anew
            return
        busy = self._busy()
        if busy is not None:
            self.result.failures.append(Failure(self.job.item.id, busy))
            return
        for position, interchange in enumerate(plan.interchanges, 1):
            if self._is_done(position):
                continue
            stopped_at = self._interchange(position, interchange)
            if stopped_at is not None:
                self.result.continued.append((self.job.item.id, turn(self.job.item.subject, stopped_at)))
                return
        self._finish()

    def _ignore(self, plan: Plan) -> None:
        subject = self.job.item.subject
        self.changes.update("transmissions", subject, status="translated", format=plan.format)
        data = {"ignored": plan.ignored}
        self.changes.event("transmission.translated", data=data, log=data, transmission_id=subject)
        self.result.finished.append(self.job.item.id)

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
        here: dict[str, str] = {}
        for interchange in self.job.plan.interchanges:
            if interchange.refused:
                continue
            row = self._elsewhere(interchange)
            known = row.sha256 if row is not None else here.setdefault(interchange.identity, interchange.sha256)
            if known != interchange.sha256:
                transmission = row.transmission_id if row is not None else self.job.item.subject
                number = interchange.summary.header.control_number
                return Issue("GTW-CONFLICT", value=number, params={"earlier": f"tx_{transmission}"})
        return None

    def _stuck(self) -> Issue | None:
        """What it repeats was begun, and nobody is translating it: an operator decides about that one first."""
        for interchange in self.job.plan.interchanges:
            row = self._elsewhere(interchange)
            if row is not None and row.status == "pending" and row.transmission_status != "received":
                earlier = f"tx_{row.transmission_id}"
                reason = f"it repeats {earlier}, which is {row.transmission_status} before its end"
                return Issue("GTW-FAILED", params={"reason": reason, "id": earlier})
        return None

    def _busy(self) -> str | None:
        """What it repeats is still being translated: there is no verdict yet that could be given again."""
        for interchange in self.job.plan.interchanges:
            row = self._elsewhere(interchange)
            if row is not None and row.status == "pending" and row.sha256 == interchange.sha256:
                return f"It repeats tx_{row.transmission_id}, which is not translated to its end."
        return None

    def _elsewhere(self, plan: InterchangePlan) -> Any | None:
        """The row of the interchange with this identity that another transmission brought."""
        row = self.job.earlier.get(plan.identity)
        return row if row is not None and row.transmission_id != self.job.item.subject else None

    def _interchange(self, position: int, plan: InterchangePlan) -> int | None:
        """Translate one interchange; returns the position of the document to go on with when the chunk is full."""
        work = TranslatedInterchange(
            plan, position, self.job.row, self.changes, self.context, self.job.begun.get(position)
        )
        earlier = None if plan.refused else self._earlier(position, plan)
        if plan.refused:
            work.refuse()
        elif earlier is not None and earlier.sha256 == plan.sha256:
            work.repeat(earlier.id)
            repeat_answer(self.changes, plan, work.receipt_about(), earlier.answers)
        else:
            work.begin(plan.identity if earlier is None else None)  # an admitted conflict counts for no repeat
            self.taken[plan.identity] = work
            stopped_at = self._documents(work, position, plan)
            if stopped_at is not None:
                return stopped_at
            work.conclude()
        self.statuses.add(work.status)
        return None

    def _documents(self, work: TranslatedInterchange, position: int, plan: InterchangePlan) -> int | None:
        """Take the documents that no earlier chunk took, as far as this one goes; returns where it is full."""
        left = self.job.left_off
        if left is not None and left.position == position:
            documents, work.verdicts = left.documents, left.verdicts
        else:
            documents = documents_of(self.job.body, plan, self.context)
        for raw in documents:
            if work.recall(raw):
                continue
            if (self.chunk <= 0 or self.room <= 0) and work.scope == "document":
                place = raw.position - 1 + plan.first
                rest = chain([raw], documents)
                where = turn(self.job.item.subject, place)
                self.left_off = LeftOff(where, self.job.plan, position, rest, work.verdicts)
                return place
            self.chunk -= 1
            self.room -= raw.length
            work.take(raw)
        return None

    def _earlier(self, position: int, plan: InterchangePlan) -> _Earlier | None:
        """The interchange that has this identity already. One that was refused has none."""
        work = self.taken.get(plan.identity)
        if work is not None and work.status != "refused":
            return _Earlier(id=work.id, sha256=work.plan.sha256, answers=work.answers)
        row = self.job.earlier.get(plan.identity)
        if row is None or (row.transmission_id, row.position) == (self.job.item.subject, position):
            return None
        answers = [msgspec.json.decode(body, type=Receipt) for body in self.job.answers.get(row.id, ())]
        return _Earlier(id=row.id, sha256=row.sha256, answers=answers)

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
