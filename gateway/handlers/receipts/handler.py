"""The handler of receipts: each is brought together with what it answers, and decides what became of it.

Nothing is guessed: what answers nothing that we sent is held, and so is a second receipt that contradicts the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from gateway.acknowledgments import ANSWER, Answer, Statement, plain
from gateway.core.issues import Issue
from gateway.grammar import Schemas
from gateway.handlers.model import Inbound, Outcome
from gateway.handlers.receipts.apply import apply
from gateway.handlers.receipts.decide import Decision, decide
from gateway.handlers.receipts.sent import Brought, SentInterchange, load
from gateway.store import Changes
from gateway.store.ids import show

#: What the number in a receipt is one of.
_SUBJECTS = {"TA1": "interchange", "CONTRL": "interchange", "APERAK": "interchange"}


class ReceiptsHandler:
    """Subscribes to receipts of every kind. ``schemas`` know what the elements are called that a receipt names."""

    name = "receipts"
    documents = frozenset({ANSWER})

    def __init__(self, schemas: Schemas | None = None) -> None:
        self._schemas = schemas

    def load(self, connection: Connection, batch: Sequence[Inbound]) -> Mapping[int, Brought]:
        return load(connection, batch)

    def handle(self, inbound: Inbound, record: Brought, changes: Changes) -> Outcome:
        answer: Answer = inbound.document
        decisions: list[Decision] = []
        for statement in answer.statements:
            subject = record.find(statement, answer.standard)
            if subject is None or not subject.left:
                return Outcome(hold=_astray(answer, statement, inbound.partner, subject))
            decision = decide(answer.type, statement, subject, insists=record.insists)
            if decision.hold is not None:
                return Outcome(hold=decision.hold)
            decisions.append(decision)
        if not decisions:
            return Outcome(hold=Issue("RCP-UNREADABLE", value=answer.type, params={"reason": "it names nothing"}))
        for decision in decisions:
            apply(changes, decision, inbound, record.transmission_id, self._schemas)
        changes.update("documents", inbound.document_id, source_interchange_id=decisions[0].subject.id)
        issues = tuple(issue for decision in decisions for issue in decision.remarks)
        return Outcome(issues=issues, event="receipt.applied")


def _astray(answer: Answer, statement: Statement, partner: str, subject: SentInterchange | None) -> Issue:
    """What it answers was never sent, or was cancelled before it left."""
    number = plain(statement.control_number) or ", ".join(statement.references)
    what = _SUBJECTS.get(answer.type, "group") if statement.control_number else "document"
    params = {"receipt": answer.type, "subject": what, "partner": partner}
    if subject is not None:
        return Issue(
            "RCP-VOID", value=number, params=params | {"subject": f"{what} {show('interchange', subject.id)},"}
        )
    return Issue("RCP-UNKNOWN", value=number, params=params)
