"""What a worker asks of a step of the pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from gateway.store import Changes, Database, Result, Step, WorkItem

Loaded = TypeVar("Loaded")


class Processor(Protocol[Loaded]):
    """One step. Reading, working and writing are apart, so that no transaction is open while work is done.

    A batch that raises is repeated one item at a time; the item that raises alone is retried as the policy says when
    its error is retryable, and given up otherwise.
    """

    @property
    def step(self) -> Step:
        """The step whose rows it takes."""
        ...

    def load(self, database: Database, items: Sequence[WorkItem]) -> Loaded:
        """Reads what the batch needs, in a transaction of its own that has ended when this returns."""
        ...

    def run(self, loaded: Loaded) -> Result:
        """The work: pure, or for delivery the sending. Says of every item what became of it."""
        ...

    def fail(self, item: WorkItem, error: str) -> Changes:
        """What is written when the item is given up; its row of work is deleted with it."""
        ...
