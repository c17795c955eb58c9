"""The times at which documents leave, as cron writes them, in a time zone."""

from __future__ import annotations

import datetime as dt

import pytest

from gateway.agreements import mistakes, schedule
from gateway.agreements.schedule import next_time
from tests.agreements.files import ACME, ERP, GLOBEX


def after(moment: str, times: str, zone: str = "UTC") -> str:
    at = int(dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC).timestamp()) * 1_000_000
    return dt.datetime.fromtimestamp(next_time(times, zone, at) / 1_000_000, dt.UTC).isoformat()[:16]


def test_the_next_time_is_after_the_moment() -> None:
    assert after("2026-11-20T08:07:31", "*/15 * * * *") == "2026-11-20T08:15"
    assert after("2026-11-20T08:15:00", "*/15 * * * *") == "2026-11-20T08:30"


def test_days_and_hours_that_are_left_out_are_waited_for() -> None:
    """A Friday evening waits for Monday."""
    assert after("2026-11-20T19:01:00", "*/15 6-18 * * mon-fri") == "2026-11-23T06:00"


def test_times_are_those_of_the_zone_in_summer_and_in_winter() -> None:
    assert after("2026-07-01T00:00:00", "0 6 * * *", "Europe/Berlin") == "2026-07-01T04:00"
    assert after("2026-12-01T00:00:00", "0 6 * * *", "Europe/Berlin") == "2026-12-01T05:00"


def test_an_hour_that_the_clocks_skip_or_repeat_happens_once() -> None:
    assert after("2026-03-29T00:00:00", "30 2 * * *", "Europe/Berlin") == "2026-03-29T01:00"
    first = after("2026-10-25T00:00:00", "30 2 * * *", "Europe/Berlin")
    assert first == "2026-10-25T00:30"
    assert after(f"{first}:00", "30 2 * * *", "Europe/Berlin") == "2026-10-26T01:30"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('send = "every hour"', 'send: "every hour" names no times'),
        ('send = "0 0 31 2 *"', 'send: "0 0 31 2 *" names no times'),
        ('send = "0 * * * *"\ntime_zone = "Europe/Bonn"', '"Europe/Bonn" is no time zone'),
        ('batch = "window"', "batch: a window needs times"),
        ('time_zone = "Europe/Berlin"', "time_zone: it is the time zone of send, which is missing"),
        ("batch_documents = 0", "batch_documents"),
    ],
)
def test_what_is_no_time_is_told_with_file_and_key(lines: str, message: str) -> None:
    erp = ERP.replace('batch = "interchange"\n', "")
    texts = {"acme.toml": ACME, "globex.toml": GLOBEX, "erp.toml": f"{erp}\n{lines}\n"}
    assert any(message in str(error) for error in mistakes(texts)), mistakes(texts)


def test_times_that_never_come_are_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "CronSim", lambda *_: iter(()))
    with pytest.raises(ValueError, match="they never come"):
        next_time("0 0 * * *", "UTC", 0)
