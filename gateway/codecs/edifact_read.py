"""EDIFACT: service string advice, interchange, group and message headers (ISO 9735:1988, ISO 9735-1:2002)."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import structs

from gateway.codecs.charset import SYNTAX_CHARSETS, decode, mask, undecodable
from gateway.codecs.dialect import Codes, Dialect, Heading, Opening, Tags, unreadable
from gateway.codecs.edifact_lengths import too_long
from gateway.codecs.forms import is_date, is_time
from gateway.codecs.framing import framing
from gateway.codecs.line import Line
from gateway.codecs.model import Address, Delimiters, GroupHeader, GroupStart, InterchangeHeader
from gateway.codecs.split import segments
from gateway.codecs.stream import Window
from gateway.core.issues import Issue

DEFAULT = Delimiters("+", ":", "'", None, "?", ".")
"""Level A, ISO 9735:1988 §5.1; in practice of every level."""

INFORMATION_SEPARATORS = Delimiters("\x1d", "\x1f", "\x1c", None, None, ".")
"""Level B, ISO 9735:1988 §5.2: IS3, IS1, IS4; not released."""

_TAGS = Tags("UNB", "UNG", "UNH", "UNT", "UNE", "UNZ")
_HEADER_BYTES = 16 * 1024  # a UNB is a few hundred bytes at most
_MANDATORY = {
    "UNB": (
        (2, 1, "0004 (interchange sender)"),
        (3, 1, "0010 (interchange recipient)"),
        (4, 1, "0017 (date of preparation)"),
        (4, 2, "0019 (time of preparation)"),
        (5, 1, "0020 (interchange control reference)"),
    ),
    "UNG": (
        (1, 1, "0038 (message group identification)"),
        (2, 1, "0040 (application sender)"),
        (3, 1, "0044 (application recipient)"),
        (4, 1, "0017 (date of preparation)"),
        (5, 1, "0048 (group reference number)"),
        (6, 1, "0051 (controlling agency)"),
        (7, 1, "0052 (message version number)"),
        (7, 2, "0054 (message release number)"),
    ),
    "UNH": (
        (1, 1, "0062 (message reference number)"),
        (2, 1, "0065 (message type)"),
        (2, 2, "0052 (message version number)"),
        (2, 3, "0054 (message release number)"),
        (2, 4, "0051 (controlling agency)"),
    ),
}


class _Advice(NamedTuple):
    """The service characters of an interchange, the UNA that names them, and where UNB begins behind it."""

    delimiters: Delimiters
    text: str | None = None
    length: int = 0


def _open(window: Window, charset: str | None) -> Opening:
    """UNA, where there is one, and UNB. A character set that the caller names goes before the declared one."""
    window.hold(64)
    advice = _advice(window)
    if isinstance(advice, Opening):
        return advice
    head = window.raw(64)[advice.length :]
    length = advice.length + 3
    if head.startswith(b"UIB"):
        return unreadable("edifact", window, "EDF-I02", length, "UIB (interactive)")
    if head.startswith(b"UNH"):
        alone = unreadable("edifact", window, "EDF-I13B", 0, "")
        header = structs.replace(
            alone.header, segment=["UNH"], delimiters=advice.delimiters, service_advice=advice.text
        )
        return Opening(header, alone.issues, advice.length)
    if not head.startswith(b"UNB"):
        return unreadable("edifact", window, "EDF-I13", length, name="UNB")
    if head[3:4] != advice.delimiters.element.encode("latin-1"):
        names = "UNA names" if advice.text else "are the default"
        return unreadable("edifact", window, "EDF-I22B", length, expected=names)
    found = _segment_length(window, advice)
    return _read(window, advice, found, charset) if found else unreadable("edifact", window, "EDF-I05", length)


def _group(line: Line, header: InterchangeHeader) -> GroupStart:
    """UNG. Syntax version 4 requires only 0048 in it (ISO 9735-1:2002, segment UNG)."""
    found = GroupHeader(
        segment=line.segment,
        functional_id=line.value(1),
        sender=Address(line.value(2), line.value(2, 2)),
        receiver=Address(line.value(3), line.value(3, 2)),
        control_number=line.value(5),
        date=line.value(4),
        time=line.value(4, 2),
        version=".".join(part for part in (line.value(7), line.value(7, 2)) if part),
        offset=line.offset,
    )
    required = [5] if header.version.endswith(":4") else range(1, 8)
    issues = (*_missing(line, "EDF-G13", required), *too_long(line, header.version[-1:]))
    return GroupStart(found, issues)


def _document(line: Line, header: InterchangeHeader, group: GroupHeader | None) -> Heading:
    """UNH: S009 is type, version and release, agency, association."""
    version = ".".join(part for part in (line.value(2, 2), line.value(2, 3)) if part)
    issues = (*_missing(line, "EDF-M13"), *too_long(line, header.version[-1:]))
    return Heading(line.value(2), version, line.value(2, 5), line.value(1), issues)


def _advice(window: Window) -> _Advice | Opening:
    """The service characters: from UNA, or the default of the level that the character behind UNB shows."""
    head = window.raw(64)
    if not head.startswith(b"UNA"):
        return _Advice(INFORMATION_SEPARATORS if head[3:4] == b"\x1d" else DEFAULT)
    text = head[:9].decode("latin-1")
    component, element, decimal, release, repetition, terminator = list(text[3:].ljust(6))
    marks = [component, element, terminator, *([release] if release != " " else [])]
    if len(set(marks)) < len(marks) or any(not mark.isascii() or mark.isalnum() or mark == " " for mark in marks):
        return unreadable("edifact", window, "EDF-I22")
    found = Delimiters(
        element, component, terminator, repetition.strip() or None, release if release != " " else None, decimal
    )
    behind = head[9:].lstrip(b"\r\n\t ".replace(terminator.encode("latin-1"), b""))
    return _Advice(found, text, len(head) - len(behind))


def _segment_length(window: Window, advice: _Advice) -> int:
    """The bytes of UNB with its terminator; 0 when there is no end of it within reason."""
    window.hold(advice.length + _HEADER_BYTES)
    data = window.data[: advice.length + _HEADER_BYTES]
    end = framing(advice.delimiters, _TAGS, "latin-1").end(data, advice.length, advice.length)
    return end - advice.length if end else 0


def _read(window: Window, advice: _Advice, length: int, charset: str | None) -> Opening:
    raw = window.raw(advice.length + length)[advice.length :]
    level = decode(raw[4:8], "ascii")
    text_set = charset or SYNTAX_CHARSETS.get(level, "ascii")
    window.use(lambda: mask(text_set))
    segment = segments(decode(raw, text_set), advice.delimiters)[0]
    line = Line(segment, 1, window.offset + advice.length, advice.delimiters, text_set)
    marks = advice.delimiters._replace(repetition=_repetition(advice, line.value(1, 2)))
    line = line._replace(delimiters=marks)
    issues = _unb_issues(line, declared=charset is None)
    header = InterchangeHeader(
        standard="edifact",
        segment=segment,
        delimiters=marks,
        charset=text_set,
        sender=Address(line.value(2), line.value(2, 2), line.value(2, 3)),
        receiver=Address(line.value(3), line.value(3, 2), line.value(3, 3)),
        control_number=line.value(5),
        date=line.value(4),
        time=line.value(4, 2),
        version=f"{line.value(1)}:{line.value(1, 2)}",
        test=line.value(11) == "1",
        acknowledgment_requested=line.value(9) == "1",
        application_reference=line.value(7),
        offset=window.offset,
        service_advice=advice.text,
    )
    return Opening(header, tuple(issues), advice.length + length)


def _repetition(advice: _Advice, version: str) -> str | None:
    """Only syntax version 4 has repetitions; its default separator is ``*`` (ISO 9735-1:2002 §8)."""
    if version != "4":
        return None
    return "*" if advice.text is None else advice.delimiters.repetition


def _unb_issues(line: Line, declared: bool) -> list[Issue]:
    issues: list[Issue] = []
    level, version = line.value(1), line.value(1, 2)
    if declared and level not in SYNTAX_CHARSETS:
        issues.append(line.issue("EDF-I02", 1, 1, value=level))
    if version not in ("1", "2", "3", "4"):
        issues.append(line.issue("EDF-I02", 1, 2, value=f"{level}:{version}"))
    if undecodable("".join(line.segment)):
        issues.append(line.issue("EDF-I21", charset=line.charset))
    issues += _missing(line, "EDF-I13")
    issues += too_long(line, version)
    date, time = line.value(4), line.value(4, 2)
    if date and not is_date(date, 8 if version == "4" else 6):
        issues.append(line.issue("EDF-I12", 4, 1, value=date, name="0017 (date of preparation)"))
    if time and not is_time(time, 4):
        issues.append(line.issue("EDF-I12", 4, 2, value=time, name="0019 (time of preparation)"))
    return issues


def _missing(line: Line, code: str, elements: range | list[int] = range(99)) -> list[Issue]:
    """An issue for each mandatory component of a service segment that is empty."""
    wanted = [place for place in _MANDATORY[line.tag] if place[0] in elements]
    return [line.issue(code, at, part, name=name) for at, part, name in wanted if not line.value(at, part)]


EDIFACT = Dialect(
    standard="edifact",
    tags=_TAGS,
    codes=Codes(
        misplaced="EDF-I33",
        mixed="EDF-I30",
        unterminated="EDF-I05B",
        interchange_empty="EDF-I13",
        interchange_cut="EDF-I05",
        interchange_reference="EDF-I28",
        interchange_count="EDF-I29",
        group_cut="EDF-G05",
        group_reference="EDF-G28",
        group_count="EDF-G29",
        document_cut="EDF-M05",
        document_reference="EDF-M28",
        document_count="EDF-M29",
        document_repeated="EDF-M26",
        document_large="EDF-M18B",
        binary_length=None,
    ),
    grouped=False,
    reference_at=1,
    replies={},
    open=_open,
    group=_group,
    document=_document,
)
