"""Claims (837) beside pyx12 itself: both check every document in full, by the same map."""

from __future__ import annotations

import importlib
import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from gateway.bench.claims import VERSION, write_file
from gateway.bench.figures import BenchmarkError, Figure, Tell, cpu_seconds, middle
from gateway.codecs import RawDocument, read
from gateway.knowledge import Knowledge

_MB = 1_000_000

#: Bytes that pyx12 is given at most: as fast as with more, and it would take minutes.
_PYX12_BYTES = 300_000

#: What is read before anything is timed: patterns are compiled, and learned from the documents.
_WARM = 5 * _MB

PEER = "pyx12 x12n_document"


def measure(size: int, rounds: int, tell: Tell, folder: Path, knowledge: Knowledge) -> Iterator[Figure]:
    """One figure, for a file of ``size`` bytes that is made in ``folder``. Raises BenchmarkError."""
    tell(f"837: generating {size / _MB:g} MB")
    whole, part, warm = folder / "837", folder / "837-part", folder / "837-warm"
    documents = write_file(whole, size)
    write_file(part, min(size, _PYX12_BYTES))
    _all(warm, knowledge, write_file(warm, _WARM))
    ours, theirs = [], []
    for number in range(1, rounds + 1):
        tell(f"837: parse and validate, round {number} of {rounds}")
        ours.append(_rate(whole, lambda: _all(whole, knowledge, documents)))
        tell(f"837: {PEER}, round {number} of {rounds}")
        theirs.append(_rate(part, lambda: _judged(part)))
    yield Figure(
        bench="parse",
        case="837: parse and validate",
        value=middle(ours),
        unit="MB/s",
        peer=PEER,
        peer_value=middle(theirs),
    )


def _rate(path: Path, work: Callable[[], object]) -> float:
    return path.stat().st_size / _MB / cpu_seconds(work)


def _all(path: Path, knowledge: Knowledge, documents: int) -> None:
    found = _validated(path, knowledge)
    if found != documents:
        raise BenchmarkError(f"Of {documents} transaction sets {found} were read.")


def _validated(path: Path, knowledge: Knowledge) -> int:
    """Transaction sets, every one of which must be fine."""
    validator = knowledge.schemas.validator("x12", VERSION, "837")
    count = 0
    with path.open("rb") as file:
        for event in read(file):
            if isinstance(event, RawDocument):
                count += 1
                if issues := [*event.issues, *validator.validate(event)]:
                    raise BenchmarkError(f"The benchmark's own claims are not in order: {issues[0].text}")
    return count


def _judged(path: Path) -> None:
    """By pyx12, without any output."""
    x12n: Any = importlib.import_module("pyx12.x12n_document")
    params: Any = importlib.import_module("pyx12.params")
    logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)
    if not x12n.x12n_document(params.ParamsBase(), io.StringIO(path.read_text("ascii")), None, None):
        raise BenchmarkError("pyx12 finds the benchmark's own claims wrong.")
