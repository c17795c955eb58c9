"""Writing EDIFACT interchanges (ISO 9735:1988, ISO 9735-1:2002): UNA, UNB … UNZ, with counts and references."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from gateway.codecs.charset import SYNTAX_CHARSETS, charset_named
from gateway.codecs.edifact_advice import DEFAULT
from gateway.codecs.model import Address, Delimiters, Segment
from gateway.codecs.write import Body, check_break, composite, encoded, fitting, lines, refused


class EdifactEnvelope(msgspec.Struct, frozen=True, kw_only=True):
    """The values of UNB, and how the interchange is written. ``charset`` is that of ``syntax`` where none is named."""

    sender: Address
    receiver: Address
    control_number: str
    date: dt.date
    time: dt.time
    syntax: str = "UNOC"
    syntax_version: int = 3
    test: bool = False
    acknowledgment_requested: bool = False
    application_reference: str = ""
    delimiters: Delimiters = DEFAULT
    service_advice: bool = True
    line_break: str = ""
    charset: str | None = None


class EdifactGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The values of UNG, and the messages of the group, all of one type. What is None is taken from the envelope.

    ``version`` is that of the messages: ``D.96A``; ``functional_id`` is their type.
    """

    functional_id: str
    control_number: str
    messages: Sequence[Body]
    version: str
    association: str = ""
    agency: str = "UN"
    sender: Address | None = None
    receiver: Address | None = None
    date: dt.date | None = None
    time: dt.time | None = None


def write_edifact(header: EdifactEnvelope, messages: Sequence[Body] = (), groups: Sequence[EdifactGroup] = ()) -> bytes:
    """One interchange, from UNA or UNB to UNZ, of messages or of groups, which never stand side by side.

    Raises UnwritableError for a value that it cannot carry.
    """
    if messages and groups:
        raise refused(str(len(messages)), "messages", "beside groups there are none")
    marks = _delimiters(header)
    check_break(marks, header.line_break)
    body: list[Segment] = [_unb(header, marks)]
    for message in messages:
        body += _message(message, marks)
    for group in groups:
        body += _group(header, group, marks)
    reference = _element(header.control_number, 14, "0020", marks)
    body.append(["UNZ", str(len(groups) or len(messages)), reference])
    advice = _advice(marks) + header.line_break if header.service_advice else ""
    charset = header.charset or SYNTAX_CHARSETS.get(header.syntax)
    if charset is None:
        raise refused(header.syntax, "0001", "it is no syntax level that has a character set here")
    return encoded(advice + lines(body, marks, header.line_break), charset_named(charset))


def _unb(header: EdifactEnvelope, marks: Delimiters) -> Segment:
    version = header.syntax_version
    if version not in (1, 2, 3, 4):
        raise refused(str(version), "0002", "there are the syntax versions 1 to 4")
    elements = [
        composite((header.syntax, str(version)), marks),
        _address(header.sender, "0004", marks),
        _address(header.receiver, "0010", marks),
        _moment(header, header.date, header.time, marks),
        _element(header.control_number, 14, "0020", marks),
        "",
        _element(header.application_reference, 14, "0026", marks, least=0),
        "",
        "1" if header.acknowledgment_requested else "",
        "",
        "1" if header.test else "",
    ]
    while not elements[-1]:
        elements.pop()
    return ["UNB", *elements]


def _group(header: EdifactEnvelope, group: EdifactGroup, marks: Delimiters) -> list[Segment]:
    """UNG … UNE. All elements of UNG are written: only syntax version 4 can do without them."""
    reference = _element(group.control_number, 14, "0048", marks)
    version, _, release = group.version.partition(".")
    if not version or not release:
        raise refused(group.version, "S008", "a group says the version and release of its messages")
    start = [
        "UNG",
        _element(group.functional_id, 6, "0038", marks),
        _address(header.sender if group.sender is None else group.sender, "0040", marks, 2),
        _address(header.receiver if group.receiver is None else group.receiver, "0044", marks, 2),
        _moment(header, group.date or header.date, group.time or header.time, marks),
        reference,
        _element(group.agency, 3 if header.syntax_version == 4 else 2, "0051", marks),
        composite((version, release, group.association), marks),
    ]
    out: list[Segment] = [start]
    for message in group.messages:
        out += _message(message, marks)
    return [*out, ["UNE", str(len(group.messages)), reference]]


def _moment(header: EdifactEnvelope, date: dt.date, time: dt.time, marks: Delimiters) -> str:
    """S004: the century is written from syntax version 4 on."""
    return composite((f"{date:%Y%m%d}" if header.syntax_version == 4 else f"{date:%y%m%d}", f"{time:%H%M}"), marks)


def _message(body: Body, marks: Delimiters) -> list[Segment]:
    reference = _element(body.control_number, 14, "0062", marks)
    version, _, release = body.version.partition(".")
    identifier = composite((body.type, version, release, body.agency, body.association), marks)
    start = ["UNH", reference, identifier]
    return [start, *body.segments, ["UNT", str(len(body.segments) + 2), reference]]


def _address(address: Address, name: str, marks: Delimiters, parts: int = 3) -> str:
    fitting(address.identifier, 35, name)
    return composite((address.identifier, address.qualifier, address.routing)[:parts], marks)


def _element(value: str, most: int, name: str, marks: Delimiters, least: int = 1) -> str:
    return composite((fitting(value, most, name, least),), marks)


def _delimiters(header: EdifactEnvelope) -> Delimiters:
    """Those of the agreement; a repetition separator in syntax version 4 alone."""
    marks = header.delimiters
    if header.syntax_version != 4:
        marks = marks._replace(repetition=None)
    elif marks.repetition is None:
        marks = marks._replace(repetition="*")
    used = [mark for mark in marks[:5] if mark]
    if len(set(used)) < len(used) or any(len(mark) != 1 or mark.isalnum() or not mark.isascii() for mark in used):
        raise refused(" ".join(used), "delimiters", "they are not distinct single characters of ASCII")
    if not header.service_advice and marks._replace(repetition=None) != DEFAULT:
        raise refused(" ".join(used), "delimiters", "other than the default ones need a UNA (service_advice)")
    return marks


def _advice(marks: Delimiters) -> str:
    """UNA: component, element, decimal mark, release, repetition (a blank before version 4), terminator."""
    parts = (marks.component, marks.element, marks.decimal, marks.release or " ", marks.repetition or " ")
    return "UNA" + "".join(parts) + marks.terminator
