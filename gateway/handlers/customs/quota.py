"""What persons bought in a year, as far as we saw it: kept for each case, added up, and set against the limits.

Two workers that add to one person's year meet at its version: one of them looks again. What others sold to that person
nobody knows here: a limit that is not reached is no proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.handlers.customs import records
from gateway.store import Changes

ZERO = Decimal(0)


class Year(msgspec.Struct, kw_only=True, eq=False):
    """A person's year. ``id`` 0: it is new. ``row``: its row where it was made in this batch."""

    id: int = 0
    version: int = 0
    total: Decimal = ZERO
    row: dict[str, Any] | None = None


class Bought(msgspec.Struct, kw_only=True, eq=False):
    """What is counted of a case, in whose year. ``row``: its row where it was made in this batch."""

    id: int
    person: str
    year: str
    amount: Decimal
    row: dict[str, Any] | None = None


def person_of(own: str, identity_number: str) -> str:
    """By what a person is known here: the number itself stands in messages only."""
    return sha256(f"{own}\x1f{identity_number}".encode()).hexdigest()


class Quota:
    """Of one own party and lane, while a batch is applied. ``persons``: everybody whom it may be about."""

    def __init__(self, own: str, lane: str, connection: Connection, persons: Iterable[str], cases: Iterable[int]):
        self.own, self.lane = own, lane
        found = records.bought(connection, cases)
        self._bought = {
            row.case_id: Bought(id=row.id, person=row.person, year=row.year, amount=Decimal(row.amount))
            for row in found
        }
        wanted = {*persons, *(each.person for each in self._bought.values())}
        self._years = {
            (row.person, row.year): Year(id=row.id, version=row.version, total=Decimal(row.total))
            for row in records.years(connection, own, lane, wanted)
        }

    def count(self, case: int, person: str, year: str, amount: Decimal, changes: Changes) -> tuple[Decimal, Decimal]:
        """What the case comes to now, in whose year; a case stays in the year in which it was first counted. Returns
        what that year came to before, and comes to now."""
        known = self._bought.get(case)
        if known is not None and known.person == person:
            year = known.year
        before = self._year(person, year).total
        if known is not None and (known.person, known.amount) == (person, amount):
            return before, before
        if known is not None:
            self._add(known.person, known.year, -known.amount, changes)
        self._add(person, year, amount, changes)
        self._keep(case, known, person, year, amount, changes)
        return before, self._year(person, year).total

    def drop(self, case: int, changes: Changes) -> None:
        """The case turned out to be another, which is counted."""
        known = self._bought.get(case)
        if known is not None and known.amount:
            self._add(known.person, known.year, -known.amount, changes)
            self._keep(case, known, known.person, known.year, ZERO, changes)

    def _year(self, person: str, year: str) -> Year:
        return self._years.setdefault((person, year), Year())

    def _add(self, person: str, year: str, amount: Decimal, changes: Changes) -> None:
        found = self._year(person, year)
        found.total += amount
        text = f"{found.total:f}"
        if found.row is not None:
            found.row["total"] = text
        elif found.id:
            changes.update(
                "customs_years", found.id, expected={"version": found.version}, version=found.version + 1, total=text
            )
            found.version += 1
        else:
            about = {"own_party": self.own, "lane": self.lane, "person": person, "year": year}
            found.id = changes.new("customs_years", **about, version=1, total=text)
            found.row = changes.rows["customs_years"][-1]

    def _keep(self, case: int, known: Bought | None, person: str, year: str, amount: Decimal, changes: Changes) -> None:
        values: dict[str, Any] = {"person": person, "year": year, "amount": f"{amount:f}"}
        if known is None:
            id = changes.new("customs_purchases", case_id=case, own_party=self.own, lane=self.lane, **values)
            row = changes.rows["customs_purchases"][-1]
            self._bought[case] = Bought(id=id, person=person, year=year, amount=amount, row=row)
            return
        if known.row is not None:
            known.row.update(values)
        else:
            changes.update("customs_purchases", known.id, **values)
        known.person, known.year, known.amount = person, year, amount
