"""What a reader of envelopes must know of X12 or of EDIFACT: tags, codes of issues, and how headers are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gateway.codecs.framing import Binary
from gateway.codecs.line import Line
from gateway.codecs.model import Address, Delimiters, GroupHeader, GroupStart, InterchangeHeader
from gateway.codecs.stream import Window
from gateway.core.issues import Issue, Location


class Tags(NamedTuple):
    """The service segments, each by its role; empty where there is none."""

    interchange: str
    group: str
    document: str
    document_end: str
    group_end: str
    interchange_end: str


class Trailer(NamedTuple):
    """Where trailers have their count and the reference of their header. Not ``required``: they may leave them out."""

    number: int = 1
    reference: int = 2
    required: bool = True


class Codes(NamedTuple):
    """The issue that reports each fault of an envelope (see :mod:`gateway.core.catalogue`)."""

    misplaced: str
    mixed: str
    unterminated: str
    interchange_empty: str | None
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
    binary_length: str | None


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


class Package(NamedTuple):
    """What carries an object that is no message, of any bytes (ISO 9735-8): its first and last segment, the element and
    component of the first that is its length, and the code that says it is passed over."""

    begin: str
    end: str
    length: tuple[int, int]
    code: str


class Dialect(NamedTuple):
    """X12 or EDIFACT: what tells them apart, and how their headers are read.

    ``open`` reads the interchange header at the beginning of a window and consumes nothing; a character set that the
    caller names goes before the declared one. ``group`` reads GS or UNG, ``document`` ST or UNH.
    """

    standard: str
    tags: Tags
    codes: Codes
    grouped: bool  # documents stand in groups only
    reference_at: int  # the element of ST or UNH that is its reference
    replies: dict[str, str]  # segments between the envelopes that are receipts → the code for one that comes late
    open: Callable[[Window, str | None], Opening]
    group: Callable[[Line, InterchangeHeader], GroupStart]
    document: Callable[[Line, InterchangeHeader, GroupHeader | None], Heading]
    binary: Binary = ()
    trailer: Trailer = Trailer()
    package: Package | None = None


def unreadable(
    standard: str, window: Window, code: str, length: int = 3, value: str | None = None, **params: str
) -> Opening:
    """An interchange of which nothing is known but that it begins here and why it cannot be read. ``length`` bytes of
    it are no beginning of another one."""
    window.hold(64)
    shown = window.raw(64).decode("ascii", "backslashreplace")
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
    return Opening(header, (Issue(code, place, shown if value is None else value, params),), length, readable=False)
