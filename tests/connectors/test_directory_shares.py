"""Network shares: without locks, with answers that get lost, with stale handles and inode numbers that wander.

They are played by functions of the operating system that fail as such shares do; no share is mounted here.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.connectors.directory import DirectoryInbox
from gateway.connectors.directory import claims as claims_module
from gateway.connectors.directory import listing as listing_module
from tests.connectors.folders import Hands, files, put

Opener = Callable[..., DirectoryInbox]


def failing(number: int) -> Callable[..., None]:
    def fail(*arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def names(inbox: DirectoryInbox, limit: int = 9) -> list[str]:
    arrivals = inbox.take(limit)
    inbox.settle(arrivals)
    return [arrival.file_name for arrival in arrivals]


@pytest.fixture(params=[errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def without_locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", failing(request.param))


@pytest.mark.usefixtures("without_locks")
class TestWithoutLocks:
    def test_files_are_taken_once_by_two_pollers(self, inbox: Opener, folder: Path, hands: Hands) -> None:
        for number in range(6):
            put(folder, f"{number}.x12", age=10 - number)
        first, second = inbox(), inbox()
        assert names(first, 3) + names(second) == [f"{number}.x12" for number in range(6)]

    def test_claims_of_one_that_still_touches_are_its_own(self, inbox: Opener, folder: Path, hands: Hands) -> None:
        put(folder, "a.x12")
        first, second = inbox(), inbox()
        assert len(first.take(1)) == 1
        hands.turn(60)
        assert second.take(1) == []

    def test_claims_of_one_that_touched_long_ago_are_met_again(self, inbox: Opener, folder: Path, hands: Hands) -> None:
        put(folder, "a.x12")
        first, second = inbox(), inbox()
        (before,) = first.take(1)
        (lock,) = (folder / ".crossdock/claimed").glob("*.lock")
        moment = lock.stat().st_mtime - claims_module.GONE_SECONDS - 1
        os.utime(lock, (moment, moment))
        (again,) = second.take(1)
        assert again.transport_id == before.transport_id
        second.settle([again])
        first.settle([before])  # it was only slow: what it received was received once
        put(folder, "b.x12")
        assert names(first) == ["b.x12"]


def test_a_claim_whose_answer_was_lost_is_a_claim(inbox: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server renamed the file; its answer was lost, and the question came again."""
    put(folder, "a.x12")
    box = inbox()
    rename = os.rename

    def twice(source: str, target: str) -> None:
        rename(source, target)
        rename(source, target)

    monkeypatch.setattr(os, "rename", twice)
    arrivals = box.take(1)
    monkeypatch.undo()
    assert [arrival.file_name for arrival in arrivals] == ["a.x12"]
    box.settle(arrivals)


def test_a_file_with_a_stale_handle_is_gone_and_the_others_are_taken(
    inbox: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "a.x12")
    put(folder, "b.x12")
    lstat = os.lstat

    def stale(path: str) -> os.stat_result:
        if str(path).endswith("a.x12"):
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        return lstat(path)

    box = inbox()
    monkeypatch.setattr(os, "lstat", stale)
    taken = box.take(9)
    monkeypatch.undo()
    assert [arrival.file_name for arrival in taken] == ["b.x12"]
    box.settle(taken)


def test_inode_numbers_that_wander_do_not_matter_where_they_are_not_asked(
    inbox: Opener, folder: Path, hands: Hands
) -> None:
    path = put(folder, "a.x12", age=10)
    stamp = path.stat().st_mtime_ns

    def another_inode() -> None:
        body = path.read_bytes()
        path.rename(folder.parent / "kept-so-that-its-number-is-not-given-again")
        path.write_bytes(body)
        os.utime(path, ns=(stamp, stamp))

    one = inbox(complete="stable", seconds=2.0, inodes=False)
    assert one.take(1) == []
    another_inode()
    hands.turn(3)
    (first,) = one.take(1)
    one.give_back([first])
    another_inode()
    (again,) = one.take(1)
    assert again.transport_id == first.transport_id


def test_of_a_folder_with_very_many_files_the_oldest_come_first(
    inbox: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look keeps a part of them in memory; which part does not depend on the order of the folder."""
    monkeypatch.setattr(listing_module, "MOST", 10)
    for number in range(65):
        put(folder, f"{(number * 37) % 65:02d}.x12", age=100 - (number * 37) % 65)
    box = inbox()
    taken: list[str] = []
    while batch := names(box, 4):
        taken += batch
    assert taken == [f"{number:02d}.x12" for number in range(65)]
    assert files(folder) == {}


def test_companions_are_found_in_a_folder_with_very_many_files(
    inbox: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_module, "MOST", 10)
    for number in range(30):
        put(folder, f"{number:02d}.x12", age=100 - number)
    put(folder, "29.x12.done")
    assert names(inbox(complete="done-file")) == ["29.x12"]
