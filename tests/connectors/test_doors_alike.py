"""The promises that all doors give, whatever is behind them: memory, a folder, an SFTP server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.connectors import DirectoryInbox, DirectoryOutbox, MemoryInbox, MemoryOutbox, directory, sftp
from gateway.connectors.sftp import SftpInbox, SftpOutbox
from gateway.core.ports import Departure, InboundConnector, OutboundConnector, Outcome
from gateway.core.strict import convert
from tests.connectors.folders import put
from tests.interop.openssh import OpenSsh, secrets

KINDS = ["memory", "directory", "sftp"]


class Pair:
    """A door of one kind: inboxes on one place, and what puts files there."""

    def __init__(self, kind: str, folder: Path, server: OpenSsh) -> None:
        self._memory = MemoryInbox("in", "globex")
        self._makers: dict[str, Callable[[], Any]] = {
            "memory": lambda: self._memory,
            "directory": lambda: DirectoryInbox(
                convert({"path": str(folder), "complete": "rename"}, directory.InboxOptions, "t"),
                str(folder),
                "owner",
                name="in",
                party="globex",
            ),
            "sftp": lambda: SftpInbox(
                convert(server.options(complete="rename", after="archive"), sftp.InboxOptions, "t"),
                secrets,
                name="in",
                party="globex",
            ),
        }
        self._kind = kind
        self._place = server.root if kind == "sftp" else folder
        self._age = 1000.0

    def put(self, name: str, body: bytes) -> None:
        """Each one later than the one before."""
        self._age -= 10
        if self._kind == "memory":
            self._memory.put(body, name)
        else:
            put(self._place, name, body, age=self._age)

    def inbox(self) -> InboundConnector:
        door: InboundConnector = self._makers[self._kind]()
        return door


@pytest.fixture(params=KINDS)
def pair(request: pytest.FixtureRequest, folder: Path, server: OpenSsh) -> Pair:
    return Pair(request.param, folder, server)


@pytest.fixture
def door(pair: Pair) -> Iterator[InboundConnector]:
    opened = pair.inbox()
    yield opened
    opened.close()


@pytest.fixture(params=KINDS)
def outlet(request: pytest.FixtureRequest, folder: Path, server: OpenSsh) -> Iterator[OutboundConnector]:
    made: dict[str, Callable[[], OutboundConnector]] = {
        "memory": MemoryOutbox,
        "directory": lambda: DirectoryOutbox(
            convert({"path": str(folder)}, directory.OutboxOptions, "t"), str(folder), "owner"
        ),
        "sftp": lambda: SftpOutbox(convert(server.options(), sftp.OutboxOptions, "t"), secrets),
    }
    opened = made[request.param]()
    yield opened
    opened.close()


class TestIn:
    def test_oldest_first_at_most_as_many_as_asked_for(self, pair: Pair, door: InboundConnector) -> None:
        for name in "abc":
            pair.put(name, name.encode())
        first, second = door.take(2), door.take(2)
        assert [(a.file_name, a.body) for a in first + second] == [("a", b"a"), ("b", b"b"), ("c", b"c")]
        assert {(a.source, a.party) for a in first + second} == {("in", "globex")}

    def test_what_was_handed_out_is_not_handed_out_again(self, pair: Pair, door: InboundConnector) -> None:
        pair.put("a", b"1")
        taken = door.take(9)
        assert door.take(9) == []
        door.settle(taken)
        assert door.take(9) == []

    def test_what_is_given_back_is_met_again_under_the_same_identity(self, pair: Pair, door: InboundConnector) -> None:
        pair.put("a", b"1")
        first = door.take(9)
        door.give_back(first)
        assert [a.transport_id for a in door.take(9)] == [a.transport_id for a in first]

    def test_settling_twice_is_fine(self, pair: Pair, door: InboundConnector) -> None:
        pair.put("a", b"1")
        taken = door.take(9)
        door.settle(taken)
        door.settle(taken)
        assert door.take(9) == []

    def test_different_files_have_different_identities(self, pair: Pair, door: InboundConnector) -> None:
        for name in "ab":
            pair.put(name, b"same")
        assert len({a.transport_id for a in door.take(9)}) == 2


class TestOut:
    def test_the_same_bytes_again_are_fine_and_others_refused(self, outlet: OutboundConnector) -> None:
        sent = [Departure(transmission=n, endpoint="out", name="a", body=b) for n, b in enumerate((b"1", b"1", b"2"))]
        first, again, other = outlet.deliver(sent)
        assert (first, again) == (Outcome(0), Outcome(1))
        assert (other.error is not None, other.retryable) == (True, False)

    def test_outcomes_come_in_the_order_of_the_departures(self, outlet: OutboundConnector) -> None:
        sent = [Departure(transmission=9 - n, endpoint="out", name=f"f{n}", body=b"x" * n) for n in range(9)]
        assert outlet.deliver(sent) == [Outcome(9 - n) for n in range(9)]
