"""Canonical documents as JSON, their published schema, and what tells two of them apart.

Decimals are written as JSON strings in plain notation (``"5.00"``, never a number): most readers of JSON make a
binary float of a number and lose cents and trailing zeros. Both forms are read, a number exactly as its digits say.
Dates are ``YYYY-MM-DD``, times ISO 8601. Absent fields are left out. The first key, ``document``, names the kind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from gateway.canonical.order import Order
from gateway.canonical.values import Part
from gateway.core.errors import NotFoundError, UnreadableError

SCHEMA_VERSION = "1"
"""Version of all canonical schemas: raised when a field is removed, renamed or changes its meaning."""

MOST_EXPONENT = 64

Document = Order
DOCUMENTS: dict[str, type[Document]] = {"Order": Order}

_KEYS: dict[type[Document], str] = {Order: "order"}
_DECODERS = {name: msgspec.json.Decoder(kind) for name, kind in DOCUMENTS.items()}


def document_type(name: str) -> type[Document]:
    """The type of that name. Raises NotFoundError naming the ones there are."""
    try:
        return DOCUMENTS[name]
    except KeyError:
        known = ", ".join(sorted(DOCUMENTS))
        raise NotFoundError(f"There is no canonical document {name}.", hint=f"There are: {known}.") from None


def to_json(document: Part) -> bytes:
    """The document as one line of UTF-8 JSON; equal documents with equal decimals give equal bytes."""
    return msgspec.json.encode(_plain(_builtins(document)))


def from_json(name: str, data: bytes | str) -> Document:
    """The document of kind ``name``. Raises UnreadableError with the path of what does not fit the schema."""
    document_type(name)
    try:
        document = _DECODERS[name].decode(data)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise UnreadableError(f"This is not a canonical {name}: {error}.") from error
    if not all(_is_plain(number) for number in _decimals(_builtins(document))):
        raise UnreadableError(f"This is not a canonical {name}: a number is not finite or has an absurd exponent.")
    return document


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the document, with the version in its ``$id``."""
    schema = msgspec.json.schema(document_type(name))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:crossdock:{name}:{SCHEMA_VERSION}"}
    return head | schema


def fingerprint(document: Part) -> bytes:
    """SHA-256 of what the document says: 5.00 and 5 are equal here, extensions count.

    Extensions count because a change in what no mapping reads is still a change: better one conflict too many, held
    for a person, than a changed order taken for a duplicate.
    """
    normal = _normal(_builtins(document))
    return hashlib.sha256(SCHEMA_VERSION.encode() + msgspec.json.encode(normal, order="sorted")).digest()


def business_key(document: Document) -> str:
    """What documents of one business matter share: ``order:4711``. They are handled one after the other."""
    return f"{_KEYS[type(document)]}:{document.id}"


def _builtins(document: Part) -> Any:
    return msgspec.to_builtins(document, builtin_types=(Decimal,))


def _is_plain(number: Decimal) -> bool:
    """Whether plain notation can write it: 1E+999999 would be a megabyte of zeros."""
    return number.is_finite() and abs(int(number.as_tuple().exponent)) <= MOST_EXPONENT


def _plain(value: Any) -> Any:
    """Decimals to plain notation, never ``1E+2``."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return format(value, "f") if isinstance(value, Decimal) else value


def _normal(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _normal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_normal(item) for item in value]
    return _shortest(value) if isinstance(value, Decimal) else value


def _shortest(number: Decimal) -> str:
    """Without trailing zeros, at any precision; no zero has a sign."""
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _decimals(value: Any) -> Iterator[Decimal]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _decimals(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _decimals(item)
    elif isinstance(value, Decimal):
        yield value
