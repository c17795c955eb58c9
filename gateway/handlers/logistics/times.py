"""When something happened, from what a format says of it: a day, perhaps a time, perhaps a zone. Pure.

A time without a zone, or of the place (``local``), is taken as it stands, as if it were UTC: places are names, and what
zone they are in nobody says. So the order of two events is sure only where both say their zone, or are of one place.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

#: Zones of X12 623 that have a summer time, as the time zone database names them.
ZONES = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "central-daylight": "Etc/GMT+5",
    "mountain": "America/Denver",
    "mountain-daylight": "Etc/GMT+6",
    "pacific": "America/Los_Angeles",
    "pacific-daylight": "Etc/GMT+7",
}


def instant(day: date | None, clock: time | None, zone: str | None, *, end: bool = False) -> int | None:
    """Microseconds since 1970 in UTC; None where there is no day.

    ``end``: without a time it is the day's last moment, not its first.
    """
    if day is None:
        return None
    if clock is None:
        clock = time.max if end else time.min
    moment = datetime.combine(day, clock)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC if zone is None else _zone(zone))
    return (moment - _EPOCH) // _MICROSECOND


def told(day: date | None, clock: time | None, zone: str | None) -> str:
    """As the source says it: ``2026-02-01 08:30 local``."""
    words = (day.isoformat() if day else "", clock.isoformat("minutes") if clock else "", zone or "")
    return " ".join(filter(None, words))


def day_of(moment: int) -> date:
    """The day of an instant, in UTC."""
    return (_EPOCH + moment * _MICROSECOND).date()


def _zone(name: str) -> ZoneInfo:
    if name in ZONES:
        return ZoneInfo(ZONES[name])
    if len(name) == 6 and name[0] in "+-" and name[1:3].isdigit() and name.endswith(":00"):
        hours = int(name[1:3])
        if hours <= 12:
            return ZoneInfo(f"Etc/GMT{'-' if name[0] == '+' else '+'}{hours}")  # its sign is that of POSIX
    return ZoneInfo("Etc/UTC")
