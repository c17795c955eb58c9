"""A worker process to be killed: handles rows, one event each. Run as ``python -m tests.work.victim URL``."""

from __future__ import annotations

import sys
import threading
import time

from gateway.store import WorkItem, open_database
from gateway.work import Sweeper, Worker
from tests.work.counting import Counting


class Now:
    def now(self) -> int:
        return time.time_ns() // 1000


def slowly(item: WorkItem) -> None:
    time.sleep(0.006)


def main(url: str) -> None:
    database = open_database(url)
    never = threading.Event()
    sweeper = threading.Thread(target=Sweeper(database, Now(), interval=0.1).run, args=(never,), daemon=True)
    sweeper.start()
    print("ready", flush=True)
    Worker(database, [Counting(slowly)], limit=16, lease=0.6, poll=(0.005, 0.02)).run(never)


if __name__ == "__main__":
    main(sys.argv[1])
