"""What paramiko, sockets and servers say, in the project's tree of errors: one place."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from gateway.connectors.sftp_server.wire import Code
from gateway.core.errors import ActionNeededError, ConnectorError, Fault

_STATUS: dict[int, str] = {
    Code.NO_SUCH_FILE: "no such file or folder",
    Code.PERMISSION_DENIED: "permission denied",
    Code.FAILURE: "the server failed",
    Code.BAD_MESSAGE: "the server did not understand the request",
    Code.OP_UNSUPPORTED: "the server cannot do that",
}
_STATUS_HINTS: dict[int, str] = {
    Code.NO_SUCH_FILE: "Is `path` right? It begins where the account begins, unless it begins with a slash.",
    Code.PERMISSION_DENIED: "The partner has to give the account permission.",
    Code.FAILURE: "Servers say so of full disks and of quotas, too: the partner's log may tell more.",
}
_SOCKET_HINTS = {
    errno.ECONNREFUSED: "Nothing listens there: is the port right, and is the server running?",
    errno.EHOSTUNREACH: "No way leads there: ask who runs the network.",
    errno.ENETUNREACH: "No way leads there: ask who runs the network.",
    errno.ETIMEDOUT: "Does a firewall let us through? The partner may have to admit our address.",
    errno.ECONNRESET: "The other side, or a firewall between, ended it. The partner may have to admit our address.",
}

#: By what paramiko says.
_SSH_HINTS = {
    "opening channel": "The server let us in and opened no session: has the account as many as it may, or no SFTP?",
}


class LinkError(ConnectorError):
    """The connection did not come about, or broke: another try makes a new one."""


class AccessError(ActionNeededError):
    """Who is there, or who we are, is not as was agreed: somebody has to change something."""


class StatusError(ConnectorError):
    """The server answered a request with a failure (SSH_FXP_STATUS)."""

    fault = Fault.PARTY

    def __init__(self, code: int, text: str = "", doing: str = "") -> None:
        self.code = code
        self.text = text
        reason = _STATUS.get(code, f"status {code}")
        said = f" ({text})" if text and text.lower().replace("_", " ") != reason else ""
        super().__init__(f"{doing or 'A request'}: {reason}{said}.", hint=_STATUS_HINTS.get(code))

    def about(self, doing: str) -> StatusError:
        """The same, of what was being done."""
        return StatusError(self.code, self.text, doing)


@contextmanager
def ssh_errors(doing: str) -> Iterator[None]:
    """Turns what sockets and paramiko raise into a :class:`ConnectorError` that says what was being done."""
    try:
        yield
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise translated(error, doing) from error


def translated(error: BaseException, doing: str) -> ConnectorError:
    """One of their exceptions as ours."""
    if isinstance(error, TimeoutError):
        return LinkError(f"{doing}: no answer in time.", hint=_SOCKET_HINTS[errno.ETIMEDOUT])
    if isinstance(error, socket.gaierror):
        hint = "Is `host` spelled right, and does this machine's name service know it?"
        return LinkError(f"{doing}: the name is not known ({error.strerror}).", hint=hint)
    if isinstance(error, EOFError):
        hint = _SOCKET_HINTS[errno.ECONNRESET]
        return LinkError(f"{doing}: the server ended the connection.", hint=hint)
    if isinstance(error, OSError):
        reason = error.strerror or str(error) or type(error).__name__
        return LinkError(f"{doing}: {reason}.", hint=_SOCKET_HINTS.get(error.errno or 0))
    if "protocol banner" in str(error):
        hint = "Is this the port of an SSH server, and does a firewall let us through?"
        return LinkError(f"{doing}: nobody greets there as an SSH server does.", hint=hint)
    said = next((hint for words, hint in _SSH_HINTS.items() if words in str(error)), None)
    return LinkError(f"{doing}: {str(error).rstrip('.') or type(error).__name__}.", hint=said)
