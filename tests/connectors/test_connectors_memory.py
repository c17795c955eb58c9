"""The in-memory twins keep the promises of the real doors, and fail when a test asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.connectors import CONNECTORS, MemoryInbox, MemoryOutbox, open_inbox, open_outbox
from gateway.connectors.directory import DirectoryInbox, DirectoryOutbox
from gateway.core.errors import ConfigurationError, ConnectorError, DeliveryRefusedError
from gateway.core.ports import Departure, InboundConnector, OutboundConnector, Outcome


def departure(name: str, body: bytes = b"ISA*") -> Departure:
    return Departure(transmission=1, endpoint="out", name=name, body=body)


class TestInbox:
    def test_arrivals_come_in_order_and_once(self) -> None:
        box: InboundConnector = (inbox := MemoryInbox("acme-in", party="acme"))
        for name in "abc":
            inbox.put(b"ISA*", name)
        first, second = box.take(2), box.take(2)
        assert [a.file_name for a in first + second] == ["a", "b", "c"]
        assert {(a.source, a.party) for a in first} == {("acme-in", "acme")}
        assert box.take(2) == []

    def test_given_back_arrivals_come_first_again(self) -> None:
        inbox = MemoryInbox()
        identities = [inbox.put(b"%d" % number) for number in range(3)]
        inbox.give_back(inbox.take(2))
        assert [a.transport_id for a in inbox.take(3)] == identities

    def test_after_a_crash_what_was_not_settled_is_met_again(self) -> None:
        inbox = MemoryInbox()
        first, second = inbox.put(b"1"), inbox.put(b"2")
        inbox.settle(inbox.take(1))
        inbox.take(1)
        inbox.crash()
        assert [a.transport_id for a in inbox.settled] == [first]
        assert [a.transport_id for a in inbox.take(9)] == [second]

    @pytest.mark.parametrize("method", ["take", "settle", "give_back"])
    def test_planned_failures_happen_as_often_as_planned(self, method: str) -> None:
        inbox = MemoryInbox()
        inbox.failures.plan(method, ConnectorError("the door is shut"), times=2)
        call = {"take": lambda: inbox.take(1), "settle": lambda: inbox.settle([])}
        act = call.get(method, lambda: inbox.give_back([]))
        for _ in range(2):
            with pytest.raises(ConnectorError, match="the door is shut"):
                act()
        act()


class TestOutbox:
    def test_the_same_bytes_again_are_fine_and_others_refused(self) -> None:
        outbox: OutboundConnector = (memory := MemoryOutbox())
        outcomes = outbox.deliver([departure("a"), departure("a"), departure("a", b"other")])
        assert [(outcome.error is None, outcome.retryable) for outcome in outcomes] == [(True, True)] * 2 + [
            (False, False)
        ]
        assert memory.delivered == {"a": b"ISA*"}

    def test_planned_failures_are_outcomes_of_single_departures(self) -> None:
        outbox = MemoryOutbox()
        outbox.failures.plan("deliver", ConnectorError("no answer"))
        outbox.failures.plan("deliver", DeliveryRefusedError("no"))
        assert outbox.deliver([departure("a"), departure("b"), departure("c")]) == [
            Outcome(1, error="no answer", retryable=True),
            Outcome(1, error="no", retryable=False),
            Outcome(1),
        ]
        assert list(outbox.delivered) == ["c"]
        assert len(outbox.attempts) == 3


class TestRegistry:
    def test_a_directory_by_its_name(self, tmp_path: Path) -> None:
        inbox = open_inbox("directory", {"path": "."}, tmp_path, "me", name="acme-in")
        outbox = open_outbox("directory", {"path": "."}, tmp_path)
        assert isinstance(inbox, DirectoryInbox)
        assert isinstance(outbox, DirectoryOutbox)
        assert (inbox.name, outbox.name) == ("acme-in", "directory:.")

    def test_a_connector_that_does_not_exist_is_an_error_that_names_those_that_do(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"acme-in: connector: .*carrier-pigeon.*directory"):
            open_inbox("carrier-pigeon", {}, tmp_path, "me", name="acme-in")

    def test_each_connector_says_what_it_guarantees(self) -> None:
        assert all("Limits:" in connector.about for connector in CONNECTORS.values())
