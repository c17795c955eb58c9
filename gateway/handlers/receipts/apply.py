"""What a receipt decided, written: documents, their transmission and interchange, expectations, history. Pure."""

from __future__ import annotations

from functools import partial
from typing import Any

from gateway.acknowledgments import DEPTH, DocumentOutcome, Status
from gateway.core.issues import Issue
from gateway.core.lifecycle import DOCUMENT, TRANSMISSION, decide
from gateway.expectations import settle
from gateway.grammar import Schemas
from gateway.handlers.model import Inbound
from gateway.handlers.receipts.decide import ACCEPTED, CANCELLED, REJECTED, Decision
from gateway.handlers.receipts.remarks import document_of, issues_of, name_of
from gateway.handlers.receipts.sent import SentDocument, SentInterchange, Verdict
from gateway.store import Changes
from gateway.store.ids import show

_EVENTS = {ACCEPTED: "accept", REJECTED: "reject"}

#: A 999 takes the place of a 997: whoever awaits the one is content with the other.
_ALIKE = {"997": ("997", "999"), "999": ("997", "999")}

#: Documents that an alert names; it always says how many there are.
_NAMED = 20


def apply(
    changes: Changes, decision: Decision, inbound: Inbound, transmission: int, schemas: Schemas | None = None
) -> None:
    """``transmission`` is the one that brought the receipt; ``schemas`` know what elements are called."""
    by = show("document", inbound.document_id)
    for document, status in decision.verdicts:
        found = _issues(decision, document, inbound.partner, schemas, refused=status == REJECTED)
        _document(changes, decision, document, status, found, by)
    for document in _noted(decision):
        found = _issues(decision, document, inbound.partner, schemas, refused=False)
        _tell(changes, found, document, decision.subject)
    _expectations(changes, decision, transmission)
    _whole(changes, decision, inbound, by)
    _alert(changes, decision, inbound)


def _document(
    changes: Changes, decision: Decision, document: SentDocument, status: str, issues: list[Issue], by: str
) -> None:
    after = decide(DOCUMENT, document.status, _EVENTS[status])
    reason = _reason(issues) if status == REJECTED else None
    changes.update("documents", document.id, expected={"status": document.status}, status=after, reason=reason)
    _tell(changes, issues, document, decision.subject)
    data = {"receipt": decision.receipt, "by": by}
    changes.event(f"document.{after}", data=data, document_id=document.id, **_about(decision.subject))
    document.status, document.verdict = after, Verdict(decision.receipt, by)


def _noted(decision: Decision) -> list[SentDocument]:
    """Accepted before, or just received, and yet something is said of them."""
    judged = {document.id for document, _ in decision.verdicts}
    return [
        document
        for document in decision.answered
        if document.id not in judged
        and (said := _outcome(decision, document)) is not None
        and said.status is Status.ACCEPTED_WITH_ERRORS
        and (document.verdict is None or document.verdict.receipt != decision.receipt)
    ]


def _outcome(decision: Decision, document: SentDocument) -> DocumentOutcome | None:
    statement = decision.statement
    if not statement.control_number and statement.documents:
        return statement.documents[0]
    return statement.document(document.control_number)


def _issues(
    decision: Decision, document: SentDocument, partner: str, schemas: Schemas | None, *, refused: bool
) -> list[Issue]:
    outcome = _outcome(decision, document)
    wanted = outcome is not None and outcome.remarks and decision.receipt == "CONTRL"
    raw = document_of(decision.subject, document) if wanted else None
    return issues_of(
        decision.receipt,
        partner,
        decision.statement,
        outcome,
        refused=refused,
        raw=raw,
        name=partial(name_of, schemas, decision.subject.standard, document),
    )


def _tell(changes: Changes, issues: list[Issue], document: SentDocument, subject: SentInterchange) -> None:
    for issue in issues:
        changes.issue(issue, document_id=document.id, **_about(subject))


def _about(subject: SentInterchange) -> dict[str, Any]:
    return {"interchange_id": subject.id, "transmission_id": subject.transmission_id}


def _reason(issues: list[Issue]) -> str:
    """The first finding, with its place: what lists of documents show."""
    first = next((issue for issue in issues if issue.location.segment), issues[0])
    place = str(first.location)
    return f"{first.text} {place}." if place else first.text


def _expectations(changes: Changes, decision: Decision, transmission: int) -> None:
    ids = [document.id for document in decision.answered]
    kinds = _ALIKE.get(decision.receipt, (decision.receipt,))
    settle(changes, "resolve", kinds, ids, by=transmission)
    refused = [document.id for document, status in decision.verdicts if status == REJECTED]
    deeper = [kind for kind, depth in DEPTH.items() if depth > DEPTH[decision.receipt]]
    settle(changes, "waive", deeper, refused)  # what is refused by its envelope is not looked into


def _whole(changes: Changes, decision: Decision, inbound: Inbound, by: str) -> None:
    """The interchange and the transmission, once every document in them has its verdict."""
    subject, about = decision.subject, _about(decision.subject)
    data: dict[str, Any] = {"receipt": decision.receipt, "by": by, "verdict": str(decision.statement.whole)}
    changes.event("interchange.answered", data=data, **about)
    if not decision.verdicts:
        return
    left = sum(document.status not in (ACCEPTED, REJECTED, CANCELLED) for document in subject.documents)
    found = {document.status for document in subject.documents} - {CANCELLED}
    verdict = REJECTED if found == {REJECTED} else ACCEPTED
    status = "partial" if len(found) > 1 else ("refused" if verdict == REJECTED else "accepted")
    # Somebody else applied a receipt on other documents of it meanwhile: neither would see that all are answered.
    known = {"pending": subject.pending}
    changes.update("interchanges", subject.id, expected=known, status=subject.status if left else status, pending=left)
    subject.pending = left
    if left:
        return
    subject.status = status
    before = subject.transmission_status
    if subject.transmission_id is None or before in (None, verdict, "composed"):
        return  # a delivery that is not at its end writes the status itself
    after = decide(TRANSMISSION, before, _EVENTS[verdict])
    reason = f"rejected by {inbound.partner}" if verdict == REJECTED else None
    changes.update("transmissions", subject.transmission_id, expected={"status": before}, status=after, reason=reason)
    changes.event(f"transmission.{after}", data={"receipt": decision.receipt, "by": by}, **about)
    subject.transmission_status = after


def _alert(changes: Changes, decision: Decision, inbound: Inbound) -> None:
    """One alert for all that a receipt refuses."""
    refused = [document.name for document, status in decision.verdicts if status == REJECTED]
    if refused:
        data = {"party": inbound.partner, "receipt": decision.receipt, "count": len(refused)}
        data["about"] = refused[:_NAMED]
        changes.event("documents.rejected", data=data, log=data, **_about(decision.subject))
