"""CONTRL, built from a verdict. ISO 9735:1988 with CONTRL version 2 (syntax 1 to 3), ISO 9735-4 (syntax 4).

Elements are raw: components joined, service characters released, ready for a writer that adds UNH and UNT. Errors are
given for what is refused only: an action 7 cannot carry any.
"""

from __future__ import annotations

from itertools import groupby

from gateway.acknowledgments.carrier import EDIFACT, Carrier, trimmed
from gateway.acknowledgments.model import (
    DocumentVerdict,
    GroupVerdict,
    InterchangeVerdict,
    acknowledgeable,
    reportable,
)
from gateway.codecs.model import InterchangeHeader, Segment
from gateway.codecs.split import escape, values
from gateway.core.issues import Issue, Level, Location, Severity

_REFUSED, _ACKNOWLEDGED, _RECEIVED = "4", "7", "8"  # data element 0083
_UNSPECIFIED, _MISSING = "18", "13"  # data element 0085
_SERVICE_TAGS = frozenset({"UNA", "UNB", "UNG", "UNH", "UNT", "UNE", "UNZ"})
_MOST_UCS, _MOST_UCD = 999, 99
_MOST_POSITION = 999_999  # 0096 has six digits

#: The components that UCI, UCF and UCM repeat, by their greatest lengths: (before syntax version 4, from then on).
_REFERENCE = ((14,), (14,))  # 0020, 0048, 0062
_ADDRESS = ((35, 4, 14), (35, 4, 35, 35))  # S002, S003
_APPLICATION = ((35, 4), (35, 4))  # S006, S007
_MESSAGE = ((6, 3, 3, 2, 6), (6, 3, 3, 3, 6, 6, 3))  # S009

#: Codes of 0085 that syntax version 4 has no more, and what it says instead.
_IN_SYNTAX_4 = {"3": "14", "5": "13", "6": "15", "19": "12"}


def contrl(verdict: InterchangeVerdict, *, carrier: Carrier = EDIFACT) -> list[Segment]:
    """The body of a CONTRL (between UNH and UNT): UCI, then UCM for each message, under UCF where groups are used.

    The layout is that of the answered interchange's syntax version. A refused level says nothing of what is below.
    """
    write = _Writer(verdict.header, carrier)
    body = [write.uci(_action(verdict.accepted), _first(verdict.issues, Level.INTERCHANGE, verdict.accepted))]
    if verdict.accepted:
        for group in verdict.groups:
            body += _group(group, write)
    return body


def contrl_receipt(header: InterchangeHeader, *, carrier: Carrier = EDIFACT) -> list[Segment]:
    """The body of a CONTRL that says no more than that the interchange has arrived (action 8)."""
    return [_Writer(header, carrier).uci(_RECEIVED, None)]


def _group(group: GroupVerdict, write: _Writer) -> list[Segment]:
    if group.header is None:
        return _messages(group, write)
    ucf = write.ucf(group.header.segment, _action(group.accepted), _first(group.issues, Level.GROUP, group.accepted))
    return [ucf, *(_messages(group, write) if group.accepted else ())]


def _messages(group: GroupVerdict, write: _Writer) -> list[Segment]:
    out: list[Segment] = []
    for document in group.documents:
        if acknowledgeable(document):
            out += _message(document, write)
    return out


def _message(document: DocumentVerdict, write: _Writer) -> list[Segment]:
    """UCM, and for a refused message UCS and UCD for each segment in error."""
    if document.accepted:
        return [write.ucm(document, _ACKNOWLEDGED, None)]
    below = [i for i in document.issues if reportable(i) and i.level in (Level.SEGMENT, Level.ELEMENT)]
    own = _first(document.issues, Level.DOCUMENT, bool(below))
    return [write.ucm(document, _REFUSED, own), *_segments_in_error(below, write)]


def _segments_in_error(issues: list[Issue], write: _Writer) -> list[Segment]:
    """UCS with its UCDs, at most 999. A further error of a whole segment is a further UCS of the same position."""
    out: list[Segment] = []
    count = 0
    for position, found in groupby(sorted(issues, key=_position), key=_position):
        here = list(found)
        whole = list(dict.fromkeys(write.code(i) for i in here if i.level is Level.SEGMENT))
        elements = _distinct([write.ucd(i) for i in here if i.level is Level.ELEMENT])
        for n, code in enumerate(whole or [""]):
            count += 1
            if count > _MOST_UCS:
                return out
            out.append(trimmed(["UCS", str(position), code]))
            out += elements[:_MOST_UCD] if n == 0 else []
    return out


