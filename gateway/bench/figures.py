"""What a benchmark says."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from statistics import median

import msgspec

from gateway.core.errors import CrossdockError

#: Told what is being done, for people who wait.
Tell = Callable[[str], None]


class BenchmarkError(CrossdockError):
    """The answer was wrong, so how long it took does not matter: a document was lost, doubled or found invalid."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured value, and what a peer reached with the same data in the same run. ``ratio`` is value by peer's."""

    bench: str
    case: str
    value: float | None
    unit: str
    peer: str | None = None
    peer_value: float | None = None

    @property
    def ratio(self) -> float | None:
        if self.value is None or not self.peer_value:
            return None
        return round(self.value / self.peer_value, 3)

    def record(self) -> dict[str, object]:
        """As ``--json`` shows it."""
        return {**msgspec.structs.asdict(self), "ratio": self.ratio}


def middle(values: Sequence[float | None]) -> float | None:
    """The median, rounded to four figures; None where one could not be measured."""
    known = [value for value in values if value is not None]
    return None if not known or len(known) < len(values) else float(f"{median(known):.4g}")


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time of this process for ``work``. What was left to be collected before is not charged to it."""
    gc.collect()
    begin = time.process_time()
    work()
    return time.process_time() - begin
