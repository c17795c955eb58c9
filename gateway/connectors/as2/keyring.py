"""Certificates and private keys of parties, read from the home when they are needed and again when their files change.

How a file is read is handed in: this knows folders, times of change and passphrases alone.
"""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from gateway.agreements import Party
from gateway.core.errors import ConfigurationError, CrossdockError

log = structlog.get_logger(__name__)

Certificate = TypeVar("Certificate")
PrivateKey = TypeVar("PrivateKey")
Found = TypeVar("Found")

_Stamp = tuple[int, int, int]

#: Those who may read a private key beside its owner.
_OTHERS = stat.S_IRGRP | stat.S_IROTH


class Keyring(Generic[Certificate, PrivateKey]):
    """Threads may share it. ``certificates`` and ``private_keys`` read the bytes of one file."""

    def __init__(
        self,
        home: Path,
        secrets: Callable[[str], str],
        certificates: Callable[[bytes], Sequence[Certificate]],
        private_keys: Callable[[bytes, bytes | None], Sequence[PrivateKey]],
    ) -> None:
        self._home, self._secrets = home, secrets
        self._read_certificates, self._read_keys = certificates, private_keys
        self._lock = threading.Lock()
        self._certificates: dict[Path, tuple[_Stamp, tuple[Certificate, ...]]] = {}
        self._keys: dict[tuple[Path, str], tuple[_Stamp, tuple[PrivateKey, ...]]] = {}

    def certificates(self, party: Party) -> list[Certificate]:
        """Those that the party signs with. Raises :class:`ConfigurationError` with file and key."""
        return self._all(party, "certificates")

    def encryption_certificates(self, party: Party) -> list[Certificate]:
        """Those to encrypt for: its own ones for that, else those that it signs with. Raises as above."""
        has = party.as2 is not None and party.as2.encryption_certificates
        return self._all(party, "encryption_certificates" if has else "certificates")

    def keys(self, party: Party) -> list[PrivateKey]:
        """The private keys of one of our own parties. Raises as above, and for a passphrase that is not there."""
        return [self.key(party, number) for number in range(len(party.as2.keys if party.as2 is not None else ()))]

    def key(self, party: Party, number: int) -> PrivateKey:
        """One of them, counted from 0. Raises as above."""
        assert party.as2 is not None
        passphrase = self._secrets(party.as2.passphrase) if party.as2.passphrase else ""
        path, where = self._home / party.as2.keys[number], f"as2.keys[{number}]"
        at = _stamp(path, party, where)
        with self._lock:
            known = self._keys.get((path, passphrase))
        if known is None or known[0] != at:
            _look_at(path)
            known = (at, _read(path, party, where, lambda data: self._read_keys(data, passphrase.encode() or None)))
            with self._lock:
                self._keys[path, passphrase] = known
        return known[1][0]

    def certificates_in(self, name: str, party: Party, where: str) -> Sequence[Certificate]:
        """Of one file; ``where`` is the key that names it. Raises as above."""
        path = self._home / name
        at = _stamp(path, party, where)
        with self._lock:
            known = self._certificates.get(path)
        if known is None or known[0] != at:
            known = (at, _read(path, party, where, self._read_certificates))
            with self._lock:
                self._certificates[path] = known
        return known[1]

    def _all(self, party: Party, word: str) -> list[Certificate]:
        names: tuple[str, ...] = getattr(party.as2, word) if party.as2 is not None else ()
        return [
            found
            for number, name in enumerate(names)
            for found in self.certificates_in(name, party, f"as2.{word}[{number}]")
        ]


def _stamp(path: Path, party: Party, where: str) -> _Stamp:
    try:
        found = path.stat()
    except OSError as error:
        text = f"{path} cannot be read: {error.strerror or error}."
        raise ConfigurationError(text, file=party.file, key=where) from None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(path: Path, party: Party, where: str, read: Callable[[bytes], Sequence[Found]]) -> tuple[Found, ...]:
    try:
        found = tuple(read(path.read_bytes()))
    except (OSError, CrossdockError) as error:
        reason = error.detail if isinstance(error, CrossdockError) else f"{error.strerror or error}."
        raise ConfigurationError(f"{path}: {reason}", file=party.file, key=where) from None
    if not found:
        raise ConfigurationError(f"{path}: there is none in it.", file=party.file, key=where)
    return found


def _look_at(path: Path) -> None:
    if path.stat().st_mode & _OTHERS:
        log.warning("as2.key_readable_by_others", file=str(path), hint=f"chmod 600 {path}")
