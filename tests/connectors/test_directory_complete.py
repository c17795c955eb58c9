"""Never half a file: the three rules by which a file counts as complete."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.connectors.directory import DirectoryInbox, open_inbox
from gateway.connectors.directory import inbox as inbox_module
from tests.connectors.folders import Hands, files, put

Opener = Callable[..., DirectoryInbox]


def bodies(box: DirectoryInbox) -> list[bytes]:
    return [arrival.body for arrival in box.take(100)]


class TestStable:
    def test_the_first_look_never_takes_a_file_however_old_it_seems(
        self, inbox: Opener, folder: Path, hands: Hands
    ) -> None:
        put(folder, "order.edi", b"ISA*", age=3600)
        box = inbox(complete="stable", seconds=2)
        first = bodies(box)
        hands.turn(2)
        assert [first, bodies(box)] == [[], [b"ISA*"]]

    def test_a_file_that_still_grows_waits_until_it_has_stopped_for_long_enough(
        self, inbox: Opener, folder: Path, hands: Hands
    ) -> None:
        box = inbox(complete="stable", seconds=2)
        path = folder / "slow.edi"
        taken = []
        with path.open("wb") as sender:
            for piece in (b"ISA*", b"GS*", b"IEA*"):
                sender.write(piece)
                sender.flush()
                taken += bodies(box)
                hands.turn(1.9)
        taken += bodies(box)
        hands.turn(0.2)
        assert taken == []
        assert bodies(box) == [b"ISA*GS*IEA*"]

    def test_a_file_replaced_by_one_of_the_same_size_and_time_waits_anew(
        self, inbox: Opener, folder: Path, hands: Hands
    ) -> None:
        box = inbox(complete="stable", seconds=2)
        path = put(folder, "order.edi", b"AAAA")
        stamp = path.stat().st_mtime_ns
        assert bodies(box) == []
        hands.turn(2)
        os.utime(put(folder.parent, "other", b"BBBB"), ns=(stamp, stamp))
        os.replace(folder.parent / "other", path)
        assert bodies(box) == []
        hands.turn(2)
        assert bodies(box) == [b"BBBB"]

    def test_a_file_that_changed_since_the_look_is_put_back(
        self, inbox: Opener, folder: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The list of complete files may be old when a file's turn comes."""
        put(folder, "a", b"a", age=5)
        growing = put(folder, "b", b"b")
        box = inbox(complete="stable", seconds=2)
        box.take(1)
        hands.turn(2)
        assert [arrival.body for arrival in box.take(1)] == [b"a"]
        growing.write_bytes(b"b, and more")
        assert bodies(box) == []
        assert files(folder) == {"b": b"b, and more"}
        hands.turn(inbox_module.AVOID_SECONDS)
        assert bodies(box) == []
        hands.turn(2)
        assert bodies(box) == [b"b, and more"]

    def test_a_given_back_file_need_not_wait_again(self, inbox: Opener, folder: Path, hands: Hands) -> None:
        put(folder, "order.edi", b"ISA*")
        box = inbox(complete="stable", seconds=2)
        box.take(1)
        hands.turn(2)
        box.give_back(box.take(1))
        assert bodies(box) == [b"ISA*"]

    def test_what_a_dead_owner_claimed_must_be_stable_too(self, inbox: Opener, folder: Path, hands: Hands) -> None:
        estate = folder / ".crossdock/claimed/gone.1"
        estate.mkdir(parents=True)
        put(estate, "order.edi", b"ISA*")
        box = inbox(complete="stable", seconds=2)
        first = bodies(box)
        hands.turn(2)
        assert [first, bodies(box)] == [[], [b"ISA*"]]

    def test_it_is_the_rule_of_an_endpoint_that_names_none(self, folder: Path) -> None:
        put(folder, "order.edi")
        box = open_inbox({"path": str(folder)}, folder, "me")
        assert box.take(1) == []
        box.close()


class TestRename:
    def test_a_file_is_complete_once_it_loses_its_temporary_name(self, inbox: Opener, folder: Path) -> None:
        box = inbox(complete="rename")
        path = put(folder, "order.edi.part", b"ISA*")
        before = bodies(box)
        path.rename(folder / "order.edi")
        assert [before, bodies(box)] == [[], [b"ISA*"]]

    def test_a_file_that_grows_while_it_is_read_is_put_back(
        self, inbox: Opener, folder: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        box = inbox(complete="rename")
        assert bodies(box) == []
        put(folder, "order.edi", b"ISA*")
        fstat = os.fstat
        grown = iter([False, True])

        def growing(descriptor: int) -> os.stat_result:
            if next(grown, False):
                os.truncate(f"/proc/self/fd/{descriptor}", 100)
            return fstat(descriptor)

        monkeypatch.setattr(os, "fstat", growing)
        assert bodies(box) == []
        assert list(files(folder)) == ["order.edi"]
        monkeypatch.undo()
        hands.turn(inbox_module.AVOID_SECONDS)
        assert [len(body) for body in bodies(box)] == [100]


class TestDoneFile:
    def test_a_file_waits_for_its_companion(self, inbox: Opener, folder: Path) -> None:
        box = inbox(complete="done-file")
        put(folder, "order.edi", b"ISA*")
        before = bodies(box)
        put(folder, "order.edi.done", b"")
        assert [before, bodies(box)] == [[], [b"ISA*"]]

    def test_the_suffix_is_an_option_and_companions_are_never_taken(self, inbox: Opener, folder: Path) -> None:
        put(folder, "order.edi", b"ISA*")
        put(folder, "order.edi.ok", b"")
        put(folder, "lonely.ok", b"")
        assert bodies(inbox(complete="done-file", suffix=".ok", wanted=["*.edi"])) == [b"ISA*"]
        assert list(files(folder)) == ["lonely.ok"]

    def test_a_later_file_of_the_name_needs_a_companion_of_its_own(self, inbox: Opener, folder: Path) -> None:
        box = inbox(complete="done-file")
        put(folder, "order.edi", b"1")
        put(folder, "order.edi.done", b"")
        first = box.take(1)
        put(folder, "order.edi", b"2")
        assert bodies(box) == []
        box.settle(first)
        assert bodies(box) == []
        put(folder, "order.edi.done", b"")
        assert bodies(box) == [b"2"]

    def test_companions_share_the_way_of_their_file(self, inbox: Opener, folder: Path) -> None:
        box = inbox(complete="done-file")
        put(folder, "order.edi", b"1")
        put(folder, "order.edi.done", b"")
        arrivals = box.take(1)
        assert files(folder) == {}
        box.give_back(arrivals)
        assert sorted(files(folder)) == ["order.edi", "order.edi.done"]
        box.settle(box.take(1))
        assert sorted(files(folder / ".crossdock/done/2026-01-01")) == ["order.edi", "order.edi.done"]

    def test_a_companion_claimed_by_an_owner_that_died_before_it_had_the_file_is_returned(
        self, inbox: Opener, folder: Path, hands: Hands
    ) -> None:
        estate = folder / ".crossdock/claimed/gone.1"
        estate.mkdir(parents=True)
        put(estate, "order.edi.done", b"")
        put(folder, "order.edi", b"ISA*")
        assert bodies(inbox(complete="done-file")) == [b"ISA*"]
