"""``crossdock bench``: figures that anybody can measure again, beside those of peers."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.output import Column, Output, Record, results
from gateway.cli.root import Commands

if TYPE_CHECKING:
    from gateway.bench.figures import Figure, Tell

_COLUMNS = (
    Column("case", "case"),
    Column("value", "value", right=True),
    Column("unit", "unit"),
    Column("peer", "peer"),
    Column("its value", "peer_value", right=True),
    Column("ratio", "ratio", right=True),
)

_folder_option = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the files of the run are made, on the disk to be measured. Left out: the system's temporary folder.",
)

_rounds_option = click.option(
    "--rounds", type=click.IntRange(1), default=3, show_default=True, help="Medians are of so many."
)


@click.group(cls=Commands)
def bench() -> None:
    """Measure this machine: reading documents, orders from folder to folder, files by SFTP, messages of AS2.

    Machines differ and are shared: compare ratios to peers of the same run, not figures of different machines.

    Example:

    \b
        crossdock bench parse
        crossdock bench pipeline --orders 500 --json
    """


@bench.command()
@click.option("--size-mb", type=click.FloatRange(0.1, 10_000), default=10, show_default=True, help="Size of each file.")
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True, help="Medians are of so many.")
@_folder_option
@results
def parse(size_mb: float, rounds: int, folder: Path | None, out: Output) -> None:
    """Megabytes a second on one core: scanning, validating, mapping, writing; peak memory; a cold start.

    X12 850 and 856 004010, EDIFACT ORDERS and INVOIC D.96A with 50 lines each, a UBL invoice of a megabyte, X12 837
    005010X222A1 with 50 claims. Peers are lxml's bare reading, and pyx12 and pydifact where they are installed:
    pip install 'crossdock[bench]'.
    """
    from gateway.bench import parse as parsing
    from gateway.bench.peers import HINT

    if missing := parsing.missing_peers():
        click.echo(f"Not installed, so not compared with: {', '.join(missing)}. {HINT}", err=True)
    with _progress() as tell:
        _show(parsing.measure(int(size_mb * parsing.MB), rounds, tell, folder), out)


@bench.command()
@click.option("--orders", type=click.IntRange(100), default=2000, show_default=True, help="Orders of each measurement.")
@click.option(
    "--warm-up", type=click.IntRange(1), default=1000, show_default=True, help="Orders before the clock is started."
)
@_rounds_option
@click.option(
    "--workers", type=click.IntRange(1, 64), multiple=True, default=(1, 2), show_default=True, help="May be repeated."
)
@click.option("--database", metavar="URL", help="A PostgreSQL server, on which databases are made and dropped again.")
@click.option("--broker", metavar="URL", help="The doorbell of all workers, amqp://…. Left out: they poll.")
@_folder_option
@results
def pipeline(
    orders: int,
    warm_up: int,
    rounds: int,
    workers: tuple[int, ...],
    database: str | None,
    broker: str | None,
    folder: Path | None,
    out: Output,
) -> None:
    """Orders a second from the partner's folder to the ERP's, every step durable; and how long one takes.

    `crossdock serve` runs in a new home for each measurement. Afterwards every order must have arrived exactly once:
    otherwise the benchmark fails (exit code 1). Beside orders a second stands how many MB/s of such orders the reader
    of pyx12 reads in the same minutes: machines differ, the ratio less.
    """
    from gateway.bench import pipeline as pipelining

    options = pipelining.Options(
        orders=orders,
        warm_up=warm_up,
        rounds=rounds,
        workers=tuple(dict.fromkeys(workers)),
        database=database,
        broker=broker,
        folder=folder,
    )
    with _progress() as tell:
        _show(pipelining.measure(options, tell), out)


@bench.command()
@click.option("--files", type=click.IntRange(10), default=500, show_default=True, help="Small files of each run.")
@click.option("--size-mb", type=click.IntRange(1, 2000), default=100, show_default=True, help="Size of the large file.")
@_rounds_option
@_folder_option
@results
def sftp(files: int, size_mb: int, rounds: int, folder: Path | None, out: Output) -> None:
    """Files to an SFTP server and back, beside OpenSSH's own client: many of 10 KB, and a large one.

    OpenSSH's server is started for the run, on a free port, with keys of its own. Logging in is part of each run.
    """
    from gateway.bench.sftp import measure

    with _progress() as tell:
        _show(measure(files, size_mb, rounds, tell, folder), out)


@bench.command()
@click.option("--declarations", type=click.IntRange(1), default=500, show_default=True, help="Of each measurement.")
@click.option(
    "--together",
    type=click.IntRange(1, 100),
    multiple=True,
    default=(1, 100),
    show_default=True,
    help="Declarations, payments and waybills in one file. May be repeated.",
)
@_rounds_option
@_folder_option
@results
def customs(declarations: int, together: tuple[int, ...], rounds: int, folder: Path | None, out: Output) -> None:
    """Declarations to customs a second: matched, assembled, signed, on disk, every step durable.

    Each is a declaration in JSON and the copies of its payment and waybill; two signed messages leave. One worker,
    SQLite. Afterwards every list must have left exactly once: otherwise the benchmark fails (exit code 1).
    """
    from gateway.bench.customs import measure

    with _progress() as tell:
        _show(measure(declarations, tuple(dict.fromkeys(together)), rounds, tell, folder), out)


@bench.command()
@click.option("--messages", type=click.IntRange(10), default=400, show_default=True, help="Of each measurement.")
@_rounds_option
@click.option(
    "--clients", type=click.IntRange(1, 64), multiple=True, default=(1, 8), show_default=True, help="May be repeated."
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    multiple=True,
    default=(1, 2),
    show_default=True,
    help="As [as2] processes. May be repeated.",
)
@click.option(
    "--large-mb",
    type=click.IntRange(1, 10_000),
    multiple=True,
    default=(1, 50),
    show_default=True,
    help="Size of a large message. May be repeated. Five times as much is needed on the disk.",
)
@_folder_option
@results
def as2(
    messages: int,
    rounds: int,
    clients: tuple[int, ...],
    processes: tuple[int, ...],
    large_mb: tuple[int, ...],
    folder: Path | None,
    out: Output,
) -> None:
    """AS2 messages a second, received and sent: 10 KB of X12, signed and encrypted, with signed MDNs.

    SHA-256 and AES-256, keys of 2048 bits. `crossdock as2` runs in a new home; what is confirmed is durable. The
    messages are built before the clock is started and every MDN is verified after it was stopped: one that is wrong,
    or a message that is not on record once, fails the benchmark (exit code 1). The partner shares the machine. Large
    messages are encrypted while they are sent.
    """
    from gateway.bench import as2 as exchanging

    options = exchanging.Options(messages, 100, rounds, clients, processes, large_mb, folder)
    with _progress() as tell:
        _show(exchanging.measure(options, tell), out)


def _show(figures: Iterable[Figure], out: Output) -> None:
    """With --json each as soon as it is known. What is wrong with the answers ends with exit code 1."""
    from gateway.bench.figures import BenchmarkError

    try:
        out.table((_record(figure, out) for figure in figures), _COLUMNS)
    except BenchmarkError as error:
        raise click.ClickException(str(error)) from error


def _record(figure: Figure, out: Output) -> Record:
    """For people, numbers that are easy to read."""
    record = figure.record()
    if out.as_json:
        return record
    return {name: f"{value:,.4g}" if isinstance(value, float) else value for name, value in record.items()}


@contextmanager
def _progress() -> Iterator[Tell]:
    """On a terminal, a line on stderr that says what is being done."""
    if not sys.stderr.isatty():
        yield lambda doing: None
        return
    from rich.console import Console

    with Console(stderr=True, highlight=False, markup=False).status("") as status:
        yield status.update
