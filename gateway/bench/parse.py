"""``crossdock bench parse``: megabytes a second on one core, beside peers; and how much memory it takes.

CPU time, so that others on the machine disturb little; medians over rounds in which everything is measured in turn. A
megabyte is 10^6 bytes. Every document is checked to be fine: speed counts only for right answers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from gateway.bench import cold, healthcare, xml_documents
from gateway.bench.corpus import write_file
from gateway.bench.figures import BenchmarkError, Figure, Tell, cpu_seconds, middle
from gateway.bench.following import FOLLOWING
from gateway.bench.memory import peak
from gateway.bench.peers import PYDIFACT, PYX12, Peer
from gateway.bench.reading import Reading, readings
from gateway.knowledge import Knowledge

MB = 1_000_000
_BENCH = "parse"

#: Canonical documents that are kept in memory to be written.
_WRITTEN = 500

#: What is read before anything is timed: patterns are compiled, and learned from the documents.
_WARM = 5 * MB


class Measured(NamedTuple):
    """One line of the table: what is timed, and whom it is compared with."""

    case: str
    unit: str
    rate: Callable[[], float]
    peer: Measured | None = None


class Corpus(NamedTuple):
    """The generated files of one format."""

    whole: Path
    documents: int

    def cut(self, most: int | None, type: str) -> Path:
        """The same, or a smaller file of the same kind where ``most`` says so."""
        if most is None or self.whole.stat().st_size <= most + MB:
            return self.whole
        smaller = self.whole.with_name(f"{most}-{self.whole.name}")
        if not smaller.exists():
            write_file(smaller, FOLLOWING[type], most)
        return smaller


def measure(size: int, rounds: int, tell: Tell, folder: Path | None = None) -> Iterator[Figure]:
    """Figures for files of ``size`` bytes, generated in a new folder below ``folder``. Raises BenchmarkError."""
    knowledge = Knowledge.of(None, {})
    with tempfile.TemporaryDirectory(prefix="crossdock-bench-", dir=folder) as made:
        for name, reading in readings(knowledge).items():
            yield from _format(name, reading, Path(made), size, rounds, tell)
        yield from xml_documents.measure(size, rounds, tell, Path(made), knowledge)
        yield from healthcare.measure(size, rounds, tell, Path(made), knowledge)
        yield from cold.measure(rounds, tell, Path(made))


def missing_peers() -> list[str]:
    """Names of the peers that are not installed."""
    return [peer.name for peer in (PYX12, PYDIFACT) if not peer.installed]


def _format(name: str, reading: Reading, folder: Path, size: int, rounds: int, tell: Tell) -> Iterator[Figure]:
    tell(f"{name}: generating {size / MB:g} MB")
    path = folder / name
    corpus = Corpus(path, write_file(path, FOLLOWING[reading.type], size))
    reading.map(corpus.cut(_WARM, reading.type))
    table = list(_table(name, reading, corpus))
    everything = {measured.case: measured for line in table for measured in (line.peer, line) if measured}
    rates: dict[str, list[float]] = {case: [] for case in everything}
    for number in range(1, rounds + 1):
        for case, measured in everything.items():
            tell(f"{case}, round {number} of {rounds}")
            rates[case].append(measured.rate())
    for line in table:
        yield _figure(line, rates)
    tell(f"{name}: memory")
    yield from _memory(name, reading, corpus, size)


def _figure(line: Measured, rates: dict[str, list[float]]) -> Figure:
    peer = line.peer
    return Figure(
        bench=_BENCH,
        case=line.case,
        value=middle(rates[line.case]),
        unit=line.unit,
        peer=peer.case.partition(": ")[2] if peer else None,
        peer_value=middle(rates[peer.case]) if peer else None,
    )


def _table(name: str, reading: Reading, corpus: Corpus) -> Iterator[Measured]:
    """The lines, cheapest first."""
    split = _calibrator(name, reading, corpus)
    reader = _peer(name, PYX12 if reading.standard == "x12" else PYDIFACT, reading, corpus)
    steps: tuple[tuple[str, Callable[[Path], int], Measured | None], ...] = (
        ("envelope scan", reading.scan, split),
        ("parse and validate", reading.validate, reader),
        ("parse, validate and map", reading.map, reader),
    )
    yield split
    for step, work, peer in steps:
        yield Measured(f"{name}: {step}", "MB/s", _all(work, corpus), peer)
    documents = list(islice(reading.documents(corpus.whole), _WRITTEN))
    yield Measured(f"{name}: write", "MB/s", lambda: _rate(lambda: reading.write(documents), None))


def _calibrator(name: str, reading: Reading, corpus: Corpus) -> Measured:
    """The least that anything in Python can do with all bytes: cut them at the terminators."""
    terminator = reading.delimiters.terminator.encode()

    def rate() -> float:
        data = corpus.whole.read_bytes()
        return len(data) / MB / cpu_seconds(lambda: data.split(terminator))

    return Measured(f"{name}: bytes.split", "MB/s", rate)


def _peer(name: str, peer: Peer, reading: Reading, corpus: Corpus) -> Measured | None:
    if not peer.installed:
        return None
    path = corpus.cut(peer.most, reading.type)
    size = path.stat().st_size
    return Measured(f"{name}: {peer.name}", "MB/s", lambda: _rate(lambda: peer.read(path), size))


def _all(work: Callable[[Path], int], corpus: Corpus) -> Callable[[], float]:
    """The rate of ``work``, which must meet every document."""

    def checked() -> None:
        found = work(corpus.whole)
        if found != corpus.documents:
            raise BenchmarkError(f"Of {corpus.documents} documents {found} were read.")

    size = corpus.whole.stat().st_size
    return lambda: _rate(checked, size)


def _rate(work: Callable[[], object], size: int | None) -> float:
    """MB/s; without ``size``, of the bytes that ``work`` says it made."""
    made: list[object] = []
    seconds = cpu_seconds(lambda: made.append(work()))
    done = size if size is not None else made[0]
    assert isinstance(done, int)
    return done / MB / seconds


def _memory(name: str, reading: Reading, corpus: Corpus, size: int) -> Iterator[Figure]:
    """Of the whole file, and of a tenth of it: constant, when they are about the same."""
    tenth = corpus.whole.with_name(f"{name}-tenth")
    write_file(tenth, FOLLOWING[reading.type], size // 10)
    for case, path in (("peak memory", corpus.whole), ("peak memory, a tenth of the file", tenth)):
        yield Figure(bench=_BENCH, case=f"{name}: {case}", value=middle([peak(name, path)]), unit="MiB")
