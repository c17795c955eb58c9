"""What may not stand in a log: content of documents, personal data, secrets, and endless values.

Names of keys decide, and patterns catch what stands in running text. A log says which document and where; what the
document says is read in the gateway, by those who may.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from typing import Any

MOST_CHARACTERS = 300
MOST_TRACEBACK = 8000
MOST_ITEMS = 20
DEEPEST = 4
LONGEST_PATTERN = 100  # characters beyond the cut that are looked at, so that nothing is cut in two and missed

CONTENT = "[content]"  # a number under such a key is a place or a size, and stays

#: Words of a key (``buyer_name`` has two) that hide its value, and what stands there instead.
HIDDEN: dict[str, str] = {
    **dict.fromkeys(
        ("body", "payload", "content", "raw", "segment", "segments", "value", "document_text"), "[content]"
    ),
    **dict.fromkeys(
        (
            *("name", "names", "contact", "person", "address", "street", "city", "postal", "postcode", "zip"),
            *("email", "mail", "phone", "telephone", "mobile", "fax", "birth", "birthday", "birthdate"),
            *("passport", "ssn", "iban", "bic", "vat", "tax", "eori", "identity", "recipient"),
        ),
        "[personal]",
    ),
    **dict.fromkeys(
        ("password", "passphrase", "secret", "token", "key", "authorization", "cookie", "credential", "credentials"),
        "[secret]",
    ),
}

#: Keys that have such a word and are about the gateway itself.
SHOWN = frozenset(
    {"file_name", "business_key", "key", "logger_name", "step_name", "handler_name", "mapping_name", "host_name"}
)

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++")
_PHONE = re.compile(r"\+\d(?:[ ()/-]{0,3}\d){7,14}")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_SHORTEST_IBAN = 16
#: Texts that may be longer than others: an error ends in what to do about it.
_LONGER = {"exception": MOST_TRACEBACK, "stack": MOST_TRACEBACK, "error": 1000}


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The processor: a line of the log without what may not stand in it."""
    for key, value in event.items():
        if key in _LONGER and value is not None:
            event[key] = _text(str(value), _LONGER[key])
        else:
            event[key] = _clean(key, value)
    return event


def shown(text: str) -> str:
    """Running text as it may be shown where a log may: bounded, without what looks like personal data."""
    return _text(text, MOST_CHARACTERS)


def _clean(key: str, value: Any, depth: int = 0) -> Any:
    mask = _mask(key)
    if mask is not None and value is not None and not (mask == CONTENT and isinstance(value, int)):
        return mask
    if isinstance(value, str):
        return _text(value, MOST_CHARACTERS)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"[{len(value)} bytes]"
    return _nested(value, depth)


def _nested(value: Any, depth: int) -> Any:
    if depth < DEEPEST and isinstance(value, Mapping):
        items = list(value.items())[:MOST_ITEMS]
        return {str(key): _clean(str(key), inner, depth + 1) for key, inner in items}
    if depth < DEEPEST and isinstance(value, (list, tuple, set, frozenset)):
        return [_clean("", inner, depth + 1) for inner in list(value)[:MOST_ITEMS]]
    return _text(str(value), MOST_CHARACTERS)


@lru_cache(maxsize=1024)
def _mask(key: str) -> str | None:
    if key in SHOWN:
        return None
    return next((HIDDEN[word] for word in map(str.lower, _WORD.findall(key)) if word in HIDDEN), None)


def _text(text: str, most: int) -> str:
    length = len(text)
    text = text[: most + LONGEST_PATTERN]
    # Most texts of a log are short words: what cannot be in one is not searched for.
    if "@" in text:
        text = _EMAIL.sub("[email]", text)
    if "+" in text:
        text = _PHONE.sub("[phone]", text)
    if len(text) >= _SHORTEST_IBAN:
        text = _IBAN.sub("[account]", text)
    return text if len(text) <= most else f"{text[:most]}… ({length} characters)"
