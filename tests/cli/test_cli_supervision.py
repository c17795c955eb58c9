"""What serve does about threads that hang and workers that cannot start."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from gateway.cli import processes
from gateway.cli.processes import Processes
from gateway.cli.threads import Threads


def eventually(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 15
    while not done():
        assert time.monotonic() < until
        time.sleep(0.01)


class TestThreads:
    def test_one_that_fails_ends_all(self) -> None:
        ended = threading.Event()

        def fails(stop: threading.Event) -> None:
            raise ZeroDivisionError

        def waits(stop: threading.Event) -> None:
            stop.wait()
            ended.set()

        with Threads() as threads:
            threads.start("waits", waits)
            threads.start("fails", fails)
            threads.wait(lambda stop: None)
            assert threads.stop() is True
        assert ended.is_set()

    def test_one_that_hangs_does_not_keep_the_process(self) -> None:
        let_go = threading.Event()
        with capture_logs() as lines, Threads() as threads:
            threads.start("hangs", lambda stop: bool(let_go.wait(20)) and None)
            assert threads.stop(0.05) is True
        assert [line["threads"] for line in lines if line["event"] == "threads.left"] == [["hangs"]]
        let_go.set()


class TestProcesses:
    def test_one_that_cannot_start_is_tried_again_at_growing_intervals(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(processes, "_PAUSE", 0.02)
        monkeypatch.setattr(processes, "_LONGEST", 0.05)
        codes: list[int] = []
        stop = threading.Event()
        with Processes(["poem"], 1) as running:
            running.ended = codes.append
            eventually(lambda: (running.watch(stop), len(codes) >= 3)[1])
            assert codes[:3] == [2, 2, 2]
            assert running._pause == 0.05
            stop.set()
