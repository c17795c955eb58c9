"""Somebody who knocks: lets in who has an agreed key or password, and gives them SFTP and nothing else."""

from __future__ import annotations

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
from gateway.connectors.sftp_server.login import Accounts
from gateway.core.errors import CrossdockError, UnreadableError
from gateway.observe import metrics

log = structlog.get_logger(__name__)

#: Bytes that are taken from a channel at once, and of answers that are kept back to leave together.
_AT_ONCE = 256 * 1024

#: Sessions of one connection.
_CHANNELS = 4

Admit = Callable[["Guest", Account], bool]
Converse = Callable[[Account, str], Conversation]


class Guest(paramiko.ServerInterface):
    """One connection, before and after it is known whose it is. ``admit`` judges whether there is room."""

    def __init__(
        self, peer: str, accounts: Accounts, attempts: int, admit: Admit, turn_out: Callable[[], None]
    ) -> None:
        self.peer = peer
        self.account: Account | None = None
        self.last = time.monotonic()  # when it last asked for something
        self.busy = False
        self._accounts = accounts
        self._attempts = attempts
        self._admit = admit
        self._turn_out = turn_out
        self._accepted: tuple[str, str] = ("", "")
        self._channels: set[int] = set()
        self._talking: list[paramiko.Channel] = []

    @property
    def waiting(self) -> int:
        """Bytes that it has sent and that nobody has looked at yet: a client that keeps to its window has few."""
        return sum(len(channel.in_buffer) for channel in self._talking)

    # Who it is

    def get_allowed_auths(self, username: str) -> str:
        return "publickey,password"

    def check_auth_password(self, username: str, password: str) -> int:
        return self._checked(username, "password", lambda: self._accounts.by_password(username, password))

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        """The signature is checked by paramiko, after this."""
        found = key.asbytes()
        return self._checked(username, fingerprint(found), lambda: self._accounts.by_key(username, found))

    def _checked(self, username: str, by: str, look: Callable[[], Account | None]) -> int:
        told = {"username": username[:64], "peer": self.peer, "by": by}
        if self._attempts <= 0:
            return AUTH_FAILED
        try:
            account = look()
        except CrossdockError as error:
            log.error("sftp.account_wrong", error=str(error), **told)
            account = None
        except Exception:  # the library would end the connection, and say nothing
            log.exception("sftp.login_failed", **told)
            account = None
        if account is None:
            self._attempts -= 1
            log.warning("sftp.refused", **told)
            metrics.sftp_connections.labels("refused").inc()
            if self._attempts <= 0:
                log.warning("sftp.turned_out", **told)
                self._turn_out()
            return AUTH_FAILED
        self._accepted = (username, by)
        return AUTH_SUCCESSFUL

    # What it gets

    def check_channel_request(self, kind: str, chanid: int) -> int:
        if kind != "session":
            return OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED
        if self.account is None:
            username, by = self._accepted
            account = self._accounts.get(username)
            if account is None or not self._admit(self, account):
                return OPEN_FAILED_RESOURCE_SHORTAGE
            self.account = account
            metrics.sftp_connections.labels("connected").inc()
            log.info("sftp.connected", username=username, party=account.party, peer=self.peer, by=by)
        if len(self._channels) >= _CHANNELS:
            return OPEN_FAILED_RESOURCE_SHORTAGE
        self._channels.add(chanid)
        return OPEN_SUCCEEDED

    def check_channel_subsystem_request(self, channel: paramiko.Channel, name: str) -> bool:
        """SFTP, once on each channel."""
        if name != "sftp" or channel.get_id() not in self._channels:
            return False
        self._channels.discard(channel.get_id())
        self._talking.append(channel)
        return super().check_channel_subsystem_request(channel, name)


class Subsystem(paramiko.server.SubsystemHandler):
    """The thread that answers a client's requests."""

    def __init__(self, channel: paramiko.Channel, name: str, server: Guest, converse: Converse) -> None:
        super().__init__(channel, name, server)
        self._guest, self._converse = server, converse

    def start_subsystem(self, name: str, transport: paramiko.Transport, channel: paramiko.Channel) -> None:
        """Until the client or the connection ends."""
        guest = self._guest
        assert guest.account is not None
        conversation = self._converse(guest.account, guest.peer)
        try:
            self._talk(conversation, channel)
        except (EOFError, OSError, paramiko.SSHException):
            pass  # the connection is gone
        except UnreadableError as error:
            log.warning("sftp.unreadable", username=guest.account.username, peer=guest.peer, error=str(error))
        except Exception:  # the library would end the thread, and say nothing
            log.exception("sftp.session_failed", username=guest.account.username, peer=guest.peer)
        finally:
            guest.busy = False
            conversation.lost()

    def _talk(self, conversation: Conversation, channel: paramiko.Channel) -> None:
        came = bytearray()
        guest = self._guest
        while piece := channel.recv(_AT_ONCE):
            came += piece
            guest.last, guest.busy = time.monotonic(), True
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
            guest.last, guest.busy = time.monotonic(), False
        channel.send_exit_status(0)  # scp says that it failed when nobody says that it did not
