"""Routing keys with placeholders. Pure."""

from __future__ import annotations

import re

from gateway.core.errors import ConfigurationError
from gateway.core.ports import Departure

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_OTHER = re.compile(r"[^A-Za-z0-9_-]")
_OTHER_IN_TYPE = re.compile(r"[^A-Za-z0-9_.-]")

PLACEHOLDERS = ("party", "type", "endpoint", "name", "id")

#: Bytes that a routing key has at most (a short string of AMQP).
MOST = 255


def check(pattern: str, file: str) -> None:
    """Raises :class:`ConfigurationError` for a placeholder that does not exist."""
    for word in _PLACEHOLDER.findall(pattern):
        if word not in PLACEHOLDERS:
            there = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            text = f"there is no placeholder {{{word}}}."
            raise ConfigurationError(text, file=file, key="routing_key", hint=f"There are: {there}.")


def routing_key(pattern: str, departure: Departure, id: str) -> str:
    """What is not known becomes ``none``; dots stay in a type, since events are named with them."""
    values = {
        "party": _word(departure.headers.get("party", "")),
        "type": _OTHER_IN_TYPE.sub("_", departure.headers.get("type", "")) or "none",
        "endpoint": _word(departure.endpoint),
        "name": _word(departure.name),
        "id": _word(id),
    }
    key = _PLACEHOLDER.sub(lambda found: values[found[1]], pattern)
    return key.encode()[:MOST].decode(errors="ignore")


def _word(value: str) -> str:
    return _OTHER.sub("_", value) or "none"
