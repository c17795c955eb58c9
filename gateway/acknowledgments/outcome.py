"""What a partner's receipt says about what we sent, the same for TA1, 997, CONTRL, 824 and APERAK."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import msgspec


class Status(StrEnum):
    """``UNKNOWN``: the receipt has a code that is not one; it must not be taken for a yes."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_ERRORS = "accepted with errors"
    PARTIAL = "partially accepted"
    REJECTED = "rejected"
    RECEIVED = "received"
    UNKNOWN = "unknown"

    @property
    def positive(self) -> bool:
        """The receiver took it."""
        return self in (Status.ACCEPTED, Status.ACCEPTED_WITH_ERRORS)


class Remark(NamedTuple):
    """One error that the partner names. Places count as in issues: the tag is not an element."""

    code: str  # AK304, AK403 or 0085; TED01 or ERC 9321
    tag: str = ""
    segment: int | None = None
    loop: str = ""
    element: int | None = None
    component: int | None = None
    repetition: int | None = None
    reference: str = ""
    value: str = ""
    text: str = ""  # in the partner's own words


class DocumentOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction set or message. ``codes``: AK502 to AK506, or the 0085 of UCM."""

    type: str
    control_number: str
    status: Status
    codes: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


class GroupOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One functional group: a 997, or UCF; for EDIFACT without groups there is one with ``control_number`` empty.

    The counts are AK902 to AK904, None where the receipt does not say. ``functional_id`` is AK101.
    """

    functional_id: str = ""
    control_number: str = ""
    version: str = ""
    status: Status = Status.UNKNOWN
    codes: tuple[str, ...] = ()
    included: int | None = None
    received: int | None = None
    accepted: int | None = None
    documents: tuple[DocumentOutcome, ...] = ()

    def status_of(self, control_number: str) -> Status:
        """What became of one document: what the receipt says of it, else what it says of the whole group.

        In a partially accepted group a document that is not listed was accepted, provided that the rejected ones
        are listed; where they are not, nobody can tell (``UNKNOWN``).
        """
        if self.status is Status.REJECTED:
            return Status.REJECTED
        listed = {plain(document.control_number): document.status for document in self.documents}
        unlisted = self.status
        if unlisted is Status.PARTIAL:
            unlisted = Status.ACCEPTED if Status.REJECTED in listed.values() else Status.UNKNOWN
        return listed.get(plain(control_number), unlisted)


class InterchangeOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """A whole interchange: TA1 (without groups) or CONTRL. ``sender`` and ``receiver`` are those of the subject."""

    control_number: str
    status: Status
    codes: tuple[str, ...] = ()
    sender: str = ""
    receiver: str = ""
    date: str = ""
    time: str = ""
    groups: tuple[GroupOutcome, ...] = ()

    def status_of(self, control_number: str, group: str = "") -> Status:
        """What became of one message of group ``group`` (empty: the interchange has no groups).

        Messages that the partner lists without their group are found too.
        """
        if self.status in (Status.REJECTED, Status.RECEIVED, Status.UNKNOWN):
            return self.status
        groups = {plain(g.control_number): g for g in self.groups}
        outcome = groups.get(plain(group)) or groups.get(plain(""))
        unlisted = Status.UNKNOWN if self.status is Status.PARTIAL else self.status
        return unlisted if outcome is None else outcome.status_of(control_number)


class ApplicationOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What an application says of one document (824: one OTI; APERAK: the message).

    ``group`` is the control number of its group (OTI08) or interchange; the control number of ``document`` is that of
    the transaction set (OTI09). Both are empty where the partner names the document by ``references`` only.
    """

    group: str = ""
    references: tuple[str, ...] = ()
    document: DocumentOutcome


def plain(number: str) -> str:
    """A control number as partners repeat it: blanks and leading zeros come and go."""
    text = number.strip()
    return text.lstrip("0") or "0" if text.isdecimal() else text


def spellings(number: str) -> frozenset[str]:
    """A control number as partners repeat it and as it may have been written; none of an empty one."""
    return frozenset((number, plain(number), plain(number).zfill(9))) if number else frozenset()


def count(text: str) -> int | None:
    """A number as a receipt gives it; None for what is none, or no reasonable one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
