"""The listener: takes connections in, bounds them in number and time, and ends those that say nothing.

A connection gets its thread before anything is read from it, and none is made beyond the limits, so a client that
connects and is silent costs a place until its deadline, and nobody's time. Where all places are taken, whoever has not
logged in for longest makes room: strangers cannot keep partners out by sitting there.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import paramiko
import structlog

from gateway.connectors.oserrors import os_errors
from gateway.connectors.sftp_server.accounts import Account
from gateway.connectors.sftp_server.conversation import Conversation
from gateway.connectors.sftp_server.doubts import Doubts
from gateway.connectors.sftp_server.files import Begun
from gateway.connectors.sftp_server.guest import Guest, Subsystem
from gateway.connectors.sftp_server.handles import Handles
from gateway.connectors.sftp_server.inbox import InboxFolder
from gateway.connectors.sftp_server.login import PASSWORD, Accounts
from gateway.connectors.sftp_server.outbox import NAMES, OutboxFolder
from gateway.connectors.sftp_server.spool import Spool
from gateway.connectors.sftp_server.strikes import Strikes, place
from gateway.connectors.sftp_server.transport import server_transport
from gateway.connectors.sftp_server.tree import Folder, Tree
from gateway.core.errors import ConfigurationError, StoreError
from gateway.core.ports import Clock, Intake, Shelf
from gateway.observe import metrics
from gateway.settings import Sftp

log = structlog.get_logger(__name__)

#: Seconds between looks at deadlines, at the accounts, and at the spool.
_LOOK, _REVIEW, _TIDY = 0.25, 2.0, 600.0

_LAST_PORT = 65535

#: Seconds between two lines of the log about one limit.
_QUIETLY = 1.0

#: Seconds that requests in hand may take when the server stops, or the account is gone.
_PATIENCE = 10.0

#: Bytes that a client may have under way: several times what its windows let it have.
_FLOOD = 32 * 1024 * 1024


#: Open files and folders of one account, over all its connections.
_HANDLES = 256


class _Connection:
    """One client's."""

    def __init__(self, sock: socket.socket, address: str, guest: Guest, transport: paramiko.Transport) -> None:
        self.sock, self.address, self.guest, self.transport = sock, address, guest, transport
        self.since = time.monotonic()
        self.unwanted: float | None = None  # since when its account is none of ours
        self.ended = False

    def overdue(self, settings: Sftp, now: float) -> str | None:
        """Why it is ended, if it is."""
        if self.guest.waiting > _FLOOD:
            return "flood"
        if self.unwanted is not None and (not self.guest.busy or now - self.unwanted > _PATIENCE):
            return "account"
        if self.guest.login is not None:
            return "idle" if now - self.guest.last > settings.idle_seconds else None
        if not self.transport.initial_kex_done:
            return "handshake" if now - self.since > settings.handshake_seconds else None
        return "login" if now - self.since > settings.login_seconds else None

    def end(self) -> None:
        """Its threads see the end of the stream, and end."""
        self.ended = True
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)


