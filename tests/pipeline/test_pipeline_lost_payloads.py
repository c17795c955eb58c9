"""A large file of ours that is gone or damaged: found when its turn comes, told by name; nobody else waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.core.ports import Arrival
from gateway.pipeline.receive import receive
from gateway.store import open_database
from gateway.store.payloads import Payloads
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import Yard

SMALL = 100  # bytes that are kept in the database


@pytest.fixture
def yard(database_url: str, tmp_path: Path) -> Iterator[Yard]:
    """Whose large payloads are files: almost all."""
    opened = open_database(database_url, Payloads(tmp_path / "payloads", memory=SMALL))
    yield Yard(opened)
    opened.close()


def spooled(yard: Yard, number: int, name: str) -> Arrival:
    with yard.database.payloads.write() as writer:
        writer.write(x12(number, order(name)))
        return Arrival(source="globex-in", transport_id=f"u{number}", body=writer.finish(), file_name=f"{number}.x12")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "gone": lambda file: file.unlink(),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:-10]),
    "changed": lambda file: file.write_bytes(file.read_bytes().replace(b"ISA", b"ISB")),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_what_cannot_be_read_any_more_fails_with_the_name_of_the_file(yard: Yard, how: str) -> None:
    ids = receive(yard.database, [spooled(yard, 1, "A"), spooled(yard, 2, "B")], yard.clock.now())
    (file,) = yard.column("SELECT p.file FROM payloads p JOIN transmissions t ON t.payload_id = p.id WHERE t.id = :id",
                          id=ids[0])  # fmt: skip
    DAMAGE[how](yard.database.payloads.folder / file)
    yard.work()
    assert yard.column("SELECT status FROM transmissions WHERE direction = 'in' ORDER BY id") == [
        "failed",
        "translated",
    ]
    (reason,) = yard.column("SELECT reason FROM transmissions WHERE id = :id", id=ids[0])
    assert file in reason
    assert yard.column("SELECT number FROM orders") == ["B"]
    assert yard.work() == 0, "nobody tries it again and again"
