"""X12: interchange header, group and transaction set headers (X12.5, X12.6; names of elements: 004010 dictionary)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from gateway.codecs.charset import X12_CHARSET, decode, mask, undecodable
from gateway.codecs.dialect import Codes, Dialect, Heading, Opening, Tags, unreadable
from gateway.codecs.forms import is_date, is_number, is_time
from gateway.codecs.line import Line
from gateway.codecs.model import Address, Delimiters, GroupHeader, GroupStart, InterchangeHeader
from gateway.codecs.stream import Window
from gateway.core.issues import Issue

ISA_WIDTHS = (3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
"""The tag and the sixteen elements of ISA: with their separators 105 characters, the terminator is number 106."""

_HEAD = 512  # an ISA with wrong widths is looked for in so many bytes
_VERSION = re.compile(r"00[2-8]\d\d", re.ASCII)
_RUN_ON = re.compile(rb"[^A-Za-z0-9 ](?:GS|ISA|IEA|TA1)\Z")  # ISA ended before its sixteenth element
_FOLLOWS = re.compile(rb"(?:GS|IEA|TA1|ISX)[^A-Za-z0-9]")
_SET = re.compile(r"[A-Z0-9]{3}", re.ASCII)


class _Found(NamedTuple):
    """The delimiters of an ISA, and whether it keeps its widths."""

    element: bytes
    component: bytes
    terminator: bytes
    length: int
    fixed: bool


def _open(window: Window, charset: str | None) -> Opening:
    """ISA: delimiters are where the standard fixes them (X12.5: positions 4, 105 and 106)."""
    window.hold(_HEAD)
    head = window.raw(_HEAD)
    found = discover(head)
    if found is None:
        return unreadable("x12", window, "X12-I022B")
    if not _usable(found):
        return unreadable("x12", window, "X12-I004")
    text_set = charset or X12_CHARSET
    marks = Delimiters(*(decode(mark, text_set) for mark in found[:3]))
    segment = decode(head[: found.length - 1], text_set).split(marks.element)
    release, length = _extension(head, found, segment)
    marks = marks._replace(repetition=_repetition(segment), release=release)
    window.use(lambda: mask(text_set))
    line = Line(segment, 1, window.offset, marks, text_set)
    return Opening(_header(line), tuple(_isa_issues(line, found, head)), length)


def _group(line: Line, header: InterchangeHeader) -> GroupStart:
    """GS. Dates have six digits before version 004010."""
    found = GroupHeader(
        segment=line.segment,
        functional_id=line.text(1),
        sender=Address(line.text(2)),
        receiver=Address(line.text(3)),
        control_number=line.text(6),
        date=line.text(4),
        time=line.text(5),
        version=line.text(8),
        offset=line.offset,
    )
    issues = [line.issue("X12-G06B", at, value=line.text(at), element=f"GS{at:02}") for at in _gs_faults(line)]
    if not is_number(found.control_number, 1, 9):
        issues.append(line.issue("X12-G06", 6, value=found.control_number))
    return GroupStart(found, tuple(issues))


def _document(line: Line, header: InterchangeHeader, group: GroupHeader | None) -> Heading:
    """ST. Without a version in GS08 that of ISA12 counts: 00401 is 004010."""
    kind, number = line.text(1), line.text(2).rstrip(" ")
    issues: list[Issue] = []
    if not _SET.fullmatch(kind):
        issues.append(line.issue("X12-T06", 1, value=kind))
    if not 4 <= len(number) <= 9:
        issues.append(line.issue("X12-T07", 2, value=number))
    version = group.version if group is not None and group.version else f"{header.version}0"
    return Heading(kind, version, line.text(3), number, tuple(issues))


def discover(head: bytes) -> _Found | None:
    """The delimiters of the ISA at the beginning of ``head``; None when it has no sixteen elements."""
    element = head[3:4]
    parts = head.split(element, 16)
    if len(parts) < 17 or len(parts[16]) < 2 or any(map(_RUN_ON.search, parts[:16])):
        return None
    length = len(head) - len(parts[16]) + 2
    fixed = tuple(map(len, parts[:16])) == ISA_WIDTHS[:16]
    component, terminator = parts[16][:1], parts[16][1:2]
    if _FOLLOWS.match(parts[16], 1):  # ISA16 is not there: what follows the last separator is the terminator
        return _Found(element, b"\x1f", component, length - 1, fixed=False)
    return _Found(element, component, terminator, length, fixed)


def _usable(found: _Found) -> bool:
    """Segments can be told apart: the terminator is no letter, digit or blank, and is not the element separator."""
    return not found.terminator.isalnum() and found.terminator != b" " and found.terminator != found.element


def _repetition(segment: list[str]) -> str | None:
    """ISA11 is the repetition separator (I65) from version 00402 on; before, it names the standard (I10: ``U``)."""
    mark, version = (segment[11], segment[12]) if len(segment) > 12 else ("", "")
    return mark if len(mark) == 1 and version >= "00402" and not mark.isalnum() and mark != " " else None


def _extension(head: bytes, found: _Found, segment: list[str]) -> tuple[str | None, int]:
    """(release character, bytes of ISA and what belongs to it). From version 00704 on ISX may follow ISA and name a
    release character in ISX01 (X12.5)."""
    plain = None, found.length
    if len(segment) < 13 or segment[12] < "00704":
        return plain
    after = head[found.length :].lstrip(b"\r\n")
    release, end = after[4:5], after.find(found.terminator, 5)
    if not after.startswith(b"ISX" + found.element) or end < 0:
        return plain
    if release in found[:3] or release.isalnum() or not release.isascii():
        return plain
    return release.decode("ascii"), len(head) - len(after) + end + 1


def _header(line: Line) -> InterchangeHeader:
    return InterchangeHeader(
        standard="x12",
        segment=line.segment,
        delimiters=line.delimiters,
        charset=line.charset,
        sender=Address(line.raw(6).rstrip(), line.raw(5).strip()),
        receiver=Address(line.raw(8).rstrip(), line.raw(7).strip()),
        control_number=line.raw(13),
        date=line.raw(9),
        time=line.raw(10),
        version=line.raw(12),
        test=line.raw(15) == "T",
        acknowledgment_requested=line.raw(14) == "1",
        offset=line.offset,
    )


_ISA_FORMS: tuple[tuple[int, str, Callable[[str], bool]], ...] = (
    (6, "X12-I024", lambda value: not value.isspace() and not undecodable(value)),
    (8, "X12-I024", lambda value: not value.isspace() and not undecodable(value)),
    (9, "X12-I014", lambda value: is_date(value, 6)),
    (10, "X12-I015", lambda value: is_time(value, 4)),
    (12, "X12-I013", lambda value: _VERSION.fullmatch(value) is not None),
    (13, "X12-I018", lambda value: is_number(value, 9, 9)),
    (14, "X12-I024", lambda value: value in ("0", "1")),
    (15, "X12-I020", lambda value: value in ("T", "P")),
)


def _isa_issues(line: Line, found: _Found, head: bytes) -> list[Issue]:
    issues = [] if found.fixed and not _shifted(found, head) else [line.issue("X12-I022B")]
    marks = [mark for mark in line.delimiters[:4] if mark]
    if len(set(marks)) < len(marks) or any(mark.isalnum() or mark == " " for mark in marks):
        issues.append(line.issue("X12-I026", 16, value="".join(marks)))
    for element, code, good in _ISA_FORMS:
        value = line.raw(element)  # in ISO 2022 a separator may be part of a character
        if not good(value):
            issues.append(line.issue(code, element, value=value, element=f"ISA{element:02}"))
    return issues


def _shifted(found: _Found, head: bytes) -> bool:
    """ISA16 is left out in an interchange with a segment a line: then ISA seems to end in the terminator and the line
    break, and every other line ends in the alleged component separator."""
    after = head[found.length :]
    line = after[: max(after.find(found.terminator), 0)]
    return found.terminator in b"\r\n" and line.endswith(found.component)


def _gs_faults(line: Line) -> list[int]:
    """The elements of GS that have not the form that the dictionary gives them."""
    _, kind, sender, receiver, date, time, _, agency, version = (*line.segment, *[""] * 8)[:9]
    dates = (6, 8) if version < "004010" else (8,)
    good = {
        1: len(kind) == 2 and kind.isalnum(),
        2: 2 <= len(sender) <= 15 and not sender.isspace(),
        3: 2 <= len(receiver) <= 15 and not receiver.isspace(),
        4: any(is_date(date, length) for length in dates),
        5: is_time(time, 4, 6, 7, 8),
        7: agency in ("X", "T"),
        8: 1 <= len(version) <= 12,
    }
    return [element for element, fine in good.items() if not fine]


X12 = Dialect(
    standard="x12",
    tags=Tags("ISA", "GS", "ST", "SE", "GE", "IEA"),
    codes=Codes(
        misplaced="X12-I022",
        mixed="X12-I022",
        unterminated="X12-I004B",
        interchange_empty=None,
        interchange_cut="X12-I023",
        interchange_reference="X12-I001",
        interchange_count="X12-I021",
        group_cut="X12-G03",
        group_reference="X12-G04",
        group_count="X12-G05",
        document_cut="X12-T02",
        document_reference="X12-T03",
        document_count="X12-T04",
        document_repeated="X12-T23",
        document_large="X12-T05B",
        binary_length="X12-E07D",
    ),
    grouped=True,
    reference_at=2,
    replies={"TA1": "X12-I022C"},
    open=_open,
    group=_group,
    document=_document,
    binary=(("BIN", 1), ("BDS", 2)),
)
