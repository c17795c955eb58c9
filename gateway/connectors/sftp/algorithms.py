"""Algorithms: those of today, fastest first, and those of old servers that an endpoint may allow by name.

Weak are (RFC 9142, NIST SP 800-131A): everything with SHA-1 or MD5, CBC modes in SSH, 3DES, keys of 1024 bits.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha1
from typing import Any

from cryptography.hazmat.primitives import hashes
from paramiko import RSAKey, Transport
from paramiko.kex_group14 import KexGroup14SHA256

#: Names of the lists in a server's KEXINIT (RFC 4253 §7.1), as an error names them.
LISTS = {
    "kex_algo_list": "key exchange",
    "server_key_algo_list": "host keys",
    "client_encrypt_algo_list": "encryption",
    "client_mac_algo_list": "message authentication",
}

CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr")
MACS = (
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
)
_PARAMIKO: Any = Transport  # its types do not know what it prefers
KEX: tuple[str, ...] = tuple(name for name in _PARAMIKO._preferred_kex if not name.endswith("sha1"))
HOST_KEYS: tuple[str, ...] = tuple(_PARAMIKO._preferred_keys)

#: What ``allow`` may name, and the list that it belongs to.
OLD: Mapping[str, str] = {
    "diffie-hellman-group14-sha1": "kex_algo_list",
    "ssh-rsa": "server_key_algo_list",
    "aes128-cbc": "client_encrypt_algo_list",
    "aes192-cbc": "client_encrypt_algo_list",
    "aes256-cbc": "client_encrypt_algo_list",
    "3des-cbc": "client_encrypt_algo_list",
    "hmac-sha1": "client_mac_algo_list",
    "hmac-sha1-96": "client_mac_algo_list",
    "hmac-md5": "client_mac_algo_list",
}
_TODAY = dict(zip(LISTS, (KEX, HOST_KEYS, CIPHERS, MACS), strict=True))


#: paramiko's own log: what goes wrong is raised, and told once.
_QUIET = "gateway.sftp.client"
logging.getLogger(_QUIET).setLevel(logging.CRITICAL + 1)


class KexGroup14SHA1(KexGroup14SHA256):
    """diffie-hellman-group14-sha1 (RFC 4253 §8.2), which paramiko has no more."""

    name = "diffie-hellman-group14-sha1"
    hash_algo = staticmethod(sha1)


class OldRSAKey(RSAKey):
    """A host key that signs with SHA-1 (RFC 4253 §6.6), which paramiko has no more."""

    HASHES = RSAKey.HASHES | {"ssh-rsa": hashes.SHA1}  # type: ignore[misc]  # theirs is final


class ClientTransport(Transport):
    """Keeps what the server offered, and knows the algorithms that were allowed besides those of today."""

    def __init__(self, sock: Any, allow: Sequence[str], host_keys: Sequence[str], **options: Any) -> None:
        super().__init__(sock, **options)
        self.set_log_channel(_QUIET)
        self.offered: dict[str, list[str]] = {}
        self._preferred_kex = chosen("kex_algo_list", allow)
        self._preferred_ciphers = chosen("client_encrypt_algo_list", allow)
        self._preferred_macs = chosen("client_mac_algo_list", allow)
        self._preferred_keys = tuple(host_keys)
        self._kex_info = _PARAMIKO._kex_info | {KexGroup14SHA1.name: KexGroup14SHA1}
        self._key_info = _PARAMIKO._key_info | {"ssh-rsa": OldRSAKey}

    def _really_parse_kex_init(self, m: Any, ignore_first_byte: bool = False) -> Any:
        parsed = super()._really_parse_kex_init(m, ignore_first_byte)  # type: ignore[misc]
        if not ignore_first_byte:
            self.offered = parsed
        return parsed


def chosen(list_name: str, allow: Iterable[str]) -> tuple[str, ...]:
    """The algorithms of one list that may be used, old ones last."""
    return _TODAY[list_name] + tuple(name for name in allow if OLD[name] == list_name)


def missing(offered: Mapping[str, Sequence[str]], allow: Sequence[str]) -> list[tuple[str, list[str], list[str]]]:
    """Lists in which nothing is in common: (what for, what the server offers, what of it could be allowed)."""
    found = []
    for list_name, what in LISTS.items():
        theirs = list(offered.get(list_name, ()))
        if list_name == "client_mac_algo_list" and any("gcm" in name for name in _common(offered, allow)):
            continue  # AES-GCM authenticates by itself
        if theirs and not set(theirs) & set(chosen(list_name, allow)):
            found.append((what, theirs, [name for name in theirs if OLD.get(name) == list_name]))
    return found


def _common(offered: Mapping[str, Sequence[str]], allow: Sequence[str]) -> list[str]:
    theirs = offered.get("client_encrypt_algo_list", ())
    return [name for name in chosen("client_encrypt_algo_list", allow) if name in theirs][:1]
