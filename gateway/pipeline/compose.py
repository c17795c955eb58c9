"""Compose: canonical documents that handlers emitted become files in the format and batching of their agreement.

One piece of work is everything that one incoming interchange led to and that is not composed yet. It is made when the
last of its documents is handled (``interchanges.pending``), so an agreement with
``batch = "interchange"`` gets one file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec

from gateway.agreements import Agreement
from gateway.expectations import expect, give_up
from gateway.pipeline import queries
from gateway.pipeline.context import Context
from gateway.pipeline.send import Outgoing, send
from gateway.store import Changes, Database, Result, Step, WorkItem

MICROSECONDS = 1_000_000


class Job(msgspec.Struct, kw_only=True):
    """One interchange and what it led to."""

    item: WorkItem
    rows: list[Any]


class Compose:
    """The step."""

    step = Step.COMPOSE

    def __init__(self, context: Context) -> None:
        self.context = context

    def load(self, database: Database, items: Sequence[WorkItem]) -> list[Job]:
        jobs = {item.subject: Job(item=item, rows=[]) for item in items}
        with database.read() as connection:
            for row in queries.emitted(connection, sorted(jobs)):
                jobs[row.source_interchange_id].rows.append(row)
        # Two rows of work of one interchange: the first composes everything, the other finds nothing left.
        return [*jobs.values(), *(Job(item=i, rows=[]) for i in items if jobs[i.subject].item is not i)]

    def run(self, jobs: list[Job]) -> Result:
        changes = Changes(self.context.clock.now())
        result = Result(changes)
        for job in jobs:
            for agreement, rows in self._files(job.rows):
                self._compose(changes, job, agreement, rows)
            result.finished.append(job.item.id)
        return result

    def fail(self, item: WorkItem, error: str) -> Changes:
        changes = Changes(self.context.clock.now())
        give_up(changes, item, error)
        return changes

    def _files(self, rows: list[Any]) -> Iterator[tuple[Agreement, list[Any]]]:
        """What goes into one file each, as the agreements say."""
        for name, group in groupby(sorted(rows, key=lambda row: str(row.agreement)), key=lambda row: row.agreement):
            agreement = self.context.agreements.agreement(name)
            together = list(group)
            if agreement.batch == "interchange":
                yield agreement, together
            else:
                yield from ((agreement, [row]) for row in together)

    def _compose(self, changes: Changes, job: Job, agreement: Agreement, rows: list[Any]) -> None:
        """One JSON-Lines file: a canonical document on each line."""
        body = b"".join(bytes(row.body) + b"\n" for row in rows)

        def build(number: int) -> None:
            transmission = send(changes, self._outgoing(job, agreement, rows, number, body))
            for position, row in enumerate(rows, 1):
                # Somebody composed it meanwhile: the commit is refused, and the next try sees that.
                changes.update(
                    "documents",
                    row.id,
                    expected={"status": "emitted"},
                    status="composed",
                    transmission_id=transmission,
                    control_number=str(number),
                    position=position,
                )
                self._expect(changes, agreement, row, transmission)

        changes.numbered(agreement.name, "file", build)

    def _outgoing(self, job: Job, agreement: Agreement, rows: list[Any], number: int, body: bytes) -> Outgoing:
        alone = len(rows) == 1
        return Outgoing(
            endpoint=agreement.endpoint,
            party=agreement.party,
            lane=agreement.lane,
            format=agreement.standard,
            name=f"{agreement.name}-{number:09d}.jsonl",
            body=body,
            parent_id=rows[0].source_transmission_id,
            order=rows[0].business_key if alone else "*",
        )

    def _expect(self, changes: Changes, agreement: Agreement, row: Any, transmission: int) -> None:
        for answer in agreement.deadlines:
            seconds = agreement.deadline(answer) or 0
            due = changes.at + seconds * MICROSECONDS
            expect(changes, answer, party=agreement.party, due=due, document_id=row.id, transmission_id=transmission)
