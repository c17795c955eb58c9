"""A client's requests, one after the other: each becomes a call and an answer. Knows nothing of SSH or sockets.

A file that its client closes and one whose client is gone are told apart here: :meth:`Conversation.lost` closes none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import NamedTuple, TypeVar

import structlog

from gateway.connectors.sftp_server import wire
from gateway.connectors.sftp_server.files import Opened
from gateway.connectors.sftp_server.handles import Handles
from gateway.connectors.sftp_server.refusal import Refusal
from gateway.connectors.sftp_server.tree import Folder, Tree
from gateway.connectors.sftp_server.wire import Code, Fields, Flag, Kind
from gateway.core.errors import CrossdockError, UnreadableError

log = structlog.get_logger(__name__)

T = TypeVar("T")

#: Open files and folders of one client.
_HANDLES = 32

#: Names in one answer, and looked up at once.
_NAMES = 200

#: Refused requests of one client that are told in the log.
_TOLD = 100

#: What clients ask for all the time, to see whether it is there, or spoken.
_USUAL = (Code.NO_SUCH_FILE, Code.OP_UNSUPPORTED)

_GONE = "This handle is not open."
_TRY_AGAIN = "The gateway could not store this. Try again later."


class Listing:
    """A folder that is being listed, page by page. ``folder`` None: the root."""

    def __init__(self, folder: Folder | None, tree: Tree) -> None:
        self._folder, self._tree = folder, tree
        self._after, self._ended = "", False

    def page(self) -> list[tuple[str, wire.Attributes]]:
        """The next names; none at the end."""
        if self._ended:
            return []
        if self._folder is None:
            self._ended = True
            return self._tree.roots()
        found = self._folder.list(self._after, _NAMES)
        if found:
            self._after = found[-1][0]
        self._ended = len(found) < _NAMES
        return found


class Conversation:
    """One client's. Not for sharing between threads. ``told`` is who it is, for the log."""

    def __init__(self, tree: Tree, handles: Handles, told: Mapping[str, str]) -> None:
        self._tree, self._handles, self._told = tree, handles, told
        self._refused = 0
        self._files: dict[bytes, Opened] = {}
        self._listings: dict[bytes, Listing] = {}
        self._names = count(1)
        self._begun = False

    def answer(self, packet: bytes) -> bytes:
        """The answer to one packet. Raises :class:`UnreadableError` for what is no SFTP at all."""
        if not packet:
            raise UnreadableError("An empty packet.")
        if not self._begun:
            if packet[0] != Kind.INIT:
                raise UnreadableError("The client speaks before it says hello.")
            self._begun = True
            return wire.version()
        fields = Fields(packet[1:])
        request = fields.u32()
        act = _ACTS.get(packet[0])
        if act is None:
            return wire.status(request, Code.OP_UNSUPPORTED)
        try:
            return act(self, request, fields)
        except Refusal as refusal:
            self._note(packet[0], refusal)
            return wire.status(request, refusal.code, refusal.detail)
        except UnreadableError as error:
            return wire.status(request, Code.BAD_MESSAGE, error.detail)
        except (CrossdockError, OSError) as error:
            log.error("sftp.failed", request=Kind(packet[0]).name.lower(), error=str(error), **self._told)
            return wire.status(request, Code.FAILURE, _TRY_AGAIN)

    def _note(self, kind: int, refusal: Refusal) -> None:
        """Clients show their users the code and not the text: who is asked why looks here."""
        if refusal.code not in _USUAL and self._refused < _TOLD:
            self._refused += 1
            log.info("sftp.request_refused", request=Kind(kind).name.lower(), error=refusal.detail, **self._told)

    def lost(self) -> None:
        """The client is gone. What it had open was not closed: nothing of it is received or delivered."""
        files, self._files = self._files, {}
        self._handles.give(len(files) + len(self._listings))
        self._listings = {}
        for each in files.values():
            try:
                each.lost()
            except (CrossdockError, OSError) as error:
                log.error("sftp.not_kept", error=str(error))

    # Requests

    def _open(self, request: int, fields: Fields) -> bytes:
        path, flags = fields.text(), Flag(fields.u32() & 0x3F)
        return self._opened(request, self._files, lambda: self._tree.open(path, flags))

    def _opendir(self, request: int, fields: Fields) -> bytes:
        path = fields.text()
        return self._opened(request, self._listings, lambda: Listing(self._tree.listing(path), self._tree))

    def _close(self, request: int, fields: Fields) -> bytes:
        name = fields.string()
        opened = self._files.pop(name, None)
        if opened is None and self._listings.pop(name, None) is None:
            raise Refusal.failure(_GONE)
        self._handles.give()
        if opened is not None:
            opened.close()
        return wire.status(request, Code.OK)

    def _read(self, request: int, fields: Fields) -> bytes:
        piece = self._file(fields).read(fields.u64(), fields.u32())
        return wire.data(request, piece) if piece else wire.status(request, Code.EOF)

    def _write(self, request: int, fields: Fields) -> bytes:
        self._file(fields).write(fields.u64(), fields.string())
        return wire.status(request, Code.OK)

    def _readdir(self, request: int, fields: Fields) -> bytes:
        listing = self._listings.get(fields.string())
        if listing is None:
            raise Refusal.failure(_GONE)
        found = listing.page()
        return wire.names(request, found) if found else wire.status(request, Code.EOF)

    def _stat(self, request: int, fields: Fields) -> bytes:
        return wire.attributes(request, self._tree.attributes(fields.text()))

    def _fstat(self, request: int, fields: Fields) -> bytes:
        return wire.attributes(request, self._file(fields).attributes())

    def _setstat(self, request: int, fields: Fields) -> bytes:
        """Times and permissions are taken and forgotten."""
        known, wanted = self._tree.attributes(fields.text()), fields.attributes()
        if wanted.size is not None and wanted.size != known.size:
            raise Refusal.unsupported("Files keep their size.")
        return wire.status(request, Code.OK)

    def _fsetstat(self, request: int, fields: Fields) -> bytes:
        self._file(fields).change(fields.attributes())
        return wire.status(request, Code.OK)

    def _remove(self, request: int, fields: Fields) -> bytes:
        self._tree.remove(fields.text())
        return wire.status(request, Code.OK)

    def _rename(self, request: int, fields: Fields) -> bytes:
        self._tree.rename(fields.text(), fields.text())
        return wire.status(request, Code.OK)

    def _realpath(self, request: int, fields: Fields) -> bytes:
        return wire.names(request, [(self._tree.absolute(fields.text()), wire.Attributes())])

    def _folders(self, request: int, fields: Fields) -> bytes:
        raise Refusal.forbidden("The folders are inbox/, outbox/ and ack/: none is made or removed.")

    def _links(self, request: int, fields: Fields) -> bytes:
        raise Refusal.unsupported("There are no links here.")

    def _extended(self, request: int, fields: Fields) -> bytes:
        extension = fields.string()
        if extension == b"posix-rename@openssh.com":
            return self._rename(request, fields)
        if extension == b"limits@openssh.com":
            return wire.limits(request, _HANDLES)
        raise Refusal.unsupported("This extension is not spoken here.")

    # Handles

    def _file(self, fields: Fields) -> Opened:
        opened = self._files.get(fields.string())
        if opened is None:
            raise Refusal.failure(_GONE)
        return opened

    def _opened(self, request: int, among: dict[bytes, T], open_one: Callable[[], T]) -> bytes:
        """The handle of what ``open_one`` opens. Raises :class:`Refusal` when too much is open already."""
        if len(self._files) + len(self._listings) >= _HANDLES or not self._handles.take():
            raise Refusal.failure("Too many files and folders are open: close some.")
        try:
            found = open_one()
        except BaseException:
            self._handles.give()
            raise
        name = str(next(self._names)).encode()
        among[name] = found
        return wire.handle(request, name)


