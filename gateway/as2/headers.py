"""Header blocks, read as partners write them: folded, tabbed, in any case, with bare line feeds (RFC 5322, 2045, 2231).

What was read is never written again: digests are taken of bytes as they came.
"""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from gateway.as2.problem import MimeError
from gateway.core.exchanges import Pairs

#: Bytes and fields of one block.
BLOCK_BYTES, _FIELDS = 64 * 1024, 500
_WORDS = 2000

_FOLD = re.compile(r"\r?\n[ \t]+")
_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]*[ \t]*:")
_MIME = re.compile(rb"^(?:content-[a-z-]+|mime-version)[ \t]*:", re.I | re.M)
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))')
_ESCAPED = re.compile(r"\\(.)")
_CHARSETS = {"utf-8": "utf-8", "us-ascii": "ascii", "iso-8859-1": "latin-1", "": "ascii"}


class Media(NamedTuple):
    """A content type or a disposition: its value in small letters, its parameters by names in small letters."""

    value: str
    parameters: dict[str, str]


def is_header(block: bytes) -> bool:
    """Whether this is a header block of MIME, and no bare content: ``UNA:+.? '`` looks like a field, too."""
    return _FIELD.match(block) is not None and _MIME.search(block) is not None


def parse(block: bytes) -> Pairs:
    """The fields of a block, unfolded. Lines that are no fields are passed by. Raises MimeError beyond the bounds."""
    text = _FOLD.sub(" ", block.decode("utf-8", "surrogateescape"))
    lines = text.replace("\r\n", "\n").split("\n")
    if len(block) > BLOCK_BYTES or len(lines) > _FIELDS:
        raise MimeError("There are more headers than are read.")
    fields = (line.partition(":") for line in lines if ":" in line)
    return tuple((name.strip(), value.strip()) for name, _, value in fields if name.strip())


def value(headers: Pairs, name: str) -> str:
    """The first field of that name (in small letters), empty where there is none."""
    return next((found.strip() for known, found in headers if known.lower() == name), "")


@lru_cache(maxsize=64)  # a message is asked for its own several times
def media(text: str) -> Media:
    """``multipart/signed; boundary="…"`` taken apart, with names in other character sets (RFC 2231) decoded."""
    head, _, _ = text.partition(";")
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(text[len(head) :]):
        name, quoted, plain = match.groups()
        found.setdefault(name.lower(), _ESCAPED.sub(r"\1", quoted) if quoted is not None else plain.strip())
    return Media(head.strip().lower(), _joined(found))


def _joined(found: dict[str, str]) -> dict[str, str]:
    """``filename*0*=``, ``filename*1=`` and ``filename*=`` as ``filename``."""
    plain = {name: value for name, value in found.items() if "*" not in name}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in found.items():
        base, star, rest = name.partition("*")
        if not star:
            continue
        number, encoded = rest.removesuffix("*"), rest.endswith("*") or rest == ""
        if number == "" or (number.isdecimal() and len(number) < 4):
            pieces.setdefault(base, {})[int(number or 0)] = (value, encoded)
    for base, parts in pieces.items():
        plain[base] = _decoded([parts[number] for number in sorted(parts)])
    return plain


def _decoded(parts: list[tuple[str, bool]]) -> str:
    charset = "ascii"
    found = ""
    for place, (piece, encoded) in enumerate(parts):
        text = piece
        if encoded and place == 0 and piece.count("'") >= 2:
            named, _, text = piece.split("'", 2)
            charset = _CHARSETS.get(named.lower(), "utf-8")
        found += unquote(text, encoding=charset, errors="replace") if encoded else text
    return found


def words(text: str) -> str:
    """``=?UTF-8?B?…?=`` decoded where it stands: against the rules in parameters, and usual there (RFC 2047, 5)."""
    if "=?" not in text or len(text) > _WORDS:
        return text
    try:
        return str(make_header(decode_header(text)))
    except (LookupError, ValueError, HeaderParseError):
        return text


def quoted(name: str) -> str:
    """A name in AS2 as it stands in a header: in quotes where it has blanks, quotes or backslashes (RFC 4130, 6.2)."""
    if not any(letter in name for letter in ' "\\'):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquoted(text: str) -> str:
    """The other way round; what has no quotes is taken as it is."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(r"\1", text[1:-1])
    return text
