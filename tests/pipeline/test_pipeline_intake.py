"""Doors that are called hand in what came, and answer after the commit."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from gateway.core.errors import StoreError
from gateway.core.ports import Arrival, Receipt
from gateway.pipeline.intake import DatabaseIntake
from tests.pipeline.yard import Yard


def arrival(unit: str, body: bytes = b"body") -> Arrival:
    return Arrival(source="globex-in", transport_id=unit, body=body, file_name="a")


def test_each_arrival_has_its_receipt_and_the_workers_are_told(yard: Yard) -> None:
    rung: list[str] = []
    intake = DatabaseIntake(yard.database, yard.clock, rung.append)
    first, second = intake.accept([arrival("1"), arrival("2")])
    assert not first.repeated
    assert not second.repeated
    assert rung == ["translate"]
    assert intake.accept([arrival("1"), arrival("3"), arrival("2", b"other")])[::2] == [
        Receipt(first.transmission, repeated=True),
        Receipt(second.transmission, repeated=True, same_body=False),
    ]
    assert yard.count("transmissions") == 3


def test_bodies_of_one_unit_in_one_call_are_told_apart(yard: Yard) -> None:
    intake = DatabaseIntake(yard.database, yard.clock, lambda step: None)
    known = intake.accept([arrival("1"), arrival("1", b"other"), arrival("1")])
    assert [each.same_body for each in known] == [True, False, True]
    again = intake.accept([arrival("1", b"other"), arrival("1")])
    assert [(each.repeated, each.same_body) for each in again] == [(True, False), (True, True)]
    assert yard.count("transmissions") == 1


def test_the_same_unit_by_several_threads_is_one_transmission(yard: Yard) -> None:
    intake = DatabaseIntake(yard.database, yard.clock, lambda step: None)
    start, found = Barrier(8), list[Receipt]()

    def accept() -> None:
        start.wait()
        found.extend(intake.accept([arrival("same")]))

    threads = [Thread(target=accept) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({each.transmission for each in found}) == 1
    assert sum(not each.repeated for each in found) == 1
    assert yard.count("transmissions") == 1


def test_what_is_not_committed_is_not_accepted(yard: Yard) -> None:
    with yard.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE work RENAME TO gone")
    rung: list[str] = []
    try:
        with pytest.raises(StoreError):
            DatabaseIntake(yard.database, yard.clock, rung.append).accept([arrival("1")])
    finally:
        with yard.database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE gone RENAME TO work")
    assert rung == []
    assert yard.count("transmissions") == 0
