"""The logistics handler: what documents tell of goods under way becomes the state of their consignment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.canonical import (
    DespatchAdvice,
    FreightInvoice,
    TransportationStatus,
    TransportInstruction,
    TransportInstructionResponse,
    business_key,
)
from gateway.core.issues import Issue
from gateway.handlers.logistics import records
from gateway.handlers.logistics.decide import Known, findings, match, nameless
from gateway.handlers.logistics.facts import STRONG, Fact, Name, Said
from gateway.handlers.logistics.fold import State, fold
from gateway.handlers.logistics.freight import said_by_freight
from gateway.handlers.logistics.reading import said_by_advice, said_by_status
from gateway.handlers.logistics.tenders import said_by_instruction, said_by_response
from gateway.handlers.model import Emission, Inbound, Outcome
from gateway.handlers.named import name_row
from gateway.store import Changes

#: How each kind of document is read.
READERS: dict[str, Callable[[Any, str, int], list[Said]]] = {
    TransportationStatus.__name__: said_by_status,
    DespatchAdvice.__name__: said_by_advice,
    TransportInstruction.__name__: said_by_instruction,
    TransportInstructionResponse.__name__: said_by_response,
}

#: What a document may lead to; of several consignments the first of these is told.
EVENTS = (
    "consignment.delivered",
    "consignment.delayed",
    "consignment.created",
    "consignment.merged",
    "consignment.followed",
    "consignment.repeated",
)


class LogisticsHandler:
    """Subscribes to despatch advices (beside trading), to tenders with their answers, and to what carriers tell and
    charge.

    It looks on when our own ERP says what left, tenders, or answers a tender: what it wrote is passed on beside.
    """

    name = "logistics"
    documents = frozenset({*READERS, FreightInvoice.__name__})
    watches = documents - {TransportationStatus.__name__}

    def load(self, connection: Connection, batch: Sequence[Inbound]) -> Mapping[int, list[Known]]:
        groups: dict[tuple[str, str], set[str]] = {}
        values = {inbound.document_id: _values(_said(inbound)) for inbound in batch}
        for inbound in batch:
            groups.setdefault((inbound.own, inbound.lane), set()).update(values[inbound.document_id])
        at = min(inbound.received_at for inbound in batch)
        found = {place: records.find(connection, *place, wanted, at) for place, wanted in groups.items()}
        return {inbound.document_id: found[inbound.own, inbound.lane] for inbound in batch}

    def handle(self, inbound: Inbound, record: list[Known], changes: Changes) -> Outcome:
        parts = _said(inbound)
        if not parts or all(nameless(part.names) for part in parts):
            return Outcome(hold=Issue("LOG-NAMELESS", value=inbound.partner))
        book = _Book(inbound, record, changes)
        for part in parts:
            if not nameless(part.names):
                book.take(part)
        event = book.write()
        # It may say more than a consignment keeps of it, so it goes on all the same.
        repeated = [Issue("LOG-REPEAT", value=inbound.partner)] if event == "consignment.repeated" else []
        return Outcome(emissions=(_passed_on(inbound),), issues=(*book.issues, *repeated), event=event)


class _Entry(msgspec.Struct, kw_only=True):
    """A consignment while a document is applied. ``known``: the record that it had; ``gone``: what it swallowed."""

    known: Known | None
    gone: tuple[Known, ...] = ()
    names: set[Name]
    facts: list[Fact]
    fresh_names: set[Name] = set()
    fresh: list[Fact] = []


class _Book:
    """The consignments that one document is about: found, changed, and written at the end."""

    def __init__(self, inbound: Inbound, record: Iterable[Known], changes: Changes) -> None:
        self.inbound = inbound
        self.record = list(record)
        self.changes = changes
        self.entries: dict[int, _Entry] = {}
        self.issues: list[Issue] = []

    def take(self, part: Said) -> None:
        """Applies what is said of one consignment."""
        found = match(part.names, self.record)
        if found.doubt:
            named = ", ".join(sorted({name.value for name in part.names if name.kind != "order"})[:3])
            self.issues.append(Issue("LOG-SEVERAL", value=named))
        if found.shared:
            for one in found.shared:
                self._apply(self._entry((one,)), Said(names=frozenset(), facts=part.facts))
        else:
            self._apply(self._entry(found.same), part)

    def _entry(self, same: tuple[Known, ...]) -> _Entry:
        known = same[0] if same else None
        entry = self.entries.get(known.id) if known else None
        if entry is None:
            names = set(known.names) if known else set()
            entry = _Entry(known=known, names=names, facts=list(known.facts) if known else [])
            self.entries[known.id if known else -len(self.entries) - 1] = entry
        for other in same[1:]:
            if other not in entry.gone:
                entry.gone += (other,)
                entry.names |= other.names
                entry.facts += other.facts
        return entry

    def _apply(self, entry: _Entry, part: Said) -> None:
        digests = {fact.digest for fact in entry.facts}
        fresh = [fact for fact in part.facts if fact.digest not in digests]
        entry.fresh = [*entry.fresh, *fresh]
        entry.fresh_names = entry.fresh_names | (part.names - entry.names)
        entry.names |= part.names

    def write(self) -> str:
        """Writes what changed; returns the event that tells of it."""
        done = {self._write(entry) for entry in self.entries.values()}
        return next(event for event in EVENTS if event in done)

    def _write(self, entry: _Entry) -> str:
        if entry.known is not None and not (entry.fresh or entry.fresh_names or entry.gone):
            return "consignment.repeated"
        before = fold(entry.facts) if entry.known is not None else None
        after = fold([*entry.facts, *entry.fresh])
        self.issues += findings(entry.fresh, before, after)
        columns = {
            "state": after.state,
            "conditions": " ".join(after.conditions),
            "delay_days": after.delay_days,
            "updated_at": self.inbound.received_at,
        }
        id = self._record(entry, columns)
        for gone in entry.gone:
            self.changes.update(
                "consignments", gone.id, expected={"version": gone.version}, version=gone.version + 1, merged_into=id
            )
            records.NAMED.move(self.changes, gone.id, id)
        about = {"consignment_id": id, "own_party": self.inbound.own, "lane": self.inbound.lane}
        for name in sorted(entry.fresh_names):
            row = name_row(name.kind, name.value, strong=name.kind in STRONG)
            self.changes.new("consignment_names", **about, **row)
        for fact in entry.fresh:
            self.changes.new(
                "consignment_facts",
                consignment_id=id,
                document_id=self.inbound.document_id,
                at=self.inbound.received_at,
                **records.fact_row(fact),
            )
        return _event(entry, before, after)

    def _record(self, entry: _Entry, columns: dict[str, Any]) -> int:
        """The row, made or changed. Two documents may have met the same version: the second is to look again."""
        if entry.known is None:
            inbound = self.inbound
            place = {"own_party": inbound.own, "lane": inbound.lane, "created_at": inbound.received_at}
            return self.changes.new("consignments", version=1, **place, **columns)
        version = entry.known.version
        self.changes.update(
            "consignments", entry.known.id, expected={"version": version}, version=version + 1, **columns
        )
        return entry.known.id


def _event(entry: _Entry, before: State | None, after: State) -> str:
    """What is told of a change: the most that somebody who waits for the goods wants to know."""
    if after.delivered is not None and (before is None or before.delivered is None):
        return "consignment.delivered"
    if after.delivered is None and after.delay_days > (before.delay_days if before else 0):
        return "consignment.delayed"
    if entry.known is None:
        return "consignment.created"
    return "consignment.merged" if entry.gone else "consignment.followed"


def _said(inbound: Inbound) -> list[Said]:
    if isinstance(inbound.document, FreightInvoice):
        allowed = inbound.trading.quantity_percent, inbound.trading.price_percent
        return said_by_freight(inbound.document, inbound.partner, inbound.received_at, *allowed)
    return READERS[inbound.canonical](inbound.document, inbound.partner, inbound.received_at)


def _values(parts: Iterable[Said]) -> set[str]:
    return {name.value for part in parts for name in part.names if not nameless([name])}


def _passed_on(inbound: Inbound) -> Emission:
    """As it came, to whoever has agreed to get it. A despatch advice is passed on by trading, where that takes it."""
    return Emission(
        canonical=inbound.canonical,
        from_party=inbound.own,
        business_key=business_key(inbound.document),
        payload_id=inbound.payload_id,
        alone=True,
    )
