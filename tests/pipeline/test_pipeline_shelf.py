"""Doors that partners look into: what is deposited is shown until it is fetched, and what came in for a while."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from gateway.core.errors import NotFoundError
from gateway.core.ports import Arrival, Departure, Deposit, Outcome
from gateway.expectations import cancel, resend
from gateway.pipeline.receive import receive
from gateway.pipeline.shelf import ANY_EXPIRED, EXPIRE, FIND, LIST, DatabaseShelf
from gateway.store import Database
from gateway.store.ids import Reference
from gateway.store.statements import run
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import AT, Yard
from tests.store.test_store_plans import plan

LATER = AT + 10**15


class Depositing:
    """A door that shows what leaves by it."""

    name = "globex-out"

    def deliver(self, departures: list[Departure]) -> list[Outcome]:
        return [
            Outcome(each.transmission, deposited=Deposit("ack" if each.receipt else "outbox", each.name))
            for each in departures
        ]

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def shelf(yard: Yard) -> DatabaseShelf:
    yard.doors["globex-out"] = Depositing()  # type: ignore[assignment]
    return DatabaseShelf(yard.database, yard.clock)


def sent(yard: Yard) -> Reference:
    """The receipt that an order led to."""
    yard.arrive(x12(1, order("1")))
    id = yard.one("SELECT id FROM transmissions WHERE direction = 'out' AND endpoint = 'globex-out'")
    return Reference("transmission", id)


def events(yard: Yard, reference: Reference) -> list[str]:
    sql = (
        "SELECT name FROM events WHERE transmission_id = :i AND document_id IS NULL AND name LIKE 'transm%' ORDER BY id"
    )
    return yard.column(sql, i=reference.id)


def test_a_receipt_is_deposited_and_delivered_when_it_was_fetched(yard: Yard, shelf: DatabaseShelf) -> None:
    receipt = sent(yard)
    assert yard.status(receipt) == "deposited"
    assert yard.count("work") == 0
    assert shelf.list("globex-out", "outbox") == []
    (shown,) = shelf.list("globex-out", "ack")
    assert shelf.find("globex-out", "ack", shown.name) == shown
    assert len(shelf.body(shown.transmission)) == shown.size
    assert yard.column("SELECT status FROM documents WHERE type = '997'") == ["composed"]
    assert shelf.fetched(receipt.id, LATER)
    assert not shelf.fetched(receipt.id, LATER)
    assert yard.status(receipt) == "delivered"
    assert yard.column("SELECT status FROM documents WHERE type = '997'") == ["sent"]
    assert [each.name for each in shelf.list("globex-out", "ack")] == [shown.name]  # for a while
    assert events(yard, receipt) == ["transmission.composed", "transmission.deposited", "transmission.delivered"]


def test_what_the_partner_deletes_counts_as_fetched(yard: Yard, shelf: DatabaseShelf) -> None:
    receipt = sent(yard)
    (shown,) = shelf.list("globex-out", "ack")
    assert shelf.removed("globex-out", "ack", shown.name)
    assert not shelf.removed("globex-out", "ack", shown.name)
    assert yard.status(receipt) == "delivered"
    assert shelf.list("globex-out", "ack") == []


def test_fetched_files_disappear_in_time(yard: Yard, shelf: DatabaseShelf) -> None:
    receipt = sent(yard)
    shelf.expire()
    assert yard.count("shelf") == 1
    shelf.fetched(receipt.id, AT)
    assert shelf.list("globex-out", "ack") == []
    shelf.expire()
    assert yard.count("shelf") == 0


def test_two_files_of_one_name_are_two_files(yard: Yard, shelf: DatabaseShelf) -> None:
    first = sent(yard)
    yard.arrive(x12(2, order("2")))
    ids = yard.column("SELECT id FROM transmissions WHERE direction = 'out' AND endpoint = 'globex-out' ORDER BY id")
    with yard.database.write() as connection:
        connection.exec_driver_sql("UPDATE transmissions SET file_name = 'a.x12', status = 'delivered'")
    for id in ids:
        resend(yard.database, Reference("transmission", id), "me", yard.clock.now())
    yard.work()
    assert [each.name for each in shelf.list("globex-out", "ack")] == ["a.x12", f"a~tx_{ids[1]}.x12"]
    resend_of = ids[0]
    shelf.fetched(first.id, LATER)
    resend(yard.database, Reference("transmission", resend_of), "me", yard.clock.now())
    yard.work()
    assert len(shelf.list("globex-out", "ack")) == 2


def test_a_cancelled_deposit_is_taken_down(yard: Yard, shelf: DatabaseShelf) -> None:
    receipt = sent(yard)
    cancel(yard.database, receipt, "me", yard.clock.now())
    assert shelf.list("globex-out", "ack") == []
    assert not shelf.fetched(receipt.id, LATER)
    assert yard.status(receipt) == "cancelled"
    assert events(yard, receipt)[-1] == "transmission.fetched_cancelled"


def test_what_came_in_is_shown_for_a_while_the_latest_of_a_name(yard: Yard, shelf: DatabaseShelf) -> None:
    def came(unit: str, body: bytes, until: int) -> None:
        arrival = Arrival(source="globex-in", transport_id=unit, body=body, file_name="a", shown_until=until)
        receive(yard.database, [arrival], yard.clock.now())

    came("1", b"one", LATER)
    came("2", b"two!", LATER)
    (shown,) = shelf.list("globex-in", "inbox")
    assert (shown.name, shown.size) == ("a", 4)
    assert shelf.known("globex-in", ["0", "1"])
    assert not shelf.known("globex-in", ["0"])
    assert shelf.removed("globex-in", "inbox", "a")
    assert shelf.find("globex-in", "removed", "a") == shown
    assert yard.statuses("transmissions") == ["received", "received"]
    came("3", b"three", AT)
    assert shelf.list("globex-in", "inbox") == []


def test_names_are_listed_page_by_page(yard: Yard, shelf: DatabaseShelf) -> None:
    for name in "dbca":
        arrival = Arrival(source="in", transport_id=name, body=b"", file_name=name, shown_until=LATER)
        receive(yard.database, [arrival], yard.clock.now())
    assert [each.name for each in shelf.list("in", "inbox", limit=2)] == ["a", "b"]
    assert [each.name for each in shelf.list("in", "inbox", after="b")] == ["c", "d"]
    with pytest.raises(NotFoundError):
        shelf.body(99)


#: Two thousand files in each of ten folders, and one that can be taken down.
_FILL = """
INSERT INTO shelf (endpoint, folder, name, transmission_id, at, until)
SELECT 'door' || (n % 10), 'outbox', 'file' || n, n, 0, CASE WHEN n = 7 THEN 1 WHEN n % 2 = 0 THEN 9000000000000000 END
FROM {numbers}"""
_TRANSMISSIONS = """
INSERT INTO transmissions (id, direction, endpoint, transport_id, status, size, sha256, file_name, headers,
  created_at, updated_at)
SELECT n, 'out', 'door' || (n % 10), 'unit' || n, 'deposited', 0, '', 'file' || n, '{{}}', 0, 0 FROM {numbers}"""
_NUMBERS = {
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 20000) SELECT n FROM s) s",
    "postgresql": "generate_series(1, 20000) AS s(n)",
}


@pytest.mark.slow
def test_looking_into_a_full_shelf_is_an_index_search(database: Database) -> None:
    with database.write() as connection:
        for fill in (_FILL, _TRANSMISSIONS):
            connection.execute(text(fill.format(numbers=_NUMBERS[database.dialect])))
        connection.exec_driver_sql("ANALYZE")
    where: dict[str, Any] = {"endpoint": "door1", "folder": "outbox", "now": 2}
    for statement, values in (
        (LIST, where | {"after": "", "limit": 100}),
        (FIND, where | {"name": "file11"}),
        (ANY_EXPIRED, {"now": 2}),
        (EXPIRE, {"now": 2}),
    ):
        lines = plan(database, statement, values)
        assert not [line for line in lines if line.startswith("SCAN") or "Seq Scan" in line], lines
    with database.write() as connection:
        assert run(connection, EXPIRE, now=2).rowcount == 1
        for table in ("shelf", "transmissions"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
