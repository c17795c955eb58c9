"""The bytes of one document: from ST or UNH to the end of SE or UNT, or to where the next part of the envelope begins.

A document is looked at as a whole: one search for a terminator with a segment of the envelope behind it, one count of
terminators. A document above the limit is passed over in strides as long as what has been read, and not kept.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gateway.codecs.charset import decode
from gateway.codecs.framing import HEADER_BEGINS, Framing
from gateway.codecs.model import Limits
from gateway.codecs.stream import Window

_HEAD = 4096  # bytes of ST or UNH that are looked at
_TRAILER = 4096  # and of SE or UNT


class Body(NamedTuple):
    """A document's bytes. ``raw`` is None when there are too many of them; ``trailer`` is None when there is none."""

    offset: int
    length: int
    segments: int  # segments, with the first and the last
    head: bytes
    trailer: bytes | None
    trailer_offset: int
    raw: bytes | None

    def text(self, charset: str) -> str:
        """The document decoded; empty where it was too large."""
        return "" if self.raw is None else decode(self.raw, charset)


def measure(window: Window, framing: Framing, trailer_tag: str, limits: Limits) -> Body:
    """Consumes the document that begins at the window's start."""
    offset = window.offset
    end, trailer = _ends(window, framing, trailer_tag.encode(), limits.document_bytes)
    if end < 0:
        return _walk(window, framing, trailer_tag)
    count = framing.terminators(window.data, end)
    if not window.data.endswith(framing.terminator, 0, end) or framing.is_released(window.data, end - 1):
        count += 1
    head = _head(window, framing)[:end]
    raw = window.take(end)
    last = raw[trailer:] if trailer >= 0 else None
    return Body(offset, end, count, head, last, offset + trailer, raw)


def _head(window: Window, framing: Framing) -> bytes:
    """ST or UNH; of an endless one the beginning."""
    return window.raw(min(framing.end(window.data, 0, 0) or _HEAD, _HEAD))


def _ends(window: Window, framing: Framing, trailer_tag: bytes, most: int) -> tuple[int, int]:
    """(length of the document, index of its trailer or -1); (-1, -1) when it is longer than ``most``."""
    data, search = window.data, 0
    while True:
        if found := framing.next_control(data, search):
            return _end(window, framing, found, trailer_tag, most)
        search = max(search, data.rfind(framing.terminator))
        if len(data) > most + _TRAILER:
            return -1, -1
        if not window.more():
            length = framing.solid(data)
            return (length, -1) if length <= most else (-1, -1)


def _end(window: Window, framing: Framing, found: re.Match[bytes], trailer_tag: bytes, most: int) -> tuple[int, int]:
    if found.end() + 4 > most + _TRAILER or found.start() >= most:
        return -1, -1
    if found[1] != trailer_tag:
        return found.start() + 1, -1
    place = found.start(1)
    length = framing.whole(window, place, most)
    return (length, place) if length >= 0 else (-1, -1)


def _walk(window: Window, framing: Framing, trailer_tag: str) -> Body:
    """The same for a document that is too large: its segments are counted, its beginning and end are kept."""
    window.hold(_HEAD)
    offset, head, count, tag = window.offset, _head(window, framing), 0, ""
    while True:
        stretch = framing.stretch(window.data)
        count += framing.terminators(window.data, stretch) if stretch else 1
        if stretch:
            window.skip(stretch)
        else:
            framing.take_segment(window, 0)
        end = window.solid
        window.take_blanks(framing.blanks)
        window.hold(16)
        tag = framing.tag_at_start(window.data)
        if not window.data or HEADER_BEGINS.match(window.data) or tag in framing.tags:
            break
    place = window.offset
    if tag != trailer_tag:
        return Body(offset, end - offset, count, head, None, place, None)
    trailer, _ = framing.take_segment(window, _TRAILER)
    return Body(offset, window.solid - offset, count + 1, head, trailer, place, None)
