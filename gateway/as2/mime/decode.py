"""Transfer encodings taken off, in pieces (RFC 2045, 6)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from quopri import decodestring

from gateway.as2.mime.entity import Entity, Region
from gateway.as2.problem import MimeError

_AS_IT_IS = frozenset({"binary", "8bit", "7bit", ""})
_NO_LETTER = re.compile(rb"[^A-Za-z0-9+/=]+")


def decoded(found: Entity) -> Iterator[bytes]:
    """The content of an entity. Raises MimeError for an encoding that is not known, or is not kept to."""
    encoding = found.encoding()
    if encoding in _AS_IT_IS:
        return found.body.pieces()
    if encoding == "base64":
        return _base64(found.body)
    if encoding == "quoted-printable":
        return _quoted(found.body)
    raise MimeError(f"The transfer encoding {encoding[:40]} is not known.")


def is_plain(found: Entity) -> bool:
    """Whether the body is the content."""
    return found.encoding() in _AS_IT_IS


def _base64(region: Region) -> Iterator[bytes]:
    rest = b""
    try:
        for piece in region.pieces():
            letters = rest + _NO_LETTER.sub(b"", piece)
            cut = len(letters) - len(letters) % 4
            rest = letters[cut:]
            if cut:
                yield binascii.a2b_base64(letters[:cut])
        if rest:
            yield binascii.a2b_base64(rest + b"=" * (-len(rest) % 4))
    except binascii.Error:
        raise MimeError("The content is no base64.") from None


def _quoted(region: Region) -> Iterator[bytes]:
    rest = b""
    for piece in region.pieces():
        lines, line_end, rest = (rest + piece).rpartition(b"\n")
        yield decodestring(lines + line_end)
    yield decodestring(rest)
