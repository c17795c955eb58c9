"""Retail imports against the limits of an order and of a person's year. What is told is a warning, and no proof: others
sell to the same person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from gateway.canonical import Declaration
from gateway.core.issues import Issue
from gateway.grammar.ceb_policy import Policy
from gateway.handlers.customs import progress
from gateway.handlers.customs.assembling import filled
from gateway.handlers.customs.case import Case, Document
from gateway.handlers.customs.leaving import CHINA

_LIST = "621"

#: Supervision modes of exports between businesses, and to warehouses abroad.
_B2B_EXPORTS = frozenset({"9710", "9810"})
_GONE = frozenset({progress.CANCELLED, progress.RETURNED})
ZERO = Decimal(0)


class Purchase(NamedTuple):
    """What a case is for the buyer's limits; ``amount`` 0 where nothing of it comes in (any more)."""

    identity_number: str
    amount: Decimal
    lines: int


def purchase_of(case: Case) -> Purchase | None:
    """None of what is no retail import, or does not say who buys."""
    lists = [each for each in case.documents if each.number == _LIST and (each.versions or each.draft is not None)]
    if not lists:
        return None
    found = case.of_slot("list")
    if found is None or found.current is None or case.state in _GONE or not found.good:
        return _nothing(lists[-1])
    head, lines = found.current.head, found.current.lines
    values = [line.number("totalPrice") for line in lines] + [head.number("freight"), head.number("insuredFee")]
    number = head["buyerIdNumber"]
    return Purchase(number, sum((value or ZERO for value in values), ZERO), len(lines)) if number else None


def _nothing(document: Document) -> Purchase | None:
    said = document.draft or document.versions[-1]
    number = said.head["buyerIdNumber"]
    return Purchase(number, ZERO, 0) if number else None


def day_in_china(at: int) -> dt.date:
    """Of a time in microseconds."""
    return dt.datetime.fromtimestamp(at // 1_000_000, CHINA).date()


def by_list(declaration: Declaration, policy: Policy) -> Issue | None:
    """Why a B2B export cannot be declared by list (603). An amount in another currency than CNY is not judged."""
    if declaration.regime_code not in _B2B_EXPORTS or declaration.function_code == "cancellation":
        return None
    amount, limit = _amount(declaration), policy.list_limit
    if declaration.licence_id:
        return Issue("CUS-LIST-LICENCE", value=declaration.id)
    if declaration.document_currency_code != "CNY" or limit is None or amount is None or amount <= limit:
        return None
    return Issue("CUS-LIST-LIMIT", value=declaration.id, params={"amount": f"{amount:f}", "limit": f"{limit:f}"})


def _amount(declaration: Declaration) -> Decimal | None:
    """Of the goods: as it is said, else what the lines come to."""
    if declaration.goods_amount is not None:
        return declaration.goods_amount
    amounts = [filled(item).line_extension_amount for item in declaration.goods_items]
    return None if None in amounts else sum((each or ZERO for each in amounts), ZERO)


def beyond(purchase: Purchase, before: Decimal, after: Decimal, policy: Policy) -> Iterator[Issue]:
    """What is above a limit since now; ``before`` and ``after``: what the person's year came to, and comes to."""
    if after <= before:
        return
    limit = policy.order_limit
    if limit is not None and purchase.amount > limit:
        yield Issue("CUS-LIMIT-ORDER", value=f"{purchase.amount:f}", params={"limit": f"{limit:f}"})
    limit = policy.year_limit
    if limit is not None and after > limit:
        yield Issue("CUS-LIMIT-YEAR", value=f"{after:f}", params={"limit": f"{limit:f}"})
