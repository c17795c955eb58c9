"""How quick this machine is at the moment: the reader of pyx12 on the same orders, between the rounds of a run.

Machines differ, and shared ones from minute to minute. What a gateway does in the time in which that reader reads a
megabyte differs much less.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import msgspec

from gateway.bench.corpus import interchange
from gateway.bench.figures import Figure, middle
from gateway.bench.peers import PYX12

_ORDERS, _TIMES, _MB = 200, 3, 1_000_000


class Calibrator:
    """Looked at before each round and after the last."""

    def __init__(self) -> None:
        self._rates: list[float | None] = []

    def look(self) -> None:
        """Some tenths of a second, one core."""
        body = interchange("x12", 1, range(_ORDERS))
        with tempfile.TemporaryDirectory(prefix="crossdock-bench-") as folder:
            file = Path(folder) / "orders.x12"
            file.write_bytes(body)
            for _ in range(_TIMES):
                begin = time.perf_counter()
                PYX12.read(file)
                self._rates.append(len(body) / _MB / (time.perf_counter() - begin))

    def beside(self, figure: Figure) -> Figure:
        """The figure with the reader as its peer, in MB/s: the ratio is how many while that reads a megabyte."""
        return msgspec.structs.replace(figure, peer=f"{PYX12.name}, MB/s", peer_value=middle(self._rates))
