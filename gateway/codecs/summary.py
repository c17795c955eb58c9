"""The envelope of a transmission at a glance: everything but the documents themselves."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from gateway.codecs.model import (
    LIMITS,
    Event,
    GroupEnd,
    GroupHeader,
    GroupStart,
    InterchangeEnd,
    InterchangeHeader,
    InterchangeStart,
    Limits,
    RawDocument,
    Reply,
    Stray,
)
from gateway.codecs.read import read
from gateway.core.issues import Issue


class DocumentHead(msgspec.Struct, frozen=True, kw_only=True):
    """A document without its text. ``issues`` are those of its own envelope."""

    type: str
    version: str
    association: str
    control_number: str
    position: int
    offset: int
    length: int
    issues: tuple[Issue, ...] = ()


class GroupSummary(msgspec.Struct, kw_only=True):
    """A functional group; ``header`` is None for documents that stand in none, as usual in EDIFACT.

    ``issues`` are those of both its ends. ``declared`` is what GE or UNE says, ``found`` what was there.
    """

    header: GroupHeader | None
    issues: tuple[Issue, ...] = ()
    declared: int | None = None
    found: int = 0
    documents: list[DocumentHead] = []


class InterchangeSummary(msgspec.Struct, kw_only=True):
    """One interchange. ``issues`` are those of ISA … IEA or UNB … UNZ, not those of groups and documents."""

    header: InterchangeHeader
    groups: list[GroupSummary] = []
    replies: list[Reply] = []
    issues: tuple[Issue, ...] = ()
    declared: int | None = None
    found: int = 0
    documents: int = 0
    offset: int = 0
    length: int = 0
    sha256: bytes = b""
    kept: list[RawDocument] = []


def scan(
    stream: BinaryIO | bytes | bytearray | memoryview,
    *,
    charset: str | None = None,
    limits: Limits = LIMITS,
    keep: bool = False,
) -> list[InterchangeSummary]:
    """All interchanges in ``stream``, read to the end, without the text of their documents unless ``keep``.

    Stray bytes are reported with the interchange before them, or else with the one after them. No interchange at all:
    an empty list. Arguments and errors are those of :func:`gateway.codecs.read.read`.
    """
    builder = _Builder(keep)
    for event in read(stream, charset=charset, limits=limits):
        builder.add(event)
    return builder.found


class _Builder:
    """Events to summaries."""

    def __init__(self, keep: bool) -> None:
        self._keep = keep
        self.found: list[InterchangeSummary] = []
        self._stray: tuple[Issue, ...] = ()
        self._group: GroupSummary | None = None

    def add(self, event: Event) -> None:
        match event:
            case InterchangeStart():
                self._begin(event)
            case GroupStart():
                self._open(GroupSummary(header=event.header, issues=event.issues))
            case RawDocument():
                group = self._group or self._open(GroupSummary(header=None))
                group.documents.append(document_head(event))
                group.found = len(group.documents)
                if self._keep:
                    self.found[-1].kept.append(event)
            case GroupEnd():
                self._end_group(event)
            case Reply():
                self.found[-1].replies.append(event)
            case InterchangeEnd():
                self._end(event)
            case Stray():
                self._pass(event)

    def _begin(self, event: InterchangeStart) -> None:
        issues = (*self._stray, *event.issues)
        self.found.append(InterchangeSummary(header=event.header, issues=issues, offset=event.header.offset))
        self._stray, self._group = (), None

    def _open(self, group: GroupSummary) -> GroupSummary:
        self.found[-1].groups.append(group)
        self._group = group
        return group

    def _end_group(self, event: GroupEnd) -> None:
        if self._group is not None:
            self._group.issues += event.issues
            self._group.declared, self._group.found = event.declared, event.found
        self._group = None

    def _end(self, event: InterchangeEnd) -> None:
        summary = self.found[-1]
        summary.issues += event.issues
        summary.declared, summary.found, summary.documents = event.declared, event.found, event.documents
        summary.length, summary.sha256 = event.length, event.sha256

    def _pass(self, event: Stray) -> None:
        if self.found:
            self.found[-1].issues += event.issues
        else:
            self._stray += event.issues


def document_head(document: RawDocument) -> DocumentHead:
    """The document without its text."""
    return DocumentHead(
        type=document.type,
        version=document.version,
        association=document.association,
        control_number=document.control_number,
        position=document.position,
        offset=document.offset,
        length=document.length,
        issues=document.issues,
    )
