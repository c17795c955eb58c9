"""Forms of the values in service segments: dates, times, numbers."""

from __future__ import annotations

import re

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?", re.ASCII)


def is_number(value: str, least: int = 1, most: int = 18) -> bool:
    """Digits alone, ``least`` to ``most`` of them."""
    return least <= len(value) <= most and value.isascii() and value.isdigit()


def is_date(value: str, length: int) -> bool:
    """A day of the calendar as YYMMDD (6) or CCYYMMDD (8)."""
    if not is_number(value, length, length):
        return False
    year, month, day = int(value[:-4]), int(value[-4:-2]), int(value[-2:])
    leap = year % 4 == 0 and (length == 6 or year % 100 != 0 or year % 400 == 0)
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1] and (month != 2 or day < 29 or leap)


def is_time(value: str, *lengths: int) -> bool:
    """A time of day as HHMM, HHMMSS or HHMMSSD[D], of one of ``lengths``."""
    return len(value) in lengths and _TIME.fullmatch(value) is not None
