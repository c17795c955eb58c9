"""A step that follows the configuration: made anew when the context that it works in is another one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from gateway.pipeline.context import Context
from gateway.store import Changes, Database, Result, Step, WorkItem
from gateway.work.processor import Processor

Loaded = TypeVar("Loaded")


class Renewed(Generic[Loaded]):
    """A batch is loaded and run in one context; the next may be in another. For one thread."""

    def __init__(
        self, step: Step, make: Callable[[Context], Processor[Loaded]], current: Callable[[], Context]
    ) -> None:
        self.step = step
        self._make = make
        self._current = current
        self._context = current()
        self._processor = make(self._context)

    def load(self, database: Database, items: Sequence[WorkItem]) -> Loaded:
        context = self._current()
        if context is not self._context:
            self._context, self._processor = context, self._make(context)
        return self._processor.load(database, items)

    def run(self, loaded: Loaded) -> Result:
        return self._processor.run(loaded)

    def fail(self, item: WorkItem, error: str) -> Changes:
        return self._processor.fail(item, error)
