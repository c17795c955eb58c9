"""Somebody who knocks: lets in who has an agreed key or password, and gives them SFTP and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import paramiko
import structlog
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_FAILED_RESOURCE_SHORTAGE,
    OPEN_SUCCEEDED,
)

from gateway.connectors.sftp_server.accounts import Account
from gateway.connectors.sftp_server.conversation import Conversation, packets
from gateway.connectors.sftp_server.keys import fingerprint
from gateway.connectors.sftp_server.login import PASSWORD, Accounts, Login
from gateway.core.errors import CrossdockError, UnreadableError
from gateway.observe import metrics

log = structlog.get_logger(__name__)

#: Bytes that are taken from a channel at once, and of answers that are kept back to leave together.
_AT_ONCE = 256 * 1024

#: Sessions of one connection at a time.
_CHANNELS = 4

Admit = Callable[["Guest", Account], bool]
Refused = Callable[["Guest", str], None]
Converse = Callable[[Account, str], Conversation]


class Guest(paramiko.ServerInterface):
    """One connection, before and after it is known whose it is. ``admit`` judges whether there is room,
    ``refused`` hears of a wrong key or password (its ``by``), ``turn_out`` ends the connection."""

    def __init__(
        self,
        peer: str,
        transport: paramiko.Transport,
        accounts: Accounts,
        attempts: int,
        admit: Admit,
        refused: Refused,
        turn_out: Callable[[], None],
    ) -> None:
        self.peer = peer
        self._transport = transport
        self.login: Login | None = None
        self.last = time.monotonic()  # when it last asked for something
        self.busy: set[paramiko.Channel] = set()  # whose request is in hand
        self._accounts = accounts
        self._attempts = attempts
        self._admit = admit
        self._refused = refused
        self._turn_out = turn_out
        self._accepted: Login | None = None
        self._channels: list[paramiko.Channel] = []
        self._talking: set[paramiko.Channel] = set()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """Bytes that it has sent and that nobody has looked at yet: a client that keeps to its window has few."""
        return sum(len(each.in_buffer) + len(each.in_stderr_buffer) for each in self._opened())

    def _opened(self) -> list[paramiko.Channel]:
        """Channels that take room: open ones, whatever was asked for on them, and those whose thread still works."""
        with self._lock:
            while (channel := self._transport.accept(0)) is not None:  # the library keeps them until they are fetched
                self._channels.append(channel)
            self._channels = [each for each in self._channels if not each.closed or each in self._talking]
            return list(self._channels)

    # Who it is

    def get_allowed_auths(self, username: str) -> str:
        return "publickey,password"

    def check_auth_password(self, username: str, password: str) -> int:
        return self._checked(username, PASSWORD, lambda: self._accounts.by_password(username, password))

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        """The signature is checked by paramiko, after this."""
        found = key.asbytes()
        return self._checked(username, fingerprint(found), lambda: self._accounts.by_key(username, found))

    def _checked(self, username: str, by: str, look: Callable[[], Login | None]) -> int:
        told = {"username": username[:64], "peer": self.peer, "by": by}
        if self._attempts <= 0:
            return AUTH_FAILED
        try:
            self._accepted = look()
        except CrossdockError as error:
            log.error("sftp.account_wrong", error=str(error), **told)
            self._accepted = None
        except Exception:  # the library would end the connection, and say nothing
            log.exception("sftp.login_failed", **told)
            self._accepted = None
        if self._accepted is None:
            self._attempts -= 1
            log.warning("sftp.refused", **told)
            metrics.sftp_connections.labels("refused").inc()
            self._refused(self, by)
            if self._attempts <= 0:
                log.warning("sftp.turned_out", **told)
                self._turn_out()
            return AUTH_FAILED
        return AUTH_SUCCESSFUL

    # What it gets

    def check_channel_request(self, kind: str, chanid: int) -> int:
        if kind != "session":
            return OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED
        if self.login is None:
            login = self._accepted
            if login is None or not self._accounts.still(login) or not self._admit(self, login.account):
                return OPEN_FAILED_RESOURCE_SHORTAGE
            self.login, account = login, login.account
            metrics.sftp_connections.labels("connected").inc()
            log.info("sftp.connected", username=account.username, party=account.party, peer=self.peer, by=login.by)
        return OPEN_SUCCEEDED if len(self._opened()) < _CHANNELS else OPEN_FAILED_RESOURCE_SHORTAGE

    def check_channel_subsystem_request(self, channel: paramiko.Channel, name: str) -> bool:
        """SFTP, once on each channel."""
        if name != "sftp" or channel.closed or channel in self._talking:
            return False
        self._talking.add(channel)
        return super().check_channel_subsystem_request(channel, name)

    def through(self, channel: paramiko.Channel) -> None:
        """Its thread has ended."""
        self._talking.discard(channel)


class Subsystem(paramiko.server.SubsystemHandler):
    """The thread that answers a client's requests."""

    def __init__(self, channel: paramiko.Channel, name: str, server: Guest, converse: Converse) -> None:
        super().__init__(channel, name, server)
        self._channel, self._guest, self._converse = channel, server, converse

    def start_subsystem(self, name: str, transport: paramiko.Transport, channel: paramiko.Channel) -> None:
        """Until the client or the connection ends."""
        guest = self._guest
        assert guest.login is not None
        account = guest.login.account
        conversation = self._converse(account, guest.peer)
        try:
            self._talk(conversation, channel)
        except (EOFError, OSError, paramiko.SSHException):
            pass  # the connection is gone
        except UnreadableError as error:
            log.warning("sftp.unreadable", username=account.username, peer=guest.peer, error=str(error))
        except Exception:  # the library would end the thread, and say nothing
            log.exception("sftp.session_failed", username=account.username, peer=guest.peer)
        finally:
            conversation.lost()
            guest.busy.discard(channel)

    def finish_subsystem(self) -> None:
        super().finish_subsystem()
        self._guest.through(self._channel)

    def _talk(self, conversation: Conversation, channel: paramiko.Channel) -> None:
        came = bytearray()
        guest = self._guest
        while piece := channel.recv(_AT_ONCE):
            came += piece
            guest.last = time.monotonic()
            guest.busy.add(channel)
            found, used = packets(came)
            del came[:used]
            answers: list[bytes] = []
            waiting = 0
            for packet in found:
                answers.append(conversation.answer(packet))
                waiting += len(answers[-1])
                if waiting > _AT_ONCE:
                    channel.sendall(b"".join(answers))
                    answers, waiting = [], 0
                    guest.last = time.monotonic()
            if answers:
                channel.sendall(b"".join(answers))
            guest.last = time.monotonic()
            guest.busy.discard(channel)
        channel.send_exit_status(0)  # scp says that it failed when nobody says that it did not
