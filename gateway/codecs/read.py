"""Reading: a byte stream to events, in constant memory, whatever the bytes are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from gateway.codecs.charset import charset_named
from gateway.codecs.dialect import Dialect, Opening
from gateway.codecs.edifact_read import EDIFACT
from gateway.codecs.envelope import Walk
from gateway.codecs.framing import HEADER, framing
from gateway.codecs.interactive_read import BEGINS as INTERACTIVE_BEGINS
from gateway.codecs.interactive_read import INTERACTIVE
from gateway.codecs.model import LIMITS, Event, InterchangeEnd, InterchangeStart, Limits, Stray
from gateway.codecs.stream import Window
from gateway.codecs.x12_read import X12
from gateway.core.issues import Issue, Location

_DIALECTS: dict[bytes, Dialect] = {b"ISA": X12, **dict.fromkeys((b"UNA", b"UNB", b"UNH"), EDIFACT)}
_STRAY = {"x12": "X12-I024B", "edifact": "EDF-I33B", "": "GTW-FORMAT"}

_BEGINS = re.compile(HEADER + rb"|UNH[^A-Za-z0-9]")
"""An interchange, or messages that somebody took out of theirs."""

_PADDING = re.compile(rb"(?:[\r\n\t \x00\x1a]|\xef\xbb\xbf)*+")
"""Between interchanges: blanks, line breaks, what mainframes and DOS fill up with, the byte order mark of UTF-8."""

_NEXT = re.compile(
    rb"(?<![A-Za-z0-9])"
    rb"(?:ISA([^A-Za-z0-9\s]).{2}\1|U[NI]B[^A-Za-z0-9\s](?:UNO[A-Z]|IAT[AB])|UNA.{6}[\r\n\t ]{0,4}U[NI]B)",
    re.DOTALL,
)
_NEXT_BYTES = 32  # more than any match of _NEXT


def read(
    stream: BinaryIO | bytes | bytearray | memoryview,
    *,
    charset: str | None = None,
    limits: Limits = LIMITS,
    offset: int = 0,
) -> Iterator[Event]:
    """The events of all interchanges, X12 or EDIFACT, in ``stream``.

    ``charset`` names Python's codec of the data where an agreement knows better than the interchange, which for X12 is
    always (without it, UTF-8). ``offset`` is where in its transmission the stream begins; all offsets count from there.
    Memory is bounded by ``limits`` and one chunk. No bytes raise an error: what is wrong is reported in the issues of
    the events. Raises UsageError for a character set that cannot be, and what ``stream.read`` raises.
    """
    return _events(Window(stream, offset), charset_named(charset) if charset else None, limits)


def _events(window: Window, charset: str | None, limits: Limits) -> Iterator[Event]:
    standard, start = "", window.offset
    _skip_padding(window)
    if not window.data:
        yield Stray((Issue("GTW-EMPTY", Location(offset=start)),), start, window.offset - start)
    while window.data:
        if _BEGINS.match(window.data):
            dialect = _dialect(window)
            standard = dialect.standard
            window.begin()
            opening = dialect.open(window, charset)
            yield from _interchange(window, dialect, opening, limits) if opening.readable else _unread(window, opening)
            window.use()
        else:
            yield _stray(window, standard)
        _skip_padding(window)


def _dialect(window: Window) -> Dialect:
    """That of the interchange which begins here."""
    return INTERACTIVE if INTERACTIVE_BEGINS.match(window.data) else _DIALECTS[bytes(window.data[:3])]


def _interchange(window: Window, dialect: Dialect, opening: Opening, limits: Limits) -> Iterator[Event]:
    header = opening.header
    frame = framing(header.delimiters, dialect.tags, header.charset, dialect.binary)
    return Walk(window, dialect, opening, frame, limits).events()


def _unread(window: Window, opening: Opening) -> Iterator[Event]:
    """An interchange that cannot be taken apart goes up to where the next one begins."""
    start = window.offset
    yield InterchangeStart(opening.header, opening.issues)
    _skip_to_next(window, opening.length)
    yield InterchangeEnd(length=window.solid - start, sha256=window.sha256())


def _stray(window: Window, standard: str) -> Stray:
    """Bytes that belong to no interchange, up to where one begins."""
    offset = window.offset
    _skip_to_next(window)
    known = standard or (_dialect(window).standard if window.data else "")
    return Stray((Issue(_STRAY[known], Location(offset=offset)),), offset, window.offset - offset)


def _skip_to_next(window: Window, least: int = 1) -> None:
    """Consumes at least ``least`` bytes, and all before the next interchange header."""
    while not (found := _NEXT.search(window.data, least)):
        least = 1
        window.take(max(0, len(window.data) - _NEXT_BYTES))
        if not window.more():
            window.take(len(window.data))
            return
    window.take(found.start())


def _skip_padding(window: Window) -> None:
    place = -1
    while place != window.offset:
        place = window.offset
        window.hold(16)
        window.take_blanks(_PADDING)
