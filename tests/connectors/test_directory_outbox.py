"""Files that leave: complete, durable, never replaced, and nothing temporary left over."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.connectors.directory import DirectoryOutbox, open_outbox
from gateway.connectors.directory import outbox as outbox_module
from gateway.connectors.directory.names import MOST_BYTES, safe_name
from gateway.core.errors import ConfigurationError, ConnectorError
from gateway.core.ports import Departure, Outcome
from tests.connectors.folders import everything, files, put


@pytest.fixture
def outbox(tmp_path: Path) -> DirectoryOutbox:
    return open_outbox({"path": "."}, tmp_path, "tester")


def departure(name: str, body: bytes = b"ISA*", number: int = 1) -> Departure:
    return Departure(transmission=number, endpoint="acme-out", name=name, body=body)


def batch(count: int) -> list[Departure]:
    return [departure(f"{number:03}.edi", b"x" * number, number) for number in range(count)]


class TestDelivering:
    def test_files_appear_under_their_names_and_nothing_else_does(
        self, outbox: DirectoryOutbox, tmp_path: Path
    ) -> None:
        outcomes = outbox.deliver(batch(5))
        assert outcomes == [Outcome(number) for number in range(5)]
        assert files(tmp_path) == {f"{number:03}.edi": b"x" * number for number in range(5)}

    def test_each_file_is_synced_before_it_gets_its_name_and_the_folder_after(
        self, outbox: DirectoryOutbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[tuple[bool, int]] = []
        fsync = os.fsync

        def watched(descriptor: int) -> None:
            seen.append((os.path.isdir(f"/proc/self/fd/{descriptor}"), len(published(tmp_path))))
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", watched)
        outbox.deliver(batch(3))
        assert seen == [(False, 0)] * 3 + [(True, 3)]

    def test_a_batch_larger_than_the_files_it_may_open_goes_in_parts(
        self, outbox: DirectoryOutbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outbox_module, "OPEN_FILES", 2)
        assert all(outcome.error is None for outcome in outbox.deliver(batch(5)))
        assert len(files(tmp_path)) == 5


class TestAgain:
    def test_the_same_name_and_bytes_again_is_delivered_already(self, outbox: DirectoryOutbox, tmp_path: Path) -> None:
        outbox.deliver([departure("order.edi")])
        before = (tmp_path / "order.edi").stat()
        assert outbox.deliver([departure("order.edi")]) == [Outcome(1)]
        assert (tmp_path / "order.edi").stat().st_mtime_ns == before.st_mtime_ns

    def test_what_is_there_already_is_synced_before_it_counts(
        self, outbox: DirectoryOutbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(tmp_path, "order.edi", b"ISA*")
        monkeypatch.setattr(os, "fsync", failing(errno.EIO))
        (outcome,) = outbox.deliver([departure("order.edi", b"ISA*")])
        assert outcome.error is not None

    @pytest.mark.parametrize("other", [b"ISB*", b"longer than it", b""])
    def test_the_same_name_with_other_bytes_is_refused_and_nothing_is_replaced(
        self, outbox: DirectoryOutbox, tmp_path: Path, other: bytes
    ) -> None:
        put(tmp_path, "order.edi", other)
        (outcome,) = outbox.deliver([departure("order.edi", b"ISA*")])
        assert "other content" in str(outcome.error)
        assert not outcome.retryable
        assert files(tmp_path) == {"order.edi": other}

    def test_a_name_taken_between_the_look_and_the_publication_is_not_replaced(
        self, outbox: DirectoryOutbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fsync = os.fsync

        def overtaking(descriptor: int) -> None:
            put(tmp_path, "order.edi", b"other")
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", overtaking)
        (outcome,) = outbox.deliver([departure("order.edi")])
        assert not outcome.retryable
        assert files(tmp_path) == {"order.edi": b"other"}

    def test_a_name_that_was_taken_and_is_free_again_is_used(
        self, outbox: DirectoryOutbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(tmp_path, "order.edi", b"other")
        link = os.link

        def fetched(*args: Any, **options: Any) -> None:
            try:
                link(*args, **options)
            except FileExistsError:
                (tmp_path / "order.edi").unlink()
                raise

        monkeypatch.setattr(os, "link", fetched)
        assert outbox.deliver([departure("order.edi", b"ISA*")]) == [Outcome(1)]
        assert files(tmp_path) == {"order.edi": b"ISA*"}

    def test_one_name_twice_in_a_batch(self, outbox: DirectoryOutbox, tmp_path: Path) -> None:
        same, repeat, other = outbox.deliver(
            [departure("a", b"1", 1), departure("a", b"1", 2), departure("a", b"2", 3)]
        )
        assert (same.error, repeat.error) == (None, None)
        assert "other content" in str(other.error)
        assert files(tmp_path) == {"a": b"1"}


class TestTroubles:
    @pytest.mark.parametrize(
        ("number", "text"),
        [
            (errno.ENOSPC, "The disk is full"),
            (errno.EDQUOT, "quota"),
            (errno.EIO, "Input/output error"),
            (errno.EACCES, "permission"),
        ],
    )
    def test_a_failing_sync_is_an_outcome_to_try_again_and_leaves_nothing(
        self, outbox: DirectoryOutbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, text: str
    ) -> None:
        monkeypatch.setattr(os, "fsync", failing(number))
        outcomes = outbox.deliver(batch(3))
        assert [(text in str(outcome.error), outcome.retryable) for outcome in outcomes] == [(True, True)] * 3
        assert everything(tmp_path) == []

    def test_one_that_fails_does_not_stop_the_others(
        self, outbox: DirectoryOutbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fsync = os.fsync
        calls = iter(range(100))
        monkeypatch.setattr(os, "fsync", lambda fd: failing(errno.ENOSPC)(fd) if next(calls) == 1 else fsync(fd))
        outcomes = outbox.deliver(batch(3))
        assert [outcome.error is None for outcome in outcomes] == [True, False, True]
        assert sorted(files(tmp_path)) == ["000.edi", "002.edi"]

    def test_a_folder_that_cannot_be_synced_delivers_nothing_until_it_can(
        self, outbox: DirectoryOutbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fsync = os.fsync

        def watched(descriptor: int) -> None:
            if os.path.isdir(f"/proc/self/fd/{descriptor}"):
                raise OSError(errno.EIO, "Input/output error")
            fsync(descriptor)

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", watched)
            assert all(outcome.error and outcome.retryable for outcome in outbox.deliver(batch(2)))
        assert outbox.deliver(batch(2)) == [Outcome(0), Outcome(1)]

    def test_a_missing_folder_is_an_outcome_to_try_again(self, tmp_path: Path) -> None:
        outbox = open_outbox({"path": "away", "create": False}, tmp_path)
        (outcome,) = outbox.deliver([departure("order.edi")])
        assert "mounted" in str(outcome.error)
        assert outcome.retryable
        (tmp_path / "away").mkdir()
        assert outbox.deliver([departure("order.edi")]) == [Outcome(1)]

    def test_a_folder_that_takes_no_links_takes_names_by_rename(
        self, outbox: DirectoryOutbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "link", failing(errno.EPERM))
        put(tmp_path, "001.edi", b"other")
        outcomes = outbox.deliver(batch(3))
        assert [outcome.error is None for outcome in outcomes] == [True, False, True]
        assert files(tmp_path) == {"000.edi": b"", "001.edi": b"other", "002.edi": b"xx"}

    def test_a_file_that_the_system_does_not_allow_is_refused_and_leaves_nothing(
        self, outbox: DirectoryOutbox, tmp_path: Path
    ) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
        try:
            (outcome,) = outbox.deliver([departure("big.edi", b"x" * 1_000_001)])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert "File too large" in str(outcome.error)
        assert not outcome.retryable
        assert everything(tmp_path) == []

    def test_sweeping_a_missing_folder_is_a_connector_error(self, tmp_path: Path) -> None:
        with pytest.raises(ConnectorError, match="mounted"):
            open_outbox({"path": "away", "create": False}, tmp_path).sweep_temporary()

    def test_an_unknown_option_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="complete"):
            open_outbox({"path": ".", "complete": "rename"}, tmp_path)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("order 4711.edi", "order 4711.edi"),
            ("../../etc/passwd", "_._.._etc_passwd"),
            (".profile", "_profile"),
            ("a\x00b\nc", "a_b_c"),
            ("C:\\temp\\x", "C__temp_x"),
            ("", "_"),
            ("..", "_."),
        ],
    )
    def test_what_becomes_of_a_name(self, name: str, expected: str) -> None:
        assert safe_name(name) == expected

    @given(st.text(max_size=400))
    def test_any_text_becomes_a_name_that_stays_in_its_folder(self, name: str) -> None:
        safe = safe_name(name)
        assert safe not in ("", ".", "..")
        assert not safe.startswith(".")
        assert "/" not in safe
        assert len(safe.encode()) <= MOST_BYTES
        assert safe_name(safe) == safe

    def test_long_names_are_cut_keep_their_extension_and_stay_apart(self) -> None:
        first, second = safe_name("ü" * 300 + "1.edi"), safe_name("ü" * 300 + "2.edi")
        assert first != second
        assert first.endswith(".edi")

    def test_a_long_name_is_delivered(self, outbox: DirectoryOutbox, tmp_path: Path) -> None:
        assert outbox.deliver([departure("x" * 300)]) == [Outcome(1)]
        assert [len(name) for name in files(tmp_path)] == [MOST_BYTES]


def failing(number: int) -> Callable[..., None]:
    def call(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return call


def published(folder: Path) -> list[str]:
    return [name for name in files(folder) if not name.startswith(".")]
