"""The spool: bodies on their way in, in memory up to a threshold, then in a file on the payload store's file system."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from io import BufferedReader, BytesIO, FileIO
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import BinaryIO

import msgspec

from gateway.core.errors import PayloadError, StoreError, TooLargeError
from gateway.core.spooled import Body

#: Bytes up to which a body stays in memory.
MEMORY = 1024 * 1024


class SpooledFile(msgspec.Struct, frozen=True):
    """The :class:`~gateway.core.spooled.Spooled` of a file that is ``kept`` by the payload store, or temporary."""

    path: str
    size: int
    sha256: str
    kept: bool = False

    def open(self) -> BinaryIO:
        """A seekable reader. Raises PayloadError where the file is missing or has another length than it had, and
        StoreError where the whole payload store is out of reach."""
        try:
            reader = _Reader(self.path)
        except FileNotFoundError:
            if self.kept and not Path(self.path).parents[1].is_dir():
                raise StoreError(f"The payload store {Path(self.path).parents[1]} is not there.") from None
            raise PayloadError(f"The payload file {self.path} is missing.", hint=_HINT) from None
        except OSError as error:
            raise StoreError(f"{self.path} cannot be opened: {error.strerror or error}.") from error
        found = os.fstat(reader.fileno()).st_size
        if found != self.size:
            reader.close()
            text = f"The payload file {self.path} is damaged: it has {found} bytes, {self.size} were received."
            raise PayloadError(text, hint=_HINT)
        return BufferedReader(reader, 256 * 1024)

    def verify(self) -> None:
        """Reads all of it. Raises as :meth:`open` does, and PayloadError where the bytes are not those received."""
        digest = sha256()
        with self.open() as reader:
            while piece := reader.read(1024 * 1024):
                digest.update(piece)
        if digest.hexdigest() != self.sha256:
            text = f"The payload file {self.path} is damaged: its bytes are not those that were received."
            raise PayloadError(text, hint=_HINT)

    def discard(self) -> None:
        """Removes a temporary file; what is kept stays."""
        if not self.kept:
            with suppress(OSError):
                os.unlink(self.path)


_HINT = "Put it back from a backup, then release what is held: crossdock release."


class _Reader(FileIO):
    """A file whose disk may fail: other doors than the database's translate OSErrors as if they were the partner's."""

    def readinto(self, buffer: object, /) -> int:
        try:
            return super().readinto(buffer)  # type: ignore[arg-type]  # any buffer
        except OSError as error:
            raise PayloadError(f"{self.name} cannot be read: {error.strerror or error}.", hint=_HINT) from error

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            return super().read(-1 if size is None else size) or b""
        except OSError as error:
            raise PayloadError(f"{self.name} cannot be read: {error.strerror or error}.", hint=_HINT) from error

    def readall(self) -> bytes:
        return self.read()


@contextmanager
def disk_errors(place: str | os.PathLike[str]) -> Iterator[None]:
    """What the disk says becomes StoreError, which is tried again: a full disk is emptied some day."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"The payload store {os.fspath(place)} said: {error.strerror or error}.") from error


class _Writer:
    """What both kinds of writers do: bounded, in memory up to a threshold, then in a file."""

    def __init__(self, folder: Path, memory: int, most: int | None) -> None:
        self._folder = folder
        self._memory = memory
        self._most = most
        self._buffer = BytesIO()
        self._file: FileIO | None = None
        self.size = 0

    @property
    def in_memory(self) -> bool:
        return self._file is None

    def write(self, chunk: bytes | bytearray | memoryview, /) -> int:
        count = memoryview(chunk).nbytes
        if self._most is not None and self.size + count > self._most:
            self.discard()
            raise TooLargeError(f"It is larger than {self._most} bytes.")
        with disk_errors(self._folder):
            if self._file is None and self.size + count > self._memory:
                self._file = self._open()
                self._put(self._buffer.getbuffer())
                self._buffer = BytesIO()
            self._put(chunk)
        self.size += count
        return count

    def _open(self) -> FileIO:
        """A file without a name, which ends with its reader."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return TemporaryFile(dir=self._folder, buffering=0)

    def _put(self, chunk: bytes | bytearray | memoryview) -> None:
        if self._file is None:
            self._buffer.write(chunk)
            return
        rest = memoryview(chunk).cast("B")
        while rest:
            rest = rest[self._file.write(rest) :]

    def discard(self) -> None:
        if self._file is not None:
            self._file.close()
        self._buffer = BytesIO()


class Scratch(_Writer):
    """The :class:`~gateway.core.spooled.ScratchWriter`: its file has no name, so nothing of it is ever left behind."""

    def finish(self) -> BinaryIO:
        if self._file is None:
            self._buffer.seek(0)
            return self._buffer
        with disk_errors(self._folder):
            self._file.seek(0)
        return BufferedReader(self._file, 256 * 1024)


class Writer(_Writer):
    """The :class:`~gateway.core.spooled.SpoolWriter`."""

    def __init__(self, folder: Path, memory: int, most: int | None) -> None:
        super().__init__(folder, memory, most)
        self._digest = sha256()
        self._path: Path | None = None

    def _open(self) -> FileIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._path = self._folder / f"{os.getpid()}-{secrets.token_hex(12)}"
        return FileIO(self._path, "xb")

    def _put(self, chunk: bytes | bytearray | memoryview) -> None:
        super()._put(chunk)
        if self._file is not None:  # few bytes are hashed by whoever needs it
            self._digest.update(chunk)

    def finish(self) -> Body:
        if self._file is None:
            return self._buffer.getvalue()
        assert self._path is not None
        with disk_errors(self._folder):
            os.fsync(self._file.fileno())
            self._file.close()
        found = SpooledFile(str(self._path), self.size, self._digest.hexdigest())
        self._path = None
        return found

    def discard(self) -> None:
        super().discard()
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink()
            self._path = None

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.discard()
