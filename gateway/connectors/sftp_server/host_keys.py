"""Our host keys: made when there are none yet, and never changed by themselves."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import paramiko
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway.connectors.oserrors import os_errors
from gateway.core.errors import ConfigurationError

_RSA_BITS = 3072

_MAKERS: dict[str, Callable[[], bytes]] = {
    "ed25519": lambda: _private(Ed25519PrivateKey.generate()),
    "rsa": lambda: _private(generate_private_key(65537, _RSA_BITS)),
}
_READERS: dict[str, Callable[[str], paramiko.PKey]] = {
    "ed25519": lambda path: paramiko.Ed25519Key(filename=path),
    "rsa": lambda path: paramiko.RSAKey(filename=path),
}


def host_keys(folder: Path) -> list[paramiko.PKey]:
    """Our keys, ed25519 first; those that are missing are made, readable for us alone.

    Raises :class:`ConnectorError` and :class:`ConfigurationError`. Machines that partners see as one share a folder,
    or copies of it.
    """
    with os_errors(f"Host keys in {folder}"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return [_host_key(folder / f"host_{kind}", kind) for kind in _MAKERS]


def _host_key(path: Path, kind: str) -> paramiko.PKey:
    if not path.exists():
        _write(path, _MAKERS[kind]())
    try:
        return _READERS[kind](str(path))
    except (paramiko.SSHException, ValueError) as error:
        hint = "Put the key back from a backup: partners have noted its fingerprint."
        raise ConfigurationError(f"this is no {kind} key: {error}.", file=str(path), hint=hint) from None


def _write(path: Path, text: bytes) -> None:
    """Whole or not at all, and never over another's: two processes may start at once."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _private(key: Ed25519PrivateKey | RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
