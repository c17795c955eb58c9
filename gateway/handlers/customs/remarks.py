"""What an operator should know of a receipt, a tax bill or a document of a case. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gateway.core.issues import Issue
from gateway.handlers.customs.case import Case, Document
from gateway.handlers.customs.facts import DOCUMENT, RECEIPT, TAX, Fact
from gateway.handlers.customs.matching import ORDER
from gateway.handlers.customs.states import DETAINED, ERROR, REJECTED, RETURNED, SEND_FAILED, state_of

_BAD = frozenset({ERROR, REJECTED, SEND_FAILED, DETAINED, RETURNED})
_FEN = Decimal("0.01")
_TAXES = ("customsTax", "valueAddedTax", "consumptionTax")


def findings(fact: Fact, before: Case, after: Case) -> list[Issue]:
    """Of one new fact."""
    if fact.kind == RECEIPT:
        return list(_of_receipt(fact, after))
    if fact.kind == TAX:
        return list(_of_tax(fact, after))
    return list(_of_document(fact, before)) if fact.kind == DOCUMENT else []


def _of_receipt(fact: Fact, after: Case) -> Iterator[Issue]:
    found = _answered(fact, after)
    subject = f"{found.number} {' '.join(found.key)}" if found is not None else " ".join((fact.number, *fact.key))
    if found is None or not (found.versions or found.draft is not None):
        yield Issue("CUS-UNKNOWN", value=subject.strip() or fact.of)
    if state_of(fact.status) in _BAD:
        params = {"subject": subject, "text": fact.text.rstrip("."), "state": state_of(fact.status)}
        yield Issue("CUS-ANSWER", value=fact.status, params=params)
    if found is None:
        return
    for name, value in fact.numbers.items():
        if found.numbers.get(name, value) != value:
            yield Issue("CUS-NUMBER", value=value, params={"name": name, "known": found.numbers[name]})
    for answer, state in found.standing.passed:
        if answer.id == fact.id:
            yield Issue("CUS-PASSED", value=fact.status, params={"subject": subject, "state": state})


def _answered(fact: Fact, case: Case) -> Document | None:
    if fact.of:
        return next((each for each in case.documents if any(one.id == fact.of for one in each.versions)), None)
    return next((each for each in case.documents if (each.number, each.key) == (fact.number, fact.key)), None)


def _of_tax(fact: Fact, after: Case) -> Iterator[Issue]:
    """A bill adds up, and is not more than the order says (CEB816)."""
    sums = {name: Decimal(0) for name in _TAXES}
    for line in fact.lines:
        for name in _TAXES:
            sums[name] += line.number(name) or Decimal(0)
    for name in _TAXES if fact.lines else ():
        said = fact.head.number(name)
        if said is not None and abs(said - sums[name]) >= _FEN:
            yield Issue("CUS-TAX-SUM", value=f"{said}", params={"name": name, "expected": f"{sums[name]}"})
    order = after.of_slot(ORDER)
    paid = order.current.head.number("taxTotal") if order is not None and order.current is not None else None
    total = sum((fact.head.number(name) or Decimal(0) for name in _TAXES), Decimal(0))
    if paid is not None and fact.number == "816" and abs(paid - total) >= _FEN:
        yield Issue("CUS-TAX-ORDER", value=f"{total}", params={"expected": f"{paid}"})


def _of_document(fact: Fact, before: Case) -> Iterator[Issue]:
    """A copy that is older than what is there changes nothing."""
    found = next((each for each in before.documents if (each.number, each.key) == (fact.number, fact.key)), None)
    if found is not None and found.versions and fact.at < found.versions[-1].at:
        yield Issue("CUS-OLDER", value=fact.at, params={"known": found.versions[-1].at})
