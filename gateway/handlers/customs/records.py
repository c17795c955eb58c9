"""The tables of the customs handler, and the reading of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, Index, Table

from gateway.handlers.customs.facts import NUMBER, Fact, Name, from_store
from gateway.handlers.named import Named
from gateway.store.metadata import key, metadata, number, reference, text
from gateway.store.statements import both, run

#: One case as it stands now; what it consists of is in the other tables. ``waits``: what keeps its list here.
#: ``merged_into``: it turned out to be another one, which has everything of it.
customs_cases = Table(
    "customs_cases",
    metadata,
    key(),
    text("own_party"),
    text("lane"),
    text("state"),
    text("waits"),
    number("version"),
    reference("merged_into"),
    number("created_at"),
    number("updated_at"),
    Index("ix_customs_cases_state", "own_party", "lane", "state"),
)

#: The numbers that a case goes by.
NAMED = Named(
    "customs_cases",
    "customs_names",
    "customs_facts",
    "case_id",
    "id, own_party, lane, state, waits, created_at, updated_at",
)

#: What was said, in the order of arrival: see :mod:`gateway.handlers.customs.facts`. ``document_id`` brought it.
customs_facts = Table(
    "customs_facts",
    metadata,
    key(),
    reference("case_id", nullable=False),
    reference("document_id", nullable=False),
    text("kind"),
    text("number"),
    text("digest"),
    text("said"),
    number("at"),
    Index("ix_customs_facts_case_id", "case_id"),
)

#: What declarations need to know of goods and enterprises. ``said``: JSON, by the columns of its file.
customs_master = Table(
    "customs_master",
    metadata,
    key(),
    text("own_party"),
    text("kind"),
    text("code"),
    text("said"),
    number("updated_at"),
    Index("uq_customs_master_code", "own_party", "kind", "code", unique=True),
)

#: What a person bought, as far as we saw. ``person``: a hash of the identity number; ``amount``: decimal text.
customs_purchases = Table(
    "customs_purchases",
    metadata,
    key(),
    reference("case_id", nullable=False),
    text("own_party"),
    text("lane"),
    text("person"),
    text("year"),
    text("amount"),
    number("updated_at"),
    Index("ix_customs_purchases_person", "own_party", "lane", "person", "year"),
    Index("uq_customs_purchases_case_id", "case_id", unique=True),
)

#: What a person bought in a calendar year, added up. ``version``: two that add to it at once meet at it.
customs_years = Table(
    "customs_years",
    metadata,
    key(),
    text("own_party"),
    text("lane"),
    text("person"),
    text("year"),
    text("total"),
    number("version"),
    number("updated_at"),
    Index("uq_customs_years_person", "own_party", "lane", "person", "year", unique=True),
)

_FIND = both(
    "SELECT DISTINCT c.id, c.version FROM customs_cases c JOIN customs_names n ON n.case_id = c.id "
    "WHERE n.own_party = :own AND n.lane = :lane AND n.value {names} AND c.merged_into IS NULL"
)
_NAMES = both("SELECT case_id, kind, value, strong FROM customs_names WHERE case_id {ids}")
_FACTS = both("SELECT case_id, digest, said, document_id, at FROM customs_facts WHERE case_id {ids} ORDER BY id")
_BOUGHT = both("SELECT id, case_id, person, year, amount FROM customs_purchases WHERE case_id {ids}")
_YEARS = both(
    "SELECT id, person, year, total, version FROM customs_years "
    "WHERE own_party = :own AND lane = :lane AND person {names}"
)
_LIST = both(
    "SELECT id FROM customs_cases WHERE merged_into IS NULL AND (:state = '' OR state = :state) "
    "ORDER BY id DESC LIMIT :most"
)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A fact, with the document that brought it."""

    digest: str
    fact: Fact
    document_id: int
    at: int


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A case as the records have it. ``doubted``: numbers that are those of another case too."""

    id: int
    version: int
    names: frozenset[Name]
    doubted: frozenset[Name]
    facts: tuple[Kept, ...]


def find(connection: Connection, own: str, lane: str, values: Iterable[str]) -> list[Known]:
    """The cases that have a number with one of these values, whatever it is the number of."""
    rows = run(connection, _FIND, own=own, lane=lane, names=sorted(set(values)))
    return known(connection, {row.id: row.version for row in rows})


def known(connection: Connection, versions: dict[int, int]) -> list[Known]:
    """These cases with everything that was said of them."""
    ids = sorted(versions)
    if not ids:
        return []
    names: dict[int, set[Name]] = {id: set() for id in ids}
    doubted: dict[int, set[Name]] = {id: set() for id in ids}
    facts: dict[int, list[Kept]] = {id: [] for id in ids}
    for row in run(connection, _NAMES, ids=ids):
        sure = row.strong or row.kind == NUMBER
        (names if sure else doubted)[row.case_id].add(Name(row.kind, row.value))
    for row in run(connection, _FACTS, ids=ids):
        fact = Kept(digest=row.digest, fact=from_store(row.said), document_id=row.document_id, at=row.at)
        facts[row.case_id].append(fact)
    return [
        Known(
            id=id,
            version=versions[id],
            names=frozenset(names[id]),
            doubted=frozenset(doubted[id]),
            facts=tuple(facts[id]),
        )
        for id in ids
    ]


def bought(connection: Connection, cases: Iterable[int]) -> list[Any]:
    """What is counted of these cases."""
    ids = sorted(set(cases))
    return list(run(connection, _BOUGHT, ids=ids)) if ids else []


def years(connection: Connection, own: str, lane: str, persons: Iterable[str]) -> list[Any]:
    """All years of these persons."""
    names = sorted(set(persons))
    return list(run(connection, _YEARS, own=own, lane=lane, names=names)) if names else []


def latest(connection: Connection, state: str, most: int) -> list[int]:
    """The ids of the latest cases, of a state where one is given."""
    return [int(id) for id in run(connection, _LIST, state=state, most=most).scalars()]
