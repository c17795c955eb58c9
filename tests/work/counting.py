"""A step for tests: it writes down what it was given, and fails where it is told to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gateway.store import Changes, Database, Failure, Result, Step, WorkItem

AT = 1_700_000_000_000_000


class Counting:
    """Ends each item with an event ``done`` about its subject; ``given`` are the batches it ran, by turns.

    ``behave`` is called with each item first; what it raises is raised, a Failure that it returns is reported.
    """

    step = Step.HANDLE

    def __init__(self, behave: Callable[[WorkItem], Failure | None] = lambda item: None, step: Step = Step.HANDLE):
        self.step = step
        self.behave = behave
        self.given: list[list[int]] = []
        self.failed: list[tuple[int, str]] = []

    def load(self, database: Database, items: Sequence[WorkItem]) -> Sequence[WorkItem]:
        return items

    def run(self, loaded: Sequence[WorkItem]) -> Result:
        self.given.append([item.turn for item in loaded])
        result = Result(Changes(AT))
        for item in loaded:
            failure = self.behave(item)
            if failure is None:
                result.changes.event("done", document_id=item.subject)
                result.finished.append(item.id)
            else:
                result.failures.append(failure)
        return result

    def fail(self, item: WorkItem, error: str) -> Changes:
        self.failed.append((item.turn, error))
        changes = Changes(AT)
        changes.event("failed", document_id=item.subject, data={"error": error})
        return changes
