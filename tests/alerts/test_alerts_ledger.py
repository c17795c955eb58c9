"""An alert is told once when it opens, again after a while, and once when it is over; one that is muted is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from gateway.alerts import Condition, Ledger, find, mute
from gateway.alerts.message import Message
from gateway.alerts.notifier import Notifier
from gateway.alerts.watch import Found
from gateway.core.errors import ConnectorError, DeliveryRefusedError, NotFoundError
from gateway.store import Database
from tests.store.making import AT, column

SECOND = 1_000_000
HOUR = 3600 * SECOND


class Clock:
    def __init__(self) -> None:
        self.at = AT

    def now(self) -> int:
        return self.at


class Channel:
    """Keeps what it is to tell; raises the ``errors`` first."""

    def __init__(self, name: str = "mail", *errors: Exception) -> None:
        self.name = name
        self.errors = list(errors)
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(message)


class Desk:
    """A ledger with one channel and a clock that is set by hand."""

    def __init__(self, database: Database, *errors: Exception) -> None:
        self.database, self.clock, self.channel = database, Clock(), Channel("mail", *errors)
        self.ledger = Ledger(database, ["mail"], gather=10 * SECOND, remind=24 * HOUR)
        self.notifier = Notifier(database, self.clock, self.channel, "dock")

    def look(self, *conditions: Condition, unknown: frozenset[tuple[str, str]] = frozenset()) -> None:
        self.ledger.write(Found(list(conditions), unknown), self.clock.at)

    def later(self, seconds: float) -> list[str]:
        """What was told by then: what is new and the subject of each alert."""
        self.clock.at += round(seconds * SECOND)
        before = len(self.channel.sent)
        self.notifier.run_once()
        return [f"{told.what} {told.subject}" for message in self.channel.sent[before:] for told in message.alerts]

    def open(self) -> list[Any]:
        with self.database.read() as connection:
            return find(connection)


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    yield Desk(database)
    with database.write() as connection:
        for table in ("alerts", "alert_messages"):
            connection.exec_driver_sql(f"DELETE FROM {table}")


def stopped(endpoint: str = "far", count: int = 1) -> Condition:
    values = {"endpoint": endpoint, "status": "stopped"}
    return Condition(kind="transmissions", subject=f"{endpoint}/stopped", count=count, values=values)


def test_it_is_told_once_reminded_of_and_told_to_be_over(desk: Desk) -> None:
    desk.look(stopped())
    assert desk.later(9) == []  # others may come
    assert desk.later(1) == ["opened far/stopped"]
    for _ in range(3):
        desk.look(stopped(count=7))
        assert desk.later(HOUR / SECOND) == []
    assert [(row.count, row.text) for row in desk.open()] == [(7, "Transmissions at far that are stopped: 7.")]
    desk.clock.at += 24 * HOUR
    desk.look(stopped(count=7))
    assert desk.later(10) == ["reminder far/stopped"]
    desk.look()
    assert desk.open() == []
    assert desk.later(10) == ["closed far/stopped"]
    desk.look()
    assert desk.later(HOUR / SECOND) == []


def test_many_are_one_message(desk: Desk) -> None:
    desk.look(*[stopped(f"far{n}") for n in range(60)])
    desk.later(10)
    (message,) = desk.channel.sent
    assert (len(message.alerts), message.more) == (50, 10)
    assert message.subject == "[dock] Alerts: 50 new, 10 more"
    assert "! Transmissions at far0 that are stopped: 1." in message.text


def test_what_was_over_before_it_was_told_is_not_told(desk: Desk) -> None:
    desk.look(stopped())
    desk.look()
    assert desk.later(20) == []


def test_one_that_is_muted_is_quiet_and_so_is_the_next_of_its_kind(desk: Desk) -> None:
    desk.look(stopped(), stopped("other"))
    desk.later(10)
    id = next(row.id for row in desk.open() if row.subject == "far/stopped")
    mute(desk.database, id, desk.clock.at + HOUR, "ada")
    desk.look(stopped("other"))
    desk.look(stopped(), stopped("other"))
    assert desk.later(60) == []
    desk.look()
    assert desk.later(60) == ["closed other/stopped"]
    desk.clock.at += HOUR
    desk.look(stopped())
    assert desk.later(60) == ["opened far/stopped"]
    with pytest.raises(NotFoundError):
        mute(desk.database, 10**15, desk.clock.at, "ada")


def test_a_channel_that_does_not_work_is_tried_again_and_gets_everything_then(database: Database) -> None:
    desk = Desk(database, ConnectorError("down"), ConnectorError("down"))
    desk.look(stopped())
    assert desk.later(10) == []
    desk.look(stopped(), stopped("other"))
    assert desk.later(120) == []
    assert desk.later(600) == ["opened far/stopped", "opened other/stopped"]
    assert desk.later(600) == []
    desk.look()
    desk.later(10)


def test_a_channel_that_refuses_is_not_asked_again(database: Database) -> None:
    desk = Desk(database, DeliveryRefusedError("no such address"))
    desk.look(stopped())
    desk.later(10)
    assert desk.later(36000) == []
    assert "no such address" in column(database, "SELECT error FROM alert_messages")
    desk.look()
    desk.later(10)


def test_what_is_a_moment_lingers(desk: Desk) -> None:
    unmapped = Condition(kind="unmapped", subject="globex/850", values={"party": "globex", "type": "850"})
    desk.look(unmapped)
    desk.later(10)
    desk.clock.at += 20 * HOUR
    desk.look()
    assert len(desk.open()) == 1
    desk.look(unmapped)
    desk.clock.at += 20 * HOUR
    desk.look()
    assert len(desk.open()) == 1
    desk.clock.at += 5 * HOUR
    desk.look()
    assert desk.open() == []


def test_what_nothing_can_be_said_of_stays_as_it_is(desk: Desk) -> None:
    silent = Condition(kind="silent", subject="globex-in")
    desk.look(silent)
    desk.look(unknown=frozenset({("silent", "globex-in")}))
    assert len(desk.open()) == 1


def test_the_log_is_told_at_once_and_personal_data_is_masked(desk: Desk) -> None:
    error = Condition(
        kind="endpoint", subject="far", values={"endpoint": "far", "since": "now", "what": "ada@example.com is unknown"}
    )
    structlog.reset_defaults()  # a command that was tested before may have asked for warnings only
    with capture_logs() as lines:
        desk.look(error)
        desk.look()
    assert [line["event"] for line in lines] == ["alert.opened", "alert.closed"]
    desk.look(error)
    assert "[email]" in desk.open()[0].text
    assert "ada" not in desk.open()[0].text


def test_two_gateways_that_see_the_same_tell_it_once(desk: Desk) -> None:
    other = Ledger(desk.database, ["mail"], gather=0, remind=HOUR)
    desk.look(stopped())
    other.write(Found([stopped()], frozenset()), desk.clock.at)
    assert desk.later(10) == ["opened far/stopped"]
