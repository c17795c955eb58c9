"""The worker: claim, load, run, commit and claim the next batch in the same commit; for any step of the pipeline.

When a batch raises, nothing of it was written; it is repeated one item at a time, so that only the culprit stops. An
item that already took two workers with it when they died is run alone from the start.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog

from gateway.core.errors import CrossdockError, LeaseLostError, StoreError
from gateway.core.ports import Bell
from gateway.core.retry import DEFAULT, RetryPolicy
from gateway.observe import metrics
from gateway.pipeline.narrate import narrate
from gateway.store import (
    Changes,
    Claim,
    ConflictError,
    Database,
    Result,
    Retry,
    Step,
    WorkItem,
    claim,
    commit,
    give_back,
)
from gateway.work.bell import NullBell
from gateway.work.keeper import Keeper
from gateway.work.processor import Processor

log = structlog.get_logger(__name__)

#: From this claim on an item whose earlier ones ended without a word (the process died) is run alone.
_SUSPECT = 3

#: Seconds to wait when the database is out of reach.
_OUTAGE = 1.0


def new_owner(role: str) -> str:
    """A name that no other process, thread or earlier start has: it is what fences a worker's commits."""
    return f"{role}@{socket.gethostname()}:{os.getpid()}:{time.time_ns() // 1000:x}:{secrets.token_hex(3)}"


