"""The times at which documents leave: ``*/15 6-19 * * mon-fri``, as cron writes them, in a time zone. Pure."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

_MICROSECONDS = 1_000_000


def next_time(times: str, zone: str, after: int) -> int:
    """The first of the times after a moment, both in microseconds since 1970.

    An hour that a change of the clocks skips or repeats is treated as cron does: what falls into it happens once.
    Raises :class:`ValueError` with what is wrong with ``times`` or ``zone``.
    """
    moment = dt.datetime.fromtimestamp(after // _MICROSECONDS, _zone(zone))
    try:
        found = next(CronSim(times, moment))
    except CronSimError as error:
        raise ValueError(f'"{times}" names no times: {error}') from None
    except StopIteration:
        raise ValueError(f'"{times}" names no times: they never come') from None
    return int(found.timestamp()) * _MICROSECONDS


@cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{name}" is no time zone: write "Europe/Berlin" or "UTC"') from None
