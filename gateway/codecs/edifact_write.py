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


def write_edifact(header: EdifactEnvelope, messages: Sequence[Body]) -> bytes:
    """One interchange, from UNA or UNB to UNZ. Raises UnwritableError for a value that it cannot carry."""
    marks = _delimiters(header)
    check_break(marks, header.line_break)
    body: list[Segment] = [_unb(header, marks)]
    for message in messages:
        body += _message(message, marks)
    reference = _element(header.control_number, 14, "0020", marks)
    body.append(["UNZ", str(len(messages)), reference])
    advice = _advice(marks) + header.line_break if header.service_advice else ""
    charset = header.charset or SYNTAX_CHARSETS.get(header.syntax)
    if charset is None:
        raise refused(header.syntax, "0001", "it is no syntax level that has a character set here")
    return encoded(advice + lines(body, marks, header.line_break), charset_named(charset))


def _unb(header: EdifactEnvelope, marks: Delimiters) -> Segment:
    version = header.syntax_version
    if version not in (1, 2, 3, 4):
        raise refused(str(version), "0002", "there are the syntax versions 1 to 4")
    date = f"{header.date:%Y%m%d}" if version == 4 else f"{header.date:%y%m%d}"
    elements = [
        composite((header.syntax, str(version)), marks),
        _address(header.sender, "0004", marks),
        _address(header.receiver, "0010", marks),
        composite((date, f"{header.time:%H%M}"), marks),
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


def _message(body: Body, marks: Delimiters) -> list[Segment]:
    reference = _element(body.control_number, 14, "0062", marks)
    version, _, release = body.version.partition(".")
    identifier = composite((body.type, version, release, body.agency, body.association), marks)
    start = ["UNH", reference, identifier]
    return [start, *body.segments, ["UNT", str(len(body.segments) + 2), reference]]


def _address(address: Address, name: str, marks: Delimiters) -> str:
    fitting(address.identifier, 35, name)
    return composite((address.identifier, address.qualifier, address.routing), marks)


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