_ACTS: dict[int, Callable[[Conversation, int, Fields], bytes]] = {
    Kind.OPEN: Conversation._open,
    Kind.CLOSE: Conversation._close,
    Kind.READ: Conversation._read,
    Kind.WRITE: Conversation._write,
    Kind.LSTAT: Conversation._stat,
    Kind.STAT: Conversation._stat,
    Kind.FSTAT: Conversation._fstat,
    Kind.SETSTAT: Conversation._setstat,
    Kind.FSETSTAT: Conversation._fsetstat,
    Kind.OPENDIR: Conversation._opendir,
    Kind.READDIR: Conversation._readdir,
    Kind.REMOVE: Conversation._remove,
    Kind.RENAME: Conversation._rename,
    Kind.MKDIR: Conversation._folders,
    Kind.RMDIR: Conversation._folders,
    Kind.REALPATH: Conversation._realpath,
    Kind.READLINK: Conversation._links,
    Kind.SYMLINK: Conversation._links,
    Kind.EXTENDED: Conversation._extended,
}


class Packets(NamedTuple):
    """Whole packets that were cut from what came, and how many bytes of it they were."""

    found: list[bytes]
    used: int


def packets(data: bytes | bytearray) -> Packets:
    """Raises :class:`UnreadableError` for a packet that is longer than any client may send."""
    found: list[bytes] = []
    at = 0
    while at + 4 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        if size > wire.MOST:
            raise UnreadableError(f"A packet of {size} bytes.")
        if at + 4 + size > len(data):
            break
        found.append(bytes(data[at + 4 : at + 4 + size]))
        at += 4 + size
    return Packets(found, at)
