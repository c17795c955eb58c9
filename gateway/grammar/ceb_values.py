"""The values of customs messages: whether a text has the format that a table writes, and what it would be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from gateway.grammar.xml_values import Primitive

_CHARACTERS = re.compile(r"C(?:(\d+)?(\.\.))?(\d+)?(?:\|(\d+))?", re.ASCII)
_NUMBER = re.compile(r"N(\d+)(?:,(\d+))?", re.ASCII)
_TIMES = {
    "D8": ("%Y%m%d", "A day: 20260131."),
    "T14": ("%Y%m%d%H%M%S", "A time in China: 20260131132000."),
    "T17": ("%Y%m%d%H%M%S%f", "A time in China with milliseconds: 20260131132000123."),
}
_DIGITS = {"D8": 8, "T14": 14, "T17": 17}
_GUID = r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}"

is_number = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII).fullmatch
"""Whether a text is a decimal number of XML Schema."""

VERSION = Primitive("C1..10", lambda text: 1 <= len(text) <= 10, "1 to 10 characters.")
"""The attribute ``version`` of a message."""


def guid(*, strict: bool) -> Primitive:
    """36 characters. We write a UUID in capitals; others write what they like."""
    if strict:
        return Primitive("G36", re.compile(_GUID, re.ASCII).fullmatch, "A UUID in capitals, 36 characters.")
    return Primitive("G36", lambda text: len(text) == 36, "36 characters.")


def formatted(format: str, values: Sequence[str], *, strict: bool, empty: bool) -> Primitive | None:
    """The type of a format; None where it is none. ``strict``: of what we write, which is one of the ``values`` where
    there are some; ``empty``: nothing is one, too."""
    found = _of(format, strict=strict)
    if found is None:
        return None
    check, explained = found
    if values and strict:
        check, explained = among(values), listed(values)
    if empty and not strict:
        return Primitive(format, _or_empty(check), explained)
    return Primitive(format, check, explained)


def _of(format: str, *, strict: bool) -> tuple[Callable[[str], object], str] | None:
    if format == "G36":
        known = guid(strict=strict)
        return (known.check or bool), known.explained
    if format in _TIMES:
        return _time(format), _TIMES[format][1]
    number = _NUMBER.fullmatch(format)
    if number:
        whole, behind = int(number[1]), int(number[2] or 0)
        shown = f"{behind} of them behind the point" if number[2] else "none behind a point"
        return _digits(whole, behind), f"A number of at most {whole} digits, {shown}."
    characters = _CHARACTERS.fullmatch(format)
    if not characters:
        return None
    least, to, most, read = characters[1], characters[2], characters[3], characters[4]
    longest = int((most if strict or not read else read) or 0) or None
    shortest = int(least or 0) if to else longest or 0
    return _length(shortest, longest), _said(shortest, longest)


def _length(least: int, most: int | None) -> Callable[[str], object]:
    return lambda text: least <= len(text) and (most is None or len(text) <= most)


def _said(least: int, most: int | None) -> str:
    if most is None:
        return "Any text."
    if least == most:
        return f"Exactly {most} characters."
    return f"{least} to {most} characters." if least else f"At most {most} characters."


def _digits(whole: int, behind: int) -> Callable[[str], object]:
    """XML Schema 2, totalDigits and fractionDigits: zeros in front and at the end do not count."""

    def check(text: str) -> bool:
        if not is_number(text):
            return False
        before, _, after = text.lstrip("+-").partition(".")
        before, after = before.lstrip("0"), after.rstrip("0")
        return len(after) <= behind and len(before) + len(after) <= whole

    return check


def _time(format: str) -> Callable[[str], object]:
    pattern, digits = _TIMES[format][0], _DIGITS[format]

    def check(text: str) -> bool:
        if len(text) != digits or not (text.isascii() and text.isdigit()):
            return False
        try:
            datetime.strptime(text, pattern)
        except ValueError:
            return False
        return True

    return check


def among(values: Sequence[str]) -> Callable[[str], object]:
    """Whether a text is one of these."""
    allowed, below = frozenset(values) - {"<0"}, "<0" in values
    return lambda text: text in allowed or (below and text.startswith("-") and text[1:].isdigit())


def listed(values: Sequence[str]) -> str:
    """These, in a sentence."""
    words = [value for value in values if value != "<0"]
    shown = ", ".join(words)
    if "<0" in values:
        shown = f"{shown}, or a number below zero" if words else "a number below zero"
    return f"One of: {shown}." if len(words) > 1 else f"Only: {shown}."


def _or_empty(check: Callable[[str], object]) -> Callable[[str], object]:
    return lambda text: not text or check(text)
