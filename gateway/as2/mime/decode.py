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

#: How a structure of CMS begins: 30 80 to 30 84, and the same in base64.
_DER, _BASE64 = re.compile(rb"0[\x80-\x84]"), re.compile(rb"\s*MI")


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


def structure(found: Entity) -> Iterator[bytes]:
    """The same of what has to be a structure of CMS: its bytes say whether they are encoded, more reliably than
    headers that were left out, or put above the whole of what they were for."""
    begin = found.body.head(16)
    if _DER.match(begin):
        return found.body.pieces()
    return _base64(found.body, lenient=True) if _BASE64.match(begin) else decoded(found)


def _base64(region: Region, *, lenient: bool = False) -> Iterator[bytes]:
    """``lenient``: what stands behind the end counts for nothing, since the content says its length itself."""
    rest, ended = b"", False
    try:
        for piece in region.pieces():
            behind = _NO_LETTER.sub(b"", piece)
            if not ended:
                letters, filling, behind = behind.partition(b"=")
                letters, ended = rest + letters, bool(filling)
                cut = len(letters) - len(letters) % 4
                rest = letters[cut:]
                if cut:
                    yield binascii.a2b_base64(letters[:cut])
            if ended and behind.strip(b"="):
                if not lenient:
                    raise MimeError("The content goes on behind the end of its base64.")
                break
        if rest and not (lenient and len(rest) == 1):
            yield binascii.a2b_base64(rest + b"=" * (-len(rest) % 4))
    except binascii.Error:
        raise MimeError("The content is no base64.") from None


def _quoted(region: Region) -> Iterator[bytes]:
    """In pieces of any lines: nothing is kept but what may be the beginning of an escape."""
    rest = b""
    for piece in region.pieces():
        text = rest + piece
        cut = text.find(b"=", max(0, len(text) - 3))
        cut = len(text) if cut < 0 else cut
        rest = text[cut:]
        yield decodestring(text[:cut])
    yield decodestring(rest)
