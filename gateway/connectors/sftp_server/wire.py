"""SFTP version 3 on the wire (draft-ietf-secsh-filexfer-02): requests read, answers written. Pure.

Only what a server needs. OpenSSH's extensions ``posix-rename@openssh.com`` and ``limits@openssh.com`` are spoken too:
the latter lets clients ask for larger pieces.
"""

from __future__ import annotations

import datetime as dt
import struct
from enum import IntEnum, IntFlag

import msgspec

from gateway.core.errors import UnreadableError

VERSION = 3

#: Bytes of one request at most, and of one piece of a file that is read or written.
MOST, PIECE = 256 * 1024, 255 * 1024

#: What a client may use beyond version 3.
EXTENSIONS = ((b"posix-rename@openssh.com", b"1"), (b"limits@openssh.com", b"1"))

_INT, _LONG = struct.Struct(">I"), struct.Struct(">Q")
_HEAD = struct.Struct(">IBI")
_STATUS = struct.Struct(">IBII")
_DATA = struct.Struct(">IBII")
_FOLDER, _FILE = 0o040000, 0o100000


class Kind(IntEnum):
    """Types of packets."""

    INIT = 1
    VERSION = 2
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    LSTAT = 7
    FSTAT = 8
    SETSTAT = 9
    FSETSTAT = 10
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    MKDIR = 14
    RMDIR = 15
    REALPATH = 16
    STAT = 17
    RENAME = 18
    READLINK = 19
    SYMLINK = 20
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105
    EXTENDED = 200
    EXTENDED_REPLY = 201


class Code(IntEnum):
    """SSH_FX_…: how a request ended."""

    OK = 0
    EOF = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    FAILURE = 4
    BAD_MESSAGE = 5
    OP_UNSUPPORTED = 8


class Flag(IntFlag):
    """SSH_FXF_…: how a file is opened."""

    READ = 1
    WRITE = 2
    APPEND = 4
    CREATE = 8
    TRUNCATE = 16
    EXCLUSIVE = 32


class Attributes(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a file; None: nothing. ``modified`` in seconds since 1970."""

    size: int | None = None
    mode: int | None = None
    modified: int | None = None


def folder_attributes(mode: int, modified: int) -> Attributes:
    return Attributes(size=0, mode=_FOLDER | mode, modified=modified)


def file_attributes(size: int, mode: int, modified: int) -> Attributes:
    return Attributes(size=size, mode=_FILE | mode, modified=modified)


class Fields:
    """The fields of a request, read one after the other. Raises :class:`UnreadableError` where there are none left."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def u32(self) -> int:
        return int.from_bytes(self._take(4))

    def u64(self) -> int:
        return int.from_bytes(self._take(8))

    def string(self) -> bytes:
        return self._take(self.u32())

    def text(self) -> str:
        """A path: UTF-8, as everybody writes it."""
        try:
            return self.string().decode()
        except UnicodeDecodeError:
            raise UnreadableError("A name is not UTF-8.") from None

    def attributes(self) -> Attributes:
        flags = self.u32()
        size = self.u64() if flags & 1 else None
        if flags & 2:
            self._take(8)
        mode = self.u32() if flags & 4 else None
        modified = None
        if flags & 8:
            self.u32()
            modified = self.u32()
        return Attributes(size=size, mode=mode, modified=modified)

    def _take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise UnreadableError("A request is shorter than it says.")
        found = self._data[self._at : end]
        self._at = end
        return found


# Answers


def version() -> bytes:
    body = _INT.pack(VERSION) + b"".join(_text(part) for pair in EXTENSIONS for part in pair)
    return _INT.pack(len(body) + 1) + bytes((Kind.VERSION,)) + body


def status(request: int, code: Code, text: str = "") -> bytes:
    said = text.encode() or code.name.replace("_", " ").lower().encode()
    body = _STATUS.pack(9 + 4 + len(said) + 4, Kind.STATUS, request, code)
    return body + _text(said) + b"\0\0\0\0"


def handle(request: int, name: bytes) -> bytes:
    return _HEAD.pack(5 + 4 + len(name), Kind.HANDLE, request) + _text(name)


def data(request: int, piece: bytes) -> bytes:
    return _DATA.pack(5 + 4 + len(piece), Kind.DATA, request, len(piece)) + piece


def attributes(request: int, found: Attributes) -> bytes:
    body = _attributes(found)
    return _HEAD.pack(5 + len(body), Kind.ATTRS, request) + body


def names(request: int, found: list[tuple[str, Attributes]]) -> bytes:
    """Names with what ``ls -l`` shows of them."""
    parts = [_text(name.encode()) + _text(_long_name(name, each).encode()) + _attributes(each) for name, each in found]
    body = _INT.pack(len(parts)) + b"".join(parts)
    return _HEAD.pack(5 + len(body), Kind.NAME, request) + body


def limits(request: int, handles: int) -> bytes:
    """The answer to ``limits@openssh.com``: packet, read, write, open handles."""
    body = struct.pack(">QQQQ", MOST, PIECE, PIECE, handles)
    return _HEAD.pack(5 + len(body), Kind.EXTENDED_REPLY, request) + body


def _text(value: bytes) -> bytes:
    return _INT.pack(len(value)) + value


def _attributes(found: Attributes) -> bytes:
    parts = [b""]
    flags = 0
    if found.size is not None:
        flags |= 1
        parts.append(_LONG.pack(found.size))
    if found.mode is not None:
        flags |= 4
        parts.append(_INT.pack(found.mode))
    if found.modified is not None:
        flags |= 8
        parts.append(struct.pack(">II", found.modified, found.modified))
    return _INT.pack(flags) + b"".join(parts)


def _long_name(name: str, found: Attributes) -> str:
    mode = found.mode or 0
    bits = "".join(letter if mode >> (8 - place) & 1 else "-" for place, letter in enumerate("rwxrwxrwx"))
    when = dt.datetime.fromtimestamp(found.modified or 0, dt.UTC)
    kind = "d" if mode & _FOLDER else "-"
    return f"{kind}{bits}   1 crossdock partner {found.size or 0:>12} {when:%b %d  %Y} {name}"
