"""Files fetched from an OpenSSH server: complete, once, and put away after the commit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from gateway.connectors.sftp import InboxOptions, SftpInbox
from gateway.connectors.sftp.ledger import MemoryLedger
from gateway.core.errors import ConfigurationError, ConnectorError
from gateway.core.strict import convert
from tests.connectors.folders import Hands, everything, files, put
from tests.interop.openssh import OpenSsh
from tests.interop.openssh import secrets as of_files

Open = Callable[..., SftpInbox]


@pytest.fixture
def inbox(server: OpenSsh, hands: Hands) -> Iterator[Open]:
    """Opens inboxes on the server's folder, options as keywords; they are closed when the test ends."""
    opened: list[SftpInbox] = []

    def open_one(**options: object) -> SftpInbox:
        checked = convert({**server.options(), "complete": "rename", **options}, InboxOptions, "test")
        opened.append(SftpInbox(checked, of_files, name="globex-in", party="globex", times=hands.times))
        return opened[-1]

    yield open_one
    for box in opened:
        box.close()


def names(box: SftpInbox, limit: int = 100) -> list[str]:
    return [arrival.file_name for arrival in box.take(limit)]


class TestTaking:
    def test_oldest_first_as_many_as_asked_for(self, server: OpenSsh, inbox: Open) -> None:
        for age, name in enumerate("cba"):
            put(server.root, name, name.encode() * 3, age=100 - age)
        box = inbox()
        first = box.take(2)
        assert [(a.file_name, a.body, a.source, a.party) for a in first] == [
            ("c", b"ccc", "globex-in", "globex"),
            ("b", b"bbb", "globex-in", "globex"),
        ]
        assert names(box) == ["a"]
        assert names(box) == []

    def test_large_and_small_files_come_whole(self, server: OpenSsh, inbox: Open) -> None:
        bodies = {f"f{size}": os.urandom(size) for size in (1, 32767, 32768, 32769, 1_000_000, 3_333_333)}
        for name, body in bodies.items():
            put(server.root, name, body)
        assert {a.file_name: a.body for a in inbox().take(100)} == bodies

    def test_empty_files_too(self, server: OpenSsh, inbox: Open) -> None:
        put(server.root, "empty", b"")
        assert [a.body for a in inbox().take(9)] == [b""]

    def test_patterns_folders_and_links_are_passed_over(self, server: OpenSsh, inbox: Open) -> None:
        put(server.root, "a.x12")
        put(server.root, "b.txt")
        put(server.root, "c.x12.tmp")
        put(server.root, ".hidden.x12")
        (server.root / "sub.x12").mkdir()
        (server.root / "link.x12").symlink_to(server.root / "a.x12")
        assert names(inbox(wanted=["*.x12"])) == ["a.x12"]

    def test_names_that_are_no_utf8(self, server: OpenSsh, inbox: Open) -> None:
        (server.root / os.fsdecode(b"caf\xe9")).write_bytes(b"x")
        box = inbox(after="archive")
        taken = box.take(9)
        assert [a.file_name for a in taken] == ["caf\\xe9"]
        box.settle(taken)
        assert os.listdir(os.fsencode(server.root / "archive")) == [b"caf\xe9"]

    def test_many_files(self, server: OpenSsh, inbox: Open) -> None:
        for number in range(500):
            put(server.root, f"{number:03}", b"%d" % number)
        box = inbox()
        assert sorted(a.body for a in box.take(300) + box.take(300)) == sorted(b"%d" % n for n in range(500))

    def test_a_file_that_is_too_large_stays_and_is_told(self, server: OpenSsh, inbox: Open) -> None:
        put(server.root, "big", bytes(2000))
        box = inbox(max_bytes=1000)
        with structlog.testing.capture_logs() as logs:
            assert names(box) == names(box) == []
        assert [log["event"] for log in logs] == ["file.refused"]
        assert list(files(server.root)) == ["big"]

    def test_a_folder_that_is_not_there_is_an_error_that_names_it(self, inbox: Open) -> None:
        with pytest.raises(ConnectorError, match=r"/nowhere.*no such file or folder.*Is `path` right"):
            inbox(path="/nowhere").take(1)


