"""Open files of a client: an upload that is received when it is closed, a file of the outbox that is being fetched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import Protocol

from gateway.connectors.oserrors import os_errors
from gateway.connectors.sftp_server import wire
from gateway.connectors.sftp_server.doubts import Pieces
from gateway.connectors.sftp_server.memory import MEMORY
from gateway.connectors.sftp_server.ranges import Ranges
from gateway.connectors.sftp_server.refusal import Refusal
from gateway.connectors.sftp_server.spool import Draft
from gateway.core.ports import Shown

#: Bodies of this size and less stay in memory while they are fetched.
_SMALL = 64 * 1024

#: Files whose pick-up is not complete, and that are kept in mind until their client comes back for the rest.
_BEGUN = 1000


class Opened(Protocol):
    """A file that a client has open. All raise :class:`Refusal`, ConnectorError or StoreError."""

    def read(self, offset: int, length: int) -> bytes: ...

    def write(self, offset: int, data: bytes) -> None: ...

    def attributes(self) -> wire.Attributes: ...

    def change(self, attributes: wire.Attributes) -> None: ...

    def close(self) -> None:
        """The client closed it: whatever that means is durable when this returns."""

    def lost(self) -> None:
        """The client is gone without a word."""


class Target(Protocol):
    """Where a finished upload goes."""

    def finished(self, draft: Draft, name: str, pieces: Pieces) -> None: ...


class Upload:
    """An upload. ``append``: the client goes on behind what is there."""

    def __init__(self, target: Target, draft: Draft, name: str, now: int, *, append: bool) -> None:
        self._target, self._draft, self._name, self._now, self._append = target, draft, name, now, append
        self._whole = True
        self._pieces = Pieces()

    def read(self, offset: int, length: int) -> bytes:
        raise Refusal.forbidden("Uploads cannot be read.")

    def write(self, offset: int, data: bytes) -> None:
        if not self._whole:
            raise Refusal.failure("A part of the file before this was not written: upload it from the beginning.")
        with self._attempt():
            if self._append and offset != self._draft.size:
                raise Refusal.failure("The file is not as long as the client thinks: upload it from the beginning.")
            self._draft.write(offset, data)
            self._pieces.add(len(data))

    def attributes(self) -> wire.Attributes:
        return wire.file_attributes(self._draft.size, 0o200, self._now)

    def change(self, attributes: wire.Attributes) -> None:
        """Times and permissions are nobody's here: they are taken and forgotten."""
        if attributes.size is not None:
            with self._attempt():
                self._draft.truncate(attributes.size)

    @contextmanager
    def _attempt(self) -> Iterator[None]:
        """A client may not look at the answer to a write, and close what was not written."""
        whole, self._whole = self._whole, False
        yield
        self._whole = whole

    def close(self) -> None:
        if not (self._whole and self._draft.complete):
            self._draft.drop()
            raise Refusal.failure("Parts of the file were not written: upload it from the beginning.")
        self._target.finished(self._draft, self._name, self._pieces)

    def lost(self) -> None:
        """Never received; the client may come back and go on with it."""
        if self._whole:
            self._draft.leave(self._name)
        else:
            self._draft.drop()


class Begun:
    """What was read of files whose pick-up is not complete. A client that comes back reads only the rest."""

    def __init__(self) -> None:
        self._ranges: dict[int, Ranges] = {}
        self._lock = Lock()

    def of(self, transmission: int) -> Ranges:
        with self._lock:
            found = self._ranges.pop(transmission, None)
            if found is None:
                found = Ranges()
            self._ranges[transmission] = found
            while len(self._ranges) > _BEGUN:
                del self._ranges[next(iter(self._ranges))]
            return found

    def done(self, transmission: int) -> None:
        with self._lock:
            self._ranges.pop(transmission, None)


class Counter(Protocol):
    """What is told when a file was read to its end and closed."""

    def fetched(self, shown: Shown) -> None: ...


class Fetch:
    """A file that is being fetched. ``counter`` is told when all of it was read and the client closed it."""

    def __init__(self, counter: Counter, shown: Shown, body: Body, begun: Begun) -> None:
        self._counter, self._shown, self._body, self._begun = counter, shown, body, begun
        self._read = begun.of(shown.transmission)

    def read(self, offset: int, length: int) -> bytes:
        piece = self._body.piece(offset, min(length, wire.PIECE))
        self._read.add(offset, offset + len(piece))
        return piece

    def write(self, offset: int, data: bytes) -> None:
        raise Refusal.forbidden("Nothing can be written here.")

    def attributes(self) -> wire.Attributes:
        return file_of(self._shown)

    def change(self, attributes: wire.Attributes) -> None:
        if attributes.size is not None:
            raise Refusal.forbidden("Nothing can be written here.")

    def close(self) -> None:
        self._body.close()
        if self._read.covers(self._shown.size):
            self._counter.fetched(self._shown)
            self._begun.done(self._shown.transmission)

    def lost(self) -> None:
        self._body.close()


class Body:
    """The bytes of a file while it is fetched: small ones in memory, large ones in a nameless file in ``folder``."""

    def __init__(self, load: Load, folder: Path, size: int) -> None:
        self._bytes: bytes | None = None
        self._file = -1
        if size <= _SMALL:
            self._bytes = load()
            return
        with MEMORY.room(size), os_errors(f"Writing in {folder}"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with TemporaryFile(dir=folder) as file:
                file.write(load())
                file.flush()
                self._file = os.dup(file.fileno())

    def piece(self, offset: int, length: int) -> bytes:
        if self._bytes is not None:
            return self._bytes[offset : offset + length]
        with os_errors("Reading a file that is fetched"):
            return os.pread(self._file, length, offset)

    def close(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)


class Load(Protocol):
    def __call__(self) -> bytes: ...


def file_of(shown: Shown, mode: int = 0o400) -> wire.Attributes:
    return wire.file_attributes(shown.size, mode, shown.at // 1_000_000)
