"""The envelope of what we answer: sender and receiver change places, the rest is as agreed. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import msgspec

from gateway.acknowledgments import EDIFACT, X12, Carrier
from gateway.agreements import Agreement
from gateway.agreements.model import Characters
from gateway.codecs import Body, EdifactEnvelope, X12Envelope, X12Group, write_edifact, write_x12
from gateway.codecs.charset import SYNTAX_CHARSETS
from gateway.codecs.edifact_read import DEFAULT
from gateway.codecs.model import Delimiters, InterchangeHeader, Segment
from gateway.codecs.x12_write import X12_DELIMITERS

_FUNCTIONAL_GROUP_OF_RECEIPTS = "FA"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """One receipt without its envelope, as it is kept: what stands between ST and SE or UNH and UNT, or the TA1."""

    type: str
    version: str
    body: list[Segment]


_ISA12 = re.compile("[0-9]{5}")


def written_version(header: InterchangeHeader) -> str:
    """ISA12 of the answer: that of the interchange that is answered, which may say anything, where we can write it."""
    return header.version if _ISA12.fullmatch(header.version) else "00401"


def carrier_of(header: InterchangeHeader, agreement: Agreement) -> Carrier:
    """What the envelope of the answer can carry, for copies of the partner's data."""
    standard = X12 if header.standard == "x12" else EDIFACT
    return standard._replace(delimiters=_delimiters(header.standard, agreement))


def write_receipts(
    header: InterchangeHeader, agreement: Agreement, receipts: Sequence[Receipt], control: int, at: int
) -> bytes:
    """One interchange with the receipts. ``control`` is its control number, ``at`` its time in microseconds.

    Raises :class:`~gateway.core.errors.UnwritableError` for what the envelope cannot carry.
    """
    write = _x12 if header.standard == "x12" else _edifact
    return write(header, agreement, receipts, control, dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC))


def _x12(
    header: InterchangeHeader, agreement: Agreement, receipts: Sequence[Receipt], control: int, now: dt.datetime
) -> bytes:
    agreed = agreement.envelope
    functional = [receipt for receipt in receipts if receipt.type != "TA1"]
    envelope = X12Envelope(
        sender=header.receiver,
        receiver=header.sender,
        control_number=control,
        date=now.date(),
        time=now.time(),
        version=agreed.version or written_version(header),
        test=header.test if agreed.test is None else agreed.test,
        delimiters=_delimiters("x12", agreement),
        line_break="\n" if agreed.line_break else "",
        replies=[segment for receipt in receipts if receipt.type == "TA1" for segment in receipt.body],
    )
    groups = []
    if functional:
        documents = [
            Body(type=receipt.type, control_number=f"{number:04d}", segments=receipt.body, version=receipt.version)
            for number, receipt in enumerate(functional, 1)
        ]
        group = X12Group(
            functional_id=_FUNCTIONAL_GROUP_OF_RECEIPTS,
            control_number=control,
            documents=documents,
            version=functional[0].version,
            sender=agreed.group_sender or None,
            receiver=agreed.group_receiver or None,
        )
        groups.append(group)
    return write_x12(envelope, groups)


def _edifact(
    header: InterchangeHeader, agreement: Agreement, receipts: Sequence[Receipt], control: int, now: dt.datetime
) -> bytes:
    agreed = agreement.envelope
    syntax, version = _syntax(header.version, agreed.syntax)
    envelope = EdifactEnvelope(
        sender=header.receiver,
        receiver=header.sender,
        control_number=str(control),
        date=now.date(),
        time=now.time(),
        syntax=syntax,
        syntax_version=version,
        test=header.test if agreed.test is None else agreed.test,
        application_reference=agreed.application_reference,
        delimiters=_delimiters("edifact", agreement),
        line_break="\n" if agreed.line_break else "",
    )
    messages = [
        Body(type=receipt.type, control_number=str(number), segments=receipt.body, version=receipt.version)
        for number, receipt in enumerate(receipts, 1)
    ]
    return write_edifact(envelope, messages)


def _syntax(answered: str, agreed: str) -> tuple[str, int]:
    """The syntax of the interchange that is answered; where it is none that we can write, the agreed or usual one."""
    for text in (answered, agreed):
        level, _, version = text.partition(":")
        if level in SYNTAX_CHARSETS and version in ("1", "2", "3", "4"):
            return level, int(version)
    return "UNOC", 3


def _delimiters(standard: str, agreement: Agreement) -> Delimiters:
    """The usual ones of the standard, but for those that the agreement names."""
    usual = X12_DELIMITERS if standard == "x12" else DEFAULT
    agreed = (
        msgspec.structs.asdict(agreement.envelope.delimiters)
        if isinstance(agreement.envelope.delimiters, Characters)
        else {}
    )
    return usual._replace(**{name: mark for name, mark in agreed.items() if mark is not None})
