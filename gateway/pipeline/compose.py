"""Compose: canonical documents that handlers emitted become files in the format and batching of their agreement.

One piece of work is everything that one incoming interchange led to and that is not composed yet. It is made when the
last of its documents is handled (``interchanges.pending``), so an agreement with
``batch = "interchange"`` gets one file. Documents of other interchanges that still wait for that are composed along
with it, and before it, where a later document of their key would overtake them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from gateway.agreements import Agreement
from gateway.core.errors import NotFoundError
from gateway.core.issues import Issue
from gateway.core.lifecycle import DOCUMENT, decide
from gateway.expectations import expect, give_up
from gateway.pipeline import queries
from gateway.pipeline.context import Context
from gateway.pipeline.send import Outgoing, send
from gateway.pipeline.waiting import hold_document
from gateway.store import Changes, Database, Result, Step, WorkItem

MICROSECONDS = 1_000_000


class Job(msgspec.Struct, kw_only=True):
    """The interchanges of a batch, and what they led to."""

    items: Sequence[WorkItem]
    rows: list[Any]


class Compose:
    """The step."""

    step = Step.COMPOSE

    def __init__(self, context: Context) -> None:
        self.context = context

    def load(self, database: Database, items: Sequence[WorkItem]) -> Job:
        ids = sorted({item.subject for item in items})
        with database.read() as connection:
            rows = queries.emitted(connection, ids)
            rows += queries.overtaken(connection, ids)
        return Job(items=items, rows=rows)

    def run(self, job: Job) -> Result:
        changes = Changes(self.context.clock.now())
        for agreement, rows in self._files(changes, job.rows):
            self._compose(changes, agreement, rows)
        return Result(changes, finished=[item.id for item in job.items])

    def fail(self, item: WorkItem, error: str) -> Changes:
        changes = Changes(self.context.clock.now())
        give_up(changes, item, error)
        return changes

    def _files(self, changes: Changes, rows: list[Any]) -> Iterator[tuple[Agreement, list[Any]]]:
        """What goes into one file each, as the agreements say, in the order of receipt."""
        files: dict[tuple[str, int], tuple[Agreement, list[Any]]] = {}
        for row in sorted(rows, key=lambda row: (row.turn, row.id)):
            agreement = self._agreement(row)
            if isinstance(agreement, Issue):
                _withhold(changes, row, agreement)
            else:
                together = row.source_interchange_id if agreement.batch == "interchange" else row.id
                files.setdefault((agreement.name, together), (agreement, []))[1].append(row)
        yield from files.values()

    def _agreement(self, row: Any) -> Agreement | Issue:
        """What it was emitted for, or why it cannot be written now."""
        try:
            agreement = self.context.agreements.agreement(row.agreement)
        except NotFoundError as error:
            params = {"sender": row.from_party, "receiver": row.to_party, "configuration": str(error)}
            return Issue("GTW-AGREEMENT", value=row.canonical, params=params)
        if agreement.standard == "json":
            return agreement
        reason = f"documents in {agreement.standard} are not written yet"
        return Issue("GTW-MAPPING", value=agreement.mapping, params={"reason": reason})

    def _compose(self, changes: Changes, agreement: Agreement, rows: list[Any]) -> None:
        """One JSON-Lines file: a canonical document on each line."""
        body = b"".join(bytes(row.body) + b"\n" for row in rows)

        def build(number: int) -> None:
            transmission = send(changes, self._outgoing(agreement, rows, number, body))
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

    def _outgoing(self, agreement: Agreement, rows: list[Any], number: int, body: bytes) -> Outgoing:
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


def _withhold(changes: Changes, row: Any, issue: Issue) -> None:
    """It alone waits; what else its interchange led to goes out."""
    status = decide(DOCUMENT, "emitted", "withhold")
    changes.update("documents", row.id, expected={"status": "emitted"}, status=status, reason=issue.code)
    changes.issue(issue, document_id=row.id)
    hold_document(changes, issue, document_id=row.id)
