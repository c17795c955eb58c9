"""The lines of an order while documents are counted on them, and what is found in those. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

import msgspec

from gateway.core.issues import Issue
from gateway.handlers.trading.facts import Fact, Line, digest

ZERO = Decimal(0)

#: Of documents under one number, what outweighs what.
WEIGHT = {"original": 0, "replace": 1, "cancellation": 2}


#: As many lines with one item are enough to know that it does not tell which is meant.
_SEVERAL = 2


class Finding(NamedTuple):
    """An issue, and the digest of the fact that it is about."""

    fact: str
    issue: Issue


class Entry(msgspec.Struct, kw_only=True):
    """One line with its quantities, all in the unit of the order. ``refused`` is the part of what was received that is
    not accepted, ``missing`` what was advised and did not arrive; ``counted``: a receipt said how much arrived, be it
    nothing. ``answer``: answered, or changed since."""

    line: str
    items: tuple[str, ...] = ()
    description: str = ""
    unit: str = ""
    price: Decimal | None = None
    ordered: Decimal = ZERO
    confirmed: Decimal = ZERO
    backordered: Decimal = ZERO
    rejected: Decimal = ZERO
    despatched: Decimal = ZERO
    received: Decimal = ZERO
    refused: Decimal = ZERO
    missing: Decimal = ZERO
    counted: bool = False
    invoiced: Decimal = ZERO
    answer: str = ""

    @property
    def wanted(self) -> Decimal:
        """What may still be delivered in all: what is rejected does not come."""
        return max(ZERO, self.ordered - self.rejected)

    @property
    def went(self) -> Decimal:
        """What has left the seller: what arrived did, whether it was advised or not."""
        return max(self.despatched, self.received)

    def due(self, *, advised: bool) -> Decimal:
        """What may be invoiced: what was received and kept; where nobody counted it, what was despatched (``advised``:
        something was), else what is wanted, without what is known to be refused or missing."""
        if self.counted:
            return max(ZERO, self.received - self.refused)
        return max(ZERO, (self.despatched if advised else self.wanted) - self.refused - self.missing)


class Book:
    """The lines of one order, found as documents name them: by index, since an order may have very many."""

    def __init__(self, number: str, order: Fact) -> None:
        self.number = number
        self.entries: list[Entry] = []
        self.findings: list[Finding] = []
        self._by_number: dict[str, Entry] = {}
        self._by_item: dict[str, list[Entry]] = {}
        self._digests: dict[int, tuple[Fact, str]] = {}
        for line in order.lines:
            self.add(line)

    def add(self, line: Line) -> None:
        """A line of the order, or of a change that adds one."""
        entry = Entry(
            line=line.line or str(len(self.entries) + 1),
            items=line.items,
            description=line.description,
            unit=line.unit,
            price=line.price,
            ordered=line.quantity or ZERO,
        )
        self.entries.append(entry)
        self._by_number.setdefault(_number(entry.line), entry)
        for item in set(entry.items):
            having = self._by_item.setdefault(item, [])
            if len(having) < _SEVERAL:
                having.append(entry)

    def find(self, line: Line) -> Entry | None:
        """By its number, else by the item, where one line alone has that."""
        named = self._by_number.get(_number(line.line)) if line.line else None
        if named is not None:
            return named
        having = {id(entry): entry for item in line.items for entry in self._by_item.get(item, ())}
        return next(iter(having.values())) if len(having) == 1 else None

    def same_unit(self, fact: Fact, entry: Entry, line: Line) -> bool:
        """Whether the quantity can be counted on the line; a finding where it cannot."""
        if not line.unit or not entry.unit or line.unit == entry.unit:
            entry.unit = entry.unit or line.unit
            return True
        self.find_fault(fact, "TRD-UNIT", entry.line, unit=line.unit, ordered=entry.unit)
        return False

    def unknown(self, fact: Fact, line: Line) -> None:
        """A line that the order does not have."""
        self.find_fault(fact, "TRD-LINE", line.line or " ".join(line.items))

    def find_fault(self, fact: Fact, code: str, value: str, **params: str) -> None:
        """Takes down what does not fit."""
        if id(fact) not in self._digests:  # once for all that is wrong in it; kept, so that its id stays its own
            self._digests[id(fact)] = fact, digest(fact)
        _, mine = self._digests[id(fact)]
        self.findings.append(Finding(mine, Issue(code, value=value, params={"order": self.number, **params})))


def effective(facts: Iterable[Fact]) -> list[Fact]:
    """What counts of documents that have numbers: the last of those that replace, nothing of what is cancelled."""
    last: dict[tuple[str, str], Fact] = {}
    for fact in sorted(facts, key=lambda one: (WEIGHT.get(one.function, 0), one.issued, digest(one))):
        before = last.get((fact.partner, fact.number))
        if before is None or WEIGHT.get(fact.function, 0) or fact.kind in ("DespatchAdvice", "ReceiptAdvice"):
            last[fact.partner, fact.number] = fact
    counting = [fact for fact in last.values() if fact.function != "cancellation"]
    return sorted(counting, key=lambda one: (one.issued, digest(one)))


def _number(line: str) -> str:
    """Line numbers are the same with or without leading zeros."""
    return line.lstrip("0") or line
