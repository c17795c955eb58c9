"""Dates with a format qualifier (data element 2379): the pair of places that ``dtm`` reads and writes."""

from __future__ import annotations

import re
from datetime import UTC, date, time, timedelta, timezone
from typing import NamedTuple

from gateway.mapping.conversions import ConversionError, Memory, read_date, read_time

FORMATS = {
    "": ("D",),  # no qualifier: a date
    "101": ("d",),
    "102": ("D",),
    "201": ("d", "T"),
    "202": ("d", "S"),
    "203": ("D", "T"),
    "204": ("D", "S"),
    "303": ("D", "T", "Z"),
    "304": ("D", "S", "Z"),
    "711": ("D", "-", "D"),
    "717": ("d", "-", "d"),
    "718": ("D", "-", "D"),
    "719": ("D", "T", "-", "D", "T"),
}
"""2379: what its values consist of. D and d dates of eight and six digits, T and S times to minutes and seconds, Z the
zone. The hyphen of a range is not sent; it is read where somebody does."""

RANGES = frozenset(code for code, parts in FORMATS.items() if "-" in parts)
ZONED = frozenset(code for code, parts in FORMATS.items() if "Z" in parts)
TIMED = frozenset(code for code, parts in FORMATS.items() if {"T", "S"} & set(parts)) - ZONED

MIDNIGHT = time()
_WIDTHS = {"D": 8, "d": 6, "T": 4, "S": 6}
_ZONE = re.compile(r"([+-])(\d{2})(\d{2})?", re.ASCII)


class Moment(NamedTuple):
    """What a value says: a day, a time of that day, or the last day of a range.

    ``clock``: it says a time of day other than midnight.
    """

    start: date
    time: time | None = None
    end: date | None = None
    clock: bool = False


def read_moment(pair: tuple[str, str]) -> Moment:
    """A value and its format qualifier. Raises ConversionError."""
    text, code = pair
    parts = FORMATS.get(code)
    if parts is None:
        raise ConversionError(f"its format {code} is not one that is read ({', '.join(filter(None, FORMATS))})")
    dates: list[date] = []
    times: list[time] = []
    rest = text
    for part in parts:
        if part == "-":
            rest = rest.removeprefix("-")
            continue
        if part == "Z":
            times[-1] = times[-1].replace(tzinfo=_read_zone(rest))
            rest = ""
            continue
        piece, rest = rest[: _WIDTHS[part]], rest[_WIDTHS[part] :]
        if len(piece) != _WIDTHS[part]:
            raise ConversionError(f"it is too short for its format {code or '102'}")
        if part in "Dd":
            dates.append(read_date(piece))
        else:
            times.append(read_time(piece))
    if rest:
        raise ConversionError(f"it is too long for its format {code or '102'}")
    end = dates[1] if len(dates) > 1 else None
    clock = any(moment != MIDNIGHT for moment in times)
    return Moment(dates[0], times[0] if times and end is None else None, end, clock)


MOMENTS: Memory[tuple[str, str], Moment] = Memory(read_moment)


def write_moment(code: str, start: date, moment: time | None = None, end: date | None = None) -> str:
    """The value for a format qualifier. Raises ConversionError where the format cannot say it all."""
    parts = FORMATS[code]
    if (moment is not None and moment.tzinfo is not None) != ("Z" in parts):
        raise ConversionError("its format has no room for a time zone")
    if moment is not None and (moment.microsecond or (moment.second and "S" not in parts)):
        raise ConversionError("a time finer than its format", "MAP-PRECISION", most="0")
    out, days = "", [start, end or start]
    for part in parts:
        if part in "Dd":
            day = days.pop(0)
            text = f"{day.year:04d}{day.month:02d}{day.day:02d}"
            out += text if part == "D" else text[2:]
        elif part in "TS":
            clock = moment or MIDNIGHT
            out += f"{clock.hour:02d}{clock.minute:02d}" + (f"{clock.second:02d}" if part == "S" else "")
        elif part == "Z" and moment is not None:
            out += _write_zone(moment)
    if read_moment((out, code)).start != start:
        raise ConversionError("six digits cannot tell its century")
    return out


def _read_zone(text: str) -> timezone:
    """UTC, or hours and minutes from it. Raises ConversionError for names: what zone they are in is not agreed on."""
    if text in ("UTC", "GMT"):
        return UTC
    match = _ZONE.fullmatch(text)
    away = timedelta(hours=int(match[2]), minutes=int(match[3] or 0)) if match else None
    if match is None or away is None or away >= timedelta(days=1):
        raise ConversionError("its zone is neither UTC nor hours from it (+01, -0330)")
    return timezone(-away if match[1] == "-" else away)


def _write_zone(moment: time) -> str:
    away = moment.utcoffset() or timedelta()
    if not away:
        return "UTC"
    minutes, rest = divmod(abs(away) // timedelta(seconds=1), 60)
    if rest:
        raise ConversionError("a zone finer than minutes")
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if away < timedelta() else '+'}{hours:02d}" + (f"{minutes:02d}" if minutes else "")
