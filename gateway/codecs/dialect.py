"""What a reader of envelopes must know of X12 or of EDIFACT: tags, codes of issues, and how headers are read."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from gateway.codecs.line import Line
from gateway.codecs.model import Address, Delimiters, GroupHeader, GroupStart, InterchangeHeader
from gateway.codecs.stream import Window
from gateway.core.issues import Issue, Location


class Tags(NamedTuple):
    """The service segments, each by its role."""

    interchange: str
    group: str
    document: str
    document_end: str
    group_end: str
    interchange_end: str


class Codes(NamedTuple):
    """The issue that reports each fault of an envelope (see :mod:`gateway.core.catalogue`)."""

    misplaced: str
    mixed: str
    unterminated: str
    interchange_cut: str
    interchange_reference: str
    interchange_count: str
    group_cut: str
    group_reference: str
    group_count: str
    document_cut: str
    document_reference: str
    document_count: str
    document_repeated: str
    document_large: str


class Opening(NamedTuple):
    """An interchange header, read. ``length`` bytes belong to it; not readable: nothing behind it can be framed."""

    header: InterchangeHeader
    issues: tuple[Issue, ...]
    length: int
    readable: bool = True


class Heading(NamedTuple):
    """ST or UNH, read."""

    type: str
    version: str
    association: str
    control_number: str
    issues: tuple[Issue, ...]


class Dialect(Protocol):
    """X12 or EDIFACT."""

    standard: str
    tags: Tags
    codes: Codes
    grouped: bool  # documents stand in groups only
    reference_at: int  # the element of ST or UNH that is its reference
    replies: frozenset[str]  # segments that are receipts and stand between the envelopes

    def open(self, window: Window, charset: str | None) -> Opening:
        """Reads the interchange header at the beginning of ``window``; consumes nothing."""

    def group(self, line: Line, header: InterchangeHeader) -> GroupStart:
        """Reads GS or UNG."""

    def document(self, line: Line, header: InterchangeHeader, group: GroupHeader | None) -> Heading:
        """Reads ST or UNH."""


def unreadable(standard: str, window: Window, code: str, **params: str) -> Opening:
    """An interchange of which nothing is known but that it begins here and why it cannot be read."""
    shown = window.raw(min(len(window.data), 106)).decode("ascii", "backslashreplace")
    header = InterchangeHeader(
        standard=standard,
        segment=[shown[:3]],
        delimiters=Delimiters("*", ":", "~") if standard == "x12" else Delimiters("+", ":", "'", None, "?"),
        charset="ascii",
        sender=Address(""),
        receiver=Address(""),
        control_number="",
        date="",
        time="",
        version="",
        test=False,
        acknowledgment_requested=False,
        offset=window.offset,
    )
    place = Location(segment=1, tag=shown[:3], offset=window.offset)
    return Opening(header, (Issue(code, place, shown, params),), 3, readable=False)
