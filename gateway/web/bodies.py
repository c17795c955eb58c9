"""Bodies of requests: bounded in size, in time, and all together in memory; large ones go on in a file."""

from __future__ import annotations

import asyncio
import time

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request

from gateway.core import spooled
from gateway.core.errors import RequestError
from gateway.core.spooled import Spool, SpoolWriter

#: Bytes that are held in memory before they are written to the spool, where there is one.
_PIECE = 1024 * 1024

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

    def __init__(self, request: Request, budget: Budget, most: int, silence: float, spool: Spool | None = None) -> None:
        """``most``: bytes; ``silence``: seconds without a byte; ``spool``: without one, all of it is bytes."""
        self._request = request
        self._budget = budget
        self._most = most
        self._silence = silence
        self._held = 0  # in memory
        self._size = 0
        self._parts: list[bytes] = []
        self._writer = spool.write(most) if spool is not None else None
        self._body: spooled.Body = b""

    async def __aenter__(self) -> spooled.Body:
        """Reads all of it. Raises RequestError for one that is too large, too slow, encoded or cut off, and StoreError
        when our own disk does not take it."""
        try:
            await self._read()
            self._body = await self._finish()
        except BaseException:
            await self.__aexit__()
            raise
        return self._body

    async def __aexit__(self, *error: object) -> None:
        self._budget.give_back(self._held)
        self._held = 0
        if self._writer is not None:
            self._writer.discard()
        spooled.discard(self._body)  # received or not: what was received has a name of its own

    async def _read(self) -> None:
        self._check_headers()
        began = time.monotonic()
        stream = self._request.stream()
        try:
            while True:
                async with asyncio.timeout(self._silence):
                    part = await anext(stream, None)
                if part is None:
                    return
                self._hold(len(part))
                self._parts.append(part)
                if self._writer is not None and self._held >= _PIECE:
                    await to_thread.run_sync(self._write, self._writer)
                if time.monotonic() - began > self._silence + self._size / _SLOWEST:
                    raise TimeoutError
        except TimeoutError:
            raise RequestError("timeout", "The body came too slowly; nothing was received.") from None
        except ClientDisconnect:
            raise RequestError("bad-request", "The connection ended before the body did.") from None

    def _write(self, writer: SpoolWriter) -> None:
        for part in self._parts:
            writer.write(part)
        self._parts.clear()
        if not writer.in_memory:
            self._budget.give_back(self._held)
            self._held = 0

    async def _finish(self) -> spooled.Body:
        if self._writer is None or not self._writer.size:
            return b"".join(self._parts)
        await to_thread.run_sync(self._write, self._writer)
        return await to_thread.run_sync(self._writer.finish)

    def _check_headers(self) -> None:
        headers = self._request.headers
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding != "identity":
            raise RequestError("media-type", f'A body with the content encoding "{encoding[:40]}" is not accepted.')
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._most:
            self._refuse()

    def _hold(self, count: int) -> None:
        self._size += count
        if self._size > self._most:
            self._refuse()
        self._budget.take(count)
        self._held += count

    def _refuse(self) -> None:
        raise RequestError("too-large", f"The body is larger than {self._most} bytes; nothing was received.")
