"""An issue: what is wrong with a document, where, in words a person understands, and how a receipt reports it.

Codes are stable and never reused. The table of all kinds is in :mod:`gateway.core.catalogue`; the reference
page ``docs/reference/issues.md`` is generated from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import msgspec


class Severity(StrEnum):
    """What an issue does to its document; an agreement may change it per code."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


class Level(StrEnum):
    """The part of an interchange that an issue speaks of: the part that a receipt refuses because of it."""

    INTERCHANGE = "interchange"
    GROUP = "group"
    DOCUMENT = "document"
    SEGMENT = "segment"
    ELEMENT = "element"
    MAPPING = "mapping"
    BUSINESS = "business"


class IssueKind(NamedTuple):
    """One row of the catalogue.

    ``text`` and ``hint`` are templates over ``value`` and the issue's ``params``. ``x12`` is the code that an
    acknowledgment reports: TA105 at interchange level, AK905 (group), AK502 (document), AK304 (segment), AK403
    (element). ``implementation`` is the code in IK304 or IK403 of 999, where it is another one. ``edifact`` is the code
    of data element 0085 in UCI, UCM, UCS or UCD.
    """

    code: str
    level: Level
    severity: Severity
    text: str
    hint: str = ""
    x12: str | None = None
    edifact: str | None = None
    implementation: str | None = None


class Location(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A place in what was received.

    ``segment`` counts from 1 at ST or UNH (at ISA or UNB for issues of the envelope). ``element``, ``component``
    and ``repetition`` count from 1; EDIFACT's UCD counts the tag as position 1, which the writer of CONTRL adds.
    ``loop`` is the path of loop triggers (``PO1/N1``) or groups (``SG25/SG28``). ``offset`` is in bytes from the
    start of the transmission. ``field`` is a path in the canonical document. In XML ``tag`` is the element,
    ``loop`` its path from the root and ``line`` (from 1) where it begins.
    """

    segment: int | None = None
    tag: str | None = None
    loop: str | None = None
    element: int | None = None
    component: int | None = None
    repetition: int | None = None
    offset: int | None = None
    reference: str | None = None  # data element number of the standard: 355, C212, 7140
    field: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """``PO1 segment 17, element 3 component 2 (355), loop PO1, byte 812``."""
        parts: list[str] = []
        if self.tag or self.segment:
            number = f" (segment {self.segment})" if self.segment else ""
            parts.append(f"{self.tag or 'segment'}{number}")
        if self.element:
            place = f"element {self.element}"
            place += f" component {self.component}" if self.component else ""
            place += f" repetition {self.repetition}" if self.repetition else ""
            parts.append(place + (f" [{self.reference}]" if self.reference else ""))
        if self.loop:
            parts.append(f"loop {self.loop}" if self.line is None else self.loop)
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.field:
            parts.append(self.field)
        if self.offset is not None:
            parts.append(f"byte {self.offset}")
        return ", ".join(parts)


NOWHERE = Location()


class Issue(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One finding. ``value`` is the offending text, already masked where it is personal."""

    code: str
    location: Location = NOWHERE
    value: str | None = None
    params: dict[str, str] = {}
    override: Severity | None = None

    @property
    def kind(self) -> IssueKind:
        from gateway.core.catalogue import KINDS

        return KINDS[self.code]

    @property
    def severity(self) -> Severity:
        return self.override or self.kind.severity

    @property
    def level(self) -> Level:
        return self.kind.level

    @property
    def text(self) -> str:
        """The sentence for a person, without the place."""
        return _writable(self.kind.text.format_map(_Blanks(self.params, value=_shown(self.value))))

    @property
    def hint(self) -> str:
        return _writable(self.kind.hint.format_map(_Blanks(self.params, value=_shown(self.value))))

    def with_severity(self, rules: dict[str, Severity]) -> Issue:
        """The same issue as an agreement's ``severities`` see it."""
        wanted = rules.get(self.code)
        return self if wanted is None else msgspec.structs.replace(self, override=wanted)

    def as_json(self) -> dict[str, object]:
        """The form of ``--json`` output and of the store: self-explaining, without empty keys."""
        place = {k: v for k, v in msgspec.structs.asdict(self.location).items() if v is not None}
        out: dict[str, object] = {"code": self.code, "severity": str(self.severity), "level": str(self.level)}
        out |= {"text": self.text, "location": place}
        if self.value is not None:
            out["value"] = self.value
        if self.hint:
            out["hint"] = self.hint
        for standard, ack in (("x12", self.kind.x12), ("edifact", self.kind.edifact)):
            if ack:
                out[f"{standard}_code"] = ack
        return out


class _Blanks(dict[str, str]):
    """A template never fails for want of a parameter."""

    def __init__(self, params: dict[str, str], **more: str) -> None:
        super().__init__(params, **more)

    def __missing__(self, key: str) -> str:
        return "?"


def _writable(text: str) -> str:
    """Bytes of a document that were no text may stand in any parameter, in a wrong tag for instance."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _shown(value: str | None, most: int = 60) -> str:
    """A value as a sentence quotes it: control characters visible, long ones cut."""
    if value is None:
        return ""
    text = value.encode("unicode_escape", "backslashreplace").decode("ascii") if not value.isprintable() else value
    return text if len(text) <= most else text[: most - 1] + "…"


def worst(issues: Iterable[Issue]) -> Severity | None:
    """The gravest severity among them, or None when there are none."""
    order = (Severity.ERROR, Severity.WARNING, Severity.INFORMATION)
    found = {issue.severity for issue in issues}
    return next((severity for severity in order if severity in found), None)


def has_errors(issues: Iterable[Issue]) -> bool:
    """True when at least one of them refuses its document."""
    return any(issue.severity is Severity.ERROR for issue in issues)
