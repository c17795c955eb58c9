"""Workers as they are on several machines: each with threads and bells of its own, on PostgreSQL and RabbitMQ."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from gateway.store import Step
from gateway.work import KombuBell
from tests.store.making import column

if TYPE_CHECKING:
    from gateway.work import Worker
    from tests.pipeline.yard import Yard

STEPS = [step.name.lower() for step in Step]

#: Seconds in which everything must be done.
PATIENCE = 60.0

_BUSY = "SELECT count(*) FROM work WHERE state IN (0, 1)"


class Crew:
    """Two workers that share the work of a yard and sleep until they are rung for."""

    def __init__(self, broker: str, name: str) -> None:
        self.bells = [KombuBell(broker, STEPS, name=name) for _ in range(2)]
        self._ringing = KombuBell(broker, STEPS, name=name)

    def work(self, yard: Yard) -> int:
        """Everything that is ready; returns how many rows of work that was."""
        stop, done = threading.Event(), [0, 0]
        workers = [yard.worker(bell=bell, poll=(PATIENCE, PATIENCE)) for bell in self.bells]
        threads = [
            threading.Thread(target=_run, args=(worker, stop, done, number)) for number, worker in enumerate(workers)
        ]
        for thread in threads:
            thread.start()
        end = time.monotonic() + PATIENCE
        try:
            while column(yard.database, _BUSY) != [0]:
                assert time.monotonic() < end, "It was not carried to the end."
                time.sleep(0.005)
        finally:
            stop.set()
            while any(thread.is_alive() for thread in threads):
                for step in STEPS[:2]:
                    self._ringing.ring(step)
                time.sleep(0.005)
        return sum(done)

    def close(self) -> None:
        for bell in (*self.bells, self._ringing):
            bell.close()


def _run(worker: Worker, stop: threading.Event, done: list[int], number: int) -> None:
    once = worker.run_once

    def counted() -> int:
        found = once()
        done[number] += found
        return found

    worker.run_once = counted  # type: ignore[method-assign]
    worker.run(stop)
