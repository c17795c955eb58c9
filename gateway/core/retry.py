"""When to try again: a pure function of how often it was tried.

Full exponential backoff with a bounded, deterministic spread, so that a thousand deliveries that failed together do
not come back together, and a test can say when each comes back.
"""

from __future__ import annotations

from dataclasses import dataclass

MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """``attempts`` in all; the first wait is ``first`` seconds, each next ``factor`` times longer, at most ``most``."""

    attempts: int = 12
    first: float = 1.0
    factor: float = 2.0
    most: float = 3600.0
    spread: float = 0.25

    def delay(self, attempt: int, seed: int = 0) -> float | None:
        """Seconds to wait after the ``attempt``-th try (1 is the first) failed; None when that was the last.

        ``seed`` (the work's id) picks the place within ``spread``.
        """
        if attempt >= self.attempts:
            return None
        wait = min(self.most, self.first * self.factor ** (attempt - 1))
        place = (seed * 2654435761 % 2**32) / 2**32  # Knuth's multiplicative hash: neighbours land far apart
        return wait * (1 - self.spread + 2 * self.spread * place)


DEFAULT = RetryPolicy()
