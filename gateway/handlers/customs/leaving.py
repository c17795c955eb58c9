"""What leaves: drafts of a case whose time has come, each as a message of its own. Pure.

A list leaves when what its agreement names is there and agrees; everything else at once. appTime rises from version to
version, since customs passes over what looks older than what it has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from gateway.agreements import Agreement, Agreements
from gateway.core.errors import NotFoundError
from gateway.core.issues import Issue
from gateway.handlers.customs.case import WITHDRAWN, Case, Document
from gateway.handlers.customs.facts import DOCUMENT, OWN, Fact
from gateway.handlers.customs.matching import LIST, Difference
from gateway.handlers.customs.message import CustomsMessage, CustomsNode, Said
from gateway.handlers.customs.states import ERROR, SEND_FAILED

CHINA = ZoneInfo("Asia/Shanghai")
_TIME = "%Y%m%d%H%M%S"
_DECLARED = "2"
_NEW, _CHANGED = "1", "2"


class Gate(NamedTuple):
    """What keeps a list here: slots that nothing fills, and what differs."""

    missing: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def open(self) -> bool:
        return not self.missing and all(each.severity != "error" for each in self.differences)

    @property
    def words(self) -> str:
        """As the records keep it: ``payment waybill``, ``differs``."""
        if self.open:
            return ""
        return " ".join(self.missing) or "differs"


class Leaving(NamedTuple):
    """One message on its way by an agreement, and the version that it makes."""

    agreement: str
    message: CustomsMessage
    version: Fact


def gate(case: Case, declared: Document, agreement: Agreement) -> Gate:
    """Whether a list may leave."""
    needed = agreement.customs.needed(agreement.type)
    missing = tuple(slot for slot in needed if not agreement.customs.suffices(slot, case.filled(slot) or "nothing"))
    missing = tuple(slot for slot in needed if slot in missing or not case.filled(slot))
    return Gate(missing, case.agrees(declared))


def waiting(case: Case, agreements: Agreements) -> list[tuple[Document, Gate]]:
    """The lists that are drafts, and what keeps each here."""
    found = []
    for each in drafts(case):
        agreement = agreement_of(each, agreements)
        if each.slot == LIST and agreement is not None:
            found.append((each, gate(case, each, agreement)))
    return found


def drafts(case: Case) -> list[Document]:
    return [each for each in case.documents if each.draft is not None and each.draft.status != WITHDRAWN]


def agreement_of(document: Document, agreements: Agreements) -> Agreement | None:
    """By which its draft leaves; None where that is gone."""
    assert document.draft is not None
    try:
        return agreements.agreement(document.draft.agreement)
    except NotFoundError:
        return None


def leaving(case: Case, agreements: Agreements, now: int, new_guid: Iterator[str]) -> Iterator[Leaving]:
    """What leaves now, but for lists that wait. ``now`` is in microseconds."""
    for each in drafts(case):
        agreement = agreement_of(each, agreements)
        if agreement is None or (each.slot == LIST and not gate(case, each, agreement).open):
            continue
        yield _message(each, agreement, now, next(new_guid))


def _message(document: Document, agreement: Agreement, now: int, guid: str) -> Leaving:
    draft = document.draft
    assert draft is not None
    moment = dt.datetime.fromtimestamp(now // 1_000_000, CHINA)
    at = _after(document, moment)
    usual = {"declTime": moment.strftime("%Y%m%d")} if document.number == "621" else {}
    values = usual | draft.head.values
    values |= {"guid": guid, "appTime": at, "appStatus": _DECLARED}
    values.setdefault("appType", _change(document))
    head = Said(values=values)
    message = CustomsMessage(
        type=agreement.type, guid=guid, id=guid, nodes=(CustomsNode(head=head, lines=draft.lines),)
    )
    version = msgspec.structs.replace(
        draft, kind=DOCUMENT, at=at, id=guid, of=draft.id, evidence=OWN, agreement="", head=head
    )
    return Leaving(agreement.name, message, version)


def _after(document: Document, moment: dt.datetime) -> str:
    """Later than every version that there is."""
    at = moment.strftime(_TIME)
    last = document.versions[-1].at if document.versions else ""
    if last < at:
        return at
    return (dt.datetime.strptime(last, _TIME) + dt.timedelta(seconds=1)).strftime(_TIME)


def _change(document: Document) -> str:
    """A version that customs has is changed; one that it could not process is declared as before."""
    if not document.versions:
        return _NEW
    if document.standing.state in (ERROR, SEND_FAILED):
        return document.versions[-1].head["appType"] or _NEW
    return _CHANGED


def gone(document: Document) -> Issue:
    """A draft whose agreement is no more."""
    name = document.draft.agreement if document.draft is not None else ""
    return Issue("CUS-AGREEMENT", value=name, params={"number": document.number})
