"""TA1, 997 and 999, built from a verdict. X12.5 (interchange control), X12.20 (functional acknowledgment), X12.6.

Only issues with an X12 code are reported (``IssueKind.x12``), and none that is mere information. Lengths and places
are those of 004010 and 005010; what a version does not have is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from gateway.acknowledgments.carrier import X12, Carrier, trimmed
from gateway.acknowledgments.model import DocumentVerdict, GroupVerdict, InterchangeVerdict, reportable
from gateway.codecs.model import Segment
from gateway.core.errors import UsageError
from gateway.core.issues import Issue, Level, Location, Severity

#: Where AK401 became the composite C030 (element:component), where C030 got a third part (repetition) and where AK1
#: and AK2 got a third element (version, implementation convention).
_COMPOSITE_POSITION, _REPETITION_POSITION, _CONVENTION = 3050, 5010, 5010

_HAS_ELEMENT_ERRORS = "8"  # AK304
_SEGMENTS_IN_ERROR = "5"  # AK502
_UNSPECIFIC_CONTENT = "024"  # TA105: the only code of content; TA105 is mandatory, so a refusal must have one
_MOST_CODES = 5  # AK502–506, AK905–909
_MOST_AK4 = 99  # under one AK3
_MOST_COUNT = 999_999  # elements 97, 123, 2 and 719 have six digits


def interchange_ta1(verdict: InterchangeVerdict, *, carrier: Carrier = X12) -> Segment:
    """TA1 for the envelope of an X12 interchange: A, E (accepted, errors noted) or R, and the first code of I18."""
    header = verdict.header
    noted = [issue for issue in verdict.issues if reportable(issue)]
    noted.sort(key=lambda issue: issue.severity is not Severity.ERROR)
    code = (noted[0].kind.x12 if noted else None) or ("000" if verdict.accepted else _UNSPECIFIC_CONTENT)
    status = ("E" if noted else "A") if verdict.accepted else "R"
    number = carrier.copy(header.control_number, 9).zfill(9)
    return ["TA1", number, _digits(header.date, 6), _digits(header.time, 4), status, code]


class _Form(NamedTuple):
    """What tells a 997 from a 999: the names of its segments, and which code of an issue it has.

    In a 999 a segment may be said to break an implementation guide, which a 997 has no codes for.
    """

    segment: str
    element: str
    end: str
    own: bool = False

    def code(self, issue: Issue) -> str:
        return (self.own and issue.kind.implementation) or issue.kind.x12 or ""


_997, _999 = _Form("AK3", "AK4", "AK5"), _Form("IK3", "IK4", "IK5", own=True)


def functional_999(group: GroupVerdict, *, version: str = "", carrier: Carrier = X12) -> list[Segment]:
    """The body of a 999 (between ST and SE) for one functional group; it exists from version 005010 on.

    ``version`` and the error are those of :func:`functional_997`.
    """
    return _functional(group, version, carrier, _999)


def functional_997(group: GroupVerdict, *, version: str = "", carrier: Carrier = X12) -> list[Segment]:
    """The body of a 997 (between ST and SE) for one functional group.

    ``version`` is that of the 997 (GS08); left out, it is the version of the group that is answered. A refused group
    is answered by AK9 R, and lists only the documents that have errors of their own.

    Raises :class:`UsageError` for a group without GS: there is nothing that AK1 could name.
    """
    return _functional(group, version, carrier, _997)


def _functional(group: GroupVerdict, version: str, carrier: Carrier, form: _Form) -> list[Segment]:
    if group.header is None:
        raise UsageError("A 997 or 999 answers a functional group, and this one has no GS.")
    level = _level(version or group.header.version)
    body = [_ak1(group, level, carrier)]
    for document in group.documents:
        if group.accepted or not document.accepted:
            body += _document(document, level, carrier, form)
    return [*body, _ak9(group)]


def _ak1(group: GroupVerdict, level: int, carrier: Carrier) -> Segment:
    header = group.header
    assert header is not None
    functional = carrier.copy(header.functional_id, 2).ljust(2, "Z")
    number = "".join(c for c in header.control_number if c in "0123456789")[:9] or "0"
    convention = [carrier.copy(header.version, 12)] if level >= _CONVENTION else []
    return trimmed(["AK1", functional, number, *convention])


def _ak9(group: GroupVerdict) -> Segment:
    accepted = sum(document.accepted for document in group.documents) if group.accepted else 0
    found = len(group.documents)
    included = found if group.declared is None else group.declared
    counts = [str(min(count, _MOST_COUNT)) for count in (included, found, accepted)]
    codes = _codes(issue for issue in group.issues if issue.level is Level.GROUP)
    return ["AK9", _group_status(group, accepted), *counts, *codes[:_MOST_CODES]]


def _group_status(group: GroupVerdict, accepted: int) -> str:
    """AK901: A accepted, E accepted with errors noted, P partially, R rejected."""
    if not group.accepted:
        return "R"
    if accepted < len(group.documents):
        return "P" if accepted else "R"
    clean = all(document.clean for document in group.documents) and not _codes(group.issues)
    return "A" if clean else "E"


def _document(document: DocumentVerdict, level: int, carrier: Carrier, form: _Form) -> list[Segment]:
    """AK2 … AK5 (IK5) for one transaction set."""
    noted = [issue for issue in document.issues if reportable(issue)]
    places = [issue for issue in noted if issue.level in (Level.SEGMENT, Level.ELEMENT)]
    codes = set(_codes(issue for issue in noted if issue.level is Level.DOCUMENT))
    if places:
        codes.add(_SEGMENTS_IN_ERROR)
    status = ("E" if noted else "A") if document.accepted else "R"
    end = [form.end, status, *sorted(codes, key=int)[:_MOST_CODES]]
    return [_ak2(document, level, carrier), *_segments_in_error(places, level, carrier, form), end]


def _ak2(document: DocumentVerdict, level: int, carrier: Carrier) -> Segment:
    kind = carrier.copy(document.type, 3).rjust(3, "0")
    number = carrier.copy(document.control_number, 9).rjust(4, "0")
    convention = [carrier.copy(document.association, 35)] if level >= _CONVENTION else []
    return trimmed(["AK2", kind, number, *convention])


def _segments_in_error(issues: list[Issue], level: int, carrier: Carrier, form: _Form) -> list[Segment]:
    """AK3 for each segment and code, in the order of the document, the element errors last."""
    out: list[Segment] = []
    for _, found in groupby(sorted(issues, key=_place), key=_place):
        here = list(found)
        where = here[0].location
        codes = sorted({form.code(issue) for issue in here if issue.level is Level.SEGMENT}, key=_rank)
        out += [_ak3(where, code, carrier, form) for code in codes]
        notes = _ak4s([issue for issue in here if issue.level is Level.ELEMENT], level, carrier, form)
        for start in range(0, len(notes), _MOST_AK4):
            out.append(_ak3(where, _HAS_ELEMENT_ERRORS, carrier, form))
            out += notes[start : start + _MOST_AK4]
    return out


def _place(issue: Issue) -> tuple[int, str, str]:
    """One segment. A segment that is missing has the number of the one that stands in its place, and another tag."""
    where = issue.location
    return where.segment or 1, where.tag or "", where.loop or ""


def _ak3(where: Location, code: str, carrier: Carrier, form: _Form) -> Segment:
    tag = carrier.copy(where.tag or "", 3).ljust(2, "Z")  # AK301 has two or three characters, whatever stood there
    loop = carrier.copy((where.loop or "").rpartition("/")[2], 4)  # the innermost loop, by its trigger
    return [form.segment, tag, str(min(where.segment or 1, _MOST_COUNT)), loop, code]


def _ak4s(issues: list[Issue], level: int, carrier: Carrier, form: _Form) -> list[Segment]:
    """AK4 for each element in error, in the order of the segment; equal findings once."""
    issues = sorted(issues, key=lambda i: (i.location.element or 0, i.location.component or 0))
    notes = [_ak4(issue, level, carrier, form) for issue in issues]
    return [note for n, note in enumerate(notes) if note not in notes[:n]]


def _ak4(issue: Issue, level: int, carrier: Carrier, form: _Form) -> Segment:
    reference = issue.location.reference or ""
    return trimmed(
        [
            form.element,
            _position(issue.location, level, carrier.delimiters.component),
            reference if reference.isdecimal() and len(reference) <= 4 else "",  # composites have no number in 725
            form.code(issue),
            carrier.copy(issue.value or "", 99),
        ]
    )


def _position(where: Location, level: int, separator: str) -> str:
    """AK401: ``3``, ``3:2``, or ``3:2:5`` where the version can say so."""
    parts = [where.element or 1]
    if level >= _COMPOSITE_POSITION:
        parts.append(where.component or 0)
    if level >= _REPETITION_POSITION:
        parts.append(where.repetition or 0)
    return separator.join(str(min(part, 99)) if part else "" for part in parts).rstrip(separator)


def _rank(code: str) -> tuple[bool, int]:
    """The order of the code list: 1 to 13, then I4 to I13."""
    return code.startswith("I"), int(code.lstrip("I") or 0)


def _codes(issues: Iterable[Issue]) -> list[str]:
    """Their X12 codes, each once, in the order of the code list."""
    found = {issue.kind.x12 for issue in issues if reportable(issue)}
    return sorted((code for code in found if code), key=int)


def _level(version: str) -> int:
    """``004010VICS`` → 4010; what is no version is read as 004010."""
    return int(version[:6]) if version[:6].isdecimal() else 4010


def _digits(text: str, length: int) -> str:
    """A date or a time as it stood there, or zeros where it was none: TA1 must be well formed."""
    return text if len(text) == length and text.isascii() and text.isdecimal() else "0" * length
