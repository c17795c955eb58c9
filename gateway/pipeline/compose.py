"""Compose: canonical documents that handlers emitted become files in the format and batching of their agreement.

One piece of work is everything that one incoming interchange led to and that is not composed yet. It is made when the
last of its documents is handled (``interchanges.pending``), so an agreement with
``batch = "interchange"`` gets one file. Documents of other interchanges that still wait for that are composed along
with it, and before it, where a later document of their key would overtake them.

What an agreement sends at certain times waits as a row of work with that time and the agreement's name: when it comes,
everything that waits for the agreement leaves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import msgspec

from gateway.agreements import Agreement
from gateway.codecs.ceb import CEB
from gateway.codecs.csv_write import csv_file
from gateway.codecs.model import Address
from gateway.codecs.records import CSV, IDOC
from gateway.codecs.ubl import UBL
from gateway.core.errors import NotFoundError, UnwritableError
from gateway.core.issues import Issue
from gateway.core.lifecycle import DOCUMENT, decide
from gateway.expectations import expect, give_up
from gateway.pipeline import queries
from gateway.pipeline.archive import archive
from gateway.pipeline.ceb_out import ceb_file
from gateway.pipeline.context import Context
from gateway.pipeline.idoc_out import idoc_file, sides_of
from gateway.pipeline.paper import Paper, Press, numbered
from gateway.pipeline.records_out import Records, layout_of, records_of, rows_of
from gateway.pipeline.send import Outgoing, Sent, Written, number, send, send_sheet
from gateway.pipeline.single import SingleFile
from gateway.pipeline.ubl_out import ubl_file
from gateway.pipeline.waiting import hold_document
from gateway.store import Changes, Database, Result, Step, WorkItem
from gateway.store.numbers import Counter

MICROSECONDS = 1_000_000

#: Documents that leave in one commit when the time of an agreement has come; what is beyond follows at once.
COLLECTED = 10_000


#: The first turn of what is withheld, by agreement and business key.
Stuck = dict[tuple[str, str], int]


class Job(msgspec.Struct, kw_only=True):
    """The interchanges of a batch, and what they led to. ``late``: agreements whose time has come."""

    items: Sequence[WorkItem]
    rows: list[Any]
    late: frozenset[str]
    more: bool
    stuck: Stuck


class Compose:
    """The step."""

    step = Step.COMPOSE

    def __init__(self, context: Context) -> None:
        self.context = context

    def load(self, database: Database, items: Sequence[WorkItem]) -> Job:
        ids = sorted({item.subject for item in items if item.handler is None})
        late = frozenset(item.handler for item in items if item.handler is not None)
        with database.read() as connection:
            rows = [*queries.emitted(connection, ids), *queries.overtaken(connection, ids)] if ids else []
            collected = queries.collected(connection, late, COLLECTED) if late else []
            known = {row.id for row in collected}
            rows = [*collected, *(row for row in rows if row.id not in known)]
            stuck = queries.withheld(connection, {row.business_key for row in rows if row.business_key})
        return Job(items=items, rows=rows, late=late, more=len(collected) == COLLECTED, stuck=stuck)

    def run(self, job: Job) -> Result:
        changes = Changes(self.context.clock.now())
        for agreement, rows in self._files(changes, job):
            if agreement.standard == "json":
                self._lines(changes, agreement, rows)
            elif agreement.standard in (UBL, CEB):
                self._singly(changes, agreement, rows, job.stuck)
            elif agreement.standard == CSV:
                self._csv(changes, agreement, rows, job.stuck)
            elif agreement.standard == IDOC:
                self._idocs(changes, agreement, rows, job.stuck)
            else:
                self._interchange(changes, agreement, rows, job.stuck)
        result = Result(changes)
        for item in job.items:
            if job.more and item.handler is not None:
                result.continued.append((item.id, item.turn))
            else:
                result.finished.append(item.id)
        return result

    def fail(self, item: WorkItem, error: str) -> Changes:
        changes = Changes(self.context.clock.now())
        give_up(changes, item, error)
        return changes

    # What goes together

    def _files(self, changes: Changes, job: Job) -> Iterator[tuple[Agreement, list[Any]]]:
        """What goes into one file each, as the agreements say, in the order of receipt."""
        files: dict[tuple[str, int], tuple[Agreement, list[Any]]] = {}
        waiting: dict[tuple[int, str], Agreement] = {}
        for row in sorted(job.rows, key=lambda row: (row.turn, row.id)):
            agreement = self._agreement(row)
            if isinstance(agreement, Issue):
                _withhold(changes, row, agreement)
            elif _stands_behind(row, job.stuck):
                continue  # the release or the end of the one before it comes back for it
            elif agreement.send and agreement.name not in job.late:
                waiting[row.source_interchange_id, agreement.name] = agreement
            else:
                files.setdefault((agreement.name, _together(agreement, row)), (agreement, []))[1].append(row)
        for item in job.items:
            for agreement in (each for (id, _), each in waiting.items() if id == item.subject and item.handler is None):
                due = agreement.next_time(changes.at)
                until = dt.datetime.fromtimestamp(due // MICROSECONDS, dt.UTC).isoformat()
                data = {"agreement": agreement.name, "until": until}
                changes.event("interchange.waits", data=data, interchange_id=item.subject)
                changes.work(Step.COMPOSE, item.subject, item.source, turn=item.turn, handler=agreement.name, due=due)
        for agreement, rows in files.values():
            most = agreement.batch_documents or len(rows)
            yield from ((agreement, rows[start : start + most]) for start in range(0, len(rows), most))

    def _agreement(self, row: Any) -> Agreement | Issue:
        """What it was emitted for, or why it cannot be written now."""
        try:
            return self.context.agreements.agreement(row.agreement)
        except NotFoundError as error:
            params = {"sender": row.from_party, "receiver": row.to_party, "configuration": str(error)}
            return Issue("GTW-AGREEMENT", value=row.canonical, params=params)

    # Files

    def _lines(self, changes: Changes, agreement: Agreement, rows: list[Any]) -> None:
        """One JSON-Lines file: a canonical document on each line."""
        body = b"".join(map(_line, rows))

        def build(control: int) -> None:
            name = f"{agreement.name}-{control:09d}.jsonl"
            written = Written(
                standard="json",
                version="",
                sender=agreement.with_,
                receiver=agreement.party,
                control_number=str(control),
                documents=len(rows),
                body=body,
                file=name,
                transport_id=name,
                payload_id=rows[0].payload_id if body == bytes(rows[0].body) else None,
            )
            sent = send(changes, _outgoing(agreement, rows), written)
            for position, row in enumerate(rows, 1):
                self._composed(changes, agreement, row, sent, position, str(position))

        changes.numbered(Counter("json", "", agreement.name), build)

    def _singly(self, changes: Changes, agreement: Agreement, rows: list[Any], stuck: Stuck) -> None:
        """A file for each document: UBL has no envelope, and each customs message one of its own."""
        for row in rows:
            if _stands_behind(row, stuck):
                continue
            if agreement.standard == UBL:
                made = ubl_file(row, agreement, self.context)
            else:
                made = ceb_file(row, agreement, self.context, changes.at)
            if _stays(changes, row, made, stuck):
                continue
            build = partial(self._single_file, changes, agreement, row, made)
            changes.numbered(Counter(agreement.standard, "", agreement.name), build)

    def _single_file(self, changes: Changes, agreement: Agreement, row: Any, made: SingleFile, control: int) -> None:
        name = f"{agreement.name}-{control:09d}.xml"
        written = Written(
            standard=agreement.standard,
            version=agreement.version,
            sender=made.sender,
            receiver=made.receiver,
            control_number=made.control_number,
            documents=1,
            body=made.body,
            file=name,
            transport_id=name,
        )
        sent = send(changes, _outgoing(agreement, [row]), written)
        digests = {"mapping_digest": made.mapping_digest, "schema_digest": made.schema_digest}
        self._composed(changes, agreement, row, sent, 1, made.reference, **digests)

    def _csv(self, changes: Changes, agreement: Agreement, rows: list[Any], stuck: Stuck) -> None:
        """One file with the rows of what can be written; the rest waits, and so does what stands behind it."""
        good: list[tuple[Any, Records]] = []
        for row in rows:
            if _stands_behind(row, stuck):
                continue
            made = records_of(row, agreement, self.context)
            if not _stays(changes, row, made, stuck):
                good.append((row, made))
        if good:
            layout = layout_of(agreement, self.context)
            body = csv_file((rows_of(made.segments, layout) for _, made in good), layout)
            changes.numbered(Counter(CSV, "", agreement.name), partial(self._csv_file, changes, agreement, good, body))

    def _csv_file(
        self, changes: Changes, agreement: Agreement, good: list[tuple[Any, Records]], body: bytes, control: int
    ) -> None:
        name = f"{agreement.name}-{control:09d}.csv"
        written = Written(
            standard=CSV,
            version=agreement.version,
            sender=agreement.with_,
            receiver=agreement.party,
            control_number=str(control),
            documents=len(good),
            body=body,
            file=name,
            transport_id=name,
        )
        sent = send(changes, _outgoing(agreement, [row for row, _ in good]), written)
        for position, (row, made) in enumerate(good, 1):
            digests = {"mapping_digest": made.mapping_digest, "schema_digest": made.schema_digest}
            self._composed(changes, agreement, row, sent, position, made.reference, **digests)

    def _idocs(self, changes: Changes, agreement: Agreement, rows: list[Any], stuck: Stuck) -> None:
        """A file for each IDoc."""
        for row in rows:
            if _stands_behind(row, stuck):
                continue
            made = records_of(row, agreement, self.context)
            try:
                sides = sides_of(agreement, self.context)
            except UnwritableError as error:
                made = made._replace(hold=made.hold or error.issue)
            if not _stays(changes, row, made, stuck):
                build = partial(self._idoc_file, changes, agreement, row, made, sides)
                changes.numbered(Counter(IDOC, "", agreement.name), build)

    def _idoc_file(
        self, changes: Changes, agreement: Agreement, row: Any, made: Records, sides: list[Address], control: int
    ) -> None:
        flat = agreement.envelope.form == "flat"
        name = f"{agreement.name}-{control:09d}.{'txt' if flat else 'xml'}"
        written = Written(
            standard=IDOC,
            version=agreement.version,
            sender=agreement.with_,
            receiver=agreement.party,
            control_number=str(control),
            documents=1,
            body=idoc_file(made.segments, agreement, sides, self.context, control, changes.at),
            file=name,
            transport_id=name,
        )
        sent = send(changes, _outgoing(agreement, [row]), written)
        digests = {"mapping_digest": made.mapping_digest, "schema_digest": made.schema_digest}
        self._composed(changes, agreement, row, sent, 1, f"{control:016d}", **digests)

    def _interchange(self, changes: Changes, agreement: Agreement, rows: list[Any], stuck: Stuck) -> None:
        """One interchange of what can be written; the rest waits, and so does what stands behind it."""
        try:
            press = Press(agreement, self.context, rows, changes.at)
        except UnwritableError as error:
            for row in rows:
                _withhold(changes, row, error.issue)
            return
        good: list[tuple[Any, Paper]] = []
        for row in rows:
            if _stands_behind(row, stuck):
                continue
            paper = press.write(row)
            if not _stays(changes, row, paper, stuck):
                good.append((row, paper))
        if not good:
            return
        sheet = numbered(press.sheet, [paper for _, paper in good])
        outgoing = _outgoing(agreement, [row for row, _ in good])

        def build(control: int) -> None:
            sent = send_sheet(changes, sheet, outgoing, control)
            for position, (row, paper) in enumerate(good, 1):
                reference = sheet.bodies[position - 1].control_number
                digests = {"mapping_digest": press.mapping.digest, "schema_digest": paper.schema_digest}
                self._composed(changes, agreement, row, sent, position, reference, **digests)

        def exhausted(issue: Issue) -> None:
            for row, _ in good:
                _withhold(changes, row, issue)

        number(changes, sheet, build, exhausted)

    def _composed(
        self,
        changes: Changes,
        agreement: Agreement,
        row: Any,
        sent: Sent,
        position: int,
        control_number: str,
        **digests: str | None,
    ) -> None:
        # Somebody composed it meanwhile: the commit is refused, and the next try sees that.
        changes.update(
            "documents",
            row.id,
            expected={"status": "emitted"},
            status=decide(DOCUMENT, "emitted", "compose"),
            reason=None,
            transmission_id=sent.transmission,
            interchange_id=sent.interchange,
            control_number=control_number,
            position=position,
            agreement_digest=agreement.digest,
            **digests,
        )
        archive(changes, agreement, digests.get("mapping_digest"), self.context)
        for answer in agreement.deadlines:
            due = changes.at + (agreement.deadline(answer) or 0) * MICROSECONDS
            about = {"document_id": row.id, "transmission_id": sent.transmission}
            expect(changes, answer, party=agreement.party, due=due, **about)


def _together(agreement: Agreement, row: Any) -> int:
    """What documents of an agreement have in common that go into one file."""
    found: dict[str, int] = {"document": row.id, "interchange": row.source_interchange_id, "window": 0}
    return found[agreement.batch]


def _outgoing(agreement: Agreement, rows: list[Any]) -> Outgoing:
    return Outgoing(
        endpoint=agreement.endpoint,
        own=agreement.with_,
        party=agreement.party,
        lane=agreement.lane,
        name=agreement.message,
        parent_id=rows[0].source_transmission_id,
        order=rows[0].business_key if len(rows) == 1 else "*",
    )


def _stands_behind(row: Any, stuck: Stuck) -> bool:
    """An earlier document of its key is withheld: it keeps its place, as one that is held does."""
    return bool(row.turn > stuck.get((row.agreement, row.business_key), row.turn))


def _stays(changes: Changes, row: Any, made: Paper | SingleFile | Records, stuck: Stuck) -> bool:
    """Writes down what was found while it was written, and withholds what cannot leave."""
    for issue in made.remarks:
        changes.issue(issue, document_id=row.id)
    if made.hold is None:
        return False
    _withhold(changes, row, made.hold)
    if row.business_key is not None:
        stuck.setdefault((row.agreement, row.business_key), row.turn)
    return True


def _line(row: Any) -> bytes:
    body = bytes(row.body)
    return body if body.endswith(b"\n") else body + b"\n"


def _withhold(changes: Changes, row: Any, issue: Issue) -> None:
    """It alone waits; what else its interchange led to goes out."""
    status = decide(DOCUMENT, "emitted", "withhold")
    changes.update("documents", row.id, expected={"status": "emitted"}, status=status, reason=issue.code)
    changes.issue(issue, document_id=row.id)
    hold_document(changes, issue, document_id=row.id)
