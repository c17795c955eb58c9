"""One interchange being translated: its row, its documents chunk by chunk, and its end. Pure."""

from __future__ import annotations

from typing import Any

from gateway.acknowledgments.model import DocumentVerdict, InterchangeVerdict
from gateway.codecs.model import RawDocument
from gateway.core.issues import Issue
from gateway.pipeline.about import ReceiptAbout
from gateway.pipeline.begun import Begun
from gateway.pipeline.conclude import SIBLING, status_of, verdict_of, verdict_on_envelope
from gateway.pipeline.context import Context
from gateway.pipeline.envelope import Receipt
from gateway.pipeline.interpret import interpret
from gateway.pipeline.plan import InterchangePlan
from gateway.pipeline.receipts import answer
from gateway.pipeline.replies import write_reply
from gateway.pipeline.watch import watch_numbers
from gateway.pipeline.written import Origin, Prepared, verdict_on, write_document
from gateway.store import Changes


class TranslatedInterchange:
    """``row`` is the transmission's, ``position`` the place of the interchange in it, from 1."""

    def __init__(
        self, plan: InterchangePlan, position: int, row: Any, changes: Changes, context: Context, begun: Begun | None
    ) -> None:
        self.plan = plan
        self.position = position
        self.row = row
        self.changes = changes
        self.context = context
        self.begun = begun
        self.id = begun.id if begun else 0
        self.status = "pending"
        self._identified = False
        self.answers: list[Receipt] = []
        self.verdicts: dict[int, DocumentVerdict] = {}
        self._waiting: list[Prepared] = []
        # What earlier chunks released cannot be refused any more, even if the agreement would do so now.
        self.scope = "document" if begun and begun.issues else plan.scope

    # How it ends, decided by its envelope

    def refuse(self) -> None:
        """Its envelope does not hold: nothing of it is released."""
        self.status = "refused"
        self._insert("refused")
        self._tell(verdict_on_envelope(self.plan))

    def repeat(self, earlier: int) -> None:
        """It was received before: nothing is processed."""
        self.status = "duplicate"
        self._insert("duplicate", earlier_id=earlier)
        name = f"ic_{earlier}" if earlier > 0 else "another one in this transmission"
        issue = Issue("GTW-DUPLICATE", params={"earlier": name})
        self.changes.issue(issue, transmission_id=self.row.id, interchange_id=self.id)
        about = {"transmission_id": self.row.id, "interchange_id": self.id}
        self.changes.event("interchange.duplicate", log={"earlier": name} | self._log(), **about)

    # Document by document

    def begin(self, identity: str | None) -> None:
        """``identity`` None: it does not count for the recognition of repeats."""
        self._identified = identity is not None
        if self.begun is None:
            self._insert("pending", identity=identity)
            self.changes.pending(self.id, 1)  # the translation itself, until it is concluded

    def recall(self, raw: RawDocument) -> bool:
        """Whether an earlier chunk wrote this document; then only its verdict is wanted again."""
        if self.begun is None or raw.position not in self.begun.issues:
            return False
        self.verdicts[raw.position] = verdict_on(raw, self.begun.issues[raw.position])
        return True

    def take(self, raw: RawDocument) -> None:
        """Read one document; write it, or keep it until the interchange's end decides on it."""
        agreement = self.plan.agreements[raw.type, raw.version, raw.association]
        prepared = Prepared(
            raw=raw,
            agreement=agreement,
            interpretation=interpret(raw, agreement, self.context),
            position=self.plan.first + raw.position - 1,
        )
        self.verdicts[raw.position] = prepared.verdict
        if self.scope == "document":
            write_document(self.changes, prepared, self.origin, self.context)
        else:
            self._waiting.append(prepared)

    def conclude(self) -> None:
        """All documents are read: release what waited, and answer."""
        verdict = verdict_of(self.plan, self.verdicts, self.scope)
        self.status = status_of(verdict)
        refusals = _refusals(self.plan, verdict)
        for prepared in self._waiting:
            refusal = refusals.get(prepared.raw.position)
            write_document(self.changes, prepared, self.origin, self.context, refusal=refusal)
        for number, reply in enumerate(self.plan.summary.replies, 1):
            write_reply(self.changes, reply, self.plan, self.origin, self.plan.summary.documents + number)
        keeps_identity = self._identified and self.status != "refused"
        values: dict[str, Any] = {"status": self.status}
        if not keeps_identity:
            values["identity"] = None
        self._update(**values)
        self.changes.pending(self.id, -1)
        self._tell(verdict)

    # Rows

    @property
    def origin(self) -> Origin:
        return Origin(
            transmission_id=self.row.id,
            interchange_id=self.id,
            endpoint=self.row.endpoint,
            own=self.plan.own.id,
            partner=self.plan.partner.id,
            lane=self.plan.lane,
        )

    def receipt_about(self) -> ReceiptAbout:
        return ReceiptAbout(
            transmission_id=self.row.id,
            interchange_id=self.id,
            own=self.plan.own.id,
            partner=self.plan.partner.id,
            lane=self.plan.lane,
        )

    def _insert(self, status: str, **values: Any) -> None:
        summary, header = self.plan.summary, self.plan.summary.header
        self.id = self.changes.new(
            "interchanges",
            transmission_id=self.row.id,
            direction="in",
            standard=header.standard,
            version=header.version,
            sender=str(header.sender),
            receiver=str(header.receiver),
            from_party=self.plan.partner.id,
            to_party=self.plan.own.id,
            control_number=header.control_number,
            date=header.date,
            time=header.time,
            lane=self.plan.lane,
            position=self.position,
            offset=summary.offset,
            length=summary.length,
            sha256=self.plan.sha256,
            status=status,
            documents=summary.documents,
            **values,
        )
        if status != "duplicate":
            sides = (self.plan.partner.id, self.plan.own.id, header.standard, self.plan.lane)
            watched = self.context.agreements.number_gaps(*sides)
            watch_numbers(self.changes, self.plan, watched, self.row.id, self.id)

    def _update(self, **values: Any) -> None:
        if self.begun is None:
            next(row for row in reversed(self.changes.rows["interchanges"]) if row["id"] == self.id).update(values)
        else:
            self.changes.update("interchanges", self.id, **values)

    def _log(self) -> dict[str, str]:
        header = self.plan.summary.header
        return {"party": self.plan.partner.id, "type": header.standard, "control_number": header.control_number}

    def _tell(self, verdict: InterchangeVerdict) -> None:
        about = {"transmission_id": self.row.id, "interchange_id": self.id}
        group_issues = [issue for group in verdict.groups for issue in group.issues if issue.code != SIBLING]
        for issue in [*verdict.issues, *group_issues]:
            self.changes.issue(issue, **about)
        data = {"documents": self.plan.summary.documents}
        self.changes.event(f"interchange.{self.status}", data=data, log=data | self._log(), **about)
        self.answers = answer(self.changes, self.plan, self.receipt_about(), verdict)


def _refusals(plan: InterchangePlan, verdict: InterchangeVerdict) -> dict[int, Issue]:
    """Documents that are refused because of a sibling, by their position in the interchange."""
    return {
        head.position: issue
        for summary, group in zip(plan.summary.groups, verdict.groups, strict=True)
        for head, document in zip(summary.documents, group.documents, strict=True)
        for issue in document.issues
        if issue.code == SIBLING
    }
