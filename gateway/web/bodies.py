"""Bodies of requests: bounded in size, in time, and all together in memory."""

from __future__ import annotations

import asyncio
import time

from starlette.requests import ClientDisconnect, Request

from gateway.core.errors import RequestError

#: Bytes a second below which a body is too slow, once its first bytes had the time of a silence.
_SLOWEST = 4096


class Budget:
    """Bytes that all bodies together may take in memory. For one thread: that of the event loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0

    def take(self, count: int) -> None:
        """Raises RequestError when there is no room."""
        if self._taken + count > self._most:
            text = "The gateway has too many bodies in hand at the moment."
            raise RequestError("unavailable", text, retry_after=5)
        self._taken += count

    def give_back(self, count: int) -> None:
        self._taken -= count


class Body:
    """The body of a request while it is in hand: ``async with Body(…) as body``."""

    def __init__(self, request: Request, budget: Budget, most: int, silence: float) -> None:
        """``most``: bytes; ``silence``: seconds without a byte."""
        self._request = request
        self._budget = budget
        self._most = most
        self._silence = silence
        self._held = 0

    async def __aenter__(self) -> bytes:
        """Reads all of it. Raises RequestError for one that is too large, too slow, encoded or cut off."""
        try:
            return await self._read()
        except BaseException:
            self._budget.give_back(self._held)
            raise

    async def __aexit__(self, *error: object) -> None:
        self._budget.give_back(self._held)

    async def _read(self) -> bytes:
        self._check_headers()
        began = time.monotonic()
        parts: list[bytes] = []
        stream = self._request.stream()
        try:
            while True:
                async with asyncio.timeout(self._silence):
                    part = await anext(stream, None)
                if part is None:
                    return b"".join(parts)
                self._hold(len(part))
                parts.append(part)
                if time.monotonic() - began > self._silence + self._held / _SLOWEST:
                    raise TimeoutError
        except TimeoutError:
            raise RequestError("timeout", "The body came too slowly; nothing was received.") from None
        except ClientDisconnect:
            raise RequestError("bad-request", "The connection ended before the body did.") from None

    def _check_headers(self) -> None:
        headers = self._request.headers
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding != "identity":
            raise RequestError("media-type", f'A body with the content encoding "{encoding[:40]}" is not accepted.')
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._most:
            self._refuse()

    def _hold(self, count: int) -> None:
        if self._held + count > self._most:
            self._refuse()
        self._budget.take(count)
        self._held += count

    def _refuse(self) -> None:
        raise RequestError("too-large", f"The body is larger than {self._most} bytes; nothing was received.")
