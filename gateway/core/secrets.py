"""What a secret looks like in configuration: a reference to where it is kept, never the secret itself."""

from __future__ import annotations

import re

_REFERENCE = re.compile(r"(env|file):.+")
_SECRET_KEY = re.compile(r"(^|_)(password|passphrase|secret|token|api_key)$")


def is_secret_key(word: str) -> bool:
    """Whether a key of this name holds a secret: ``password``, ``proxy_password``, ``client_secret`` …"""
    return _SECRET_KEY.search(word.lower()) is not None


def is_reference(value: object) -> bool:
    """Whether a value is ``env:NAME`` or ``file:PATH``."""
    return isinstance(value, str) and _REFERENCE.fullmatch(value) is not None
