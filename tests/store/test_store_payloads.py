"""Large payloads: spooled while they come in, kept as files named by their content, swept when forgotten."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from gateway.core.errors import PayloadError, StoreError, TooLargeError
from gateway.core.spooled import (
    Body,
    Spooled,
    discard,
    in_memory,
    open_body,
    part_of,
    pieces_of,
    sha256_of,
    size_of,
)
from gateway.store import Changes, Database, commit, open_database
from gateway.store.bodies import body, kept
from gateway.store.ids import Reference
from gateway.store.parts import Part
from gateway.store.payloads import Payloads
from gateway.store.spool import SpooledFile
from tests.store.making import AT, column, interchange, one

LARGE = bytes(range(256)) * 32
_DAY = 24 * 3600


@pytest.fixture
def payloads(tmp_path: Path) -> Payloads:
    return Payloads(tmp_path / "payloads", memory=1000)


def spooled(payloads: Payloads, data: bytes = LARGE, piece: int = 100) -> Body:
    with payloads.write() as writer:
        for place in range(0, len(data), piece):
            writer.write(data[place : place + piece])
        return writer.finish()


def a_file(payloads: Payloads, data: bytes = LARGE) -> Spooled:
    found = spooled(payloads, data)
    assert not isinstance(found, bytes)
    return found


def files(payloads: Payloads) -> list[str]:
    found = (str(path.relative_to(payloads.folder)) for path in payloads.folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name != "lock")


# The spool


def test_few_bytes_stay_bytes_and_touch_no_disk(payloads: Payloads) -> None:
    assert spooled(payloads, b"x" * 1000) == b"x" * 1000
    assert not payloads.folder.exists()


def test_many_bytes_become_a_file_that_knows_its_size_and_hash(payloads: Payloads) -> None:
    found = spooled(payloads)
    assert isinstance(found, SpooledFile)
    assert (found.size, found.sha256) == (len(LARGE), sha256(LARGE).hexdigest())
    assert Path(found.path).read_bytes() == LARGE


@pytest.mark.parametrize("data", [b"", b"short", LARGE])
def test_who_handles_a_body_need_not_know_which_it_is(payloads: Payloads, data: bytes) -> None:
    found = spooled(payloads, data)
    assert (size_of(found), sha256_of(found), in_memory(found)) == (len(data), sha256(data).hexdigest(), data)
    assert b"".join(pieces_of(found, 7)) == data
    assert part_of(found, 3, 9) == data[3:12]
    with open_body(found) as reader:
        reader.seek(2)
        assert reader.read(3) == data[2:5]
    discard(found)
    assert not list(payloads.folder.rglob("*-*"))


def test_more_than_was_agreed_is_refused_and_nothing_is_left(payloads: Payloads) -> None:
    with payloads.write(most=2000) as writer:
        writer.write(b"x" * 2000)
        with pytest.raises(TooLargeError, match="larger than 2000 bytes"):
            writer.write(b"x")
    assert files(payloads) == []


def test_what_is_not_finished_leaves_nothing(payloads: Payloads) -> None:
    with payloads.write() as writer:
        writer.write(LARGE)
        assert files(payloads)
    assert files(payloads) == []


def test_scratch_is_read_back_and_has_no_name(payloads: Payloads) -> None:
    for data in (b"short", LARGE):
        scratch = payloads.scratch()
        scratch.write(data)
        with scratch.finish() as reader:
            assert reader.read() == data
            reader.seek(1)
            assert reader.read(2) == data[1:3]
        assert files(payloads) == []


def test_a_disk_that_does_not_take_it_is_an_error_that_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "payloads").write_text("this is no folder")
    with pytest.raises(StoreError) as caught, Payloads(tmp_path / "payloads", memory=10).write() as writer:
        writer.write(LARGE)
    assert caught.value.retryable


# What is kept


def test_equal_bytes_are_one_file(payloads: Payloads) -> None:
    first, second = a_file(payloads), a_file(payloads)
    name = payloads.keep(first)
    assert payloads.keep(second) == name == f"{first.sha256[:2]}/{first.sha256}"
    discard(first)
    discard(second)
    assert files(payloads) == [name]
    assert in_memory(payloads.file(name, len(LARGE))) == LARGE


@pytest.mark.parametrize("damaged", [b"cut off", LARGE[:-1] + b"?"], ids=["cut off", "as long as it was"])
def test_keeping_again_mends_a_damaged_file(payloads: Payloads, damaged: bytes) -> None:
    name = payloads.keep(a_file(payloads))
    (payloads.folder / name).write_bytes(damaged)
    payloads.keep(a_file(payloads))
    assert (payloads.folder / name).read_bytes() == LARGE


def test_what_is_kept_is_not_discarded(payloads: Payloads) -> None:
    found = payloads.file(payloads.keep(a_file(payloads)), len(LARGE))
    discard(found)
    assert in_memory(found) == LARGE
    assert payloads.keep(found)  # handed in again: it is there


def test_a_missing_a_short_and_a_changed_file_are_told_apart(payloads: Payloads) -> None:
    found = payloads.file(payloads.keep(a_file(payloads)), len(LARGE))
    path = Path(found.path)
    path.write_bytes(LARGE[:-1] + b"?")
    with pytest.raises(PayloadError, match=r"damaged: its bytes are not those .* backup"):
        found.verify()
    path.write_bytes(LARGE[:-1])
    with pytest.raises(PayloadError, match=f"{path} is damaged: it has 8191 bytes, 8192 were received"):
        found.open()
    path.unlink()
    with pytest.raises(PayloadError, match=f"{path} is missing") as missing:
        found.open()
    assert not missing.value.retryable


def test_a_store_that_is_not_there_as_a_whole_is_waited_for(payloads: Payloads) -> None:
    found = payloads.file(payloads.keep(a_file(payloads)), len(LARGE))
    payloads.folder.rename(payloads.folder.with_name("unmounted"))
    with pytest.raises(StoreError) as caught:
        found.open()
    assert caught.value.retryable


# Rows and files


def received(database: Database, *bodies: Body, name: str = "a") -> list[int]:
    changes = Changes(AT)
    locals_ = []
    for number, each in enumerate(bodies):
        values = {"direction": "in", "endpoint": "acme", "transport_id": f"{name}{number}", "status": "received"}
        size, digest = size_of(each), sha256_of(each)
        locals_.append(
            changes.new("transmissions", **values, payload_id=changes.payload(each), size=size, sha256=digest)
        )
    commit(database, changes)
    return [changes.real(local) for local in locals_]


@pytest.fixture
def stored(database_url: str, payloads: Payloads) -> Iterator[Database]:
    """A database whose large payloads are below the folder of ``payloads``."""
    opened = open_database(database_url, payloads)
    yield opened
    opened.close()


def test_a_large_body_is_a_file_and_its_row_names_it(stored: Database) -> None:
    (id,) = received(stored, a_file(stored.payloads))
    assert one(stored, "SELECT body FROM payloads") is None
    name = one(stored, "SELECT file FROM payloads")
    assert (stored.payloads.folder / name).read_bytes() == LARGE
    with stored.read() as connection:
        assert in_memory(body(connection, Reference("transmission", id))) == LARGE


def test_equal_bytes_are_one_row_and_one_file_however_they_come(stored: Database) -> None:
    received(stored, a_file(stored.payloads), a_file(stored.payloads))
    received(stored, a_file(stored.payloads), name="b")
    assert column(stored, "SELECT count(*) FROM payloads") == [1]
    assert len(list(stored.payloads.names())) == 1


def test_bytes_that_are_a_file_already_get_a_row_of_their_own(stored: Database) -> None:
    """Documents are read from their rows; a file of one document has the bytes of its document."""
    received(stored, a_file(stored.payloads))
    received(stored, LARGE, name="b")
    received(stored, a_file(stored.payloads), LARGE, name="c")
    rows = "SELECT body FROM payloads WHERE body IS NOT NULL"
    assert {bytes(each) for each in column(stored, rows)} == {LARGE}


def test_a_file_whose_bytes_are_in_a_row_already_is_that_row(stored: Database) -> None:
    received(stored, LARGE)
    (id,) = received(stored, a_file(stored.payloads), name="b")
    assert column(stored, "SELECT file FROM payloads") == [None]
    with stored.read() as connection:
        assert body(connection, Reference("transmission", id)) == LARGE


def test_an_interchange_of_a_large_file_is_a_part_of_it(stored: Database) -> None:
    (id,) = received(stored, a_file(stored.payloads))
    changes = Changes(AT)
    local = interchange(changes, id, offset=10, length=500)
    commit(stored, changes)
    with stored.read() as connection:
        found = kept(connection, Reference("interchange", changes.real(local)))
    assert isinstance(found, Part)
    assert (size_of(found), sha256_of(found)) == (500, sha256(LARGE[10:510]).hexdigest())
    with open_body(found) as reader:
        assert reader.read(5) == LARGE[10:15]
        assert reader.seek(-3, os.SEEK_END) == 497
        assert reader.read() == LARGE[507:510]
    assert b"".join(pieces_of(found, 64)) == LARGE[10:510]


def test_a_commit_that_fails_leaves_a_file_and_no_row(stored: Database) -> None:
    changes = Changes(AT)
    changes.payload(a_file(stored.payloads))
    changes.new("transmissions", direction="sideways", endpoint="e", transport_id="t", status="received", sha256="")
    with pytest.raises(StoreError):
        commit(stored, changes)
    assert column(stored, "SELECT count(*) FROM payloads") == [0]
    assert len(list(stored.payloads.names())) == 1


# The sweep


def aged(payloads: Payloads) -> None:
    for path in payloads.folder.rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - 2 * _DAY,) * 2)


def test_the_sweep_takes_what_is_old_and_nobody_names(stored: Database) -> None:
    payloads = stored.payloads
    named = a_file(payloads, b"named" * 999)
    received(stored, named)
    payloads.keep(a_file(payloads, b"orphan" * 999))
    with payloads.write() as writer:
        writer.write(LARGE)
        assert stored.sweep_payloads() == 0  # nothing is old
        aged(payloads)
        fresh = a_file(payloads, b"young" * 999)
        young = payloads.keep(fresh)
        discard(fresh)
        assert stored.sweep_payloads() >= 2
    assert files(payloads) == sorted([f"{named.sha256[:2]}/{named.sha256}", young])


def came(payloads: Payloads) -> str:
    """As when it is received: kept, and its temporary file discarded. Returns its name."""
    found = a_file(payloads)
    name = payloads.keep(found)
    discard(found)
    return name


def test_what_is_received_again_while_it_is_swept_stays(stored: Database) -> None:
    payloads = stored.payloads
    came(payloads)
    aged(payloads)

    def meanwhile(names: object) -> list[str]:
        came(payloads)  # the row is not committed yet
        return []

    assert payloads.sweep(meanwhile) == 0
    assert [in_memory(payloads.file(name, len(LARGE))) for name in payloads.names()] == [LARGE]


def test_what_is_kept_already_and_handed_in_again_is_not_swept_either(stored: Database) -> None:
    """A repeat of what was passed on: its body is the file itself."""
    payloads = stored.payloads
    found = payloads.file(came(payloads), len(LARGE))
    aged(payloads)

    def meanwhile(names: object) -> list[str]:
        payloads.keep(found)
        return []

    assert payloads.sweep(meanwhile) == 0
    assert in_memory(found) == LARGE


def test_nobody_keeps_between_the_look_of_the_sweep_and_its_end(
    payloads: Payloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would take away what was just put there."""
    path = payloads.folder / came(payloads)
    aged(payloads)
    keeper = threading.Thread(target=lambda: came(payloads))
    real = Path.stat

    def stat(self: Path, **options: bool) -> os.stat_result:
        found = real(self, **options)
        if self == path and not keeper.ident:
            keeper.start()
            keeper.join(0.3)
        return found

    monkeypatch.setattr(Path, "stat", stat)
    assert payloads.sweep(lambda names: []) == 1
    keeper.join()
    assert path.read_bytes() == LARGE


@pytest.mark.parametrize("call", ["link", "flock"])
def test_a_file_system_that_lacks_second_names_or_locks_keeps_all_the_same(
    payloads: Payloads, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def lacks(*args: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os if call == "link" else fcntl, call, lacks)
    first = a_file(payloads)
    name = payloads.keep(first)
    assert payloads.keep(first) == name, "a commit that is repeated"
    discard(first)
    assert came(payloads) == name
    aged(payloads)
    assert payloads.sweep(lambda names: []) == (1 if call == "link" else 0), "without locks nothing is taken away"
    monkeypatch.undo()
    assert list(payloads.names()) == ([] if call == "link" else [name])
