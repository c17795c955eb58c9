"""Passwords: argon2id hashes, and the same time for whoever is not let in."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from gateway.core.errors import ConfigurationError

#: Longer ones are wrong without being looked at.
_MOST = 1024

#: A hash takes 64 MiB and a core for some tens of milliseconds: strangers may ask for a few at once, no more.
_AT_ONCE = threading.BoundedSemaphore(2)

_HASHER = PasswordHasher()

#: What is hashed for whoever has no password.
NOBODYS = "nobody has this password"


def hash_password(password: str) -> str:
    """The hash that configuration refers to."""
    return _HASHER.hash(password)


def matches(hashed: str | None, password: str) -> bool:
    """Whether it is the password of this hash. None takes as long, and is never right.

    Raises :class:`ConfigurationError` for what is no hash.
    """
    with _AT_ONCE:
        try:
            _HASHER.verify(_nobodys() if hashed is None else hashed, password[:_MOST])
        except InvalidHashError:
            _HASHER.verify(_nobodys(), NOBODYS)
            hint = "crossdock sftp hash-password makes one."
            raise ConfigurationError("this is no argon2 hash.", file="partners", key="password", hint=hint) from None
        except Argon2Error:
            return False
    return hashed is not None and len(password) <= _MOST


@cache
def _nobodys() -> str:
    return hash_password(NOBODYS)
