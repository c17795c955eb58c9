"""What the codecs of segmented formats (X12, EDIFACT) read and write.

Text, not bytes: a stream is decoded strictly by the character set that the interchange declares (or the agreement
names), with ``surrogateescape``, so that undecodable bytes survive unchanged and are reported at their element.
Segments are lists of strings, ``[tag, element 1, element 2, …]``; components and repetitions stay unsplit and, in
EDIFACT, escaped until somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from gateway.core.issues import Issue

Segment = list[str]


class Delimiters(NamedTuple):
    """The service characters of one interchange. ``None``: the interchange has no such character."""

    element: str
    component: str
    terminator: str
    repetition: str | None = None
    release: str | None = None
    decimal: str = "."


class Limits(NamedTuple):
    """Bounds on what a sender may make us do. ``segment_bytes`` is for segments of the envelope: those of a document
    are bounded by ``document_bytes`` together, and some (BIN) may be large. ``document_segments``: a segment takes a
    hundred bytes of memory and more, and one byte of the file is enough for it."""

    document_bytes: int = 32 * 1024 * 1024
    segment_bytes: int = 1024 * 1024
    issues_per_document: int = 100
    document_segments: int = 1_000_000


LIMITS = Limits()


class Address(NamedTuple):
    """Who an interchange or a group says it comes from or goes to. X12: ISA05/06; EDIFACT: S002 0007/0004."""

    identifier: str
    qualifier: str = ""
    routing: str = ""

    def __str__(self) -> str:
        """``ZZ:GLOBEX``; ``5412345000013:14`` is written ``14:5412345000013``."""
        return f"{self.qualifier}:{self.identifier}" if self.qualifier else self.identifier


class Origin(NamedTuple):
    """Where a record stood in what was received: its line, from 1, and its first byte."""

    line: int
    offset: int


class InterchangeHeader(msgspec.Struct, frozen=True, kw_only=True):
    """ISA or UNB, read. ``segment`` is the segment itself, ``date`` and ``time`` are as they stand there."""

    standard: str  # "x12" | "edifact"
    segment: Segment
    delimiters: Delimiters
    charset: str  # Python's name of the codec
    sender: Address
    receiver: Address
    control_number: str
    date: str
    time: str
    version: str  # ISA12, or the syntax as "UNOA:2"
    test: bool
    acknowledgment_requested: bool
    application_reference: str = ""
    offset: int = 0  # bytes from the start of the transmission
    service_advice: str | None = None  # EDIFACT: UNA as it stood there

    @property
    def interactive(self) -> bool:
        """UIB … UIZ, a dialogue between two programs (ISO 9735-3)."""
        return self.segment[0] == "UIB"


class GroupHeader(msgspec.Struct, frozen=True, kw_only=True):
    """GS or UNG, read."""

    segment: Segment
    functional_id: str  # GS01, or UNG 0038
    sender: Address
    receiver: Address
    control_number: str
    date: str
    time: str
    version: str  # GS08, or the message version of UNG
    offset: int


class InterchangeStart(msgspec.Struct, frozen=True):
    header: InterchangeHeader
    issues: tuple[Issue, ...] = ()


class GroupStart(msgspec.Struct, frozen=True):
    header: GroupHeader
    issues: tuple[Issue, ...] = ()


class RawDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction set or message, from ST or UNH to the terminator of SE or UNT.

    ``issues`` are those of its own envelope (counts, references, a missing trailer). ``version`` is GS08 (or the base
    version of ISA12 where the group has none) or, in EDIFACT, ``D.96A``; ``association`` is EDIFACT's 0057 (EAN008)
    or, in X12, ST03.
    """

    standard: str
    type: str  # ST01 or UNH 0065
    version: str
    association: str
    control_number: str
    position: int  # from 1, in the interchange
    text: str
    offset: int  # bytes from the start of the transmission
    length: int  # bytes
    delimiters: Delimiters
    charset: str
    issues: tuple[Issue, ...] = ()
    syntax: str = ""  # ISA12, or the syntax as "UNOA:2"
    functional_id: str = ""  # GS01 of its group
    addressee: str = ""  # whom the document itself names as its receiver (IDoc)
    origins: tuple[Origin, ...] = ()  # of each segment, where ``text`` is not what was received (records)

    def segments(self) -> list[Segment]:
        """The segments, tag first. Line breaks and blanks between segments are not part of them."""
        from gateway.codecs.split import segments

        return segments(self.text, self.delimiters)

    def offset_of(self, segment: int, element: int = 0, component: int = 0, repetition: int = 0) -> int:
        """Bytes from the start of the transmission to a place; all count from 1, element 0 is the tag."""
        from gateway.codecs.split import offset_of

        return offset_of(self, segment, element, component, repetition)


class GroupEnd(msgspec.Struct, frozen=True):
    issues: tuple[Issue, ...] = ()
    declared: int | None = None  # documents, as the trailer says
    found: int = 0


class Reply(msgspec.Struct, frozen=True):
    """A segment that stands between the envelopes and is a receipt by itself: TA1."""

    segment: Segment
    offset: int


class InterchangeEnd(msgspec.Struct, frozen=True):
    """``sha256`` is over the bytes from ISA (or UNA, UNB) to the last terminator: equal interchanges, equal hash."""

    issues: tuple[Issue, ...] = ()
    declared: int | None = None
    found: int = 0  # groups, or messages where EDIFACT has no groups
    documents: int = 0
    length: int = 0
    sha256: bytes = b""


class Stray(msgspec.Struct, frozen=True):
    """Bytes outside of any interchange that are not blanks."""

    issues: tuple[Issue, ...]
    offset: int
    length: int


Event = InterchangeStart | GroupStart | Reply | RawDocument | GroupEnd | InterchangeEnd | Stray
Events = Iterator[Event]
