"""Messages as arrivals: which unit a message is, and what is told of it."""

from __future__ import annotations

import secrets
from collections import OrderedDict, deque
from hashlib import sha256
from typing import Any

#: Messages without an id that are remembered, for when the broker delivers them again.
_REMEMBERED = 10_000

#: What is kept of the headers of one message, at most.
_HEADERS, _LENGTH = 50, 1000

_PROPERTIES = (
    "message_id",
    "correlation_id",
    "reply_to",
    "content_type",
    "content_encoding",
    "type",
    "app_id",
    "user_id",
    "timestamp",
)

#: Headers that may hold the name of the file, the first one that is there.
_FILE_NAMES = ("file-name", "file_name", "filename")


def properties(message: Any) -> dict[str, Any]:
    found: dict[str, Any] = message.properties
    return found


def headers_of(message: Any) -> dict[str, Any]:
    found = properties(message).get("application_headers")
    return found if isinstance(found, dict) else {}


def body_of(message: Any) -> bytes:
    body = message.body
    return body.encode() if isinstance(body, str) else bytes(body)


def file_name(message: Any) -> str:
    headers = headers_of(message)
    found = next((headers[name] for name in _FILE_NAMES if isinstance(headers.get(name), str)), "")
    return found.replace("\\", "/").rpartition("/")[2][:200]


def told(message: Any) -> dict[str, str]:
    """Properties and headers as they are kept with the transmission; long ones are cut off."""
    out = {name.replace("_", "-"): str(properties(message).get(name) or "") for name in _PROPERTIES}
    out |= {name: str(message.delivery_info[name]) for name in ("exchange", "routing_key")}
    for name, value in list(headers_of(message).items())[:_HEADERS]:
        if isinstance(value, str | int | float | bool):
            out[f"x-{name}"[:_LENGTH]] = str(value)
    return {name: value[:_LENGTH] for name, value in out.items() if value}


class Units:
    """Gives each message its identity.

    With the sender's id (``id_header`` or ``message_id``) or the sender's ``timestamp``: the same with the same bytes
    is the same unit, whoever delivers it and however often. With neither, equal bytes may be meant twice: each is a
    unit of its own, unless the broker says that it delivers it again and it was delivered to this process before.
    """

    def __init__(self, queue: str, id_header: str = "") -> None:
        self._queue = queue
        self._id_header = id_header
        self._nameless: OrderedDict[str, deque[str]] = OrderedDict()

    def identity(self, message: Any, body: bytes) -> str:
        digest = sha256(body).hexdigest()
        given = headers_of(message).get(self._id_header) if self._id_header else properties(message).get("message_id")
        if given not in (None, ""):
            text = str(given)
            short = text if len(text) <= 150 else sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            return f"{short}#{digest[:32]}"
        stamp = properties(message).get("timestamp")
        where = f"{self._queue}\0{message.delivery_info['routing_key']}\0{stamp or ''}\0{digest}"
        content = sha256(where.encode("utf-8", "surrogatepass")).hexdigest()[:48]
        return f"{content}@{stamp}" if stamp else self._nonce(content, bool(message.delivery_info["redelivered"]))

    def _nonce(self, content: str, redelivered: bool) -> str:
        known = self._nameless.setdefault(content, deque())
        self._nameless.move_to_end(content)
        while len(self._nameless) > _REMEMBERED:
            self._nameless.popitem(last=False)
        if redelivered and known:
            known.rotate(-1)  # two of equal bytes that come again are two
            return known[-1]
        identity = f"{content}!{secrets.token_hex(8)}"
        known.append(identity)
        return identity