class TestComplete:
    def test_stable_needs_two_looks(self, server: OpenSsh, inbox: Open, hands: Hands) -> None:
        box = inbox(complete="stable", settle_seconds=5)
        put(server.root, "a", b"1")
        assert names(box) == []
        hands.turn(4)
        assert names(box) == []
        (server.root / "a").write_bytes(b"12")
        hands.turn(4)
        assert names(box) == []
        hands.turn(5)
        assert [a.body for a in box.take(9)] == [b"12"]

    def test_done_file(self, server: OpenSsh, inbox: Open) -> None:
        box = inbox(complete="done-file", after="delete")
        put(server.root, "a")
        assert names(box) == []
        put(server.root, "a.done", b"")
        taken = box.take(9)
        assert [a.file_name for a in taken] == ["a"]
        box.settle(taken)
        assert files(server.root) == {}


class TestAfter:
    def test_what_stays_is_received_once_until_it_changes(self, server: OpenSsh, inbox: Open) -> None:
        put(server.root, "a", b"one", age=100)
        box = inbox()
        first = box.take(9)
        box.settle(first)
        assert names(box) == []
        put(server.root, "a", b"two", age=50)
        second = box.take(9)
        assert [a.body for a in second] == [b"two"]
        assert first[0].transport_id != second[0].transport_id

    def test_the_ledger_outlives_the_process(self, server: OpenSsh, inbox: Open) -> None:
        put(server.root, "a")
        ledger = MemoryLedger()
        for expected in (["a"], []):
            box = inbox()
            box.ledger = ledger
            taken = box.take(9)
            box.settle(taken)
            assert [a.file_name for a in taken] == expected

    def test_what_is_gone_is_forgotten_after_a_while(self, server: OpenSsh, inbox: Open) -> None:
        path = put(server.root, "a")
        box = inbox()
        box.settle(box.take(9))
        path.unlink()
        known = []
        for _ in range(3):
            box.take(9)
            known.append(len(box.ledger.known("globex-in", str(server.root))))
        assert known == [1, 1, 0]

    def test_archived_after_the_commit_and_never_replaced(self, server: OpenSsh, inbox: Open) -> None:
        box = inbox(after="archive")
        for body in (b"one", b"two", b"two"):
            put(server.root, "a", body, age=100)
            taken = box.take(9)
            assert list(files(server.root)) == ["a"]
            box.settle(taken)
            assert files(server.root) == {}
        kept = files(server.root / "archive")
        assert sorted(kept.values()) == [b"one", b"two", b"two"] or sorted(kept.values()) == [b"one", b"two"]
        assert kept["a"] == b"one"

    def test_a_file_that_changed_meanwhile_is_not_deleted(self, server: OpenSsh, inbox: Open) -> None:
        box = inbox(after="delete")
        put(server.root, "a", b"old", age=100)
        taken = box.take(9)
        put(server.root, "a", b"newer")
        box.settle(taken)
        assert [a.body for a in box.take(9)] == [b"newer"]

    def test_after_a_crash_it_is_known_by_the_same_identity(self, server: OpenSsh, inbox: Open) -> None:
        put(server.root, "a")
        first, second = inbox(after="delete").take(9), inbox(after="delete").take(9)
        assert first[0].transport_id == second[0].transport_id

    def test_given_back_it_is_met_again(self, server: OpenSsh, inbox: Open) -> None:
        put(server.root, "a")
        box = inbox(after="delete")
        first = box.take(9)
        box.give_back(first)
        assert [a.transport_id for a in box.take(9)] == [first[0].transport_id]

    def test_what_cannot_be_deleted_is_not_fetched_again(self, server: OpenSsh, inbox: Open) -> None:
        put(server.root, "a")
        box = inbox(after="archive", archive="blocked")
        put(server.root, "blocked")
        taken = [a for a in box.take(9) if a.file_name == "a"]
        with structlog.testing.capture_logs() as logs:
            box.settle(taken)
        assert [log["event"] for log in logs] == ["file.stuck"]
        assert names(box) == []


