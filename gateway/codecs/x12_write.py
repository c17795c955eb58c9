"""Writing X12 interchanges (X12.5, X12.6): headers from values, trailers and counts from what is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from gateway.codecs.charset import charset_named
from gateway.codecs.model import Address, Delimiters, Segment
from gateway.codecs.write import Body, check_break, encoded, fitting, lines, refused
from gateway.codecs.x12_read import ISA_WIDTHS
from gateway.core.errors import UnwritableError
from gateway.core.issues import Issue

X12_DELIMITERS = Delimiters("*", ">", "~")
"""Of an interchange whose agreement names none; from version 00402 on ``^`` separates repetitions."""


class X12Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """The values of ISA, and how the interchange is written. ``control_number`` is ISA13, at most nine digits."""

    sender: Address
    receiver: Address
    control_number: int
    date: dt.date
    time: dt.time
    version: str = "00401"
    test: bool = False
    acknowledgment_requested: bool = False
    authorization: Address = Address("", "00")
    security: Address = Address("", "00")
    delimiters: Delimiters = X12_DELIMITERS
    line_break: str = ""
    charset: str = "ascii"
    replies: Sequence[Segment] = ()  # TA1


class X12Group(msgspec.Struct, frozen=True, kw_only=True):
    """The values of GS, and the documents of the group. What is None is taken from the envelope."""

    functional_id: str
    control_number: int
    documents: Sequence[Body]
    version: str = "004010"
    sender: str | None = None
    receiver: str | None = None
    date: dt.date | None = None
    time: dt.time | None = None
    agency: str = "X"


def write_x12(header: X12Envelope, groups: Sequence[X12Group]) -> bytes:
    """One interchange, from ISA to IEA. Raises UnwritableError for a value that it cannot carry."""
    marks = _delimiters(header)
    check_break(marks, header.line_break)
    out = [marks.element.join(_isa(header, marks)) + marks.terminator + header.line_break]
    body: list[Segment] = [list(reply) for reply in header.replies]
    for group in groups:
        body += _group(header, group)
    body.append(["IEA", str(len(groups)), _control(header)])
    out.append(lines(body, marks, header.line_break))
    return encoded("".join(out), charset_named(header.charset))


def _group(header: X12Envelope, group: X12Group) -> list[Segment]:
    date, number = group.date or header.date, _number(group.control_number, 9, "GS06")
    out: list[Segment] = [
        [
            "GS",
            fitting(group.functional_id, 2, "GS01", least=2),
            fitting(header.sender.identifier if group.sender is None else group.sender, 15, "GS02", least=2),
            fitting(header.receiver.identifier if group.receiver is None else group.receiver, 15, "GS03", least=2),
            f"{date:%Y%m%d}" if group.version >= "004010" else f"{date:%y%m%d}",
            f"{group.time or header.time:%H%M}",
            number,
            group.agency,
            fitting(group.version, 12, "GS08"),
        ]
    ]
    for document in group.documents:
        out += _document(document)
    return [*out, ["GE", str(len(group.documents)), number]]


def _document(body: Body) -> list[Segment]:
    number = fitting(body.control_number, 9, "ST02", least=4)
    start = ["ST", fitting(body.type, 3, "ST01", least=3), number]
    if body.association:
        start.append(body.association)
    return [start, *body.segments, ["SE", str(len(body.segments) + 2), number]]


def _isa(header: X12Envelope, marks: Delimiters) -> Segment:
    values = (
        "ISA",
        header.authorization.qualifier,
        header.authorization.identifier,
        header.security.qualifier,
        header.security.identifier,
        header.sender.qualifier or "ZZ",
        fitting(header.sender.identifier, 15, "ISA06"),
        header.receiver.qualifier or "ZZ",
        fitting(header.receiver.identifier, 15, "ISA08"),
        f"{header.date:%y%m%d}",
        f"{header.time:%H%M}",
        marks.repetition or "U",
        fitting(header.version, 5, "ISA12", least=5),
        _control(header),
        "1" if header.acknowledgment_requested else "0",
        "T" if header.test else "P",
        marks.component,
    )
    segment = [value.ljust(width) for value, width in zip(values, ISA_WIDTHS)]
    taken = set(marks[:4])
    for element, (value, width) in enumerate(zip(segment, ISA_WIDTHS)):
        if len(value) != width or not value.isascii():
            raise refused(value, f"ISA{element:02}", f"it has not {width} characters of ASCII")
        if element not in (11, 16) and not taken.isdisjoint(value):
            raise UnwritableError(Issue("MAP-CHAR", value=value, params={"field": f"ISA{element:02}"}))
    return segment


def written_marks(marks: Delimiters, version: str) -> Delimiters:
    """Delimiters as they stand in an interchange of this version: a repetition separator (ISA11) only from 00402 on."""
    if version < "00402":
        return marks._replace(repetition=None)
    return marks if marks.repetition is not None else marks._replace(repetition="^")


def _delimiters(header: X12Envelope) -> Delimiters:
    """Those of the agreement, as the version has them."""
    marks = written_marks(header.delimiters, header.version)
    used = [mark for mark in marks[:4] if mark]
    if len(set(used)) < len(used) or any(len(mark) != 1 or mark.isalnum() or mark == " " for mark in used):
        raise refused(" ".join(used), "delimiters", "they are not distinct single characters beside letters and digits")
    return marks._replace(release=None)


def _control(header: X12Envelope) -> str:
    return _number(header.control_number, 9, "ISA13").zfill(9)


def _number(number: int, digits: int, name: str) -> str:
    if not 0 <= number < 10**digits:
        raise refused(str(number), name, f"it is not a number of at most {digits} digits")
    return str(number)
