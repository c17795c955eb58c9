"""Several processes on one folder, and processes that are killed: each file exactly once, none lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import gateway
from gateway.connectors.directory import DirectoryInbox, open_outbox
from gateway.connectors.directory import inbox as inbox_module
from gateway.core.ports import Departure
from tests.connectors.folders import Hands, everything, files, put

Opener = Callable[..., DirectoryInbox]

ROOT = Path(gateway.__file__).parents[1]


def start(mode: str, *arguments: str | Path, module: str = "poller") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"tests.connectors.{module}", *map(str, arguments), mode]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def until_ready(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    return [line.strip() for line in iter(lambda: next(lines), "ready\n")]


def kill(process: subprocess.Popen[str]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def test_two_pollers_take_each_of_500_files_exactly_once(folder: Path) -> None:
    for number in range(500):
        put(folder, f"{number:03}.edi", b"x" * (number + 1))
    pollers = [start("drain", folder), start("drain", folder)]
    lines = [line.split() for poller in pollers for line in poller.communicate()[0].splitlines()]
    assert sorted((name, int(length)) for _, name, length in lines) == [(f"{n:03}.edi", n + 1) for n in range(500)]
    assert len({identity for identity, _, _ in lines}) == 500
    assert files(folder) == {}
    assert not any("claimed" in path for path in everything(folder))


def test_what_a_killed_process_had_claimed_is_met_again_under_the_same_identity(inbox: Opener, folder: Path) -> None:
    for number in range(8):
        put(folder, f"{number}", age=20 - number)
    victim = start("hang", folder)
    first = [line.split()[0] for line in until_ready(victim)]
    box = inbox()
    while_it_lives = [arrival.file_name for arrival in box.take(100)]
    kill(victim)
    successor = inbox()
    again = successor.take(100)
    assert while_it_lives == ["5", "6", "7"]
    assert [arrival.transport_id for arrival in again] == first
    assert [arrival.file_name for arrival in again] == ["0", "1", "2", "3", "4"]


def test_a_living_poller_takes_over_within_seconds(inbox: Opener, folder: Path, hands: Hands) -> None:
    put(folder, "order.edi")
    victim = start("hang", folder)
    until_ready(victim)
    box = inbox()
    assert box.take(1) == []
    kill(victim)
    hands.turn(inbox_module.ADOPT_SECONDS)
    assert [arrival.file_name for arrival in box.take(1)] == ["order.edi"]


def test_a_name_that_is_held_is_not_taken_over_until_it_is_settled(inbox: Opener, folder: Path, hands: Hands) -> None:
    put(folder, "order.edi", b"first", age=5)
    victim = start("hang", folder)
    until_ready(victim)
    put(folder, "order.edi", b"second")
    box = inbox()
    held = box.take(10)
    kill(victim)
    hands.turn(inbox_module.ADOPT_SECONDS)
    while_held = box.take(10)
    box.settle(held)
    hands.turn(inbox_module.ADOPT_SECONDS)
    assert while_held == []
    assert [arrival.body for arrival in held + box.take(10)] == [b"second", b"first"]


def test_nothing_of_a_dead_owner_is_left_behind(inbox: Opener, folder: Path) -> None:
    put(folder, "order.edi")
    victim = start("hang", folder)
    until_ready(victim)
    kill(victim)
    box = inbox()
    box.settle(box.take(10))
    box.close()
    assert everything(folder) == [".crossdock/done/2026-01-01/order.edi"]


def test_temporary_files_of_a_killed_writer_are_swept_and_those_of_a_living_one_are_not(tmp_path: Path) -> None:
    outbox = open_outbox({"path": "."}, tmp_path)
    put(tmp_path, ".someone-elses.tmp")
    victim = start("hang", tmp_path, module="writer")
    until_ready(victim)
    while_it_lives = outbox.sweep_temporary()
    kill(victim)
    assert [while_it_lives, outbox.sweep_temporary()] == [0, 3]
    assert everything(tmp_path) == [".someone-elses.tmp"]


def test_a_writer_sweeps_what_others_left_when_it_begins_to_deliver(tmp_path: Path) -> None:
    victim = start("hang", tmp_path, module="writer")
    until_ready(victim)
    kill(victim)
    open_outbox({"path": "."}, tmp_path).deliver([Departure(transmission=1, endpoint="out", name="d.edi", body=b"x")])
    assert everything(tmp_path) == ["d.edi"]
