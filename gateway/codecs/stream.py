"""A window over a byte stream: what is read and not yet consumed. Its length is bounded by whoever looks at it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO

from gateway.codecs.charset import FILLER, Masker

CHUNK = 1024 * 1024
"""Bytes asked for at a time. Larger ones are not faster; smaller ones cost calls."""

_BLOCK = 4096  # bytes masked at a time


class Window:
    """``data`` begins at ``offset`` of the stream. It shows framing bytes (see :mod:`gateway.codecs.charset`)."""

    def __init__(self, stream: BinaryIO | bytes | bytearray | memoryview, offset: int = 0) -> None:
        self._read = BytesIO(stream).read if isinstance(stream, bytes | bytearray | memoryview) else stream.read
        self._raw = self.data = bytearray()
        self._masking: Callable[[], Masker | None] = _no_mask
        self._mask: Masker | None = None
        self._hidden = 0  # bytes still to come that are binary data
        self._digest = self._solid = hashlib.sha256()
        self.solid = offset
        self.offset = offset
        self.ended = False

    def use(self, masking: Callable[[], Masker | None] | None = None) -> None:
        """From here on the bytes are text in a character set that needs such a mask (None: that needs none)."""
        self._masking = masking or _no_mask
        self._mask, self._hidden = self._masking(), 0
        self.data = self._raw if self._mask is None else bytearray(self._mask(bytes(self._raw), self.ended))

    def hide(self, start: int, length: int) -> None:
        """So many bytes from ``start`` on are binary data, whatever they look like; some may still be to come."""
        if self.data is self._raw:
            self.data = bytearray(self._raw)
        stop = min(start + length, len(self._raw))
        self.data[start:stop] = FILLER * (stop - start)
        self._hidden = start + length - stop
        if self._mask is not None:
            self._mask_again(stop)

    def _mask_again(self, place: int) -> None:
        """Text begins anew behind binary data: it is masked again up to where that makes no difference any more."""
        fresh, at = self._masking(), place
        assert fresh is not None
        while place < len(self._raw):
            block = bytes(self._raw[place : place + _BLOCK])
            place += len(block)
            shown = fresh(block, self.ended and place == len(self._raw))
            after = at + len(shown)
            same = after == place and shown[-1] < 0x80 and self.data[after - 1 : after] == shown[-1:]
            self.data[at:after] = shown
            if same:
                return
            at = after
        del self.data[at:]
        self._mask = fresh

    def more(self) -> bool:
        """Reads on. False at the end of the stream; ``data`` does not change any more then."""
        if self.ended:
            return False
        before = len(self.data)
        most = len(self._raw) + (len(self._raw) >> 3)  # whoever looks again at all of it does so seldom
        while not self.ended and len(self._raw) <= most:
            chunk = self._read(CHUNK)
            self.ended = not chunk
            self._raw += chunk
            if self.data is not self._raw:
                self.data += self._shown(bytes(chunk))
        return not self.ended or len(self.data) > before

    def _shown(self, chunk: bytes) -> bytes:
        """Framing bytes for what follows the earlier ones."""
        hidden = min(self._hidden, len(chunk))
        self._hidden -= hidden
        text = chunk[hidden:]
        return FILLER * hidden + (text if self._mask is None else self._mask(text, self.ended))

    def hold(self, length: int) -> bool:
        """Reads until ``data`` has ``length`` bytes. False when the stream ends before."""
        while len(self.data) < length:
            if not self.more():
                return False
        return True

    def raw(self, length: int) -> bytes:
        """The next bytes as they came, not consumed."""
        with memoryview(self._raw) as view:
            return bytes(view[:length])

    def stands(self, mark: bytes, place: int) -> bool:
        """Whether the byte at ``place`` is ``mark``, as it came."""
        return self._raw[place : place + 1] == mark

    def take(self, length: int) -> bytes:
        """Consumes bytes of the interchange and returns them as they came."""
        raw = self.raw(length)
        self._digest.update(raw)
        self._consume(length)
        return raw

    def skip(self, length: int) -> None:
        """Consumes bytes of the interchange."""
        with memoryview(self._raw) as view:
            self._digest.update(view[:length])
        self._consume(length)

    def take_blanks(self, blanks: re.Pattern[bytes]) -> None:
        """Consumes blanks and line breaks; they belong to the interchange only if more of it follows."""
        while True:
            found = blanks.match(self.data)
            if found and found.end():
                if self._solid is self._digest:
                    self._solid = self._digest.copy()
                self._digest.update(self._raw[: found.end()])
                self._drop(found.end())
            if self.data or not self.more():
                return

    def begin(self) -> None:
        """An interchange begins here: its hash is over what is consumed from now on."""
        self._digest = self._solid = hashlib.sha256()
        self.solid = self.offset

    def sha256(self) -> bytes:
        """The hash since :meth:`begin`, without blanks at the end. ``solid`` is the offset behind it."""
        return self._solid.digest()

    def _consume(self, length: int) -> None:
        self._drop(length)
        self._solid, self.solid = self._digest, self.offset

    def _drop(self, length: int) -> None:
        del self._raw[:length]
        if self.data is not self._raw:
            del self.data[:length]
        self.offset += length


def _no_mask() -> None:
    """For text whose bytes are what they look like."""
