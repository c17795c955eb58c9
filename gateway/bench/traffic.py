"""Both ends of the gateway that is measured: orders are dropped into the partner's folder, and awaited in the ERP's."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from gateway.bench.checking import delivered, order_ids
from gateway.bench.corpus import interchange
from gateway.bench.figures import BenchmarkError
from gateway.bench.gateway_process import GatewayProcess
from gateway.bench.home import Home
from gateway.bench.orders import purchase_id
from gateway.store import open_database
from gateway.store.queries import open_work

#: Seconds without anything new after which a run has failed.
_PATIENCE = 60.0

#: Seconds between looks: rare enough not to be measured, since the time of arrival is the file's own.
_LOOK = 0.05
_NANO = 1_000_000_000


class Traffic:
    """``together`` orders in each file. Orders are numbered from 1; ``last`` is the last one that was made."""

    def __init__(self, home: Home, process: GatewayProcess, together: int) -> None:
        self.last = 0
        self._home = home
        self._process = process
        self._together = together
        self._seen: set[str] = set()

    def flood(self, orders: int) -> float:
        """Drops everything at once; returns orders a second until the last one has arrived."""
        files = self._stage(orders)
        begin = time.time_ns()
        for name in files.values():
            self._home.drop(name)
        arrived = self._await(orders)
        return orders * _NANO / (max(arrived.values()) - begin)

    def pace(self, orders: int, rate: float) -> list[float]:
        """Drops ``rate`` orders a second, one a file; returns the seconds from drop to ERP file, sorted.

        Arrival is when the file got its name (st_ctime, on Linux in steps of some milliseconds).
        """
        files = self._stage(orders)  # which takes a while: what was due meanwhile would come at once
        begin = time.monotonic()
        dropped: dict[str, int] = {}
        for place, (number, name) in enumerate(files.items()):
            time.sleep(max(0.0, begin + place / rate - time.monotonic()))
            dropped[purchase_id(number)] = time.time_ns()
            self._home.drop(name)
        arrived = {id: at for file, at in self._await(orders).items() for id in order_ids(file)}
        return sorted((at - dropped[id]) / _NANO for id, at in arrived.items())

    def settle(self) -> None:
        """Waits until no work is left: receipts may leave later than orders."""
        database = open_database(self._home.database)

        def left() -> int:
            with database.read() as connection:
                return sum(row.number for row in open_work(connection))

        try:
            self._until(lambda: left() == 0, left)
        finally:
            database.close()

    def _stage(self, orders: int) -> dict[int, str]:
        """Files for the next orders, by the number of the first order in each."""
        numbers = range(self.last + 1, self.last + 1 + orders)
        self.last = numbers[-1] if numbers else self.last
        files: dict[int, str] = {}
        for first in numbers[:: self._together]:
            inside = range(first, min(first + self._together, numbers.stop))
            files[first] = self._home.stage(f"{first:08d}.x12", interchange("x12", first, inside))
        return files

    def _await(self, orders: int) -> dict[Path, int]:
        """The next ERP files, as many as orders, and when each got its name (nanoseconds since 1970)."""
        wanted = len(self._seen) + orders
        self._until(lambda: self._there() >= wanted, self._there)
        new = [file for file in delivered(self._home.erp) if file.name not in self._seen]
        self._seen |= {file.name for file in new}
        return {file: file.stat().st_ctime_ns for file in new}

    def _there(self) -> int:
        return sum(not name.startswith(".") for name in os.listdir(self._home.erp))

    def _until(self, done: Callable[[], bool], progress: Callable[[], int]) -> None:
        """Waits for ``done``. Raises BenchmarkError when ``progress`` shows none for a minute, or the gateway ended."""
        before, since = progress(), time.monotonic()
        while not done():
            self._process.check()
            now = progress()
            if now != before:
                before, since = now, time.monotonic()
            elif time.monotonic() - since > _PATIENCE:
                raise BenchmarkError(f"Nothing moves any more. The gateway said: {self._process.said()}")
            time.sleep(_LOOK)
