"""A part of a file, as a body of its own: one interchange of a large transmission."""

from __future__ import annotations

from hashlib import sha256
from io import SEEK_CUR, SEEK_END, BufferedReader, RawIOBase
from typing import BinaryIO

import msgspec

from gateway.core.spooled import Spooled, pieces_of


class Part(msgspec.Struct, frozen=True):
    """``size`` bytes of ``whole`` from ``start`` on; a :class:`~gateway.core.spooled.Spooled`."""

    whole: Spooled
    start: int
    size: int

    @property
    def path(self) -> str:
        """The file that it is a part of."""
        return self.whole.path

    @property
    def sha256(self) -> str:
        """Computed by reading it."""
        digest = sha256()
        for piece in pieces_of(self):
            digest.update(piece)
        return digest.hexdigest()

    def open(self) -> BinaryIO:
        """A seekable reader; raises as that of the whole does."""
        return BufferedReader(Region(self.whole.open(), self.start, self.size), 256 * 1024)

    def discard(self) -> None:
        """A part is nobody's."""


class Region(RawIOBase):
    """``size`` bytes of a seekable reader from ``start`` on, as if there were no others. Closing it closes that."""

    def __init__(self, reader: BinaryIO, start: int, size: int) -> None:
        self._reader = reader
        self._start = start
        self._size = size
        self._place = 0
        reader.seek(start)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        base = {SEEK_CUR: self._place, SEEK_END: self._size}.get(whence, 0)
        self._place = max(0, base + offset)
        self._reader.seek(self._start + self._place)
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        count = max(0, min(len(buffer), self._size - self._place))
        piece = self._reader.read(count)
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._reader.close()
        super().close()
