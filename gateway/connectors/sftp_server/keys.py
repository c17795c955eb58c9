"""Public keys of partners, as they stand in configuration."""

from __future__ import annotations

import base64
from hashlib import sha256

#: Types that may log in. SHA-1 is not among them: an RSA key signs with SHA-2.
TYPES = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
)


def parse_key(line: str) -> bytes:
    """The public key of a line of authorized_keys without options. Raises ValueError, which says what is wrong."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    kind, _, rest = line.strip().partition(" ")
    if kind not in TYPES:
        raise ValueError(f'"{kind[:40]}" is no type of key that is supported: there are {", ".join(TYPES)}')
    try:
        text = rest.split(" ")[0]
        load_ssh_public_key(f"{kind} {text}".encode())
        return base64.b64decode(text, validate=True)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError(f"this {kind} key cannot be read: copy the whole line of the .pub file") from None


def fingerprint(key: bytes) -> str:
    """As OpenSSH shows it: ``SHA256:…``."""
    return "SHA256:" + base64.b64encode(sha256(key).digest()).decode().rstrip("=")
