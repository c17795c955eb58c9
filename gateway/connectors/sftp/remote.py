"""A folder at a server: listed, read, written, renamed. What breaks the connection makes the next call a new one."""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256

from gateway.connectors.directory.looks import Look
from gateway.connectors.sftp.failures import LinkError, StatusError
from gateway.connectors.sftp.options import Account
from gateway.connectors.sftp.protocol import Protocol, handle_of, path_of, to_open
from gateway.connectors.sftp.session import Secrets, Session, connect
from gateway.connectors.sftp_server.wire import Attributes, Code, Flag, Kind
from gateway.core.errors import ConnectorError
from gateway.core.spooled import Body, SpoolWriter, open_body, size_of

_POSIX_RENAME = b"posix-rename@openssh.com"
QUIET_SECONDS = 15.0
_MOST_NAMES = 1_000_000
_COMPARED = 8 * 1024 * 1024
_BLOCK = 8 * 1024 * 1024  # bytes of a large file that are on their way together


class Remote:
    """The folder ``path`` of an account. One thread uses it. Every method raises :class:`ConnectorError`."""

    def __init__(self, account: Account, secrets: Secrets) -> None:
        self.account = account
        self._secrets = secrets
        self._session: Session | None = None
        self._used = 0.0

    @property
    def where(self) -> str:
        return self.account.door

    def path(self, name: str, folder: str = "") -> str:
        """Of a file in the folder, or in a folder of it. A folder that begins with a slash is nobody's below."""
        parts = [folder, name] if folder.startswith("/") else [self.account.path.rstrip("/") or "/", folder, name]
        return "/".join(part for part in parts if part not in ("", ".")).replace("//", "/") or "."

    def protocol(self) -> Protocol:
        """The connection, made when there is none that works. One that was quiet for long is asked first."""
        if self._session is None or not self._session.alive or not self._answers(self._session.protocol):
            self.close()
            self._session = connect(self.account, self._secrets)
        self._used = time.monotonic()
        return self._session.protocol

    def _answers(self, line: Protocol) -> bool:
        if time.monotonic() - self._used < QUIET_SECONDS:
            return True
        with suppress(ConnectorError):
            line.call(Kind.REALPATH, path_of("."))
            return True
        return False

    def use(self, session: Session) -> None:
        """A connection that was made elsewhere; it is closed with this."""
        self._session = session
        self._used = time.monotonic()

    def close(self) -> None:
        """Ends the connection; the next call makes a new one."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    @contextmanager
    def link(self) -> Iterator[Protocol]:
        """The connection for some calls. One that broke is let go of."""
        try:
            yield self.protocol()
        except LinkError:
            self.close()
            raise

    # Looking

    def scan(self, folder: str = "") -> list[Look]:
        """The regular files; links, folders and devices are passed over."""
        with self.link() as line:
            return list(self._scan(line, self.path("", folder)))

    def _scan(self, line: Protocol, path: str) -> Iterator[Look]:
        handle = line.call(Kind.OPENDIR, path_of(path), f"{self.where}: opening the folder").fields.string()
        seen = 0
        try:
            while True:
                try:
                    answer = line.call(Kind.READDIR, handle_of(handle), f"{self.where}: reading the folder")
                except StatusError as error:
                    if error.code == Code.EOF:
                        return
                    raise
                count = answer.fields.u32()
                if (seen := seen + count) > _MOST_NAMES or not count:
                    raise ConnectorError(f"{self.where}: there are more than {_MOST_NAMES} names in the folder.")
                for _ in range(count):
                    name = answer.fields.string().decode("utf-8", "surrogateescape")
                    answer.fields.string()
                    found = answer.fields.attributes()
                    if _is_file(found) and "/" not in name:
                        yield Look(name, 0, found.modified or 0, found.size or 0)
        finally:
            with suppress(ConnectorError):
                line.call(Kind.CLOSE, handle_of(handle))

    def look(self, path: str) -> Attributes | None:
        """What is at a path; None when nothing is."""
        with self.link() as line:
            try:
                return line.call(Kind.LSTAT, path_of(path), f"{self.where}: looking at {path}").fields.attributes()
            except StatusError as error:
                if error.code == Code.NO_SUCH_FILE:
                    return None
                raise

    # Reading and writing

    def read(self, path: str, size: int, writer: SpoolWriter) -> Attributes:
        """The bytes of a file that ``writer`` has not yet, up to ``size``; its attributes after they were read.

        When the connection breaks the writer keeps what came; StoreError, when our own disk does not take it.
        """
        with self.link() as line:
            handle = line.call(*to_open(path, Flag.READ), f"{self.where}: opening {path}").fields.string()
            try:
                block = memoryview(bytearray(min(_BLOCK, max(1, size - writer.size))))
                while wanted := min(len(block), size - writer.size):
                    got = line.read_into(handle, block[:wanted], writer.size)
                    writer.write(block[:got])
                    if got < wanted:
                        break
                after = line.call(Kind.FSTAT, handle_of(handle), f"{self.where}: looking at {path}").fields.attributes()
            finally:
                with suppress(ConnectorError):
                    line.call(Kind.CLOSE, handle_of(handle))
            return after

    def has(self, path: str, body: Body, size: int | None = None) -> bool:
        """Whether a file begins with these bytes (the first ``size`` of them), compared piece by piece."""
        size = size_of(body) if size is None else size
        with self.link() as line:
            handle = line.call(*to_open(path, Flag.READ), f"{self.where}: opening {path}").fields.string()
            try:
                with open_body(body) as reader:
                    return all(
                        self._same(line, handle, reader.read(min(_COMPARED, size - at)), at)
                        for at in range(0, size, _COMPARED)
                    )
            finally:
                with suppress(ConnectorError):
                    line.call(Kind.CLOSE, handle_of(handle))

    @staticmethod
    def _same(line: Protocol, handle: bytes, wanted: bytes, at: int) -> bool:
        found = bytearray(len(wanted))
        got = line.read_into(handle, memoryview(found), at)
        return got == len(wanted) and sha256(found).digest() == sha256(wanted).digest()

    # Names

    def rename(self, source: str, target: str) -> None:
        """Renames, never replacing: SSH_FXP_RENAME fails where the target exists (draft 02 §6.5)."""
        with self.link() as line:
            line.call(Kind.RENAME, path_of(source) + path_of(target), f"{self.where}: renaming {source} to {target}")

    def replace_with(self, source: str, target: str) -> bool:
        """Renames by OpenSSH's extension, for servers whose plain one does not work; False where there is none."""
        with self.link() as line:
            if _POSIX_RENAME not in line.extensions:
                return False
            body = handle_of(_POSIX_RENAME) + path_of(source) + path_of(target)
            line.call(Kind.EXTENDED, body, f"{self.where}: renaming {source} to {target}")
            return True

    def remove(self, path: str) -> None:
        """Deletes a file; one that is gone already is fine."""
        with self.link() as line:
            try:
                line.call(Kind.REMOVE, path_of(path), f"{self.where}: deleting {path}")
            except StatusError as error:
                if error.code != Code.NO_SUCH_FILE:
                    raise

    def make_folders(self, paths: Sequence[str]) -> None:
        """Makes folders that are missing, parents first."""
        for path in paths:
            if self.look_follow(path) is None:
                with self.link() as line:
                    line.call(Kind.MKDIR, path_of(path) + bytes(4), f"{self.where}: making the folder {path}")

    def look_follow(self, path: str) -> Attributes | None:
        """What is at a path, behind links; None when nothing is."""
        with self.link() as line:
            try:
                return line.call(Kind.STAT, path_of(path), f"{self.where}: looking at {path}").fields.attributes()
            except StatusError as error:
                if error.code == Code.NO_SUCH_FILE:
                    return None
                raise


def _is_file(found: Attributes) -> bool:
    """Servers that say nothing of a mode list files, mostly; folders fail to open."""
    return found.mode is None or stat.S_ISREG(found.mode)
