"""The bytes of one document: from ST or UNH to the end of SE or UNT, or to where the next part of the envelope begins.

A document is looked at as a whole: one search for a terminator with a segment of the envelope behind it, one count of
terminators. A document above the limit is passed over in strides as long as what has been read, and not kept.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gateway.codecs.binary import Misfit, hide_binary, misfit
from gateway.codecs.charset import binary_text, decode
from gateway.codecs.framing import HEADER_BEGINS, Framing
from gateway.codecs.model import Limits
from gateway.codecs.stream import Window

_HEAD = 4096  # bytes of ST or UNH that are looked at
_TRAILER = 4096  # and of SE or UNT
_MISFITS = 100  # wrong lengths that are told: each counts the segments before it


class Body(NamedTuple):
    """A document's bytes. ``raw`` is None when there are too many of them; ``trailer`` is None when there is none.
    ``binaries`` are the bounds of binary data in ``raw``."""

    offset: int
    length: int
    segments: int  # segments, with the first and the last
    head: bytes
    trailer: bytes | None
    trailer_offset: int
    raw: bytes | None
    binaries: tuple[tuple[int, int], ...] = ()
    misfits: tuple[Misfit, ...] = ()

    def text(self, charset: str) -> str:
        """The document decoded; empty where it was too large."""
        if self.raw is None:
            return ""
        if not self.binaries:
            return decode(self.raw, charset)
        parts: list[str] = []
        place = 0
        for start, end in self.binaries:
            parts += decode(self.raw[place:start], charset), binary_text(self.raw[start:end])
            place = end
        return "".join([*parts, decode(self.raw[place:], charset)])


class _Found(NamedTuple):
    """Length of the document and index of its trailer (-1: none), or -1 twice where it is too long."""

    length: int
    trailer: int
    binaries: tuple[tuple[int, int], ...] = ()
    misfits: tuple[Misfit, ...] = ()


def measure(window: Window, framing: Framing, trailer_tag: str, limits: Limits) -> Body:
    """Consumes the document that begins at the window's start."""
    offset = window.offset
    found = _ends(window, framing, trailer_tag.encode(), limits.document_bytes)
    end = found.length
    if end < 0:
        return _walk(window, framing, trailer_tag, limits.document_bytes)
    count = framing.terminators(window.data, end)
    if not window.data.endswith(framing.terminator, 0, end) or framing.is_released(window.data, end - 1):
        count += 1
    head = _head(window, framing)[:end]
    raw = window.take(end)
    last = raw[found.trailer :] if found.trailer >= 0 else None
    kept = raw if count <= limits.document_segments else None
    return Body(offset, end, count, head, last, offset + found.trailer, kept, found.binaries, found.misfits)


def _head(window: Window, framing: Framing) -> bytes:
    """ST or UNH; of an endless one the beginning."""
    return window.raw(min(framing.end(window.data, 0, 0) or _HEAD, _HEAD))


def _ends(window: Window, framing: Framing, trailer_tag: bytes, most: int) -> _Found:
    search = 0
    binaries: list[tuple[int, int]] = []
    misfits: list[Misfit] = []
    while True:
        if found := framing.next_control(window.data, search):
            if found[1] is None or found[1].decode() not in framing.binary_tags:
                return _Found(*_end(window, framing, found, trailer_tag, most), tuple(binaries), tuple(misfits))
            search, place = found.end(), found.start(1)
            data = hide_binary(window, framing, place, most)
            if data is None:
                if len(misfits) < _MISFITS:
                    misfits += misfit(window, framing, place)
                continue
            if data[1] > most:
                return _TOO_LONG
            binaries.append(data)
            search = data[1]
            continue
        search = max(search, window.data.rfind(framing.terminator))
        if len(window.data) > most + _TRAILER:
            return _TOO_LONG
        if not window.more():
            length = framing.solid(window.data)
            return _Found(length, -1, tuple(binaries), tuple(misfits)) if length <= most else _TOO_LONG


_TOO_LONG = _Found(-1, -1)


def _end(window: Window, framing: Framing, found: re.Match[bytes], trailer_tag: bytes, most: int) -> tuple[int, int]:
    if found.end() + 4 > most + _TRAILER or found.start() >= most:
        return -1, -1
    if found[1] != trailer_tag:
        return found.start() + 1, -1
    place = found.start(1)
    length = framing.whole(window, place, most)
    return (length, place) if length >= 0 else (-1, -1)


def _walk(window: Window, framing: Framing, trailer_tag: str, most: int) -> Body:
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
        if tag in framing.binary_tags:
            hide_binary(window, framing, 0, most)
    place = window.offset
    if tag != trailer_tag:
        return Body(offset, end - offset, count, head, None, place, None)
    trailer, _ = framing.take_segment(window, _TRAILER)
    return Body(offset, window.solid - offset, count + 1, head, trailer, place, None)
