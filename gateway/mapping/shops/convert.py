"""Conversions of the values of shops. Money is exact: a number is read by its digits, never as a binary float. Pure.

Each gets a value that is not empty, and raises :class:`Misfit` for one that it cannot take.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

from gateway.canonical.identifiers import is_gtin
from gateway.mapping.shops.lines import Misfit

_DECIMAL = re.compile(r"[+-]?\d{1,30}(\.\d{1,20})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_SCHEMES = {8: "gtin8", 12: "upc", 13: "gtin13", 14: "gtin14"}
_LONGEST = 64  # digits of a number


def text(value: Any) -> str | None:
    """Text, without blanks around it; numbers as their digits."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Misfit("a text is expected")
    return str(value)


def decimal(value: Any) -> Decimal:
    """``"12.50"`` or ``12.50``: the digits as they stand there."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        return Decimal(value.strip())
    if isinstance(value, Decimal) and len(value.as_tuple().digits) <= _LONGEST and abs(value.adjusted()) <= _LONGEST:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**_LONGEST:
        return Decimal(value)
    raise Misfit("a decimal number is expected")


def amount(value: Any) -> Decimal | None:
    """A decimal; zero says nothing."""
    return decimal(value) or None


def percent(value: Any) -> Decimal:
    """A rate as a percentage: 0.19 is 19."""
    return (decimal(value) * 100).normalize() + 0


def yes(value: Any) -> bool | None:
    """True; everything else says nothing."""
    if not isinstance(value, bool):
        raise Misfit("true or false is expected")
    return value or None


def day(value: Any) -> dt.date:
    """The day of a moment in ISO 8601, where it was written."""
    return _moment(value).date()


def hour(value: Any) -> dt.time:
    """The time of a moment, with its zone where it has one."""
    return _moment(value).timetz().replace(microsecond=0)


def currency(value: Any) -> str:
    """ISO 4217."""
    return _code(value, _CURRENCY, "a currency code of three letters")


def country(value: Any) -> str:
    """ISO 3166-1 alpha-2."""
    return _code(value, _COUNTRY, "a country code of two letters")


def joined(values: Sequence[Any]) -> str | None:
    """Texts with a blank between them."""
    return " ".join(word for value in values if value not in (None, "") and (word := text(value))) or None


def gtin(value: Any) -> dict[str, str] | None:
    """An article number with its scheme; None where it is none by its check digit."""
    found = text(value) or ""
    return {"value": found, "scheme_id": _SCHEMES[len(found)]} if is_gtin(found) else None


def unit_price(values: Sequence[Any]) -> dict[str, Any] | None:
    """The price of one out of (amount, quantity); where that has no end, the amount for that quantity."""
    if any(value in (None, "") for value in values):
        return None
    total, quantity = map(decimal, values)
    if not quantity:
        return None
    with localcontext() as context:
        context.prec = 40
        one = total / quantity
        exact = round(one, 6)
        if exact * quantity == total:
            places = min(int(total.as_tuple().exponent), int(exact.normalize().as_tuple().exponent))
            return {"price_amount": exact.quantize(Decimal(1).scaleb(places))}
    return {"price_amount": total, "base_quantity": {"value": quantity, "unit_code": "EA"}}


def difference(values: Sequence[Any]) -> Decimal | None:
    """What the second is less than the first."""
    if any(value in (None, "") for value in values):
        return None
    first, second = map(decimal, values)
    return first - second or None


def total(values: Sequence[Any]) -> Decimal | None:
    """The sum of those that are there."""
    found = [decimal(value) for value in values if value not in (None, "")]
    return sum(found, Decimal(0)) or None


def _moment(value: Any) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(value)
    except (ValueError, TypeError):
        raise Misfit("a date and time (ISO 8601) is expected") from None


def _code(value: Any, form: re.Pattern[str], what: str) -> str:
    if isinstance(value, str) and form.fullmatch(value.strip().upper()):
        return value.strip().upper()
    raise Misfit(f"{what} is expected")
