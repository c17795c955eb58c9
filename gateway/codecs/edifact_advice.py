"""The service characters of an EDIFACT interchange: from UNA, or those of its level (ISO 9735:1988 §5, §6)."""

from __future__ import annotations

import re
from typing import NamedTuple

from gateway.codecs.charset import SYNTAX_CHARSETS, decode, mask
from gateway.codecs.dialect import Opening, unreadable
from gateway.codecs.framing import framing
from gateway.codecs.line import Line
from gateway.codecs.model import Delimiters
from gateway.codecs.split import segments
from gateway.codecs.stream import Window

DEFAULT = Delimiters("+", ":", "'", None, "?", ".")
"""Level A, ISO 9735:1988 §5.1; in practice of every level."""

INFORMATION_SEPARATORS = Delimiters("\x1d", "\x1f", "\x1c", None, None, ".")
"""Level B, ISO 9735:1988 §5.2: IS3, IS1, IS4; not released."""

_HEADER_BYTES = 16 * 1024  # a UNB is a few hundred bytes at most


class Advice(NamedTuple):
    """The service characters of an interchange, the UNA that names them, and where UNB begins behind it."""

    delimiters: Delimiters
    text: str | None = None
    length: int = 0


def advice_of(window: Window) -> Advice | Opening:
    """The service characters: from UNA, or the default of the level that the character behind UNB shows."""
    head = window.raw(64)
    if not head.startswith(b"UNA"):
        if head[3:4] == b"\x1d":
            return Advice(INFORMATION_SEPARATORS)
        return Advice(_teletype(window, head) or DEFAULT)
    text = head[:9].decode("latin-1")
    component, element, decimal, release, repetition, terminator = list(text[3:].ljust(6))
    marks = [component, element, terminator, *([release] if release != " " else [])]
    if len(set(marks)) < len(marks) or any(not mark.isascii() or mark.isalnum() or mark == " " for mark in marks):
        return unreadable("edifact", window, "EDF-I22")
    found = Delimiters(
        element, component, terminator, repetition.strip() or None, release if release != " " else None, decimal
    )
    behind = head[9:].lstrip(b"\r\n\t ".replace(terminator.encode("latin-1"), b""))
    return Advice(found, text, len(head) - len(behind))


_MARK = rb"((?![\w\s?])[\x1c-\x7e])"
_TELETYPE = re.compile(b"UNB" + _MARK + b"IAT[AB]" + _MARK + rb"\d\1")
_TELETYPE_MESSAGE = _MARK + rb"[\r\n\t ]*UN[GH]"


def _teletype(window: Window, head: bytes) -> Delimiters | None:
    """Airlines' networks that lack some characters write others and no UNA: UNB shows them by its fixed form, and the
    terminator stands before the first message. None: they are the usual ones, or cannot be told."""
    shown = _TELETYPE.match(head)
    if shown is None or shown[1] == b"+":
        return None
    window.hold(_HEADER_BYTES)
    after = re.compile(_TELETYPE_MESSAGE + re.escape(shown[1])).search(window.data, shown.end(), _HEADER_BYTES)
    if after is None or len({*shown.groups(), after[1]}) < 3:
        return None
    element, component, terminator = (bytes(mark).decode("latin-1") for mark in (*shown.groups(), after[1]))
    return DEFAULT._replace(element=element, component=component, terminator=terminator)


def header_length(window: Window, advice: Advice) -> int:
    """The bytes of UNB with its terminator; 0 when there is no end of it within reason."""
    window.hold(advice.length + _HEADER_BYTES)
    data = window.data[: advice.length + _HEADER_BYTES]
    end = framing(advice.delimiters, (), "latin-1").end(data, advice.length, advice.length)
    return end - advice.length if end else 0


def header_line(window: Window, advice: Advice, length: int, charset: str | None) -> Line:
    """UNB or UIB, decoded as it declares itself or as the caller says. From here on the window's bytes are text."""
    raw = window.raw(advice.length + length)[advice.length :]
    text_set = charset or SYNTAX_CHARSETS.get(decode(raw[4:8], "ascii"), "ascii")
    window.use(lambda: mask(text_set))
    segment = segments(decode(raw, text_set), advice.delimiters)[0]
    return Line(segment, 1, window.offset + advice.length, advice.delimiters, text_set)


def repetition(advice: Advice, version: str) -> str | None:
    """Only syntax version 4 has repetitions; its default separator is ``*`` (ISO 9735-1:2002 §8)."""
    if version != "4":
        return None
    return "*" if advice.text is None else advice.delimiters.repetition
