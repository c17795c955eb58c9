"""A connection to a server, step by step: name, socket, keys, account, channel. Nothing is trusted on first sight."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import paramiko

from gateway.connectors.sftp.algorithms import ClientTransport, chosen, missing
from gateway.connectors.sftp.failures import AccessError, LinkError, ssh_errors, translated
from gateway.connectors.sftp.options import Account
from gateway.connectors.sftp.pins import Pin, fingerprint, others, trusted, wanted_first
from gateway.connectors.sftp.protocol import Protocol
from gateway.core.errors import ConfigurationError

#: What a reference to a secret refers to.
Secrets = Callable[[str], str]

WINDOW = 16 * 1024 * 1024  # bytes under way to us at most: more than a fast line holds in a tenth of a second
PACKET = 64 * 1024
_KINDS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


class Session:
    """One connection that lets requests be made. Close it, however it ended."""

    def __init__(self, transport: paramiko.Transport, protocol: Protocol) -> None:
        self.transport = transport
        self.protocol = protocol

    @property
    def alive(self) -> bool:
        return self.transport.is_active()

    def close(self) -> None:
        close(self.transport)


def connect(account: Account, secrets: Secrets) -> Session:
    """All steps. Raises :class:`ConnectorError`, and :class:`ConfigurationError` for secrets that are not there."""
    key, password = credentials(account, secrets)
    transport = negotiate(account, lambda: dial(account, resolve(account)))
    try:
        authenticate(account, transport, key, password)
        return Session(transport, open_channel(account, transport))
    except BaseException:
        close(transport)
        raise


def resolve(account: Account) -> list[str]:
    """The addresses of the server."""
    with ssh_errors(f"Looking up {account.host}"):
        found = socket.getaddrinfo(account.host, account.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def dial(account: Account, addresses: Sequence[str]) -> socket.socket:
    """A socket to the first address that answers. Small packets leave at once: requests wait for no others."""
    until = time.monotonic() + account.connect_seconds
    failed: OSError = TimeoutError("timed out")
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            sock = socket.create_connection((address, account.port), timeout=left)
        except OSError as error:
            failed = error
            continue
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return sock
    raise translated(failed, f"Connecting to {account.host}:{account.port}")


def negotiate(account: Account, dialled: Callable[[], socket.socket]) -> ClientTransport:
    """Keys are exchanged with a server that has a pinned key.

    A server shows one key at a time. Where only a fingerprint is pinned, it is asked for its other kinds, too.
    """
    pins = [Pin.parse(each) for each in account.host_key]
    algorithms = wanted_first(chosen("server_key_algo_list", account.allow), pins)
    met: list[str] = []
    while True:
        transport = _exchange(account, dialled(), algorithms)
        key = transport.get_remote_server_key()
        if trusted(key.asbytes(), pins):
            return transport
        close(transport)
        met.append(f"{key.get_name()} {fingerprint(key.asbytes())}")
        offered = transport.offered.get("server_key_algo_list", ())
        algorithms = tuple(each for each in others(algorithms, key.get_name()) if each in offered)
        if not pins or not algorithms:
            raise _untrusted(account, met, pinned=bool(pins))


def _exchange(account: Account, sock: socket.socket, algorithms: Sequence[str]) -> ClientTransport:
    doing = f"Exchanging keys with {account.host}:{account.port}"
    transport = ClientTransport(
        sock, account.allow, algorithms, default_window_size=WINDOW, default_max_packet_size=PACKET
    )
    transport.banner_timeout = transport.handshake_timeout = account.banner_seconds
    transport.auth_timeout = account.auth_seconds
    transport.channel_timeout = account.seconds
    done = threading.Event()
    try:
        with ssh_errors(doing):
            transport.start_client(event=done, timeout=account.banner_seconds)
            in_time = done.wait(account.banner_seconds)
            if (error := transport.get_exception()) is not None:
                raise error
            if not in_time:
                raise TimeoutError
            if not transport.is_active():
                raise EOFError
    except LinkError as error:
        close(transport)
        if isinstance(error.__cause__, paramiko.ssh_exception.IncompatiblePeer):
            raise _incompatible(account, transport, algorithms) or error from error
        raise
    transport.set_keepalive(account.keepalive)
    return transport


def _incompatible(account: Account, transport: ClientTransport, algorithms: Sequence[str]) -> AccessError | None:
    """The sentence that names what is missing."""
    where = f"{account.host}:{account.port}"
    for what, theirs, allowable in missing(transport.offered, account.allow):
        hint = (
            f"Allow it, if the partner cannot do better: allow = {_toml([*account.allow, allowable[0]])}"
            if allowable
            else "The partner has to switch on something newer."
        )
        return AccessError(f"{where}: nothing in common for {what}: the server only offers {_list(theirs)}.", hint=hint)
    theirs = transport.offered.get("server_key_algo_list", [])
    if theirs and not set(theirs) & set(algorithms):
        hint = "Pin a key of one of these kinds, once the partner has confirmed it."
        return AccessError(f"{where}: the server has no key of the pinned kind, only {_list(theirs)}.", hint=hint)
    return None


def _untrusted(account: Account, met: Sequence[str], *, pinned: bool) -> AccessError:
    where = f"{account.host}:{account.port}"
    seen = " and ".join(met)
    line = f"host_key = {_toml([met[0].split()[1]])}"
    if pinned:
        hint = f"Somebody may be in between, or the partner has a new key. Ask the partner; if it is theirs: {line}"
        return AccessError(f"{where}: the server's key is not the pinned one; it has {seen}.", hint=hint)
    hint = f"Compare it with what the partner says, by another way than this connection; if it is theirs: {line}"
    return AccessError(f"{where}: no host key is pinned; the server has {seen}.", hint=hint)


def credentials(account: Account, secrets: Secrets) -> tuple[paramiko.PKey | None, str | None]:
    """Our key and our password, those that there are. Raises :class:`ConfigurationError`."""
    passphrase = secrets(account.passphrase) if account.passphrase else None
    key = load_key(secrets(account.key), passphrase, account.where) if account.key else None
    return key, secrets(account.password) if account.password else None


def load_key(text: str, passphrase: str | None, where: str) -> paramiko.PKey:
    """A private key as OpenSSH or OpenSSL write it. Raises :class:`ConfigurationError`, which never shows it."""
    for kind in _KINDS:
        try:
            return kind.from_private_key(io.StringIO(text), passphrase)
        except paramiko.PasswordRequiredException:
            raise ConfigurationError("the private key needs its passphrase.", file=where, key="passphrase") from None
        except (paramiko.SSHException, ValueError, TypeError, IndexError):
            continue
    hint = "Ed25519, ECDSA or RSA, as ssh-keygen writes them; and is the passphrase right?"
    raise ConfigurationError("the private key cannot be read.", file=where, key="key", hint=hint)


def authenticate(
    account: Account, transport: paramiko.Transport, key: paramiko.PKey | None, password: str | None
) -> str:
    """By key, by password, or by both where the server asks for both; returns by which."""
    ways: list[tuple[str, Callable[[], list[str]]]] = []
    if key is not None:
        ways.append(("publickey", lambda: transport.auth_publickey(account.username, key)))
    if password is not None:
        ways.append(("password", lambda: transport.auth_password(account.username, password)))
    if not ways:
        hint = 'Write key = "file:PATH" or password = "env:NAME".'
        raise ConfigurationError("there is neither key nor password.", file=account.where, hint=hint)
    accepted: list[str] = []
    used: list[str] = []
    for name, way in ways:
        try:
            with ssh_errors(f"Logging in at {account.where}"):
                still = _attempt(way)
        except _RefusedError as refused:
            accepted = refused.accepted or accepted
            continue
        used.append(name)
        if not still:
            return " and ".join(used)
        accepted = still
    raise _denied(account, [name for name, _ in ways], accepted)


class _RefusedError(Exception):
    """One way to log in was refused; ``accepted`` are those that the server names."""

    def __init__(self, accepted: list[str]) -> None:
        super().__init__()
        self.accepted = accepted


def _attempt(way: Callable[[], list[str]]) -> list[str]:
    try:
        return way()
    except paramiko.BadAuthenticationType as error:
        raise _RefusedError(list(error.allowed_types)) from error
    except paramiko.AuthenticationException as error:
        if "timeout" in str(error).lower():
            raise TimeoutError from error
        raise _RefusedError([]) from error


def _denied(account: Account, tried: Sequence[str], accepted: Sequence[str]) -> AccessError:
    takes = f" It takes: {', '.join(accepted)}." if accepted else ""
    hint = "The partner has to add our public key to the account, or we have another key or password than agreed."
    return AccessError(f"{account.where}: the server did not let us in by {' or '.join(tried)}.{takes}", hint=hint)


def open_channel(account: Account, transport: paramiko.Transport) -> Protocol:
    """The SFTP subsystem."""
    with ssh_errors(f"{account.where}: opening SFTP"):
        channel = transport.open_session(window_size=WINDOW, max_packet_size=PACKET, timeout=account.seconds)
        channel.settimeout(account.seconds)
        try:
            channel.invoke_subsystem("sftp")
        except paramiko.SSHException as error:
            if transport.is_active():
                hint = "The partner has to allow SFTP to the account."
                raise AccessError(f"{account.where}: the account has no SFTP.", hint=hint) from error
            raise
    return Protocol(channel, account.in_flight, account.where)


def close(transport: paramiko.Transport) -> None:
    """Ends the connection and its thread."""
    with suppress(Exception):
        transport.close()
    if transport.is_alive():
        transport.join(5)


def _list(words: Sequence[str]) -> str:
    shown = [word[:64] for word in words[:8]]
    return ", ".join(word if word.isprintable() else repr(word) for word in shown)


def _toml(words: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"
