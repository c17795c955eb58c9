"""How long a caller may let us wait: for the next bytes of its body, or until it reads those of the answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


class Pace:
    """Of one body, in one direction. Only time that passes in waiting for the caller counts.

    ``silence``: seconds without anything; ``grace``: seconds of waiting that are free; ``rate``: bytes a second after
    these.
    """

    def __init__(self, silence: float, grace: float, rate: int) -> None:
        self._silence, self._rate = silence, rate
        self._left = grace

    async def wait(self, caller: Awaitable[T]) -> T:
        """What the caller does. Raises TimeoutError when it is too slow."""
        began = time.monotonic()
        async with asyncio.timeout(max(0.0, min(self._silence, self._left))):
            found = await caller
        self._left -= time.monotonic() - began
        return found

    def moved(self, count: int) -> None:
        """So many bytes came, or were read."""
        self._left += count / self._rate