class TestClaims:
    @pytest.mark.parametrize("folder", ["work", "."])
    def test_two_pollers_share_a_folder(self, server: OpenSsh, inbox: Open, folder: str) -> None:
        for number in range(20):
            put(server.root, f"{number:02}")
        one, two = (inbox(claim=folder, after="delete") for _ in range(2))
        first, second = one.take(10), two.take(20)
        assert len(first) == len(second) == 10
        one.settle(first)
        two.settle(second)
        assert sorted(a.file_name for a in first + second) == [f"{number:02}" for number in range(20)]
        assert everything(server.root) == []

    def test_claims_of_a_poller_that_is_gone_are_taken_over_with_the_same_identity(
        self, server: OpenSsh, inbox: Open, hands: Hands
    ) -> None:
        put(server.root, "a")
        gone = inbox(claim="work", after="delete").take(9)
        other = inbox(claim="work", after="delete", claim_seconds=60)
        assert other.take(9) == []
        hands.turn(61)
        taken = other.take(9)
        assert [a.transport_id for a in taken] == [a.transport_id for a in gone]
        other.settle(taken)
        assert everything(server.root) == []

    def test_closing_gives_claims_back(self, server: OpenSsh, inbox: Open) -> None:
        put(server.root, "a")
        box = inbox(claim="work", after="delete")
        box.take(9)
        assert files(server.root) == {}
        box.close()
        assert list(files(server.root)) == ["a"]

    def test_a_companion_goes_with_its_file(self, server: OpenSsh, inbox: Open) -> None:
        put(server.root, "a")
        put(server.root, "a.done", b"")
        box = inbox(claim="work", after="archive", complete="done-file")
        taken = box.take(9)
        assert [a.file_name for a in taken] == ["a"]
        box.settle(taken)
        assert everything(server.root) == ["archive/a"]

    def test_a_companion_that_was_claimed_alone_goes_back(self, server: OpenSsh, inbox: Open, hands: Hands) -> None:
        (server.root / "work").mkdir()
        put(server.root, "a")
        put(server.root / "work", f".crossdock-claim.{int(hands.times.day()):x}.00000000.a.done", b"")
        box = inbox(claim="work", after="delete", complete="done-file", claim_seconds=60)
        assert names(box) == []
        hands.turn(61)
        assert names(box) + names(box) == ["a"]

    def test_a_claim_does_not_go_with_files_that_stay(self, inbox: Open) -> None:
        with pytest.raises(ConfigurationError, match="claim moves files"):
            inbox(claim="work")


class TestReconnecting:
    def test_a_connection_that_broke_is_made_anew(self, server: OpenSsh, inbox: Open) -> None:
        put(server.root, "a")
        box = inbox()
        box.settle(box.take(9))
        server.drop_connections()
        put(server.root, "b")
        found: list[str] = []
        for _ in range(3):
            try:
                found += names(box)
            except ConnectorError:
                continue
        assert found == ["b"]

    def test_when_nobody_listens_the_error_says_so(self, inbox: Open) -> None:
        with pytest.raises(ConnectorError, match=r"127\.0\.0\.1:1: Connection refused.*Nothing listens there"):
            inbox(port=1).take(1)


def test_the_log_names_no_secret(server: OpenSsh, inbox: Open, tmp_path: Path) -> None:
    key = server.key.read_text().splitlines()[1]
    with structlog.testing.capture_logs() as logs:
        put(server.root, "a")
        inbox().take(1)
    assert key not in str(logs)
