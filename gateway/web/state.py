"""What all requests of one web server share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import structlog
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request

from gateway.core.errors import RequestError, StoreError
from gateway.core.ports import Ringer
from gateway.store.tokens import Token
from gateway.web.accepting import Accepting
from gateway.web.access import Doorkeeper
from gateway.web.bodies import Budget
from gateway.web.gateway import Gateway
from gateway.web.route import ACCESS, Route
from gateway.web.verdicts import Verdicts

log = structlog.get_logger(__name__)

T = TypeVar("T")

#: Seconds between writing down which tokens were used.
_NOTED = 60.0


class Web:
    """One for each application. ``bell``: one that any thread may ring."""

    def __init__(self, gateway: Gateway, bell: Ringer) -> None:
        self.gateway = gateway
        self.settings = gateway.config.web
        self.ring = bell.ring
        self.accepting = Accepting(gateway.intake(bell))
        self.doorkeeper = Doorkeeper(gateway.database)
        self.budget = Budget(self.settings.memory_bytes)
        self.verdicts = Verdicts(gateway.database)
        self._threads = CapacityLimiter(self.settings.threads)

    @asynccontextmanager
    async def running(self, app: object) -> AsyncIterator[None]:
        """From the start of the server to its end."""
        self.accepting.start()
        tasks = [asyncio.create_task(each) for each in (self.verdicts.run(self.in_thread), self._note_uses())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await to_thread.run_sync(self.accepting.close)
            await self._note_once()

    async def in_thread(self, call: Callable[..., T], *arguments: Any) -> T:
        """A call that blocks, beside those of as many other requests as are allowed."""
        return await to_thread.run_sync(partial(call, *arguments), limiter=self._threads)

    async def admit(self, request: Request, route: Route) -> Token | None:
        """Who asks. Raises RequestError where the route wants a token that was not sent or does not allow it."""
        if route.access is None:
            return None
        given = request.headers.get("authorization")
        caller = self.doorkeeper.remembered(given)
        if caller is None:
            address = request.client.host if request.client else ""
            caller = await self.in_thread(self.doorkeeper.admit, given, address)
        if caller.role not in ACCESS[route.access]:
            roles = ", ".join(sorted(ACCESS[route.access]))
            raise RequestError("forbidden", f"A token of the role {caller.role} does not do this: {roles} may.")
        return caller

    async def _note_uses(self) -> None:
        while True:
            await asyncio.sleep(_NOTED)
            await self._note_once()

    async def _note_once(self) -> None:
        try:
            await self.in_thread(self.doorkeeper.note_uses, self.gateway.clock.now())
        except StoreError as error:
            log.warning("http.uses_not_noted", error=str(error))
