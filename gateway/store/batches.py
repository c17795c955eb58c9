"""What steps, the store and workers hand each other: rows of work, the wish for the next ones, and the result."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from gateway.store.changes import Changes

#: Position bits of a turn: 16 million documents a transmission.
TURN_BITS = 24


class Step(IntEnum):
    """The steps of the pipeline that are rows of work. Receiving is not: it is what makes the first row."""

    TRANSLATE = 1
    HANDLE = 2
    COMPOSE = 3
    DELIVER = 4


class State(IntEnum):
    """What a row of work is doing."""

    READY = 0
    LEASED = 1  # a worker has it until ``until``
    PARKED = 2  # set aside behind the head of its lane, which wakes it
    WAITING = 3  # for a retry, until ``due``
    HELD = 4  # for its release; keeps its place and blocks its lane


class WorkItem(msgspec.Struct, frozen=True, gc=False):
    """One claimed row. ``attempts`` counts this one too; ``error`` is what the last one said."""

    id: int
    step: Step
    subject: int
    handler: str | None
    source: str
    lane: str | None
    turn: int
    size: int
    attempts: int
    error: str | None

    @property
    def position(self) -> int:
        """The low bits of the turn: how far a transmission that is translated in chunks has come."""
        return self.turn & ((1 << TURN_BITS) - 1)


class Claim(msgspec.Struct, frozen=True):
    """A wish for work: of the first of ``steps`` that has any. ``size`` in bytes of payload, ``lease`` in seconds.

    At least one row is taken however large it is. ``only`` names sources; left out, all are asked. ``without`` are
    those that others deliver to: answers may leave by an endpoint, and what comes in by it is work for all.
    """

    steps: tuple[Step, ...]
    limit: int = 64
    size: int = 4 * 1024 * 1024
    lease: float = 30.0
    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()

    def asks(self, step: int, source: str) -> bool:
        """Whether rows of this step and source are wished for."""
        if step == Step.DELIVER and source in self.without:
            return False
        return self.only is None or source in self.only


class Retry(msgspec.Struct, frozen=True):
    """Try ``item`` again in ``delay`` seconds because of ``error``. ``counts``: this was one of its tries."""

    item: WorkItem
    delay: float
    error: str
    counts: bool = True


class Failure(msgspec.Struct, frozen=True):
    """What a step says of one item that did not work out: the retry policy decides what follows.

    ``waits``: it was not tried, because something else comes first; it is looked at again in so many seconds.
    ``after``: not before so many seconds, because the other side asked for that.
    """

    item: int
    error: str
    retryable: bool = True
    waits: float | None = None
    after: float | None = None


class Result(msgspec.Struct):
    """What a step made of a batch. Every claimed item is in exactly one of the lists, by the id of its row.

    ``held`` keep their place and block their lane. ``continued`` are not done yet and go on at another turn: a large
    interchange that is translated in chunks.
    """

    changes: Changes
    finished: list[int] = []
    failures: list[Failure] = []
    held: list[int] = []
    continued: list[tuple[int, int]] = []


def turn(transmission: int, position: int = 0) -> int:
    """The order of receipt in one sortable number."""
    return transmission << TURN_BITS | position
