"""From an OpenSSH server into the database: once, also when the gateway stops between its commit and the archive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from gateway.connectors.sftp import InboxOptions, SftpInbox
from gateway.core.strict import convert
from gateway.pipeline.receive import receive
from gateway.store import Database
from gateway.store.ledger import DatabaseLedger
from gateway.work.receiver import Receiver
from tests.connectors.folders import everything, put
from tests.interop.openssh import OpenSsh, secrets
from tests.store.making import column

Open = Callable[..., SftpInbox]


class Clock:
    def now(self) -> int:
        return time.time_ns() // 1000


@pytest.fixture
def inbox(server: OpenSsh, database: Database) -> Iterator[Open]:
    opened: list[SftpInbox] = []

    def open_one(**options: object) -> SftpInbox:
        checked = convert(server.options(complete="rename", **options), InboxOptions, "test")
        opened.append(SftpInbox(checked, secrets, name="globex-in", party="globex"))
        opened[-1].ledger = DatabaseLedger(database, Clock())
        return opened[-1]

    yield open_one
    for box in opened:
        box.close()


def received(database: Database) -> list[str]:
    return [str(name) for name in column(database, "SELECT file_name FROM transmissions ORDER BY id")]


@pytest.mark.parametrize(("after", "left"), [("archive", ["archive/a"]), ("delete", []), ("leave", ["a"])])
def test_a_gateway_that_stops_after_its_commit_receives_nothing_twice(
    server: OpenSsh, database: Database, inbox: Open, after: str, left: list[str]
) -> None:
    put(server.root, "a", b"ISA")
    receive(database, inbox(after=after).take(9), Clock().now())
    again = inbox(after=after)
    receiver = Receiver(database, Clock(), [again])
    assert receiver.run_once() == 1
    assert receiver.run_once() == 0
    assert received(database) == ["a"]
    assert everything(server.root) == left


def test_what_stays_is_not_fetched_again_after_a_restart(server: OpenSsh, database: Database, inbox: Open) -> None:
    put(server.root, "a", b"ISA")
    assert Receiver(database, Clock(), [inbox()]).run_once() == 1
    assert Receiver(database, Clock(), [inbox()]).run_once() == 0
    put(server.root, "a", b"ISA, and more")
    assert Receiver(database, Clock(), [inbox()]).run_once() == 1
    assert received(database) == ["a", "a"]
