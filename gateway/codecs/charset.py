"""Character sets: what an interchange declares, as codecs of Python, and where their bytes only look like delimiters.

Framing works on bytes: segment terminators, tags and counts are found before anything is decoded. That is right for
every character set in which an ASCII byte is always that ASCII character. In the others (GB18030, ISO 2022-JP and
their kin) the second byte of a character may be ``'`` or ``~``: :func:`mask` hides such bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from functools import lru_cache

from gateway.core.errors import UsageError

SYNTAX_CHARSETS: dict[str, str] = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOW": "utf-8",
    "UNOX": "iso2022_jp_2",
    "UNOY": "utf-8",
    "IATA": "ascii",
    "IATB": "ascii",
}
"""Data element 0001 → codec. UNOA to UNOF: ISO 9735:1988 with its amendment; UNOG to UNOK, UNOX, UNOY: ISO 9735-1:2002
with service code list 4.1; UNOW: later service code lists; IATA, IATB: PADIS of the airlines. UNOA and UNOB differ in
the characters they allow, not in their bytes."""

X12_CHARSET = "utf-8"
"""X12 declares no character set. ASCII is common to all of them; UTF-8 contains it and cannot be taken for another."""

_HIGH = rb"[\x81-\xfe]"
_PAIRED: dict[str, bytes] = {
    "gb18030": _HIGH + rb"(?:[\x30-\x39]" + _HIGH + rb"[\x30-\x39]|[\x40-\x7e\x80-\xfe])",
    "gbk": _HIGH + rb"[\x40-\x7e\x80-\xfe]",
    "big5": _HIGH + rb"[\x40-\x7e\xa1-\xfe]",
    "big5hkscs": _HIGH + rb"[\x40-\x7e\xa1-\xfe]",
    "cp950": _HIGH + rb"[\x40-\x7e\xa1-\xfe]",
    "cp949": _HIGH + rb"[\x41-\x5a\x61-\x7a\x81-\xfe]",
    "johab": rb"[\x84-\xf9][\x31-\x7e\x81-\xfe]",
    "shift_jis": rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]",
    "cp932": rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]",
}
"""Codec → its characters of several bytes whose later bytes may be ASCII (the codecs' own definitions)."""

_SHIFTED = re.compile(rb"\x1b(?:\$\(?([@-Z])|\(([@-Z])|\.[@-Z]|N.)", re.DOTALL)
"""ISO/IEC 2022: to a set of two bytes (1), to one of one byte (2), a set for single shifts, a character of that set."""

_ALIKE = {b"B": b"", b"J": b"\\~"}
"""ISO/IEC 2022: sets of one byte in which these bytes alone are not what they are in ASCII. In others all are."""

FILLER = b"\xff"
"""What framing sees of bytes that only look like delimiters."""

Masker = Callable[[bytes, bool], bytes]
"""(raw bytes that follow the earlier ones, is this the end) → as many framing bytes as are certain by now."""


_ASCII = "".join(map(chr, range(0x20, 0x7F)))
_UNFIT = ("utf-7", "hz", "iso2022_kr", "punycode", "idna", "raw_unicode_escape", "unicode_escape")


@lru_cache(maxsize=64)
def charset_named(name: str) -> str:
    """Python's name of the codec for ``name``. Raises UsageError when it cannot carry X12 or EDIFACT."""
    try:
        found = codecs.lookup(name).name
        plain = _ASCII.encode("ascii").decode(found) == _ASCII and _ASCII.encode(found) == _ASCII.encode("ascii")
    except (LookupError, UnicodeError, TypeError, ValueError):
        plain, found = False, name
    if not plain or found in _UNFIT:
        raise UsageError(f"Character set {name!r} is not known or does not contain ASCII.", hint="For example: utf-8.")
    return found


def decode(raw: bytes | bytearray, charset: str) -> str:
    """Text of ``raw``; every byte that is no text becomes a lone surrogate U+DC00 + byte."""
    try:
        return raw.decode(charset, "surrogateescape")
    except UnicodeDecodeError:  # surrogateescape has no answer to a wrong byte below 0x80, as ISO 2022 may have
        return raw.decode(charset, _HANDLER)


def encode(text: str, charset: str) -> bytes:
    """The bytes that :func:`decode` made ``text`` of. Raises UnicodeEncodeError where the set lacks a character."""
    try:
        return text.encode(charset, "surrogateescape")
    except UnicodeEncodeError:
        return text.encode(charset, _HANDLER)


def binary_text(raw: bytes) -> str:
    """Bytes that are no text at all (BIN, BDS): a surrogate for each, as for those that are wrong in a text. So none of
    them is a delimiter, a length in characters is one in bytes, and :func:`encode` gives them back."""
    pairs = bytearray(b"\xdc") * (2 * len(raw))
    pairs[::2] = raw
    return pairs.decode("utf-16-le", "surrogatepass")


def width(text: str, charset: str) -> int:
    """The bytes that ``text`` took. Exact but where a character set has several ways to write the same (ISO 2022)."""
    if text.isascii():
        return len(text)
    try:
        return len(encode(text, charset))
    except UnicodeEncodeError:  # codecs of ISO 2022 accept single bytes that they never write
        return sum(len(character.encode(charset, "replace")) for character in text)


UNDECODED = r"\ud800-\udfff"
"""In a class of a regular expression: what stands for bytes that are no text (:func:`decode`), and is none itself."""

_UNDECODED = re.compile(f"[{UNDECODED}]")


def undecodable(text: str) -> bool:
    """True when ``text`` has bytes in it that were no text in the character set of its interchange."""
    return not text.isascii() and _UNDECODED.search(text) is not None


def mask(charset: str) -> Masker | None:
    """What makes framing bytes of raw ones, of the same length; None where the raw ones will do."""
    if charset in _PAIRED:
        return _Pairs(re.compile(_PAIRED[charset]))
    return _Shifts() if charset.startswith("iso2022") else None


class _Pairs:
    """Characters of two or four bytes: each becomes fillers."""

    def __init__(self, pattern: re.Pattern[bytes]) -> None:
        self._pattern = pattern
        self._tail = b""

    def __call__(self, raw: bytes, ended: bool) -> bytes:
        data = self._tail + raw
        shown = self._pattern.sub(lambda found: FILLER * len(found[0]), data)
        sure = len(data) if ended else self._whole(shown)
        self._tail = data[sure:]
        return shown[:sure]

    @staticmethod
    def _whole(shown: bytes) -> int:
        """Up to where no character can continue in what comes next: a first byte has at most three others."""
        length = len(shown)
        return next((place for place in range(max(0, length - 3), length) if 0x81 <= shown[place] <= 0xFE), length)


class _Shifts:
    """ISO 2022: between a shift to another set and the shift back to ASCII, bytes that are not ASCII become fillers."""

    def __init__(self) -> None:
        self._tail = b""
        self._unlike: bytes | None = b""  # bytes of the present set that are not what they are in ASCII; None: all

    def __call__(self, raw: bytes, ended: bool) -> bytes:
        data = self._tail + raw
        escape = data.rfind(b"\x1b", max(0, len(data) - 3))
        sure = len(data) if ended or escape < 0 else escape
        self._tail, data = data[sure:], data[:sure]
        out, place = bytearray(), 0
        for shift in _SHIFTED.finditer(data):
            out += self._shown(data[place : shift.start()]) + FILLER * len(shift[0])
            place = shift.end()
            if shift[1] or shift[2]:
                self._unlike = _ALIKE.get(shift[2])
        return bytes(out + self._shown(data[place:]))

    def _shown(self, run: bytes) -> bytes:
        if self._unlike is None:
            return FILLER * len(run)
        return run.translate(bytes.maketrans(self._unlike, FILLER * len(self._unlike)))


def _keep_byte(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeDecodeError):
        return chr(0xDC00 | error.object[error.start]), error.start + 1
    if isinstance(error, UnicodeEncodeError):
        kept = _KEPT.match(error.object, error.start)  # a codec may name one character of many
        if kept:
            return kept[0].encode("utf-16-le", "surrogatepass")[::2], kept.end()
    raise error


_KEPT = re.compile("[\udc00-\udcff]+")
_HANDLER = "gateway.keep-byte"
codecs.register_error(_HANDLER, _keep_byte)
