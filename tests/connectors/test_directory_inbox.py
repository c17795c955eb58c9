"""A folder that is polled: what is taken, in which order, and what becomes of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.connectors.directory import DirectoryInbox, open_inbox
from gateway.connectors.directory import inbox as inbox_module
from gateway.core.errors import ConfigurationError, ConnectorError
from gateway.core.spooled import Spool
from tests.connectors.folders import Hands, everything, files, put

Opener = Callable[..., DirectoryInbox]


def names(box: DirectoryInbox, limit: int = 100) -> list[str]:
    return [arrival.file_name for arrival in box.take(limit)]


class TestTaking:
    def test_an_arrival_tells_where_it_came_in_and_under_which_name(self, inbox: Opener, folder: Path) -> None:
        put(folder, "order.edi", b"ISA*00*")
        (arrival,) = inbox().take(10)
        assert (arrival.source, arrival.file_name, arrival.body) == ("acme-in", "order.edi", b"ISA*00*")

    def test_oldest_first_then_by_name(self, inbox: Opener, folder: Path) -> None:
        put(folder, "c", age=10)
        put(folder, "a", age=30)
        moment = put(folder, "z", age=20).stat().st_mtime_ns
        os.utime(put(folder, "b"), ns=(moment, moment))
        assert names(inbox()) == ["a", "b", "z", "c"]

    def test_at_most_limit_files_and_the_rest_next_time(self, inbox: Opener, folder: Path) -> None:
        for number in range(5):
            put(folder, f"{number}", age=10 - number)
        box = inbox()
        assert [names(box, 2), names(box, 2), names(box, 2)] == [["0", "1"], ["2", "3"], ["4"]]

    def test_the_folder_is_not_listed_again_while_files_of_the_last_look_are_left(
        self, inbox: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(30):
            put(folder, f"{number:02}")
        looks = []
        scandir = os.scandir
        monkeypatch.setattr(os, "scandir", lambda path: looks.append(path) or scandir(path))
        box = inbox()
        taken = [name for _ in range(10) for name in names(box, 3)]
        assert len(taken) == 30
        assert len(looks) == 1

    def test_a_batch_ends_when_its_bodies_fill_the_memory_it_may_use(
        self, inbox: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(inbox_module, "BATCH_BYTES", 100)
        for number in range(4):
            put(folder, f"{number}", b"x" * 60)
        box = inbox()
        assert [len(box.take(10)), len(box.take(10))] == [2, 2]

    @pytest.mark.parametrize("name", ["a.tmp", "a.PART", "a.filepart", ".a", ".hidden.edi"])
    def test_temporary_names_are_left_alone(self, inbox: Opener, folder: Path, name: str) -> None:
        put(folder, name)
        assert names(inbox()) == []

    def test_only_wanted_names_are_taken(self, inbox: Opener, folder: Path) -> None:
        for name in ("a.edi", "b.EDI", "c.txt"):
            put(folder, name)
        assert sorted(names(inbox(wanted=["*.edi"]))) == ["a.edi", "b.EDI"]

    def test_sub_folders_links_and_pipes_are_passed_over(self, inbox: Opener, folder: Path) -> None:
        (folder / "sub").mkdir()
        put(folder / "sub", "inner")
        target = put(folder.parent, "outside")
        (folder / "link").symlink_to(target)
        os.mkfifo(folder / "pipe")
        assert names(inbox()) == []
        assert (folder / "link").is_symlink()

    def test_a_name_that_is_no_text_is_shown_with_escapes_and_settled(self, inbox: Opener, folder: Path) -> None:
        raw = os.path.join(os.fsencode(folder), b"caf\xe9")
        with open(raw, "wb") as file:
            file.write(b"ISA*")
        box = inbox()
        arrivals = box.take(10)
        box.settle(arrivals)
        assert [arrival.file_name for arrival in arrivals] == ["caf\\xe9"]
        assert files(folder) == {}

    def test_an_empty_file_is_an_arrival_too(self, inbox: Opener, folder: Path) -> None:
        put(folder, "empty", b"")
        assert [arrival.body for arrival in inbox().take(10)] == [b""]


class TestIdentity:
    def test_the_same_file_given_back_has_the_same_identity(self, inbox: Opener, folder: Path) -> None:
        put(folder, "order.edi")
        box = inbox()
        first = box.take(10)
        box.give_back(first)
        assert [a.transport_id for a in box.take(10)] == [a.transport_id for a in first]

    def test_a_name_used_again_is_another_arrival(self, inbox: Opener, folder: Path) -> None:
        box = inbox()
        seen = set()
        for _ in range(3):
            put(folder, "order.edi", b"ISA*")
            arrivals = box.take(10)
            seen |= {arrival.transport_id for arrival in arrivals}
            box.settle(arrivals)
        assert len(seen) == 3

    def test_other_content_with_the_same_name_time_and_inode_is_another_arrival(
        self, inbox: Opener, folder: Path
    ) -> None:
        path = put(folder, "order.edi", b"AAAA")
        stamp = path.stat().st_mtime_ns
        box = inbox()
        first = box.take(1)
        box.give_back(first)
        path.write_bytes(b"BBBB")
        os.utime(path, ns=(stamp, stamp))
        second = box.take(1)
        assert path.parent == folder
        assert first[0].transport_id != second[0].transport_id


class TestAfterwards:
    def test_a_settled_file_is_kept_under_the_day(self, inbox: Opener, folder: Path) -> None:
        put(folder, "order.edi", b"ISA*")
        box = inbox()
        box.settle(box.take(10))
        assert files(folder) == {}
        assert files(folder / ".crossdock/done/2026-01-01") == {"order.edi": b"ISA*"}

    def test_archived_files_of_one_name_do_not_replace_each_other(self, inbox: Opener, folder: Path) -> None:
        box = inbox()
        for body in (b"1", b"2", b"3"):
            put(folder, "order.edi", body)
            box.settle(box.take(10))
        assert sorted(files(folder / ".crossdock/done/2026-01-01").values()) == [b"1", b"2", b"3"]

    def test_an_archive_of_delete_keeps_nothing(self, inbox: Opener, folder: Path) -> None:
        put(folder, "order.edi")
        box = inbox(archive="delete")
        box.settle(box.take(10))
        box.close()
        assert everything(folder) == []

    def test_old_days_are_purged_in_small_steps_when_nothing_comes_in(
        self, inbox: Opener, folder: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(inbox_module, "PURGE_FILES", 3)
        done = folder / ".crossdock/done"
        for day in ("2025-11-01", "2025-12-31"):
            (done / day).mkdir(parents=True)
            for number in range(5):
                put(done / day, f"{number}")
        box = inbox(keep_days=30)
        left = []
        for _ in range(3):
            box.take(10)
            left.append(len(everything(done)))
            hands.turn(1)
        assert left == [7, 5, 5]
        assert [path.name for path in done.iterdir()] == ["2025-12-31"]

    def test_a_file_that_is_too_large_is_set_aside_with_the_reason(self, inbox: Opener, folder: Path) -> None:
        put(folder, "big.edi", b"x" * 11, age=5)
        put(folder, "good.edi", b"x" * 10)
        assert names(inbox(max_bytes=10)) == ["good.edi"]
        refused = files(folder / ".crossdock/refused")
        assert refused["big.edi"] == b"x" * 11
        assert b"11 bytes; at most 10" in refused["big.edi.reason.txt"]

    def test_given_back_files_keep_their_place_before_younger_ones(self, inbox: Opener, folder: Path) -> None:
        for number in range(4):
            put(folder, f"{number}", age=10 - number)
        box = inbox()
        box.give_back(box.take(2))
        assert names(box) == ["0", "1", "2", "3"]

    def test_a_given_back_file_does_not_replace_a_younger_one_of_its_name(self, inbox: Opener, folder: Path) -> None:
        put(folder, "order.edi", b"old", age=5)
        box = inbox()
        arrivals = box.take(1)
        put(folder, "order.edi", b"new")
        box.give_back(arrivals)
        first = box.take(10)
        box.settle(first)
        second = box.take(10)
        assert [a.body for a in first + second] == [b"old", b"new"]

    def test_closing_returns_what_was_not_settled_and_leaves_no_trace(self, inbox: Opener, folder: Path) -> None:
        put(folder, "order.edi", b"ISA*")
        box = inbox()
        box.take(10)
        box.close()
        assert everything(folder) == ["order.edi"]

    def test_settling_goes_on_where_the_disk_stopped_it(
        self, inbox: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(folder, "a")
        put(folder, "b")
        box = inbox()
        arrivals = box.take(10)
        with monkeypatch.context() as patched:
            patched.setattr(os, "makedirs", full_disk)
            with pytest.raises(ConnectorError, match="The disk is full"):
                box.settle(arrivals)
        assert names(box) == []
        assert sorted(files(folder / ".crossdock/done/2026-01-01")) == ["a", "b"]


def full_disk(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


class TestTroubles:
    def test_a_missing_folder_is_an_error_that_passes(self, inbox: Opener, folder: Path) -> None:
        folder.rmdir()
        box = inbox()
        with pytest.raises(ConnectorError, match="mounted") as caught:
            box.take(1)
        assert caught.value.retryable
        folder.mkdir()
        put(folder, "order.edi")
        assert names(box) == ["order.edi"]

    def test_a_file_that_cannot_be_read_is_left_for_a_while_and_stops_no_other(
        self, inbox: Opener, folder: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(folder, "bad", b"bad", age=5)
        put(folder, "good", b"good")
        read = inbox_module.read_steady

        def failing(path: str, name: str, most: int, inodes: bool, spool: Spool) -> object:
            if name == "bad":
                raise OSError(5, "Input/output error")
            return read(path, name, most, inodes, spool)

        monkeypatch.setattr(inbox_module, "read_steady", failing)
        box = inbox()
        assert [names(box), names(box)] == [["good"], []]
        assert "bad" in files(folder)
        monkeypatch.undo()
        hands.turn(inbox_module.AVOID_SECONDS)
        assert names(box) == ["bad"]

    def test_what_was_read_before_the_folder_failed_is_handed_out(
        self, inbox: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(folder, "a", age=5)
        put(folder, "b")
        box = inbox()
        rename = os.rename

        def failing(source: str, target: str) -> None:
            if source.endswith("/b"):
                raise PermissionError(13, "Permission denied")
            rename(source, target)

        monkeypatch.setattr(os, "rename", failing)
        assert names(box) == ["a"]
        with pytest.raises(ConnectorError, match="permission"):
            box.take(1)

    def test_files_that_could_not_be_put_back_are_handed_out_again(
        self, inbox: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(folder, "a", age=5)
        put(folder, "b")
        box = inbox()
        arrivals = box.take(10)
        with monkeypatch.context() as patched:
            patched.setattr(os, "link", full_disk)
            with pytest.raises(ConnectorError, match="full"):
                box.give_back(arrivals)
        assert names(box) == ["a", "b"]

    def test_a_control_folder_that_leads_elsewhere_is_refused(self, inbox: Opener, folder: Path) -> None:
        (folder.parent / "elsewhere").mkdir()
        (folder / ".crossdock").symlink_to(folder.parent / "elsewhere")
        put(folder, "order.edi")
        with pytest.raises(ConnectorError, match="symbolic link"):
            inbox().take(1)
        assert list(files(folder)) == ["order.edi"]


FOLDERS: list[tuple[str, dict[str, object], bool]] = [
    ("data/in", {}, True),
    ("data/in", {"create": False}, False),
    ("$TMP/data/in", {}, False),
    ("$TMP/data/in", {"create": True}, True),
]


class TestOptions:
    def test_an_unknown_option_is_an_error_that_names_it(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"acme-in: wnated: .*wanted"):
            open_inbox({"path": "in", "wnated": ["*"]}, tmp_path, "me", name="acme-in")

    @pytest.mark.parametrize(
        ("key", "value"), [("complete", "soon"), ("seconds", -1), ("max_bytes", "many"), ("keep_days", 0), ("path", "")]
    )
    def test_a_value_of_the_wrong_kind_is_an_error_that_names_its_key(
        self, tmp_path: Path, key: str, value: object
    ) -> None:
        with pytest.raises(ConfigurationError) as caught:
            open_inbox({"path": "in", key: value}, tmp_path, "me")
        assert caught.value.key == key

    def test_a_missing_path_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="path"):
            open_inbox({}, tmp_path, "me")

    @pytest.mark.parametrize(("path", "options", "made"), FOLDERS)
    def test_a_folder_in_the_home_is_made_and_one_elsewhere_only_when_asked_for(
        self, tmp_path: Path, path: str, options: dict[str, object], made: bool
    ) -> None:
        open_inbox({"path": path.replace("$TMP", str(tmp_path)), **options}, tmp_path, "me")
        assert (tmp_path / "data/in").is_dir() is made

    def test_arrivals_say_whose_folder_it_is(self, tmp_path: Path) -> None:
        box = open_inbox({"path": "in", "complete": "rename"}, tmp_path, "me", party="acme")
        put(tmp_path / "in", "order.edi")
        assert [arrival.party for arrival in box.take(1)] == ["acme"]
        box.close()
