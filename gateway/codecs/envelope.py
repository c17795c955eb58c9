"""The walk through one interchange: from its header to its trailer, or to where it is cut off.

Reading goes on after every fault, so that a sender hears of all of them at once: a missing trailer is supplied by the
next header or trailer, a segment outside of the envelope's order is reported and passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from gateway.codecs.binary import Misfit
from gateway.codecs.charset import decode
from gateway.codecs.dialect import Dialect, Heading, Opening, Package
from gateway.codecs.documents import Body, measure
from gateway.codecs.framing import HEADER_BEGINS, Framing
from gateway.codecs.line import Line
from gateway.codecs.model import (
    Event,
    GroupEnd,
    GroupHeader,
    InterchangeEnd,
    InterchangeStart,
    Limits,
    RawDocument,
    Reply,
)
from gateway.codecs.numbers import Numbers
from gateway.codecs.split import segments
from gateway.codecs.stream import Window
from gateway.core.issues import Issue

_CHUNK = 65_536  # bytes of a package that are passed over at once
_LONGEST_COUNT = 12  # digits
_LEAST = 256  # bytes of a segment of the envelope that are looked at, whatever the limits say


class _Count(NamedTuple):
    """How many a trailer declares (None: it is no number), and what is wrong with it."""

    declared: int | None
    issues: list[Issue]


class Walk:
    """One interchange. ``window`` stands at its header; after :meth:`events` it stands behind its last terminator."""

    def __init__(self, window: Window, dialect: Dialect, opening: Opening, framing: Framing, limits: Limits) -> None:
        self._window = window
        self._dialect = dialect
        self._opening = opening
        self._header = opening.header
        self._framing = framing
        self._limits = limits
        self._start = window.offset
        self._segments = 1
        self._groups = self._documents = self._packages = self._loose = self._in_group = 0
        self._group: GroupHeader | None = None
        self._references = Numbers()
        self._issues: list[Issue] = []
        self._over = False
        tags = dialect.tags
        self._steps: dict[str, Callable[[], Iterator[Event]]] = {
            tags.group: self._open_group,
            tags.document: self._read_document,
            tags.group_end: self._end_group,
            tags.interchange_end: self._end,
            **dict.fromkeys(dialect.replies, self._reply),
        }
        if dialect.package is not None:
            self._steps[dialect.package.begin] = partial(self._package, dialect.package)
        self._steps.pop("", None)  # a role that nothing has

    def events(self) -> Iterator[Event]:
        """Everything in it, in order; the end comes last, whatever happens."""
        yield InterchangeStart(self._header, self._opening.issues)
        self._window.take(self._opening.length)
        while not self._over and (tag := self._next_tag()) is not None:
            yield from self._steps.get(tag, self._pass_over)()
        if not self._over:
            yield from self._cut_group()
            if self._header.segment[0] != self._dialect.tags.document:  # without an interchange there is none to miss
                missing = self._missing(self._dialect.tags.interchange_end)
                self._issues.append(missing.issue(self._dialect.codes.interchange_cut, tag=missing.tag))
            yield self._close(None)

    def _next_tag(self) -> str | None:
        """The tag of the next segment; None where the interchange ends without its trailer."""
        window = self._window
        window.take_blanks(self._framing.blanks)
        window.hold(16)
        if not window.data or HEADER_BEGINS.match(window.data):
            return None
        return self._framing.tag_at_start(window.data)

    # groups

    def _open_group(self) -> Iterator[Event]:
        yield from self._cut_group()
        line = self._take_line()
        if self._loose:
            self._note(line.issue(self._dialect.codes.mixed, value=line.tag))
        start = self._dialect.group(line, self._header)
        self._group, self._in_group, self._references = start.header, 0, Numbers()
        self._groups += 1
        yield start

    def _end_group(self) -> Iterator[Event]:
        if self._group is None:
            return self._pass_over()
        codes = self._dialect.codes
        line = self._take_line()
        said = self._trailer(line, self._in_group, codes.group_count, self._group.control_number, codes.group_reference)
        self._group = None
        return iter((GroupEnd(tuple(said.issues), said.declared, self._in_group),))

    def _cut_group(self) -> Iterator[Event]:
        """A group that is still open has no trailer."""
        if self._group is not None:
            self._group = None
            missing = self._missing(self._dialect.tags.group_end)
            yield GroupEnd((missing.issue(self._dialect.codes.group_cut),), None, self._in_group)

    # documents

    def _read_document(self) -> Iterator[Event]:
        codes, group = self._dialect.codes, self._group
        body = measure(self._window, self._framing, self._dialect.tags.document_end, self._limits)
        self._documents += 1
        self._in_group += 1
        self._loose += group is None
        head = self._read_line(body.head, body.offset, 1)
        if group is None and (self._dialect.grouped or self._groups):
            self._note(head.issue(codes.mixed, value=head.tag))
        heading = self._dialect.document(head, self._header, group)
        issues = [*heading.issues, *self._document_issues(body, head, heading)]
        self._segments += body.segments
        yield RawDocument(
            standard=self._dialect.standard,
            type=heading.type,
            version=heading.version,
            association=heading.association,
            control_number=heading.control_number,
            position=self._documents,
            text=body.text(self._header.charset),
            offset=body.offset,
            length=body.length,
            delimiters=self._header.delimiters,
            charset=self._header.charset,
            syntax=self._header.version,
            functional_id=group.functional_id if group is not None and self._dialect.grouped else "",
            issues=tuple(issues),
        )

    def _document_issues(self, body: Body, head: Line, heading: Heading) -> list[Issue]:
        codes, number = self._dialect.codes, heading.control_number
        issues: list[Issue] = []
        if number and not self._references.add(number):
            issues.append(head.issue(codes.document_repeated, self._dialect.reference_at, value=number))
        if body.trailer is None:
            missing = self._line([self._dialect.tags.document_end], body.offset + body.length, body.segments + 1)
            issues.append(missing.issue(codes.document_cut, tag=missing.tag))
        else:
            line = self._read_line(body.trailer, body.trailer_offset, body.segments)
            issues += self._trailer(line, body.segments, codes.document_count, number, codes.document_reference).issues
        issues += [self._misfit(misfit) for misfit in body.misfits[: self._limits.issues_per_document]]
        if body.raw is None:
            found, unit, most = body.length, "bytes", self._limits.document_bytes
            if found <= most:
                found, unit, most = body.segments, "segments", self._limits.document_segments
            issues.append(head.issue(codes.document_large, value=str(found), unit=unit, most=str(most)))
        return issues

    def _misfit(self, found: Misfit) -> Issue:
        line = self._read_line(found.head, found.offset, found.number)
        at = dict(self._dialect.binary)[line.tag]
        code = self._dialect.codes.binary_length
        assert code is not None
        params = {"name": f"{line.tag}{at:02}", "found": str(found.found)}
        return line.issue(code, at, value=str(found.declared), **params)

    # the rest

    def _reply(self) -> Iterator[Event]:
        line = self._take_line()
        if self._groups or self._documents:
            self._note(line.issue(self._dialect.replies[line.tag], value=line.tag))
        yield Reply(line.segment, line.offset)

    def _pass_over(self) -> Iterator[Event]:
        """A segment that may not stand here."""
        line = self._take_line()
        self._note(line.issue(self._dialect.codes.misplaced, value=line.tag[:8]))
        return iter(())

    def _package(self, package: Package) -> Iterator[Event]:
        """An object of any bytes is passed over whole: what looks like segments in it is none."""
        line = self._take_line()
        said = line.value(*package.length)
        self._note(line.issue(package.code, value=said))
        self._packages += 1
        left = int(said) if said.isascii() and said.isdigit() and len(said) <= _LONGEST_COUNT else 0
        self._window.hide(0, left)
        while left and (self._window.hold(min(left, _CHUNK)) or self._window.data):
            step = min(left, len(self._window.data))
            self._window.skip(step)
            left -= step
        if self._next_tag() == package.end:
            self._take_line()
        return iter(())

    def _end(self) -> Iterator[Event]:
        yield from self._cut_group()
        codes = self._dialect.codes
        line = self._take_line()
        found = self._groups if self._dialect.grouped or self._groups else self._documents + self._packages
        unit = "groups" if self._groups else "messages"
        said = self._trailer(
            line, found, codes.interchange_count, self._header.control_number, codes.interchange_reference, unit
        )
        self._issues += said.issues
        if codes.interchange_empty and not self._documents:
            self._issues.append(line.issue(codes.interchange_empty, name=self._dialect.tags.document))
        self._over = True
        yield self._close(said.declared)

    def _close(self, declared: int | None) -> InterchangeEnd:
        return InterchangeEnd(
            issues=tuple(self._issues),
            declared=declared,
            found=self._groups if self._dialect.grouped or self._groups else self._documents,
            documents=self._documents,
            length=self._window.solid - self._start,
            sha256=self._window.sha256(),
        )

    def _trailer(self, line: Line, found: int, count: str, reference: str, differs: str, unit: str = "") -> _Count:
        """GE, IEA, SE, UNE, UNZ and UNT are alike: how many, and the reference of the header again."""
        at = self._dialect.trailer
        said, repeated = line.text(at.number), line.text(at.reference)
        issues: list[Issue] = []
        declared = int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else None
        if declared != found and (said or at.required):
            issues.append(line.issue(count, at.number, value=said, found=str(found), unit=unit, tag=line.tag))
        if repeated.rstrip(" ") != reference.rstrip(" ") and (repeated or at.required):
            issues.append(line.issue(differs, at.reference, value=repeated, expected=reference, tag=line.tag))
        return _Count(declared, issues)

    def _note(self, issue: Issue) -> None:
        if len(self._issues) < self._limits.issues_per_document:
            self._issues.append(issue)

    def _take_line(self) -> Line:
        """Consumes one segment. Of one beyond all measure only the beginning is kept."""
        offset = self._window.offset
        self._segments += 1
        raw, terminated = self._framing.take_segment(self._window, max(self._limits.segment_bytes, _LEAST))
        line = self._read_line(raw, offset, self._segments)
        if not terminated and line.tag == self._dialect.tags.interchange_end:
            self._note(line.issue(self._dialect.codes.unterminated, value=line.tag))
        return line

    def _read_line(self, raw: bytes, offset: int, number: int) -> Line:
        found = segments(decode(raw, self._header.charset), self._header.delimiters)
        return self._line(found[0] if found else [""], offset, number)

    def _missing(self, tag: str) -> Line:
        """The place of a trailer that is not there: receipts name the segment that is missing."""
        return self._line([tag], self._window.offset, self._segments + 1)

    def _line(self, segment: list[str], offset: int, number: int) -> Line:
        return Line(segment, number, offset, self._header.delimiters, self._header.charset)
