"""The verdict on an interchange: what translate concludes and acknowledgments report."""

from __future__ import annotations

import msgspec

from gateway.codecs.model import GroupHeader, InterchangeHeader
from gateway.core.issues import Issue, Severity, has_errors, worst


class DocumentVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction set or message. ``segment`` is its UNH (EDIFACT), for UCM repeats S009."""

    type: str
    control_number: str
    issues: tuple[Issue, ...] = ()
    segment: list[str] = []
    association: str = ""

    @property
    def accepted(self) -> bool:
        return not has_errors(self.issues)

    @property
    def clean(self) -> bool:
        """Accepted without any issue that an acknowledgment reports as an error noted (AK501 = A, not E)."""
        return worst(self.issues) in (None, Severity.INFORMATION)


class GroupVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """A functional group; in EDIFACT without UNG there is one with ``header`` None."""

    header: GroupHeader | None
    issues: tuple[Issue, ...] = ()
    declared: int | None = None
    documents: tuple[DocumentVerdict, ...] = ()

    @property
    def accepted(self) -> bool:
        return not has_errors(self.issues)


class InterchangeVerdict(msgspec.Struct, frozen=True, kw_only=True):
    header: InterchangeHeader
    issues: tuple[Issue, ...] = ()
    groups: tuple[GroupVerdict, ...] = ()

    @property
    def accepted(self) -> bool:
        """The envelope holds; single groups or documents may still be refused."""
        return not has_errors(self.issues)