def _position(issue: Issue) -> int:
    """0096. What is missing is reported at the last segment before the place where it was expected."""
    number = min(issue.location.segment or 1, _MOST_POSITION)
    missing = issue.level is Level.SEGMENT and issue.kind.edifact == _MISSING
    return max(1, number - 1) if missing else number


def _action(accepted: bool) -> str:
    return _ACKNOWLEDGED if accepted else _REFUSED


def _first(issues: tuple[Issue, ...], level: Level, explained: bool) -> Issue | str | None:
    """The one error that UCI, UCF or UCM has place for; 18 (unspecified) where nothing else explains a refusal."""
    own = (i for i in issues if i.level is level and i.severity is Severity.ERROR and i.kind.edifact)
    return next(own, None) or (None if explained else _UNSPECIFIED)


class _Writer:
    """Writes the segments of CONTRL as one interchange needs them: its syntax version and both delimiters."""

    def __init__(self, header: InterchangeHeader, carrier: Carrier) -> None:
        self.header = header
        self.carrier = carrier
        self.late = header.version.rpartition(":")[2] == "4"

    def uci(self, action: str, error: Issue | str | None) -> Segment:
        segment = self.header.segment
        reference = self.reference(self.header.control_number)
        addresses = [self.copy(_element(segment, n), _ADDRESS) for n in (2, 3)]
        return trimmed(["UCI", reference, *addresses, action, *self.error(error)])

    def ucf(self, ung: Segment, action: str, error: Issue | str | None) -> Segment:
        reference = self.copy(_element(ung, 5), _REFERENCE)
        addresses = (self.copy(_element(ung, n), _APPLICATION) for n in (2, 3))
        return trimmed(["UCF", reference, *addresses, action, *self.error(error)])

    def ucm(self, document: DocumentVerdict, action: str, error: Issue | str | None) -> Segment:
        kind = self.copy(_element(document.segment, 2), _MESSAGE) or self.one(document.type[:6])
        return trimmed(["UCM", self.reference(document.control_number), kind, action, *self.error(error)])

    def ucd(self, issue: Issue) -> Segment:
        return ["UCD", self.code(issue), self.place(issue.location)]

    def code(self, issue: Issue) -> str:
        """0085, as the syntax version has it."""
        code = issue.kind.edifact or ""
        return _IN_SYNTAX_4.get(code, code) if self.late else code

    def error(self, error: Issue | str | None) -> list[str]:
        """0085, 0013 (0135 in syntax 4) and S011 of the service segment at fault."""
        if error is None or isinstance(error, str):
            return [error or ""]
        where = error.location
        tag = where.tag if where.tag in _SERVICE_TAGS else ""
        return [self.code(error), tag or "", self.place(where) if tag and where.element else ""]

    def place(self, where: Location) -> str:
        """S011: element, component and, from syntax 4, occurrence. The tag is position 1, so an element is one on."""
        parts = [(where.element or 0) + 1, where.component or 0, (where.repetition or 0) if self.late else 0]
        texts = [str(part) if part else "" for part in parts]
        return self.joined(texts)

    def copy(self, element: str, most: tuple[tuple[int, ...], ...]) -> str:
        """A composite of the subject interchange, with the components that the layout has, in our delimiters.

        What is longer than it may be is cut: the receipt says so by 0085 = 39, and must be valid itself.
        """
        parts = values(element, self.header.delimiters)
        return self.joined([self.one(part[:length]) for part, length in zip(parts, most[self.late], strict=False)])

    def reference(self, text: str) -> str:
        return self.one(text[: _REFERENCE[0][0]])

    def one(self, text: str) -> str:
        return escape(self.carrier.free(text), self.carrier.delimiters)

    def joined(self, parts: list[str]) -> str:
        separator = self.carrier.delimiters.component
        while parts and not parts[-1]:
            parts.pop()
        return separator.join(parts)


def _element(segment: Segment, number: int) -> str:
    return segment[number] if len(segment) > number else ""


def _distinct(segments: list[Segment]) -> list[Segment]:
    return [segment for n, segment in enumerate(segments) if segment not in segments[:n]]
