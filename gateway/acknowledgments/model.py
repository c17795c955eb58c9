"""The verdict on an interchange: what translate concludes and acknowledgments report."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gateway.codecs.model import GroupHeader, InterchangeHeader, Segment
from gateway.core.issues import Issue, Severity, has_errors

#: Documents that are receipts themselves. Answering one would begin an endless exchange, so none is ever answered.
RECEIPTS = frozenset({"997", "999", "TA1", "CONTRL"})

#: Verdicts of an application. They are receipts for what we sent, and documents that a syntax receipt may answer.
APPLICATION = frozenset({"824", "APERAK", "ApplicationResponse"})

#: The functional group that carries syntax receipts in X12 (GS01).
RECEIPT_GROUP = "FA"


class DocumentVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction set or message. ``segment`` is its UNH as it stands there; UCM repeats S009 from it."""

    type: str
    control_number: str
    issues: tuple[Issue, ...] = ()
    segment: Segment = []
    association: str = ""

    @property
    def accepted(self) -> bool:
        return not has_errors(self.issues)

    @property
    def clean(self) -> bool:
        """Without any issue that a receipt would note (AK501 = A, not E)."""
        return not any(reportable(issue) for issue in self.issues)


class GroupVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """A functional group; in EDIFACT without UNG there is one with ``header`` None.

    ``declared`` is the count of documents that its trailer says, None where it says none.
    """

    header: GroupHeader | None
    issues: tuple[Issue, ...] = ()
    declared: int | None = None
    documents: tuple[DocumentVerdict, ...] = ()

    @property
    def accepted(self) -> bool:
        """The envelope of the group holds; single documents may still be refused."""
        return not has_errors(self.issues)


class InterchangeVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """An interchange. ``replies`` counts the TA1 segments that stood in it beside the groups."""

    header: InterchangeHeader
    issues: tuple[Issue, ...] = ()
    groups: tuple[GroupVerdict, ...] = ()
    replies: int = 0

    @property
    def accepted(self) -> bool:
        """The envelope holds; single groups or documents may still be refused."""
        return not has_errors(self.issues)


def reportable(issue: Issue) -> bool:
    """Whether a receipt notes the issue: it has a code for it, and is more than information."""
    return issue.severity is not Severity.INFORMATION and bool(issue.kind.x12 or issue.kind.edifact)


def acknowledgeable(subject: InterchangeVerdict | GroupVerdict | DocumentVerdict) -> bool:
    """Whether a receipt may answer it: never 997, 999, TA1 and CONTRL, nor what holds nothing else.

    X12.5 (TA1 is not acknowledged), X12.20 (no 997 for a group FA), ISO 9735:1988 CONTRL.
    """
    if isinstance(subject, DocumentVerdict):
        return subject.type.upper() not in RECEIPTS
    if isinstance(subject, GroupVerdict):
        functional = subject.header is not None and subject.header.functional_id == RECEIPT_GROUP
        return not functional and _any_or_none(subject.documents)
    return _any_or_none(subject.groups) and not (subject.replies and not subject.groups)


def _any_or_none(parts: Iterable[GroupVerdict | DocumentVerdict]) -> bool:
    """True where one part may be answered, or there is none at all: an empty envelope is answered as such."""
    answers = [acknowledgeable(part) for part in parts]
    return any(answers) or not answers
