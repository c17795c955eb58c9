"""Walking to a server step by step: its name, a socket, its keys, our account, the folder, a file made and removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from uuid import uuid4

import paramiko

from gateway.connectors.sftp.options import Account, InboxOptions, OutboxOptions
from gateway.connectors.sftp.protocol import handle_of, to_open
from gateway.connectors.sftp.remote import Remote
from gateway.connectors.sftp.session import (
    Secrets,
    Session,
    authenticate,
    close,
    credentials,
    dial,
    negotiate,
    open_channel,
    resolve,
)
from gateway.connectors.sftp_server.wire import Flag, Kind
from gateway.core.errors import ConnectorError, CrossdockError
from gateway.core.ports import ProbeStep


class Walk:
    """The steps to one server; each goes on from the one before."""

    def __init__(self, account: Account, secrets: Secrets) -> None:
        self._account = account
        self._secrets = secrets
        self._addresses: list[str] = []
        self._transport: paramiko.Transport | None = None
        self._remote = Remote(account, secrets)

    def steps(self) -> Iterator[ProbeStep]:
        """Up to the first that does not work."""
        try:
            for name, act in self._ways():
                try:
                    yield ProbeStep(name, True, act())
                except CrossdockError as error:
                    yield ProbeStep(name, False, error.detail, error.hint or "")
                    return
        finally:
            self._remote.close()
            if self._transport is not None:
                close(self._transport)

    def _ways(self) -> Iterator[tuple[str, Callable[[], str]]]:
        yield "name", self._name
        yield "connect", self._connect
        yield "keys", self._keys
        yield "login", self._login
        yield "list", self._list
        account = self._account
        if isinstance(account, OutboxOptions):
            yield "write", lambda: self._write(rename=account.upload == "rename")
        elif isinstance(account, InboxOptions) and account.claim:
            yield "claim", lambda: self._write(account.claim, rename=True)
        elif isinstance(account, InboxOptions) and account.after == "archive":
            yield "archive", lambda: self._write(account.archive, rename=True)

    def _name(self) -> str:
        self._addresses = resolve(self._account)
        return ", ".join(self._addresses)

    def _connect(self) -> str:
        with dial(self._account, self._addresses) as sock:
            host, port = sock.getpeername()[:2]
        return f"{host} port {port}"

    def _keys(self) -> str:
        self._transport = transport = negotiate(self._account, lambda: dial(self._account, self._addresses))
        met = transport.get_remote_server_key()
        software = "".join(letter for letter in transport.remote_version[:80] if letter.isprintable())
        return f"{met.get_name()} {met.fingerprint}, {transport.local_cipher}, {software}"

    def _login(self) -> str:
        assert self._transport is not None
        key, password = credentials(self._account, self._secrets)
        way = authenticate(self._account, self._transport, key, password)
        self._remote.use(Session(self._transport, open_channel(self._account, self._transport)))
        return f"{self._account.username}, by {way}"

    def _list(self) -> str:
        files = len(self._remote.scan())
        return f"{files} file{'' if files == 1 else 's'} in {self._account.path}"

    def _write(self, folder: str = "", *, rename: bool) -> str:
        """A file under a name that no poller takes for a document; renamed where that is needed, then removed."""
        account = self._account
        if folder or (isinstance(account, OutboxOptions) and account.create):
            self._remote.make_folders([self._remote.path("", folder)])
        made = self._remote.path(f".crossdock.test-{uuid4().hex[:12]}.tmp")
        place = self._remote.path(f".crossdock.test-{uuid4().hex[:12]}.tmp", folder) if rename else made
        with self._remote.link() as line:
            doing = f"{self._remote.where}: writing {made}"
            handle = line.call(*to_open(made, Flag.WRITE | Flag.CREATE | Flag.EXCLUSIVE), doing).fields.string()
            try:
                line.write_from(handle, memoryview(b"test"))
            finally:
                line.call(Kind.CLOSE, handle_of(handle), doing)
        try:
            if rename:
                self._remote.rename(made, place)
            self._remote.remove(place)
        except ConnectorError:
            with suppress(ConnectorError):
                self._remote.remove(made)
            raise
        return "a file was made, renamed and removed" if rename else "a file was made and removed"