class SftpServer:
    """One listening socket with all its connections. ``keys`` are our host keys."""

    def __init__(
        self,
        settings: Sftp,
        accounts: Accounts,
        keys: Sequence[paramiko.PKey],
        intake: Intake,
        shelf: Shelf,
        clock: Clock,
        folder: Path,
        expire: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings, self._accounts, self._keys = settings, accounts, keys
        self._intake, self._shelf, self._clock, self._expire = intake, shelf, clock, expire
        self._scratch = folder
        self._spool = Spool(folder / "uploads")
        self._begun, self._doubts = Begun(), Doubts()
        self._strikes = Strikes(settings.wrong_passwords_per_address)
        self._handles: dict[str, Handles] = {}
        self._connections: list[_Connection] = []
        self._lock = threading.Lock()
        self._looked = self._reviewed = self._tidied = float("-inf")
        self._told: dict[str, float] = {}
        self._listener: socket.socket | None = None

    def listen(self) -> tuple[str, int]:
        """Opens the socket; returns its address. Raises :class:`ConnectorError` and :class:`ConfigurationError`."""
        host, _, port = self._settings.listen.rpartition(":")
        host = host.strip("[]")
        if not port.isdecimal() or int(port) > _LAST_PORT:
            raise ConfigurationError("no such port.", file="crossdock.toml", key="sftp.listen", hint="1 to 65535.")
        both = host == "::" and socket.has_dualstack_ipv6()
        with os_errors(f"Listening on {self._settings.listen}"):
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            where = (host, int(port))
            self._listener = socket.create_server(where, family=family, backlog=512, dualstack_ipv6=both)
            self._listener.settimeout(_LOOK)
            found: tuple[str, int] = self._listener.getsockname()[:2]
        log.info("sftp.listening", at=f"{found[0]}:{found[1]}", keys=[key.fingerprint for key in self._keys])
        return found

    def run(self, stop: threading.Event) -> None:
        """Until ``stop`` is set; requests in hand are finished."""
        if self._listener is None:
            self.listen()
        assert self._listener is not None
        with self._listener:
            while not stop.is_set():
                self._accept(self._listener)
                self._look()
        self._close()

    @property
    def count(self) -> int:
        """How many connections there are."""
        return len(self._connections)

    def end_all(self) -> None:
        """Ends all connections, as a network does that breaks."""
        for connection in list(self._connections):
            connection.end()

    # Connections

    def _accept(self, listener: socket.socket) -> None:
        try:
            sock, address = listener.accept()
        except TimeoutError:
            return
        except OSError as error:  # no more descriptors, or the client is gone already
            log.warning("sftp.not_accepted", error=error.strerror or str(error))
            time.sleep(_LOOK)
            return
        peer = place(address[0])
        full = self._full(peer)
        if full:
            self._turned_away(address[0], full)
            sock.close()
            return
        try:
            self._begin(sock, peer, address[0])
        except (OSError, RuntimeError, paramiko.SSHException) as error:
            log.warning("sftp.not_accepted", peer=address[0], error=str(error))
            sock.close()

    def _full(self, address: str) -> str | None:
        """Which limit is reached."""
        if self._strikes.out(address):
            return "wrong_passwords_per_address"
        here = sum(each.address == address for each in self._connections)
        if here >= self._settings.connections_per_address:
            return "connections_per_address"
        there = [each for each in self._connections if not each.ended]
        if len(there) < self._settings.connections:
            return None
        stranger = next((each for each in there if each.guest.login is None), None)
        if stranger is None:
            return "connections"
        self._turned_away(stranger.guest.peer, "connections")
        stranger.end()
        return None

    def _begin(self, sock: socket.socket, address: str, peer: str) -> None:
        transport = server_transport(sock, self._keys)
        transport.set_subsystem_handler("sftp", Subsystem, self._converse)
        held: list[_Connection] = []
        guest = Guest(
            peer,
            transport,
            self._accounts,
            self._settings.login_attempts,
            self._admit,
            self._refused,
            lambda: held[0].end(),
        )
        connection = _Connection(sock, address, guest, transport)
        held.append(connection)
        with self._lock:
            self._connections.append(connection)
        transport.start_server(event=threading.Event(), server=guest)  # with an event it does not wait

    def _refused(self, guest: Guest, by: str) -> None:
        if by == PASSWORD:
            self._strikes.add(place(guest.peer))

    def _admit(self, guest: Guest, account: Account) -> bool:
        with self._lock:
            here = Counter(each.guest.login.account.username for each in self._connections if each.guest.login)
        if here[account.username] < self._settings.connections_per_account:
            self._strikes.clear(place(guest.peer))
            return True
        self._turned_away(guest.peer, "connections_per_account", username=account.username)
        return False

    def _turned_away(self, peer: str, limit: str, **about: str) -> None:
        """Counted each time, told once a second: a flood is not to fill the log too."""
        metrics.sftp_connections.labels("too_many").inc()
        now = time.monotonic()
        if now - self._told.get(limit, -_QUIETLY) >= _QUIETLY:
            self._told[limit] = now
            log.warning("sftp.too_many", peer=peer, limit=limit, **about)

    def _look(self) -> None:
        """Ends what is overdue, forgets what has ended."""
        now = time.monotonic()
        if now - self._looked < _LOOK:
            return
        self._looked = now
        if now - self._reviewed > _REVIEW:
            self._reviewed = now
            self._review(now)
        for connection in self._connections:
            reason = connection.overdue(self._settings, now)
            if reason is not None and connection.transport.is_active():
                log.info("sftp.ended", peer=connection.guest.peer, reason=reason)
                metrics.sftp_connections.labels(reason).inc()
                connection.end()
        with self._lock:
            self._connections = [each for each in self._connections if each.transport.is_alive()]
        if now - self._tidied > _TIDY:
            self._tidied = now
            self._tidy()

    def _review(self, now: float) -> None:
        """Sessions whose account, key or password was taken away are to end."""
        for connection in self._connections:
            login = connection.guest.login
            if login is not None and connection.unwanted is None and not self._accounts.still(login):
                connection.unwanted = now

    def _tidy(self) -> None:
        self._spool.tidy()
        try:
            self._expire()
        except StoreError as error:
            log.warning("sftp.shelf_not_tidied", error=str(error))

    def _close(self) -> None:
        """Those who wait are ended at once, those whose request is in hand after it."""
        end = time.monotonic() + _PATIENCE
        while self._connections and time.monotonic() < end:
            for connection in self._connections:
                if not connection.guest.busy:
                    connection.end()
            self._connections = [each for each in self._connections if each.transport.is_alive()]
            time.sleep(0.02)
        for connection in self._connections:
            connection.end()

    # Sessions

    def _converse(self, account: Account, peer: str) -> Conversation:
        folders: list[Folder] = []
        if account.inbox is not None:
            inbox, doubts, clock = account.inbox, self._doubts, self._clock
            folders.append(InboxFolder(inbox, self._intake, self._shelf, self._spool, doubts, clock, peer))
        if account.outbox is not None:
            for name in NAMES:
                folder = OutboxFolder(name, account.outbox, self._shelf, self._clock, self._scratch, self._begun)
                folders.append(folder)
        with self._lock:
            handles = self._handles.setdefault(account.username, Handles(_HANDLES))
        told = {"username": account.username, "peer": peer}
        return Conversation(Tree(folders, self._clock.now() // 1_000_000), handles, told)
