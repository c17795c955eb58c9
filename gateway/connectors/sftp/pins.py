"""Host keys that are trusted: a server has one of them, or it is not the partner's."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple

_PREFIX = "SHA256:"
#: Signature algorithms by the kind of key that they need (RFC 8332 for RSA).
_ALGORITHMS = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")}


class Pin(NamedTuple):
    """One trusted key: its fingerprint (SHA-256 in base64 without padding) and, where it is known, its kind."""

    digest: str
    kind: str = ""

    @classmethod
    def parse(cls, text: str) -> Pin:
        """``ssh-ed25519 AAAA…`` (with or without a comment) or ``SHA256:…``. Raises :class:`ValueError`."""
        words = text.split()
        if len(words) == 1 and words[0].startswith(_PREFIX):
            digest = words[0].removeprefix(_PREFIX).rstrip("=")
            if len(_decoded(digest + "=")) == 32:
                return cls(digest)
        elif len(words) >= 2 and not words[0].startswith(_PREFIX):
            blob = _decoded(words[1])
            kind = blob[4 : 4 + int.from_bytes(blob[:4])].decode("ascii", "replace")
            if kind == words[0]:
                return cls(_digest(blob), kind)
        raise ValueError(f'host_key: "{text[:60]}" is no host key: write "ssh-ed25519 AAAA…" or "SHA256:…"')


def fingerprint(blob: bytes) -> str:
    """As ssh-keygen -l shows it."""
    return _PREFIX + _digest(blob)


def trusted(blob: bytes, pins: Iterable[Pin]) -> bool:
    """Whether the key is one of them."""
    return any(compare_digest(_digest(blob), pin.digest) for pin in pins)


def wanted_first(algorithms: Sequence[str], pins: Sequence[Pin]) -> tuple[str, ...]:
    """Host key algorithms to ask for: where the kinds of all pinned keys are known, no others."""
    kinds = {pin.kind for pin in pins}
    if not kinds or "" in kinds:
        return tuple(algorithms)
    wanted = {name for kind in kinds for name in _ALGORITHMS.get(kind, (kind,))}
    return tuple(name for name in algorithms if name in wanted)


def others(algorithms: Sequence[str], met: str) -> tuple[str, ...]:
    """What may show another key than the one of kind ``met``."""
    same = _ALGORITHMS.get(met, (met,))
    return tuple(name for name in algorithms if name not in same)


def _digest(blob: bytes) -> str:
    return base64.b64encode(sha256(blob).digest()).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # binascii.Error, and what is not ASCII
        return b""
