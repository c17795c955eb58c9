"""The interchanges that we write, documents and receipts alike: from what the agreement says to bytes. Pure.

A :class:`Sheet` is all of an interchange but its control number and its time, which it gets within the commit.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

import msgspec

from gateway.acknowledgments import EDIFACT, X12, Carrier
from gateway.agreements import Agreement
from gateway.agreements.model import Characters, Envelope
from gateway.codecs import Body, EdifactEnvelope, X12Envelope, X12Group, write_edifact, write_x12
from gateway.codecs.charset import SYNTAX_CHARSETS
from gateway.codecs.edifact_advice import DEFAULT
from gateway.codecs.model import Address, Delimiters, InterchangeHeader, Segment
from gateway.codecs.x12_write import X12_DELIMITERS, written_marks

#: The highest control number that an interchange can have: ISA13 has nine digits, UNB 0020 fourteen.
LAST_NUMBER = {"x12": 10**9 - 1, "edifact": 10**14 - 1}

#: What stands in for a delimiter that occurs in the data, in the order of preference. X12.5 recommends control
#: characters; what can be seen goes before them, for people who look into files.
_OTHERS = {"element": "|\x1d", "component": "<\x1f", "terminator": "!\x1c", "repetition": "%\x1e"}

_GROUP_OF_RECEIPTS = "FA"
_ISA12 = re.compile("[0-9]{5}")


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """One receipt without its envelope, as it is kept: what stands between ST and SE or UNH and UNT, or the TA1."""

    type: str
    version: str
    body: list[Segment]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """``syntax`` is ISA12 or UNB S001 (``UNOC:3``), ``version`` is GS08 and ``functional_id`` GS01 of an X12 group.

    An interchange in X12 has one group, which takes its number: all documents in it are of one agreement.
    """

    standard: str
    sender: Address
    receiver: Address
    syntax: str
    test: bool
    agreed: Envelope
    marks: Delimiters
    bodies: Sequence[Body] = ()
    charset: str = ""
    functional_id: str = ""
    version: str = ""
    replies: Sequence[Segment] = ()
    asks: bool = False

    def number(self, control: int) -> str:
        """A control number as it stands in the interchange: ISA13 has nine digits always."""
        return f"{control:09d}" if self.standard == "x12" else str(control)


def write(sheet: Sheet, control: int, at: int) -> bytes:
    """The interchange with its control number; ``at`` is its time in microseconds.

    Raises :class:`~gateway.core.errors.UnwritableError` for what it cannot carry.
    """
    now = dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC)
    return _x12(sheet, control, now) if sheet.standard == "x12" else _edifact(sheet, control, now)


def _x12(sheet: Sheet, control: int, now: dt.datetime) -> bytes:
    agreed = sheet.agreed
    envelope = X12Envelope(
        sender=sheet.sender,
        receiver=sheet.receiver,
        control_number=control,
        date=now.date(),
        time=now.time(),
        version=sheet.syntax,
        test=sheet.test,
        acknowledgment_requested=sheet.asks,
        delimiters=sheet.marks,
        line_break="\n" if agreed.line_break else "",
        charset=sheet.charset or "ascii",
        replies=sheet.replies,
    )
    group = X12Group(
        functional_id=sheet.functional_id,
        control_number=control,
        documents=sheet.bodies,
        version=sheet.version,
        sender=agreed.group_sender or None,
        receiver=agreed.group_receiver or None,
    )
    return write_x12(envelope, [group] if sheet.bodies else [])


def _edifact(sheet: Sheet, control: int, now: dt.datetime) -> bytes:
    syntax, _, version = sheet.syntax.partition(":")
    envelope = EdifactEnvelope(
        sender=sheet.sender,
        receiver=sheet.receiver,
        control_number=str(control),
        date=now.date(),
        time=now.time(),
        syntax=syntax,
        syntax_version=int(version),
        test=sheet.test,
        acknowledgment_requested=sheet.asks,
        application_reference=sheet.agreed.application_reference,
        delimiters=sheet.marks,
        line_break="\n" if sheet.agreed.line_break else "",
        charset=sheet.charset or None,
    )
    return write_edifact(envelope, sheet.bodies)


def sheet_of_receipts(header: InterchangeHeader, agreement: Agreement, receipts: Sequence[Receipt]) -> Sheet:
    """The answer to an interchange: sender and receiver change places, the rest is as agreed."""
    agreed = agreement.envelope
    x12 = header.standard == "x12"
    functional = [receipt for receipt in receipts if receipt.type != "TA1"]
    return Sheet(
        standard=header.standard,
        sender=header.receiver,
        receiver=header.sender,
        syntax=agreed.version or written_version(header) if x12 else syntax_of(header.version, agreed.syntax),
        test=header.test if agreed.test is None else agreed.test,
        agreed=agreed,
        marks=marks_of(header.standard, agreement),
        bodies=[
            Body(
                type=each.type,
                control_number=reference(header.standard, n),
                segments=each.body,
                version=each.version,
                association=each.version if each.type == "999" and len(each.version) > 6 else "",  # ST03
            )
            for n, each in enumerate(functional, 1)
        ],
        functional_id=_GROUP_OF_RECEIPTS,
        version=functional[0].version if functional else "",
        replies=[segment for receipt in receipts if receipt.type == "TA1" for segment in receipt.body],
    )


def reference(standard: str, position: int) -> str:
    """ST02 or UNH 0062 of a document at this position, from 1, in its interchange."""
    return f"{position:04d}" if standard == "x12" else str(position)


def written_version(header: InterchangeHeader) -> str:
    """ISA12 of the answer: that of the interchange that is answered, which may say anything, where we can write it."""
    return header.version if _ISA12.fullmatch(header.version) else "00401"


def carrier_of(header: InterchangeHeader, agreement: Agreement) -> Carrier:
    """What the envelope of an answer can carry, for copies of the partner's data."""
    marks = marks_of(header.standard, agreement)
    if header.standard != "x12":
        return EDIFACT._replace(delimiters=marks)
    version = agreement.envelope.version or written_version(header)
    return X12._replace(delimiters=written_marks(marks, version))


def syntax_of(*wanted: str) -> str:
    """The first of them that is a syntax of EDIFACT which we can write: ``UNOC:3``."""
    for text in wanted:
        level, _, version = text.partition(":")
        if level in SYNTAX_CHARSETS and version in ("1", "2", "3", "4"):
            return text
    return "UNOC:3"


def marks_of(standard: str, agreement: Agreement) -> Delimiters:
    """The service characters: those that the agreement names, else the usual ones."""
    usual = X12_DELIMITERS if standard == "x12" else DEFAULT
    characters = agreement.envelope.delimiters
    agreed = msgspec.structs.asdict(characters) if isinstance(characters, Characters) else {}
    return usual._replace(**{name: mark for name, mark in agreed.items() if mark is not None})


def free_marks(marks: Delimiters, agreement: Agreement, texts: Iterable[str]) -> Delimiters:
    """For X12, which releases nothing: where a service character occurs in ``texts``, and the agreement does not insist
    on it, another one that does not."""
    used = set().union(*texts)
    for name, others in _OTHERS.items():
        mark = getattr(marks, name)
        if mark is not None and mark in used and getattr(agreement.envelope.delimiters, name) is None:
            free = next((other for other in others if other not in used and other not in marks), mark)
            marks = marks._replace(**{name: free})
    return marks
