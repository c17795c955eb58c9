"""What is taxed of a retail import, and by how much. Pure, in Decimal.

Within the limits duty is none, and a part of import VAT and consumption tax is taken; above them all of it (Cai Guan
Shui [2016] 18, [2018] 49). What is taxed is what is paid for goods, freight and insurance.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from gateway.canonical import Declaration, GoodsItem
from gateway.grammar.ceb_policy import Policy

_FEN = Decimal("0.01")
_HUNDRED = Decimal(100)
ZERO = Decimal(0)


class LineTax(NamedTuple):
    """Of one line; ``price`` is what is taxed of it."""

    line: str
    price: Decimal
    duty: Decimal
    vat: Decimal
    consumption: Decimal

    @property
    def total(self) -> Decimal:
        return self.duty + self.vat + self.consumption


def dutiable(declaration: Declaration) -> Decimal | None:
    """What is paid for goods, freight and insurance; None where that is not known."""
    parts = (declaration.goods_amount, declaration.freight_amount, declaration.insurance_amount)
    return None if None in parts else sum((each or ZERO for each in parts), ZERO)


def assessed(declaration: Declaration, policy: Policy) -> tuple[LineTax, ...]:
    """The taxes of each line, rounded to fen; empty where a price is not known."""
    whole = dutiable(declaration)
    values = [item.line_extension_amount for item in declaration.goods_items]
    if whole is None or not values or None in values:
        return ()
    within = policy.order_limit is None or whole <= policy.order_limit
    prices = shares(whole, [each or ZERO for each in values])
    return tuple(
        _line(item, price, policy, within=within) for item, price in zip(declaration.goods_items, prices, strict=True)
    )


def shares(whole: Decimal, values: Sequence[Decimal]) -> list[Decimal]:
    """An amount in parts that are as large as these are among each other, to the fen; the last one takes the rest."""
    total = sum(values, ZERO)
    if not total:
        return [ZERO] * (len(values) - 1) + [whole]
    found = [_fen(whole * value / total) for value in values[:-1]]
    return [*found, whole - sum(found, ZERO)]


def _line(item: GoodsItem, price: Decimal, policy: Policy, *, within: bool) -> LineTax:
    vat = (policy.vat_rate if item.vat_rate is None else item.vat_rate) / _HUNDRED
    consumption = (item.consumption_tax_rate or ZERO) / _HUNDRED
    duty = ZERO if within else _fen(price * (item.duty_rate or ZERO) / _HUNDRED)
    part = policy.part_within / _HUNDRED if within else Decimal(1)
    base = (price + duty) / (1 - consumption)  # consumption tax is part of what it is taken of
    return LineTax(item.id, price, duty, _fen(base * vat * part), _fen(base * consumption * part))


def _fen(amount: Decimal) -> Decimal:
    return amount.quantize(_FEN, ROUND_HALF_UP)
