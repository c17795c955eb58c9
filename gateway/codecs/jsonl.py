"""JSON values that stand one after the other in a file: on a line each (JSON Lines), or one over many lines.

An array at the top is a sequence of its items.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_DECODER = json.JSONDecoder()
_BOM = b"\xef\xbb\xbf"
_BLANK = re.compile(r"[ \t\r\n]*")
_BETWEEN = re.compile(r"[ \t\r\n,\]]*")


class Piece(NamedTuple):
    """One value. ``line`` counts from 1, ``offset`` and ``length`` are in bytes of the file.

    ``value`` is None where ``error`` says why the text cannot be read; then the piece is the rest of its line.
    """

    text: str
    line: int
    offset: int
    length: int
    value: Any = None
    error: str | None = None


def pieces(body: bytes) -> Iterator[Piece]:
    """Every value in ``body``. What is wrong with one does not hide the others."""
    start = len(_BOM) if body.startswith(_BOM) else 0
    try:
        text = body[start:].decode("utf-8")
    except UnicodeDecodeError as error:
        place = start + error.start
        yield Piece("", body.count(b"\n", 0, place) + 1, 0, len(body), error=f"byte {place} is not UTF-8")
        return
    blank = _BLANK
    at = blank.match(text).end()  # type: ignore[union-attr]  # it matches everywhere
    if text.startswith("[", at):
        blank = _BETWEEN
        at += 1
    line, seen, offset = 1, 0, start
    while (at := blank.match(text, at).end()) < len(text):  # type: ignore[union-attr]
        value, end, wrong = _value(text, at)
        line += text.count("\n", seen, at)
        offset += len(text[seen:at].encode())
        found = text[at:end]
        yield Piece(found, line, offset, len(found.encode()), value, wrong)
        line += found.count("\n")
        offset += len(found.encode())
        seen = at = end


def _value(text: str, at: int) -> tuple[Any, int, str | None]:
    """The value at a place, where it ends, and what is wrong with it."""
    try:
        value, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        wrong = f"{error.msg[:1].lower()}{error.msg[1:]}, at character {error.pos - at + 1}"
    except (ValueError, RecursionError):
        wrong = "it has a number of too many digits, or is nested too deeply"
    else:
        return value, end, None
    end = text.find("\n", at)
    return None, len(text) if end < 0 else end, wrong
