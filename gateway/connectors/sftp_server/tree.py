"""What an account sees: ``inbox/``, ``outbox/`` and ``ack/``, and nothing else.

Paths are texts that lead to one of these; there is no file system below, so there is nothing to escape to.
"""

from __future__ import annotations

import posixpath
from typing import NamedTuple, Protocol
from unicodedata import category

from gateway.connectors.sftp_server import wire
from gateway.connectors.sftp_server.files import Opened
from gateway.connectors.sftp_server.refusal import Refusal
from gateway.connectors.sftp_server.wire import Flag

#: Bytes of a name: its file in the spool has an ending, too. Characters of a path.
_LONGEST, _PATH = 250, 4096


class Folder(Protocol):
    """One of the folders."""

    name: str
    mode: int

    def list(self, after: str, limit: int) -> list[tuple[str, wire.Attributes]]: ...

    def find(self, name: str) -> wire.Attributes: ...

    def open(self, name: str, flags: Flag) -> Opened: ...

    def rename(self, name: str, other: str) -> None: ...

    def remove(self, name: str) -> None: ...


class Place(NamedTuple):
    """Where a path leads: the root (no folder), a folder (no name), a file."""

    folder: Folder | None
    name: str


class Tree:
    """The folders of one account. ``now`` in seconds: the time that folders show."""

    def __init__(self, folders: list[Folder], now: int) -> None:
        self._folders = {folder.name: folder for folder in folders}
        self._now = now

    def absolute(self, path: str) -> str:
        """From the root; ``..`` stops there. Raises :class:`Refusal`."""
        if len(path) > _PATH:
            raise Refusal.failure(f"Paths may have {_PATH} characters.")
        return "/" + posixpath.normpath("/" + path).strip("/")

    def attributes(self, path: str) -> wire.Attributes:
        folder, name = self._place(path)
        if folder is None:
            return wire.folder_attributes(0o500, self._now)
        return folder.find(name) if name else wire.folder_attributes(folder.mode, self._now)

    def listing(self, path: str) -> Folder | None:
        """The folder that is listed; None: the root."""
        folder, name = self._place(path)
        if name:
            assert folder is not None
            folder.find(name)
            raise Refusal.failure(f"{path} is no folder.")
        return folder

    def roots(self) -> list[tuple[str, wire.Attributes]]:
        """What the root shows."""
        return [(each.name, wire.folder_attributes(each.mode, self._now)) for each in self._folders.values()]

    def open(self, path: str, flags: Flag) -> Opened:
        folder, name = self._file(path)
        return folder.open(name, flags)

    def remove(self, path: str) -> None:
        folder, name = self._file(path)
        folder.remove(name)

    def rename(self, path: str, other: str) -> None:
        folder, name = self._file(path)
        there, new = self._file(other)
        if there is not folder:
            raise Refusal.forbidden("Files stay in their folder.")
        folder.rename(name, new)

    def _file(self, path: str) -> tuple[Folder, str]:
        folder, name = self._place(path)
        if folder is None or not name:
            raise Refusal.forbidden(f"{self.absolute(path)}: this folder stays as it is. There are: {self._known()}")
        return folder, name

    def _place(self, path: str) -> Place:
        parts = self.absolute(path).strip("/").split("/")
        if parts == [""]:
            return Place(None, "")
        folder = self._folders.get(parts[0])
        if folder is None or len(parts) > 2:
            raise Refusal(wire.Code.NO_SUCH_FILE, f"{self.absolute(path)}: no such file. There are: {self._known()}")
        name = parts[1] if len(parts) == 2 else ""
        if len(name.encode()) > _LONGEST or not all(map(_shown, name)):
            raise Refusal.failure(f"Names may have {_LONGEST} bytes and no control characters.")
        return Place(folder, name)

    def _known(self) -> str:
        return ", ".join(f"{name}/" for name in self._folders)


def _shown(character: str) -> bool:
    """Neither a control character nor one that would make a name look like another; spaces of all scripts are none."""
    return character.isprintable() or category(character) == "Zs"
