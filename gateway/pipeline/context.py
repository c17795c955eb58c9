"""What the steps share: the world as it is configured now. Nothing in it changes while it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import msgspec

from gateway.agreements import Agreement, Agreements
from gateway.codecs.model import Limits
from gateway.core.ports import Clock
from gateway.grammar import Schemas
from gateway.handlers import Handler, Watching
from gateway.mapping import Mappings
from gateway.store import Database

if TYPE_CHECKING:
    from gateway.codecs.xml_signature import Signer


class Known(Protocol):
    """What describes documents: the context of the steps, or what commands know without a database."""

    @property
    def agreements(self) -> Agreements: ...
    @property
    def schemas(self) -> Schemas: ...
    @property
    def mappings(self) -> Mappings: ...


@dataclass(frozen=True, kw_only=True)
class World:
    """What documents are read and written with, as it is configured: no database, no clock."""

    agreements: Agreements
    schemas: Schemas
    mappings: Mappings
    limits: Limits = field(default_factory=Limits)

    def limits_of(self, agreement: Agreement) -> Limits:
        """The bounds for documents of an agreement: its own where it has some, else those of the configuration."""
        own = msgspec.structs.asdict(agreement.limits)
        return self.limits._replace(**{name: value for name, value in own.items() if value is not None})


def _nobody(agreement: Agreement) -> Signer | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Context(World):
    """Handed to every step by the composition root. ``handlers`` are in the order in which they are asked. ``signer``:
    what signs the messages of an agreement; it raises ConfigurationError where its key is not there."""

    database: Database
    clock: Clock
    handlers: Mapping[str, Handler]
    signer: Callable[[Agreement], Signer | None] = _nobody

    def subscribers(self, canonical: str) -> list[str]:
        """The handlers that take documents of this kind."""
        return [name for name, handler in self.handlers.items() if canonical in handler.documents]

    def watchers(self, canonical: str) -> list[str]:
        """The handlers that look on when a document of this kind is passed on."""
        return [
            name
            for name, handler in self.handlers.items()
            if isinstance(handler, Watching) and canonical in handler.watches
        ]
