"""Bodies: bytes where they are few, a file where they are many. Who handles one need not know which it is.

A door writes what comes in to a :class:`Spool` as it comes; ``finish`` says what it was: bytes, or something
:class:`Spooled`. What leaves is one or the other, too. Neither ever changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from types import TracebackType
from typing import BinaryIO, Protocol

#: Bytes that are asked for at a time by whoever passes a body on.
PIECE = 256 * 1024


class Spooled(Protocol):
    """Bytes in a file, durable. ``sha256`` in hexadecimal."""

    @property
    def path(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def sha256(self) -> str: ...

    def open(self) -> BinaryIO:
        """A reader of its own, seekable, at the beginning; whoever opens it closes it.

        Raises :class:`~gateway.core.errors.PayloadError` when the file is missing or damaged; so does reading.
        """
        ...

    def discard(self) -> None:
        """Nobody wants it any more: a temporary file is removed. What the payload store keeps stays."""
        ...


Body = bytes | Spooled


class SpoolWriter(Protocol):
    """One body on its way in: ``with spool.write(most) as body: … body.write(chunk) …; arrival = body.finish()``.

    Left without :meth:`finish`, nothing remains of it. For one thread at a time. All methods raise
    :class:`~gateway.core.errors.StoreError` when the disk does not take it.
    """

    @property
    def size(self) -> int:
        """Bytes that were written so far."""
        ...

    @property
    def in_memory(self) -> bool:
        """Whether all of it is in memory still: then writing waits for no disk."""
        ...

    def write(self, chunk: bytes | bytearray | memoryview, /) -> int:
        """Takes all of it. Raises :class:`~gateway.core.errors.TooLargeError` beyond the most that was agreed."""
        ...

    def finish(self) -> Body:
        """All of it; durable where it is a file. The file is whoever's who calls this, until it is discarded."""
        ...

    def discard(self) -> None:
        """Removes what was written; after :meth:`finish` it does nothing."""
        ...

    def __enter__(self) -> SpoolWriter: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


class ScratchWriter(Protocol):
    """Intermediate content: written once, then read. Nothing of it outlives its reader, or the process."""

    def write(self, chunk: bytes | bytearray | memoryview, /) -> int:
        """Takes all of it. Raises as :meth:`SpoolWriter.write` does."""
        ...

    def finish(self) -> BinaryIO:
        """A seekable reader at the beginning; closing it lets go of everything."""
        ...

    def discard(self) -> None: ...


class Spool(Protocol):
    """Where doors write what comes in, on the file system of the payload store. Threads may share it."""

    def write(self, most: int | None = None) -> SpoolWriter:
        """A new body of at most so many bytes."""
        ...

    def scratch(self, most: int | None = None) -> ScratchWriter:
        """Intermediate content of at most so many bytes; it is not hashed, and not durable."""
        ...


def size_of(body: Body) -> int:
    """Its length in bytes."""
    return len(body) if isinstance(body, bytes) else body.size


def sha256_of(body: Body) -> str:
    """Its hash in hexadecimal; for a file the one that was computed while it was written."""
    return sha256(body).hexdigest() if isinstance(body, bytes) else body.sha256


def open_body(body: Body) -> BinaryIO:
    """A seekable reader at the beginning. Raises as :meth:`Spooled.open` does."""
    return BytesIO(body) if isinstance(body, bytes) else body.open()


def part_of(body: Body, start: int, length: int) -> bytes:
    """Some of it, in memory. Raises as :meth:`Spooled.open` does."""
    if isinstance(body, bytes):
        return body[start : start + length]
    with body.open() as reader:
        reader.seek(start)
        return reader.read(length)


def in_memory(body: Body) -> bytes:
    """All of it, for what is bounded otherwise. Raises as :meth:`Spooled.open` does."""
    return body if isinstance(body, bytes) else part_of(body, 0, body.size)


def pieces_of(body: Body, size: int = PIECE) -> Iterator[bytes]:
    """It in pieces of at most so many bytes. Raises as :meth:`Spooled.open` does."""
    if isinstance(body, bytes):
        yield from (body[place : place + size] for place in range(0, len(body), size))
        return
    with body.open() as reader:
        while piece := reader.read(size):
            yield piece


def discard(body: Body) -> None:
    """Lets go of it; see :meth:`Spooled.discard`."""
    if not isinstance(body, bytes):
        body.discard()
