"""Workers that are killed or stopped in the middle: nothing lost, nothing done twice, no key out of order."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

import gateway
from gateway.store import Database
from tests.store.making import column, handling

pytestmark = pytest.mark.slow

ROOT = Path(gateway.__file__).parents[1]
ROUNDS, EACH, KEYS = 4, 300, 60  # a round is a second of work for two


class Herd:
    """Worker processes on one database; one that is killed is replaced."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.processes = [self.start() for _ in range(2)]

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.work.victim", self.url]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    def kill(self, place: int) -> None:
        self.end(self.processes[place])
        self.processes[place] = self.start()

    def stop_for(self, place: int, seconds: float) -> None:
        os.kill(self.processes[place].pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(self.processes[place].pid, signal.SIGCONT)

    @staticmethod
    def end(process: subprocess.Popen[str]) -> None:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def close(self) -> None:
        for process in self.processes:
            self.end(process)


@pytest.fixture
def herd(database_url: str, database: Database) -> Iterator[Herd]:
    opened = Herd(database_url)
    yield opened
    opened.close()


def test_nothing_is_lost_or_doubled_when_workers_die(database: Database, herd: Herd) -> None:
    dice = random.Random(7)
    lane_of: dict[int, str] = {}
    for number in range(ROUNDS):
        rows = [("acme", f"order:{n % KEYS}", n) for n in range(number * EACH, (number + 1) * EACH)]
        lane_of |= {id: lane for id, (_, lane, _) in zip(handling(database, *rows), rows, strict=True)}
        time.sleep(dice.uniform(0.05, 0.3))
        assert column(database, "SELECT count(*) FROM work") != [0]
        herd.kill(dice.randrange(2))
    herd.stop_for(0, 1.0)  # longer than its lease: a zombie
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and column(database, "SELECT count(*) FROM work") != [0]:
        time.sleep(0.1)
    assert column(database, "SELECT count(*) FROM work") == [0]
    with database.read() as connection:
        sql = "SELECT e.document_id, d.id FROM events e JOIN documents d ON d.id = e.document_id ORDER BY e.id"
        done = [row.document_id for row in connection.execute(text(sql))]
    assert sorted(done) == sorted(lane_of)
    lanes: dict[str, list[int]] = defaultdict(list)
    for document in done:
        lanes[lane_of[document]].append(document)
    assert all(documents == sorted(documents) for documents in lanes.values())
