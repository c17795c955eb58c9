"""JSON values that stand one after the other in a file: on a line each (JSON Lines), or one over many lines.

An array with which the file begins is a sequence of its items.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_DECODER = json.JSONDecoder()
_BOM = b"\xef\xbb\xbf"
_BLANKS = " \t\r\n"
_BLANK = re.compile(rf"[{_BLANKS}]*")
_BETWEEN = re.compile(rf"[{_BLANKS},\]]*")
_STEP = 4096  # characters read of a value that does not end on its line: doubled until it ends
_AGAIN = 4  # how often as many characters as the file has may be read in vain
_BROKEN = 10_000  # values that cannot be read: what has more of them is no JSON


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
    at = _end_of(_BLANK, text, 0)
    listed = text.startswith("[", at)
    counted = _Place(text, start)
    for found in _values(text, at + listed, listed):
        yield counted.piece(*found)


class _Found(NamedTuple):
    """A value, or what is wrong, between two places of the text."""

    at: int
    end: int
    value: Any = None
    error: str | None = None


class _Place:
    """Counts lines and bytes on from the last place asked for."""

    def __init__(self, text: str, offset: int) -> None:
        self._text, self._seen, self._line, self._offset = text, 0, 1, offset

    def piece(self, at: int, end: int, value: Any, error: str | None) -> Piece:
        self._to(at)
        line, offset = self._line, self._offset
        self._to(end)
        return Piece(self._text[at:end], line, offset, self._offset - offset, value, error)

    def _to(self, place: int) -> None:
        self._line += self._text.count("\n", self._seen, place)
        self._offset += len(self._text[self._seen : place].encode())
        self._seen = place


def _values(text: str, at: int, listed: bool) -> Iterator[_Found]:
    """``listed``: the values are the items of an array, whose end has to be there."""
    left, errors = _AGAIN * len(text) + _STEP, _BROKEN
    first, broken = True, False
    while True:
        begun, at = at, _end_of(_BETWEEN if listed else _BLANK, text, at)
        if listed:
            marks = text[begun:at].translate(_WITHOUT_BLANKS)
            wrong = _between(marks, first, broken, at == len(text))
            if wrong:
                yield _Found(begun, at, error=wrong)
            listed = "]" not in marks
        if at == len(text):
            return
        value, end, error, spent = _value(text, at)
        left -= spent
        errors -= error is not None
        if left < 0 or errors < 0:
            yield _Found(at, len(text), error="too much before it cannot be read: reading ends here")
            return
        yield _Found(at, end, value, error)
        at, first, broken = end, False, error is not None


_WITHOUT_BLANKS = str.maketrans("", "", _BLANKS)


def _between(marks: str, first: bool, broken: bool, ended: bool) -> str | None:
    """What is wrong with commas and brackets beside an item; those behind a ``broken`` one may have gone with it."""
    if ended and "]" not in marks:
        return None if broken else "the array with which the file begins has no end: the file may be cut off"
    if marks in ("]", "" if first else ",") or (broken and not marks):
        return None
    return f'"{marks[:_SHOWN]}" cannot stand in an array' if marks else "the comma before it is missing"


_SHOWN = 20


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where a run ends that may be empty."""
    found = pattern.match(text, at)
    return found.end() if found else at


def _value(text: str, at: int) -> tuple[Any, int, str | None, int]:
    """The value at a place, where it ends, what is wrong with it, and how many characters were read in vain.

    A reader of JSON counts lines from the start of what it is given, for its message: so it gets the line alone, and
    more where the value does not end on it.
    """
    line = end = _line_end(text, at)
    spent = 0
    while True:
        window = text[at:end]
        try:
            value, length = _DECODER.raw_decode(window)
        except json.JSONDecodeError as error:
            spent += len(window)
            if end < len(text) and error.pos >= len(window.rstrip(_BLANKS)):
                end = _line_end(text, at + max(2 * len(window), _STEP))
                continue
            wrong = f"{error.msg[:1].lower()}{error.msg[1:]}, at character {error.pos + 1}"
        except (ValueError, RecursionError):
            spent += len(window)
            wrong = "it has a number of too many digits, or is nested too deeply"
        else:
            return value, at + length, None, spent
        return None, line, wrong, spent


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
