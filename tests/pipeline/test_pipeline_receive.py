"""Receive: stored as it came, once, and settled only after the commit."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.connectors import MemoryInbox
from gateway.core.errors import ConnectorError, StoreError
from gateway.core.ports import Arrival
from gateway.pipeline import receive as receiving
from gateway.store import ConflictError
from gateway.work.receiver import Receiver
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import Yard


def receiver(yard: Yard, inbox: MemoryInbox) -> Receiver:
    return Receiver(yard.database, yard.clock, [inbox])


def test_the_bytes_are_kept_as_they_came_with_all_that_is_known_of_them(yard: Yard) -> None:
    inbox = MemoryInbox("globex-in", party="globex")
    body = b"\x00\xff no interchange at all \r\n"
    inbox.put(body, file_name="odd name.bin", transport_id="unit-1", subject="Bestellung für März")
    assert receiver(yard, inbox).run_once() == 1
    row = yard.column("SELECT t.sha256 || ':' || t.file_name || ':' || t.endpoint FROM transmissions t")
    (text,) = row
    assert text.endswith(":odd name.bin:globex-in")
    assert bytes(yard.one("SELECT body FROM payloads")) == body
    assert yard.one("SELECT headers FROM transmissions") == '{"subject": "Bestellung für März"}'
    assert yard.column("SELECT party FROM transmissions") == ["globex"]
    assert yard.column("SELECT name FROM events") == ["transmission.received"]


def test_a_unit_that_is_met_again_is_not_received_again(yard: Yard) -> None:
    body = x12(1, order("A"))
    first = yard.receive(body, unit="unit-1")
    again = yard.receive(body, unit="unit-1")
    assert first != [None]
    assert again == [None]
    assert yard.count("transmissions") == 1
    assert yard.count("work") == 1


def test_the_same_bytes_in_another_unit_are_another_transmission(yard: Yard) -> None:
    body = x12(1, order("A"))
    yard.receive(body, unit="unit-1")
    yard.receive(body, unit="unit-2")
    yard.receive(body, unit="unit-1", source="initech-in")  # another door
    assert yard.count("transmissions") == 3
    assert yard.count("payloads") == 1


def test_a_unit_twice_in_one_batch_is_received_once(yard: Yard) -> None:
    class Stammering(MemoryInbox):
        def take(self, limit: int) -> list[Arrival]:
            return 2 * super().take(limit)

    inbox = Stammering("globex-in")
    inbox.put(x12(1, order("A")))
    assert receiver(yard, inbox).run_once() == 2
    assert yard.count("transmissions") == 1
    assert len(inbox.settled) == 1


def test_nothing_is_settled_before_it_is_committed(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = MemoryInbox("globex-in")
    seen: list[int] = []
    settle = inbox.settle
    monkeypatch.setattr(inbox, "settle", lambda arrivals: (seen.append(yard.count("transmissions")), settle(arrivals)))
    inbox.put(x12(1, order("A")))
    inbox.put(x12(2, order("B")))
    receiver(yard, inbox).run_once()
    assert seen == [2]


def test_a_database_that_takes_nothing_leaves_the_units_at_the_door(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = MemoryInbox("globex-in")
    inbox.put(x12(1, order("A")))

    def refuse(*_: Any, **__: Any) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "commit", refuse)
        assert receiver(yard, inbox).run_once() == 0
    assert inbox.settled == []
    assert yard.count("transmissions") == 0
    assert receiver(yard, inbox).run_once() == 1
    assert yard.count("transmissions") == 1


def test_a_settling_that_fails_costs_a_second_look_and_no_second_transmission(yard: Yard) -> None:
    inbox = MemoryInbox("globex-in")
    inbox.put(x12(1, order("A")))
    inbox.failures.plan("settle", ConnectorError("The folder is gone."))
    assert receiver(yard, inbox).run_once() == 0
    inbox.crash()
    assert receiver(yard, inbox).run_once() == 1
    assert yard.count("transmissions") == 1
    assert len(inbox.settled) == 1


def test_two_receivers_of_one_unit_in_the_same_moment(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both looked before either committed: the second is told so, and then knows it."""
    body = x12(1, order("A"))
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "known_units", lambda *_: set())
        yard.receive(body, unit="unit-1")
        with pytest.raises(ConflictError):
            yard.receive(body, unit="unit-1")
    assert yard.receive(body, unit="unit-1") == [None]
    assert yard.count("transmissions") == 1


def test_a_door_that_does_not_open_keeps_no_other_closed(yard: Yard) -> None:
    stuck, fine = MemoryInbox("globex-in"), MemoryInbox("initech-in")
    stuck.failures.plan("take", ConnectorError("No such folder."))
    fine.put(b"anything")
    assert Receiver(yard.database, yard.clock, [stuck, fine]).run_once() == 1
