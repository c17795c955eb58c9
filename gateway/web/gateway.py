"""What the web asks of the gateway that it belongs to; the composition root is one."""

from __future__ import annotations

from typing import Protocol

from gateway.core.ports import Clock, Intake, Ringer
from gateway.core.validity import End
from gateway.pipeline.context import Context
from gateway.settings import Config
from gateway.store import Database


class Gateway(Protocol):
    """A gateway: its configuration, its database, and its intake."""

    @property
    def config(self) -> Config: ...
    @property
    def database(self) -> Database: ...
    @property
    def clock(self) -> Clock: ...

    def ends(self) -> list[End]:
        """How long keys and certificates are good for."""
        ...

    def current(self) -> Context:
        """What holds now: parties, agreements, schemas and mappings."""
        ...

    def intake(self, bell: Ringer | None = None) -> Intake:
        """What arrivals are handed in to."""
        ...
