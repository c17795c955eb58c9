"""What a receipt does to the documents that it speaks of, decided without a database. Pure."""

from __future__ import annotations

import msgspec

from gateway.acknowledgments import DEPTH, Statement, Status, plain
from gateway.core.issues import Issue
from gateway.handlers.receipts.sent import SentDocument, SentInterchange
from gateway.store.ids import show

ACCEPTED, REJECTED = "accepted", "rejected"
_FINAL = (ACCEPTED, REJECTED)

#: What an operator ended after it was rejected: nothing that is said of it later changes that.
CANCELLED = "cancelled"


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """``verdicts``: the documents that get a new status, and which one. ``answered``: those that the receipt answers,
    whatever they were before; those that wait for it wait no longer. ``remarks`` are on the receipt itself.

    ``hold``: nothing is changed, and an operator decides.
    """

    receipt: str
    statement: Statement
    subject: SentInterchange
    verdicts: tuple[tuple[SentDocument, str], ...] = ()
    answered: tuple[SentDocument, ...] = ()
    remarks: tuple[Issue, ...] = ()
    hold: Issue | None = None


def decide(receipt: str, statement: Statement, subject: SentInterchange, *, insists: bool = False) -> Decision:
    """``insists``: an operator said that this receipt holds, although an earlier one said otherwise."""
    remarks = _counted(receipt, statement, subject)
    short = any(issue.params["what"] == "sent" for issue in remarks)
    concerned = subject.concerned(statement)
    statuses = {document.id: _status(statement, document, short) for document in concerned}
    unclear = [document for document in concerned if statuses[document.id] in (Status.UNKNOWN, Status.PARTIAL)]
    said = [document for document in concerned if document not in unclear]
    if unclear and (not said or statement.whole is Status.UNKNOWN):
        return Decision(
            receipt=receipt, statement=statement, subject=subject, hold=_unclear(receipt, statement, subject)
        )
    verdicts: list[tuple[SentDocument, str]] = []
    for document in said:
        wanted = _wanted(statuses[document.id])
        if wanted is None or document.status in (wanted, CANCELLED):
            continue
        if not insists and _contradicts(receipt, document, wanted):
            hold = _contradiction(receipt, document, wanted)
            return Decision(receipt=receipt, statement=statement, subject=subject, hold=hold)
        if insists or not _outranked(receipt, document):
            verdicts.append((document, wanted))
    return Decision(
        receipt=receipt,
        statement=statement,
        subject=subject,
        verdicts=tuple(verdicts),
        answered=tuple(document for document in said if statuses[document.id] is not Status.RECEIVED or not short),
        remarks=(*remarks, *_others(receipt, statement, subject)),
    )


def _status(statement: Statement, document: SentDocument, short: bool) -> Status:
    """The verdict on one document. Where a partner counted too few or too many, only what it names is sure."""
    if not statement.control_number and statement.documents:
        return statement.documents[0].status
    if short and statement.whole is not Status.REJECTED and statement.document(document.control_number) is None:
        return Status.RECEIVED
    return statement.status_of(document.control_number)


def _wanted(status: Status) -> str | None:
    """The status of a document by the verdict; a document that has merely arrived keeps its own."""
    if status is Status.REJECTED:
        return REJECTED
    return ACCEPTED if status.positive else None


def _contradicts(receipt: str, document: SentDocument, wanted: str) -> bool:
    """A refusal by a deeper look than the one that accepted is none; nor is the yes of a shallower one."""
    if document.status not in _FINAL or document.verdict is None:
        return False
    earlier, now = DEPTH.get(document.verdict.receipt, 1), DEPTH[receipt]
    if wanted == REJECTED:
        return now <= earlier
    return now >= earlier


def _outranked(receipt: str, document: SentDocument) -> bool:
    """A verdict of a deeper look stands already."""
    known = document.verdict
    return document.status in _FINAL and known is not None and DEPTH.get(known.receipt, 1) > DEPTH[receipt]


def _counted(receipt: str, statement: Statement, subject: SentInterchange) -> list[Issue]:
    """AK902 and AK904 against what is known: how many were sent, how many of those it accepts."""
    who = {"receipt": receipt}
    sent = len(subject.documents)
    found: list[Issue] = []
    if statement.included is not None and statement.included != sent:
        params = who | {"what": "sent", "found": str(sent)}
        found.append(Issue("RCP-COUNT", value=str(statement.included), params=params))
    accepted = sum(statement.status_of(document.control_number).positive for document in subject.documents)
    if statement.accepted is not None and not found and statement.accepted != accepted:
        params = who | {"what": "accepted", "found": str(accepted)}
        found.append(Issue("RCP-COUNT", value=str(statement.accepted), params=params))
    return found


def _others(receipt: str, statement: Statement, subject: SentInterchange) -> list[Issue]:
    """Documents that it names and that were not there."""
    known = {plain(document.control_number) for document in subject.documents}
    params = {"receipt": receipt, "subject": show("interchange", subject.id)}
    named = [document.control_number for document in statement.documents if document.control_number]
    return [Issue("RCP-OTHER", value=number, params=params) for number in named if plain(number) not in known]


def _unclear(receipt: str, statement: Statement, subject: SentInterchange) -> Issue:
    params = {"receipt": receipt, "subject": show("interchange", subject.id)}
    return Issue("RCP-UNCLEAR", value=str(statement.whole), params=params)


def _contradiction(receipt: str, document: SentDocument, wanted: str) -> Issue:
    known = document.verdict
    earlier = f"{known.receipt} ({known.by})" if known is not None else "An earlier receipt"
    params = {"receipt": receipt, "document": document.name, "earlier": earlier, "before": document.status}
    return Issue("RCP-CONTRADICTION", value=wanted, params=params)