class Worker:
    """Works through the rows of its processors' steps. One thread each; not for sharing.

    ``limit`` and ``size`` (bytes) bound a batch, ``lease`` is in seconds, ``poll`` the shortest and the longest wait
    between claims, in seconds. ``only`` are the sources that it works for, ``without`` those that others
    deliver to, asked for at each claim.
    """

    def __init__(
        self,
        database: Database,
        processors: Sequence[Processor[Any]],
        *,
        bell: Bell | None = None,
        policies: Mapping[Step, RetryPolicy] | None = None,
        limit: int = 64,
        size: int = 4 * 1024 * 1024,
        lease: float = 30.0,
        poll: tuple[float, float] = (0.02, 0.2),
        role: str = "worker",
        only: frozenset[str] | None = None,
        without: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self.owner = new_owner(role)
        self._database = database
        self._processors = {processor.step: processor for processor in processors}
        self._bell = bell or NullBell()
        self._policies = policies or {}
        self._steps = tuple(self._processors)
        self._limit, self._size, self._lease, self._poll = limit, size, lease, poll
        self._only, self._without = only, without
        self._hand: list[WorkItem] = []

    # The loop

    def run(self, stop: threading.Event) -> None:
        """Works until ``stop`` is set; the batch in hand is finished, the one claimed with it given back."""
        pause = self._poll[0]
        with Keeper(self._database, self.owner, self._lease, self._in_hand):
            while not stop.is_set():
                try:
                    done = self.run_once()
                except StoreError as error:
                    log.warning("database.unavailable", owner=self.owner, error=str(error))
                    stop.wait(_OUTAGE)
                    continue
                except Exception:  # no batch may end the worker
                    log.exception("worker.failed", owner=self.owner)
                    self.close()
                    stop.wait(_OUTAGE)
                    continue
                if done:
                    pause = self._poll[0]
                else:
                    self._bell.wait(pause)
                    pause = min(2 * pause, self._poll[1])
        self.close()

    def run_while(self, goes_on: Callable[[], bool]) -> int:
        """Works while there is something and ``goes_on`` says so; returns how many items were worked on.

        Raises StoreError when the database is out of reach; what is in hand then is given back.
        """
        total = 0
        with Keeper(self._database, self.owner, self._lease, self._in_hand):
            try:
                while goes_on() and (done := self.run_once()):
                    total += done
            finally:
                self.close()
        return total

    def run_until_idle(self) -> int:
        """Works until nothing is ready; returns how many items were worked on."""
        total = 0
        while done := self.run_once():
            total += done
        return total

    def run_once(self) -> int:
        """One batch; returns its size, 0 when there was none. Raises StoreError when the database is out of reach."""
        items = self._hand or claim(self._database, self.owner, self._wish(self._steps))
        if not items:
            return 0
        self._hand = items
        processor = self._processors[items[0].step]
        begun = time.perf_counter()
        try:
            self._batch(processor, items)
        except LeaseLostError as error:
            log.warning("lease.lost", owner=self.owner, step=processor.step.name, error=str(error))
            self.close()
        except StoreError:
            self.close()
            raise
        step = processor.step.name.lower()
        metrics.step_seconds.labels(step).observe(time.perf_counter() - begun)
        metrics.step_items.labels(step).observe(len(items))
        return len(items)

    def close(self) -> None:
        """Gives back what is claimed and not begun. When that fails the leases run out by themselves."""
        items, self._hand = self._hand, []
        try:
            give_back(self._database, self.owner, items)
        except StoreError as error:
            log.warning("lease.left", owner=self.owner, items=len(items), error=str(error))

    # One batch

    def _batch(self, processor: Processor[Any], items: list[WorkItem]) -> None:
        policy = self._policy(processor)
        if not any(_suspect(item) or item.attempts > policy.attempts for item in items):
            try:
                self._attempt(processor, items, self._wish(_after(processor.step, self._steps)))
                return
            except Exception as error:
                if _outage(error) or isinstance(error, LeaseLostError):
                    raise
                if len(items) > 1:
                    log.info("batch.repeated", step=processor.step.name, items=len(items), error=_told(error))
        for place, item in enumerate(items):
            self._hand = items[place:]
            self._alone(processor, item)
        self._hand = []

    def _attempt(self, processor: Processor[Any], items: Sequence[WorkItem], wish: Claim | None) -> None:
        """Everything or nothing of a batch; afterwards the next one is in hand."""
        result = processor.run(processor.load(self._database, items))
        by_id = _complete(result, items)
        retries: list[Retry] = []
        lost: list[tuple[WorkItem, str]] = []
        for failure in result.failures:
            item = by_id[failure.item]
            delay = self._policy(processor).delay(item.attempts, item.id) if failure.retryable else None
            if failure.waits is not None:
                retries.append(Retry(item, failure.waits, failure.error, counts=False))
            elif delay is None:
                lost.append((item, failure.error))
            else:
                retries.append(Retry(item, max(delay, failure.after or 0.0), failure.error))
        self._hand = commit(
            self._database,
            result.changes,
            owner=self.owner,
            finished=[by_id[id] for id in result.finished],
            retry=retries,
            held=[by_id[id] for id in result.held],
            continued=[(by_id[id], turn) for id, turn in result.continued],
            claim=wish,
        )
        narrate(result.changes)
        if tried := sum(each.counts for each in retries):
            metrics.step_failures.labels(processor.step.name.lower(), "retried").inc(tried)
        self._ring(result.changes)
        for item, error in lost:
            self._give_up(processor, item, error)

    def _alone(self, processor: Processor[Any], item: WorkItem) -> None:
        """One item by itself: what it raises is its own fault."""
        if item.attempts > self._policy(processor).attempts:
            self._give_up(processor, item, item.error or f"It was begun {item.attempts - 1} times and never ended.")
            return
        try:
            self._attempt(processor, [item], None)
        except LeaseLostError as error:
            log.warning("lease.lost", owner=self.owner, step=processor.step.name, error=str(error))
        except Exception as error:
            if _outage(error):
                raise
            self._again(processor, item, error)

    def _again(self, processor: Processor[Any], item: WorkItem, error: Exception) -> None:
        """Later, when that may help and the policy has tries left; otherwise the item is given up."""
        told = _told(error)
        delay = self._policy(processor).delay(item.attempts, item.id) if _retryable(error) else None
        log.warning(
            "item.failed", step=processor.step.name, work=item.id, subject=item.subject, error=told, retry_in=delay,
            exc_info=not isinstance(error, CrossdockError),
        )  # fmt: skip
        if delay is None:
            self._give_up(processor, item, told)
        else:
            metrics.step_failures.labels(processor.step.name.lower(), "retried").inc()
            commit(self._database, Changes(0), owner=self.owner, retry=[Retry(item, delay, told)])

    def _give_up(self, processor: Processor[Any], item: WorkItem, error: str) -> None:
        """For good, as the step says. When even that raises the item comes back much later: nothing is lost."""
        try:
            changes = processor.fail(item, error)
            commit(self._database, changes, owner=self.owner, finished=[item])
        except LeaseLostError:
            log.warning("lease.lost", owner=self.owner, step=processor.step.name, work=item.id)
        except Exception as second:
            if _outage(second):
                raise
            log.exception("item.stuck", step=processor.step.name, work=item.id, error=_told(second))
            later = Retry(
                item, self._policy(processor).most, f"{error} (and it could not be given up: {_told(second)})"
            )
            commit(self._database, Changes(0), owner=self.owner, retry=[later])
        else:
            metrics.step_failures.labels(processor.step.name.lower(), "given_up").inc()
            narrate(changes)
            self._ring(changes)

    # Small things

    def _wish(self, steps: tuple[Step, ...]) -> Claim:
        return Claim(steps, self._limit, self._size, self._lease, self._only, self._without())

    def _policy(self, processor: Processor[Any]) -> RetryPolicy:
        return self._policies.get(processor.step, DEFAULT)

    def _ring(self, changes: Changes) -> None:
        for step in changes.steps:
            self._bell.ring(step.name.lower())

    def _in_hand(self) -> list[WorkItem]:
        return self._hand


def _after(step: Step, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps in turn, beginning with the one after ``step``: documents move on before new ones are begun."""
    place = steps.index(step) + 1
    return steps[place:] + steps[:place]


def _complete(result: Result, items: Sequence[WorkItem]) -> dict[int, WorkItem]:
    """The items by id. Raises CrossdockError when the result does not account for each of them once."""
    by_id = {item.id: item for item in items}
    told = [*result.finished, *result.held, *(f.item for f in result.failures), *(id for id, _ in result.continued)]
    if sorted(told) != sorted(by_id):
        raise CrossdockError(f"The step said what became of {sorted(told)}; it was given {sorted(by_id)}.")
    return by_id


def _suspect(item: WorkItem) -> bool:
    return item.attempts >= _SUSPECT and item.error is None


def _outage(error: Exception) -> bool:
    """The database is out of reach: no fault of the item."""
    return isinstance(error, StoreError) and error.retryable and not isinstance(error, ConflictError | LeaseLostError)


def _retryable(error: Exception) -> bool:
    return error.retryable if isinstance(error, CrossdockError) else isinstance(error, OSError)


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, CrossdockError) else f"{type(error).__name__}: {error}"
