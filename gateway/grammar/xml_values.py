"""The values of XML documents: whether a text is of a type of XML Schema part 2 that UBL uses, and what it would be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

BLANKS = " \t\r\n"

_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_DATE = r"-?(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_FOUR_CENTURIES = 400  # after so many years the calendar begins anew

_is_decimal = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII).fullmatch
_is_date = re.compile(_DATE + _ZONE, re.ASCII).fullmatch
_is_time = re.compile(_TIME + _ZONE, re.ASCII).fullmatch
_is_moment = re.compile(f"{_DATE}T{_TIME}{_ZONE}", re.ASCII).fullmatch
_is_language = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", re.ASCII).fullmatch
_is_base64 = re.compile(
    r"(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){2}(?:[A-Za-z0-9+/] ?= ?|= ?= ?))?", re.ASCII
).fullmatch


class Primitive(NamedTuple):
    """A type of XML Schema. ``check`` None: any text is of it."""

    name: str
    check: Callable[[str], object] | None = None
    explained: str = ""


@lru_cache(maxsize=4096)
def _of_calendar(text: str) -> bool:
    return _exists(_is_date(text))


def _of_moment(text: str) -> bool:
    return _exists(_is_moment(text))


def _exists(found: re.Match[str] | None) -> bool:
    """Whether there is such a day: XML Schema has no year 0."""
    if found is None or int(found[1]) == 0:
        return False
    try:
        date(int(found[1]) % _FOUR_CENTURIES + _FOUR_CENTURIES, int(found[2]), int(found[3]))
    except ValueError:
        return False
    return True


PRIMITIVES = {
    kind.name: kind
    for kind in (
        Primitive("string"),
        Primitive("normalizedString"),
        Primitive("anyURI"),
        Primitive("language", _is_language, "A language, such as en or de-AT."),
        Primitive("decimal", _is_decimal, "Digits, with a point before decimals and a sign where it is negative."),
        Primitive("boolean", frozenset({"true", "false", "1", "0"}).__contains__, "true or false."),
        Primitive("date", _of_calendar, "A day of the calendar: 2026-01-31."),
        Primitive("time", _is_time, "A time of day with seconds: 13:20:00."),
        Primitive("dateTime", _of_moment, "A day and a time: 2026-01-31T13:20:00."),
        Primitive("base64Binary", lambda text: _is_base64(re.sub(r"[ \t\r\n]+", " ", text)), "Data in base64."),
    )
}
"""By name."""
