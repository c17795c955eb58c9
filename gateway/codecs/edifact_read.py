"""EDIFACT: service string advice, interchange, group and message headers (ISO 9735:1988, ISO 9735-1:2002)."""

from __future__ import annotations

from msgspec import structs

from gateway.codecs.charset import SYNTAX_CHARSETS, undecodable
from gateway.codecs.dialect import Codes, Dialect, Heading, Opening, Package, Tags, unreadable
from gateway.codecs.edifact_advice import Advice, advice_of, header_length, header_line, repetition
from gateway.codecs.edifact_lengths import too_long
from gateway.codecs.forms import is_date, is_time
from gateway.codecs.line import Line
from gateway.codecs.model import Address, GroupHeader, GroupStart, InterchangeHeader
from gateway.codecs.stream import Window
from gateway.core.issues import Issue

_TAGS = Tags("UNB", "UNG", "UNH", "UNT", "UNE", "UNZ")
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


def _open(window: Window, charset: str | None) -> Opening:
    """UNA, where there is one, and UNB. A character set that the caller names goes before the declared one."""
    window.hold(64)
    advice = advice_of(window)
    if isinstance(advice, Opening):
        return advice
    head = window.raw(64)[advice.length :]
    length = advice.length + 3
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
    found = header_length(window, advice)
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


def _read(window: Window, advice: Advice, length: int, charset: str | None) -> Opening:
    line = header_line(window, advice, length, charset)
    line = line._replace(delimiters=advice.delimiters._replace(repetition=repetition(advice, line.value(1, 2))))
    issues = _unb_issues(line, declared=charset is None)
    header = InterchangeHeader(
        standard="edifact",
        segment=line.segment,
        delimiters=line.delimiters,
        charset=line.charset,
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
    return [
        line.issue(code, at, part, name=name)
        for at, part, name in _MANDATORY[line.tag]
        if not line.value(at, part) and at in elements
    ]


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
    package=Package("UNO", "UNP", (4, 1), "EDF-I33C"),
    open=_open,
    group=_group,
    document=_document,
)
