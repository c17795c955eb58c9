"""Signatures of webhooks as the Standard Webhooks specification (1.0.0, symmetric scheme ``v1``) has them. Pure.

Three headers go with a body: ``webhook-id`` names the delivery and is the same in every try, ``webhook-timestamp`` is
the time of this try in whole seconds since 1970, and ``webhook-signature`` has one or more ``v1,<base64>`` with a blank
between them: HMAC-SHA256 with a secret over the bytes ``<id>.<timestamp>.<body>``. One that matches is enough, so two
secrets can be in use while one takes the place of the other.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping
from hashlib import sha256

from gateway.core.errors import ConfigurationError
from gateway.core.spooled import Body, pieces_of

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"

#: How far the clocks of both sides may be apart, in seconds.
TOLERANCE = 300

_VERSION = "v1"
_PREFIX = "whsec_"
_LEAST, _MOST = 24, 64  # bytes of a secret, as the specification asks


def secret_bytes(text: str, where: str = "secret") -> bytes:
    """The key that ``whsec_<base64>`` stands for. Any other text is a key as it is, in UTF-8.

    Raises :class:`ConfigurationError`, which never shows the secret, for one that is too short or long, or no base64.
    """
    if text.startswith(_PREFIX):
        try:
            found = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            raise _wrong(where, "behind whsec_ there is no base64") from None
    else:
        found = text.encode()
    if not _LEAST <= len(found) <= _MOST:
        raise _wrong(where, f"it has {len(found)} bytes")
    return found


def sign(secrets: Iterable[bytes], id: str, timestamp: int, body: Body) -> str:
    """The header ``webhook-signature``: one signature for each secret."""
    head = f"{id}.{timestamp}.".encode()
    return " ".join(f"{_VERSION},{_digest(secret, head, body)}" for secret in secrets)


def headers(secrets: Iterable[bytes], id: str, timestamp: int, body: Body) -> dict[str, str]:
    """All three headers; no signature without a secret."""
    found = {ID: id, TIMESTAMP: str(timestamp)}
    signature = sign(secrets, id, timestamp, body)
    return found | {SIGNATURE: signature} if signature else found


def verify(secrets: Iterable[bytes], given: Mapping[str, str], body: bytes, now: int) -> bool:
    """Whether one of the secrets signed this, at a time that is near enough. ``given``: headers in small letters."""
    id, stamp = given.get(ID, ""), given.get(TIMESTAMP, "")
    if not id or not stamp.isascii() or not stamp.isdecimal() or abs(int(stamp[:20]) - now) > TOLERANCE:
        return False
    head = f"{id}.{stamp}.".encode()
    wanted = [_digest(secret, head, body).encode() for secret in secrets]
    told = [word.partition(",") for word in given.get(SIGNATURE, "").split(" ")]
    signatures = [value.encode() for version, _, value in told if version == _VERSION]
    # All are compared: how long it takes tells nothing about which of them fits.
    return any([hmac.compare_digest(one, other) for one in wanted for other in signatures])  # noqa: C419


def _digest(secret: bytes, head: bytes, body: Body) -> str:
    found = hmac.new(secret, head, sha256)
    for piece in pieces_of(body):
        found.update(piece)
    return base64.b64encode(found.digest()).decode()


def _wrong(where: str, reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"this is no secret for webhooks: {reason}.",
        file=where,
        hint=f"{_PREFIX} and the base64 of {_LEAST} to {_MOST} random bytes: "
        'printf "whsec_%s\\n" "$(openssl rand -base64 32)".',
    )
