"""What the pipeline and a handler say to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import msgspec
from sqlalchemy import Connection

from gateway.agreements import Trading
from gateway.core.issues import Issue
from gateway.store import Changes


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """One canonical document with what its handler must know of where it came from.

    ``own`` and ``partner`` are party ids, ``lane`` is ``production`` or ``test``, ``received_at`` is in microseconds.
    ``inside``: the partner is an ERP of our own, and what it wrote is passed on beside. ``trading`` is what was agreed.
    """

    document_id: int
    payload_id: int
    canonical: str
    document: Any
    own: str
    partner: str
    lane: str
    received_at: int
    inside: bool = False
    trading: Trading = Trading()


class Emission(msgspec.Struct, frozen=True, kw_only=True):
    """A canonical document for whoever has an outbound agreement on it with ``from_party``.

    ``payload_id`` names bytes that are stored already (the document is passed on as it came), otherwise ``body``.
    ``alone``: only where no other handler takes the document, which then passes it on. ``agreement``: it leaves by this
    one alone, whoever it is with.
    """

    canonical: str
    from_party: str
    business_key: str
    payload_id: int | None = None
    body: bytes | None = None
    alone: bool = False
    agreement: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one document: emitted documents and remarks; ``hold`` when nothing was changed and it must wait.

    ``waits_for_key``: the hold does not block later documents of its key, because one of them may be what it needs;
    ``waits_for`` is the condition that releases it. ``fulfils``: the conditions that this document makes true.
    """

    emissions: tuple[Emission, ...] = ()
    issues: tuple[Issue, ...] = ()
    hold: Issue | None = None
    waits_for_key: bool = False
    waits_for: str = ""
    fulfils: tuple[str, ...] = ()
    event: str = ""


class Handler(Protocol):
    """One business handler. ``load`` reads in the step's read transaction, ``handle`` decides without a database."""

    name: str
    documents: frozenset[str]

    def load(self, connection: Connection, batch: Sequence[Inbound]) -> Mapping[int, Any]:
        """The records that each document (by id) concerns."""
        ...

    def handle(self, inbound: Inbound, record: Any, changes: Changes) -> Outcome:
        """Decide, and write the change of the records into ``changes``."""
        ...


@runtime_checkable
class Watching(Handler, Protocol):
    """A handler that also takes what is only passed on. ``watches``: kinds of document."""

    watches: frozenset[str]
