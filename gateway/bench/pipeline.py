"""``crossdock bench pipeline``: orders a second, from the partner's folder to the ERP's, durable at every step.

``crossdock serve`` runs in processes of its own, in a new home each time. Files are renamed into the partner's folder;
the clock stops when the last ERP file has its name. SQLite with synchronous=FULL, or PostgreSQL. What was received
stays in the folder's archive: deleting files makes creating others slow on ext4 and would be measured with the rest.
For the same reason each run has a part of the disk of its own, where the file system can give one. Beside throughput
stands what pyx12's reader reads of such orders in the same minutes: that tells a slow machine from a slow gateway.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import NamedTuple

import msgspec

from gateway.bench.calibrator import Calibrator
from gateway.bench.checking import check
from gateway.bench.disk import fsync_seconds, spread
from gateway.bench.figures import Figure, Tell, middle
from gateway.bench.gateway_process import GatewayProcess, Usage
from gateway.bench.home import Home, database_of_its_own
from gateway.bench.traffic import Traffic

_BENCH = "pipeline"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """``warm_up`` orders are handled before the clock starts: a service that runs for weeks is warm."""

    orders: int = 2000
    warm_up: int = 1000
    rounds: int = 3
    workers: tuple[int, ...] = (1, 2)
    database: str | None = None
    broker: str | None = None
    folder: Path | None = None


class Load(NamedTuple):
    """What is dropped. ``paced``: latency at half of the reached rate is measured too."""

    name: str
    together: int
    paced: bool


LOADS = (Load("single orders", 1, True), Load("interchanges of 100", 100, False))


class Run(NamedTuple):
    """One run. Latencies are in seconds, sorted."""

    rate: float
    used: Usage
    latencies: list[float]


def measure(options: Options, tell: Tell, loads: tuple[Load, ...] = LOADS) -> Iterator[Figure]:
    """All figures. Raises BenchmarkError when an order was lost or doubled, and what the database raises."""
    kind = "PostgreSQL" if options.database else "SQLite"
    with tempfile.TemporaryDirectory(prefix="crossdock-bench-", dir=options.folder) as made:
        folder = Path(made)
        spread(folder)
        runs: dict[tuple[Load, int], list[Run]] = {(load, w): [] for load in loads for w in options.workers}
        calibrator = Calibrator()
        for number in range(1, options.rounds + 1):
            for (load, workers), done in runs.items():
                calibrator.look()
                tell(f"{kind}, {load.name}, {workers} at work, round {number} of {options.rounds}")
                done.append(_run(folder / f"{number}-{load.together}-{workers}", load, workers, options))
        calibrator.look()
        for (load, workers), done in runs.items():
            case = f"{kind}, {load.name}, {workers} worker{'s' if workers > 1 else ''}"
            yield from _figures(case, options, done, calibrator)
        value = middle([fsync_seconds(folder) * 1000])
        yield Figure(bench=_BENCH, case="fsync of the disk, 4 KiB", value=value, unit="ms")


def _figures(case: str, options: Options, runs: list[Run], calibrator: Calibrator) -> Iterator[Figure]:
    def figure(name: str, unit: str, values: list[float | None]) -> Figure:
        return Figure(bench=_BENCH, case=f"{case}: {name}", value=middle(values), unit=unit)

    def per_order(total: float | None) -> float | None:
        return None if total is None else total / options.orders

    yield calibrator.beside(figure("throughput", "orders/s", [run.rate for run in runs]))
    if runs[0].latencies:
        for share in (50, 99):
            values: list[float | None] = [_percentile(run.latencies, share) * 1000 for run in runs]
            yield figure(f"latency at half load, p{share}", "ms", values)
    yield figure("CPU of the gateway", "s/order", [per_order(run.used.cpu) for run in runs])
    # A PostgreSQL server writes by itself, where nobody else may look.
    written = [None if options.database else per_order(run.used.written) for run in runs]
    yield figure("written to disk", "bytes/order", written)


def _run(folder: Path, load: Load, workers: int, options: Options) -> Run:
    folder.mkdir()
    with database_of_its_own(options.database) as database:
        home = Home(folder, database)
        with GatewayProcess(home, workers, options.broker) as process:
            traffic = Traffic(home, process, load.together)
            traffic.flood(options.warm_up)
            traffic.settle()
            before = process.usage()
            rate = traffic.flood(options.orders)
            traffic.settle()
            used = process.usage().since(before)
            latencies = traffic.pace(options.orders, rate / 2) if load.paced else []
            traffic.settle()
        check(home, range(1, traffic.last + 1))
    return Run(rate, used, latencies)


def _percentile(values: list[float], share: int) -> float:
    """The value that ``share`` percent do not exceed; ``values`` are sorted."""
    return values[ceil(len(values) * share / 100) - 1]
