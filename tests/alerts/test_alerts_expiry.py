"""Keys and certificates that end: told at 60, 30, 7 and 1 day, and when they are over."""

from __future__ import annotations

import pytest

from gateway.agreements import Agreements
from gateway.alerts import Ledger, Watch
from gateway.alerts.watch import Bounds
from gateway.core.validity import DAY, Credential, End, ends
from gateway.store import Database
from gateway.store.statements import both, run
from tests.store.making import AT

UNTIL = AT + 61 * DAY


def credential(until: int, use: str = "certificate", error: str = "") -> Credential:
    return Credential("globex", use, "globex.pem", until - 700 * DAY, until, "ab12", error)


@pytest.mark.parametrize(
    ("left", "step"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 1), (-1, 0)]
)
def test_it_is_told_at_these_days(left: int, step: int | None) -> None:
    assert End("globex", "certificate", AT + left * DAY).step(AT) == step


def test_a_successor_ends_the_matter_and_a_file_that_cannot_be_read_begins_one() -> None:
    old, new = credential(AT - DAY), credential(AT + 400 * DAY)
    assert ends([old, new]) == [End("globex", "certificate", AT + 400 * DAY)]
    found = ends([old, new, credential(0, "key", "partners/globex.toml: as2.keys[0]: it is gone.")])
    assert [(end.use, end.error) for end in found] == [
        ("key", "partners/globex.toml: as2.keys[0]: it is gone."),
        ("certificate", ""),
    ]


def test_one_alert_goes_through_all_steps_and_is_told_at_each(database: Database) -> None:
    known = [credential(UNTIL)]
    watch = Watch(database, lambda: Agreements([]), Bounds(1, 1), lambda: ends(known))
    ledger = Ledger(database, ["mail"], 0, DAY)
    told: list[tuple[str, str, str]] = []
    for days in (0, 1, 2, 31, 40, 54, 60, 62, 70):
        if days == 70:
            known.append(credential(UNTIL + 700 * DAY))
        ledger.write(watch.look(AT + days * DAY), AT + days * DAY)
        with database.write() as connection:
            sql = (
                "SELECT m.what, a.kind, a.text FROM alert_messages m JOIN alerts a ON a.id = m.alert_id "
                "WHERE m.done_at IS NULL AND a.subject = 'globex/certificate' ORDER BY m.id"
            )
            told += [tuple(row) for row in run(connection, both(sql)).all()]
            run(connection, both("UPDATE alert_messages SET done_at = :at, attempts = 1"), at=AT)
    assert [(what, kind) for what, kind, _ in told] == [
        ("opened", "expiry"),
        ("reminder", "expiry"),
        ("reminder", "expiry"),
        ("reminder", "expiry"),
        ("closed", "expiry"),
        ("opened", "expired"),
        ("closed", "expired"),
    ]
    assert [text.partition("; ")[2] for _, kind, text in told if kind == "expiry"][:4] == [
        f"days left: {days} or less." for days in (60, 30, 7, 1)
    ]
