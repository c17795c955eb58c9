"""The tables of the logistics handler, and the reading of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, Index, Table

from gateway.handlers.logistics.decide import Known
from gateway.handlers.logistics.facts import Fact, Name
from gateway.handlers.named import Named
from gateway.store.metadata import key, metadata, number, reference, small, text
from gateway.store.statements import both, run

#: One consignment as it stands now; what it consists of is in the other tables. ``merged_into``: it turned out to be
#: another one, which has everything of it.
consignments = Table(
    "consignments",
    metadata,
    key(),
    text("own_party"),
    text("lane"),
    text("state"),
    text("conditions"),
    number("version"),
    number("delay_days"),
    reference("merged_into"),
    number("created_at"),
    number("updated_at"),
    Index("ix_consignments_state", "own_party", "lane", "state"),
)

#: The numbers that a consignment goes by.
NAMED = Named(
    "consignments",
    "consignment_names",
    "consignment_facts",
    "consignment_id",
    "id, own_party, lane, state, conditions, created_at, updated_at",
)
consignment_names = NAMED.names

#: What documents said of a consignment, in the order of arrival. Times of events in microseconds since 1970.
consignment_facts = Table(
    "consignment_facts",
    metadata,
    key(),
    reference("consignment_id", nullable=False),
    reference("document_id", nullable=False),
    text("kind"),
    number("happened_at", nullable=True),
    text("told"),
    text("place"),
    text("reason"),
    text("description"),
    text("signatory"),
    small("own_code"),
    text("source"),
    number("issued_at"),
    text("function"),
    number("at"),
    Index("ix_consignment_facts_consignment_id", "consignment_id"),
)

_FIND = (
    "SELECT DISTINCT c.id, c.version FROM consignments c JOIN consignment_names n ON n.consignment_id = c.id "
    "WHERE n.own_party = :own AND n.lane = :lane AND n.value {{names}} AND n.strong = {strong} "
    "AND c.merged_into IS NULL"
)
_BY_STRONG = both(_FIND.format(strong=1))
_BY_SHARED = both(_FIND.format(strong=0) + " AND c.updated_at >= :since ORDER BY c.id DESC LIMIT :most")
_NAMES = both("SELECT consignment_id, kind, value FROM consignment_names WHERE consignment_id {ids}")
_FACTS = both(
    "SELECT consignment_id, kind, happened_at, told, place, reason, description, signatory, own_code, source, "
    "issued_at, function, document_id, at FROM consignment_facts WHERE consignment_id {ids} ORDER BY id"
)
#: Microseconds for which a number that several may share finds a consignment after it was last told of: 120 days.
SHARED_FOR = 120 * 24 * 3_600 * 1_000_000
#: Consignments that the shared numbers of one batch find, at most.
MOST_SHARED = 500


def find(connection: Connection, own: str, lane: str, values: Iterable[str], at: int) -> list[Known]:
    """The consignments that have a number with one of these values, whatever it is the number of.

    By a number that several may share, those that were told of not long before ``at``, the latest of them: a container
    travels with other goods the next time.
    """
    wanted = {"own": own, "lane": lane, "names": sorted(set(values))}
    rows = run(connection, _BY_STRONG, **wanted).all()
    rows += run(connection, _BY_SHARED, since=at - SHARED_FOR, most=MOST_SHARED, **wanted).all()
    found = {row.id: row.version for row in rows}
    return known(connection, found) if found else []


def known(connection: Connection, versions: dict[int, int]) -> list[Known]:
    """These consignments with everything that was said of them."""
    ids = sorted(versions)
    names: dict[int, set[Name]] = {id: set() for id in ids}
    facts: dict[int, list[Fact]] = {id: [] for id in ids}
    for row in run(connection, _NAMES, ids=ids):
        names[row.consignment_id].add(Name(row.kind, row.value))
    for row in run(connection, _FACTS, ids=ids):
        facts[row.consignment_id].append(fact(row))
    return [Known(id=id, version=versions[id], names=frozenset(names[id]), facts=tuple(facts[id])) for id in ids]


def fact(row: Any) -> Fact:
    """A row as the fact that it keeps."""
    return Fact(
        kind=row.kind,
        happened_at=row.happened_at,
        told=row.told,
        place=row.place,
        reason=row.reason,
        description=row.description,
        signatory=row.signatory,
        own_code=bool(row.own_code),
        source=row.source,
        issued_at=row.issued_at,
        function=row.function,
    )


def fact_row(fact: Fact) -> dict[str, Any]:
    """The columns of a fact, without whose it is."""
    return msgspec.structs.asdict(fact) | {"own_code": int(fact.own_code)}


def facts_of(connection: Connection, id: int) -> list[Any]:
    """Everything that was said of one, with the document that said it."""
    return run(connection, _FACTS, ids=[id]).all()


def names_of(connection: Connection, id: int) -> list[Any]:
    """The numbers that one goes by."""
    return run(connection, _NAMES, ids=[id]).all()
