"""Where segments end: patterns over the bytes of one interchange, compiled from its delimiters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from gateway.codecs.charset import encode
from gateway.codecs.model import Delimiters
from gateway.codecs.split import blanks_of
from gateway.codecs.stream import Window

HEADER = rb"(?:ISA|UN[AB]|UIB)[^A-Za-z0-9]"
"""The beginning of an interchange: a tag that stands nowhere else, then a delimiter. UIB: ISO 9735-3, interactive."""
HEADER_BEGINS = re.compile(HEADER)


class Framing(NamedTuple):
    """``control`` finds a terminator before a segment of the envelope, or one with binary data: its tag is group 1 (an
    interchange header has none). ``tag`` reads the tag where a segment begins. ``binary`` matches what stands before
    binary data, and its last group is how many bytes follow."""

    terminator: bytes
    release: bytes | None
    blanks: re.Pattern[bytes]
    tag: re.Pattern[bytes]
    control: re.Pattern[bytes]
    released: re.Pattern[bytes]
    blank: bytes
    tags: frozenset[str]
    binary_tags: frozenset[str]
    binary: re.Pattern[bytes]

    def end(self, data: bytearray, start: int, search: int) -> int:
        """The index behind the segment that begins at ``start``; 0 when its end is not in ``data``.

        Before ``search`` there is known to be none.
        """
        found = data.find(self.terminator, search)
        while found >= 0 and self.is_released(data, found, start):
            found = data.find(self.terminator, found + 1)
        return found + 1

    def is_released(self, data: bytearray, place: int, start: int = 0) -> bool:
        """An odd number of release characters stands before ``place``: the last of them releases it."""
        if self.release is None or place == start or data[place - 1] != self.release[0]:
            return False
        before = place
        while before > start and data[before - 1] == self.release[0]:
            before -= 1
        return (place - before) % 2 == 1

    def whole(self, window: Window, start: int, most: int) -> int:
        """The index behind the segment at ``start``, reading on as needed; the end of the stream ends it too.

        -1 when it reaches beyond ``most``.
        """
        search = start
        while True:
            end = self.end(window.data, start, search)
            if not end and len(window.data) <= most:
                search = len(window.data)
                if window.more():
                    continue
                end = self.solid(window.data)
            return end if 0 < end <= most else -1

    def take_segment(self, window: Window, most: int) -> tuple[bytes, bool]:
        """Consumes the segment at the window's start, however long; returns its first ``most`` bytes and whether it
        has a terminator."""
        end = self.whole(window, 0, most)
        if end >= 0:
            terminated = self.end(window.data, 0, 0) == end
            return window.take(end)[:most], terminated
        kept = window.raw(most)
        while not (end := self.end(window.data, 0, 0)):
            window.skip(self._certain(window.data))
            if not window.more():
                window.skip(len(window.data))
                return kept, False
        window.skip(end)
        return kept, True

    def _certain(self, data: bytearray) -> int:
        """Bytes that can be dropped without losing whether what follows is released."""
        if self.release is None:
            return len(data)
        return len(data) - (len(data) - len(data.rstrip(self.release))) % 2

    def solid(self, data: bytearray) -> int:
        """The length without blanks at the end."""
        return len(data.rstrip(self.blank))

    def tag_at_start(self, data: bytearray) -> str:
        """The tag of the segment that begins ``data``, as far as it is no longer than tags are."""
        found = self.tag.match(data)
        return found[0].decode("latin-1") if found else ""

    def next_control(self, data: bytearray, search: int) -> re.Match[bytes] | None:
        """The next terminator from ``search`` on that ends a segment and has one of the envelope behind it."""
        found = self.control.search(data, search)
        while found and self.is_released(data, found.start()):
            found = self.control.search(data, found.start() + 1)
        return found

    def stretch(self, data: bytearray) -> int:
        """The index behind the last terminator before a segment of the envelope, or in ``data`` at all; 0: none."""
        if found := self.next_control(data, 0):
            return found.start() + 1
        last = data.rfind(self.terminator)
        while last >= 0 and self.is_released(data, last):
            last = data.rfind(self.terminator, 0, last)
        return last + 1

    def terminators(self, data: bytearray, length: int) -> int:
        """The terminators in the first ``length`` bytes that end a segment."""
        if self.release is None or data.find(self.release, 0, length) < 0:
            return data.count(self.terminator, 0, length)
        return self.released.sub(b"", data[:length]).count(self.terminator)


Binary = tuple[tuple[str, int], ...]
"""Tags of segments whose last element is binary data, each with the place of the element that is its length."""


@lru_cache(maxsize=256)
def framing(delimiters: Delimiters, tags: tuple[str, ...], charset: str, binary: Binary = ()) -> Framing:
    """The patterns for an interchange with these delimiters, whose envelope has these tags."""

    def one(mark: str) -> bytes:
        return encode(mark, charset)[:1]

    marks = [re.escape(one(mark)) for mark in (delimiters.element, delimiters.component, delimiters.terminator)]
    blank = b"[" + re.escape(blanks_of(delimiters).encode()) + b"]*+" if blanks_of(delimiters) else b""
    known = [tag for tag in (*tags, *dict(binary)) if tag]
    alone = b"(" + b"|".join(tag.encode() for tag in known) + b")(?=[" + b"".join(marks) + b"])"
    other = b"[^" + marks[0] + marks[2] + b"]{0,64}+" + marks[0]
    sized = [tag.encode() + marks[0] + other * (at - 1) + rb"(\d{1,15})" + marks[0] for tag, at in binary]
    release = one(delimiters.release) if delimiters.release else None
    return Framing(
        terminator=one(delimiters.terminator),
        release=release,
        blanks=re.compile(blank),
        tag=re.compile(b"[^" + b"".join(marks) + b"]{0,8}+"),
        control=re.compile(marks[2] + blank + b"(?:" + alone + b"|(?=" + HEADER + b"))"),
        released=re.compile(re.escape(release or b"?") + b".", re.DOTALL),
        blank=blanks_of(delimiters).encode(),
        tags=frozenset(filter(None, tags)),
        binary_tags=frozenset(dict(binary)),
        binary=re.compile(b"|".join(sized) or b"(?!)"),
    )
