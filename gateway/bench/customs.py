"""``crossdock bench customs``: declarations a second that are matched, assembled, signed and on disk.

Each is a Declaration (JSON) of the ERP, the copy of its payment (411) and of its waybill (511); it leads to an order
(311) and a list (621), each a signed file in an envelope of its own. One process works, SQLite is durable at every
step; the files lie in the folders when the clock starts, in files of so many together, and it stops when the last list
has its name.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from gateway import example_customs as samples
from gateway.bench.figures import BenchmarkError, Figure, Tell, middle
from gateway.codecs.ceb_file import opened_message
from gateway.example_home import drop, open_home, work
from gateway.grammar import Schemas
from gateway.grammar.ceb_writer import Transfer, written
from gateway.handlers.customs.message import read_message, values_of
from gateway.observe import configure

_BENCH = "customs"
_TRANSFER = Transfer("3101980P01", "Copy", "DXPENT0000011111")


def measure(
    declarations: int, together: Sequence[int], rounds: int, tell: Tell, folder: Path | None
) -> Iterator[Figure]:
    """All figures. Raises BenchmarkError when a list is missing or one too many."""
    configure("auto", "error")  # lines of the log would be measured, and stand between the figures
    with tempfile.TemporaryDirectory(prefix="crossdock-bench-", dir=folder) as made:
        rates: dict[int, list[float | None]] = {many: [] for many in together}
        for number in range(1, rounds + 1):
            for many, found in rates.items():
                tell(f"{declarations} declarations, {many} in a file, round {number} of {rounds}")
                found.append(_run(Path(made) / f"{number}-{many}", declarations, many))
        for many, found in rates.items():
            case = f"SQLite, one worker, {many} in a file: matched, signed and delivered"
            yield Figure(bench=_BENCH, case=case, value=middle(found), unit="declarations/s")


def _run(home: Path, declarations: int, together: int) -> float:
    home.mkdir()
    service = open_home(home, samples.files())
    try:
        _fill(home, service.knowledge.schemas, declarations, together)
        begin = time.perf_counter()
        work(service)
        seconds = time.perf_counter() - begin
    finally:
        service.close()
    out = home / "exchange" / "out" / "customs"
    lists = len(list(out.glob("customs-621-*.xml")))
    if lists != declarations:
        raise BenchmarkError(f"{lists} lists left of {declarations} declarations.")
    return declarations / seconds


def _fill(home: Path, schemas: Schemas, declarations: int, together: int) -> None:
    numbers = [f"B-{number}" for number in range(declarations)]
    for start in range(0, declarations, together):
        some = numbers[start : start + together]
        lines = b"\n".join(samples.imported(number) for number in some)
        drop(home, "hooli-erp", f"{start:06d}.jsonl", lines)
        for message, party in (("411", "initech-pay"), ("511", "globex-express")):
            drop(home, party, f"{start:06d}.xml", _message(schemas, message, some))


def _message(schemas: Schemas, number: str, orders: Sequence[str]) -> bytes:
    """One message with a node for each order."""
    table = schemas.ceb.table(f"CEB{number}Message")
    parts = [read_message(opened_message(samples.copy(schemas, number, order)).text) for order in orders]
    nodes = [values_of(table, node) for part in parts for node in part.nodes]
    return written(table, parts[0].guid, nodes, _TRANSFER)
