"""The circuit breaker of an endpoint: when nobody answers there, it is not called for a while.

It opens after several failures in a row, lets one try through after a pause that grows, and closes at the first
success. What waits meanwhile uses up none of its tries. A refusal (the other side said no) is an answer.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from gateway.core.errors import IllegalTransitionError

CLOSED, OPEN, PROBING = "closed", "open", "probing"

#: (state, what happened) → state. ``trip``: one failure too many in a row; ``due``: the pause is over.
TABLE: dict[tuple[str, str], str] = {
    (CLOSED, "succeed"): CLOSED,
    (CLOSED, "fail"): CLOSED,
    (CLOSED, "trip"): OPEN,
    (OPEN, "due"): PROBING,
    (OPEN, "succeed"): CLOSED,  # what was under way when it opened
    (OPEN, "fail"): OPEN,
    (PROBING, "succeed"): CLOSED,
    (PROBING, "fail"): OPEN,
}


def following(state: str, event: str) -> str:
    """The next state. Raises :class:`IllegalTransitionError`."""
    after = TABLE.get((state, event))
    if after is None:
        raise IllegalTransitionError(f"A breaker that is {state} knows no '{event}'.")
    return after


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """``failures`` in a row open it; the first pause is ``first`` seconds, each next twice as long, at most ``most``.

    ``spread``: the part of a pause by which it may be longer or shorter, so that hosts do not come back together.
    """

    failures: int = 5
    first: float = 5.0
    most: float = 300.0
    spread: float = 0.25

    def pause(self, opened: int, chance: float) -> float:
        """Seconds until the next probe, the ``opened``-th (1 is the first); ``chance`` is between 0 and 1."""
        pause = min(self.most, self.first * 2.0 ** min(opened - 1, 30))
        return pause * (1 - self.spread + 2 * self.spread * chance)


class Standing(NamedTuple):
    """How an endpoint is doing. ``failures`` in a row; ``probe_in``: seconds, where it is open."""

    state: str
    failures: int
    error: str
    probe_in: float


#: The number of the longest pause.
_LAST = 1000

#: Told of the standing and of the state before.
Changed = Callable[[Standing, str], None]


class Breaker:
    """Threads may share it. ``changed`` is told, outside of the lock, of each change of the state, and of the first
    failure and the first success after one. ``answered``: somebody ever did."""

    def __init__(
        self,
        policy: BreakerPolicy,
        changed: Changed = lambda standing, before: None,
        now: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._policy, self._changed, self._now, self._chance = policy, changed, now, chance
        self._lock = threading.Lock()
        self._state, self._failures, self._opened, self._error, self._probe_at = CLOSED, 0, 0, "", 0.0
        self.answered = False

    @property
    def standing(self) -> Standing:
        with self._lock:
            return self._standing()

    def ready(self) -> bool:
        """Whether a call would be let through now."""
        with self._lock:
            return self._state == CLOSED or (self._state == OPEN and self._now() >= self._probe_at)

    def enter(self) -> str | None:
        """Before a call: ``closed``, ``probing`` for the one try that is let through, or None: not now.

        Who enters says afterwards how it went, by :meth:`succeed` or :meth:`fail`.
        """
        with self._lock:
            if self._state == OPEN and self._now() >= self._probe_at:
                self._state = following(OPEN, "due")
                return PROBING
            return CLOSED if self._state == CLOSED else None

    def succeed(self) -> None:
        """Somebody answered."""
        with self._lock:
            before, self._state = self._state, following(self._state, "succeed")
            self.answered = True
            failed = self._failures > 0
            self._failures, self._opened, self._error = 0, 0, ""
            standing = self._standing()
        if failed:
            self._changed(standing, before)

    def fail(self, error: str, *, mend: bool = False) -> None:
        """Nobody answered, or not in time. ``mend``: a person must act, so it opens at once, for the longest pause."""
        with self._lock:
            before = self._state
            self._failures += 1
            self._error = error
            event = "trip" if before == CLOSED and (mend or self._failures >= self._policy.failures) else "fail"
            self._state = following(before, event)
            if self._state == OPEN and before != OPEN:
                self._opened += 1
                self._probe_at = self._now() + self._policy.pause(_LAST if mend else self._opened, self._chance())
            standing = self._standing()
        if event == "trip" or standing.failures == 1:
            self._changed(standing, before)

    def invite(self) -> None:
        """Somebody else got through: where it is open, the next try is let through now."""
        with self._lock:
            self._probe_at = self._now()

    def _standing(self) -> Standing:
        probe_in = max(0.0, self._probe_at - self._now()) if self._state == OPEN else 0.0
        return Standing(self._state, self._failures, self._error, probe_in)
