"""SSH as strangers may speak it to us: today's algorithms, and nothing that would take memory or time without an end.

The library trusts what a client counts. Everything here holds before anybody has logged in.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Sequence
from typing import Any

import paramiko
from paramiko.common import MSG_EXT_INFO, MSG_IGNORE, MSG_USERAUTH_INFO_RESPONSE
from paramiko.packet import Packetizer

from gateway.connectors.sftp.algorithms import CIPHERS, MACS

#: The library's own log: what matters is logged by us.
_QUIET = "gateway.sftp.transport"
logging.getLogger(_QUIET).setLevel(logging.CRITICAL + 1)

#: Bytes of one SSH packet at most (RFC 4253, 6.1 asks for 35000): what claims to be longer is no SSH.
_PACKET = 256 * 1024 + 1024

#: Bytes of a client's first line (RFC 4253, 4.2 allows 255, and clients no line before it).
_GREETING = 1024

#: How often a thread that waits for its client wakes up; a socket that is shut down wakes it at once.
_WAKE_SECONDS = 1.0


class _Packetizer(Packetizer):
    """Takes nothing from a stranger that would fill the memory or occupy a core."""

    _greeted = 0

    def read_all(self, n: int, check_rekey: bool = False) -> bytes:
        if n > _PACKET:
            raise paramiko.SSHException(f"A packet of {n} bytes.")
        return super().read_all(n, check_rekey)

    def _read_timeout(self, timeout: float) -> bytes:
        """What the first line is read with: a line without an end would be searched again for each of its pieces."""
        piece: bytes = super()._read_timeout(timeout)  # type: ignore[misc]
        self._greeted += len(piece)
        if self._greeted > _GREETING:
            raise paramiko.SSHException(f"A first line of {self._greeted} bytes and more.")
        return piece

    def read_message(self) -> tuple[int, paramiko.Message]:
        """Both of these carry a count that the library believes: four bytes keep it in a loop for hours.

        We ask no questions (RFC 4256, 3.2), so there are no answers to them; what a client supports (RFC 8308) is of
        no use to us.
        """
        kind, message = super().read_message()
        if kind == MSG_USERAUTH_INFO_RESPONSE:
            raise paramiko.SSHException("An answer that nobody asked for.")
        return (MSG_IGNORE if kind == MSG_EXT_INFO else kind), message


def server_transport(sock: socket.socket, keys: Sequence[paramiko.PKey]) -> paramiko.Transport:
    """Our side of a connection, not started yet. Raises OSError and SSHException."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    transport = paramiko.Transport(sock, packetizer_class=_Packetizer)
    transport.local_version = "SSH-2.0-Crossdock"
    transport.set_log_channel(_QUIET)
    options: Any = transport.get_security_options()
    options.ciphers, options.digests = CIPHERS, MACS
    for key in keys:
        transport.add_server_key(key)
    sock.settimeout(_WAKE_SECONDS)
    return transport
