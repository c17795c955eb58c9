"""The sums of a document, whatever format it came in: what its lines, charges and taxes say has to agree.

The rules are those that Peppol BIS and EN 16931 share (order T01 R006-R032; BR-CO-10 to BR-CO-16): line = quantity
x (price / base quantity) + charges - allowances; the document's line sum is the sum of its lines; without tax = line
sum + charges - allowances; with it = that + tax; payable = that - what was paid before + rounding. What is not said
is not checked: where one operand is missing, or the price is for another unit than the quantity, nothing is told. One
currency needs no check: a canonical document has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, localcontext

from gateway.canonical.invoice import Invoice, InvoiceLine
from gateway.canonical.order import Order, OrderLine
from gateway.canonical.values import AllowanceCharge, Price, Quantity, TaxTotal
from gateway.core.issues import Issue, Location

TOLERANCE = Decimal("0.01")
"""Amounts that differ by no more are equal: the two sides round an amount of many decimals each in its own way."""

PLACES = 2
"""Decimals that an amount may have; prices for one unit may have more."""

_DIGITS = 60

Priced = Order | Invoice
PricedLine = OrderLine | InvoiceLine

#: Totals of an invoice that an order does not have.
_TOTALS = (
    "allowance_total_amount",
    "charge_total_amount",
    "tax_exclusive_amount",
    "tax_inclusive_amount",
    "prepaid_amount",
    "payable_rounding_amount",
)


def sums(document: Priced) -> Iterator[Issue]:
    """What does not add up in an order or an invoice, line by line and then its totals; ``location`` is the canonical
    field."""
    with localcontext() as context:
        context.prec = _DIGITS  # a quotient of the usual 28 digits could be off for large amounts
        yield from tuple(_document(document))


def _document(document: Priced) -> Iterator[Issue]:
    name, lines = _lines(document)
    seen: dict[str, int] = {}
    amounts: list[Decimal | None] = []
    for number, line in enumerate(lines):
        at = f"{name}[{number}]"
        if line.id is not None and seen.setdefault(line.id, number) != number:
            yield _issue("TRD-LINE-TWICE", f"{at}.id", line.id, other=f"{name}[{seen[line.id]}]")
        yield from _decimals(line.line_extension_amount, f"{at}.line_extension_amount")
        yield from _line(line, at)
        amounts.append(_amount_of(line))
    yield from _totals(document, amounts)


def _lines(document: Priced) -> tuple[str, tuple[PricedLine, ...]]:
    if isinstance(document, Order):
        return "order_lines", document.order_lines
    return "invoice_lines", document.invoice_lines


def _line(line: PricedLine, at: str) -> Iterator[Issue]:
    base = line.price.base_quantity if line.price else None
    if base is not None and base.value <= 0:
        yield _issue("TRD-BASE-QUANTITY", f"{at}.price.base_quantity.value", base.value)
        return
    gross = _gross(line.quantity, line.price)
    yield from _percentages(line.allowance_charges, f"{at}.allowance_charges", gross)
    expected = _with_charges(gross, line.allowance_charges)
    yield from _compared("TRD-LINE-AMOUNT", line.line_extension_amount, expected, f"{at}.line_extension_amount")


def _totals(document: Priced, amounts: list[Decimal | None]) -> Iterator[Issue]:
    stated = document.line_extension_amount
    for field in ("line_extension_amount", "payable_amount"):
        amount = getattr(document, field)
        yield from _decimals(amount, field)
        # What was paid before may be more than is owed; what is ordered costs something.
        if amount is not None and amount < 0 and isinstance(document, Order):
            yield _issue("TRD-NEGATIVE", field, amount)
    lines = _sum(amounts) if amounts else None
    yield from _compared("TRD-LINE-SUM", stated, lines, "line_extension_amount")
    net = stated if stated is not None else lines
    yield from _percentages(document.allowance_charges, "allowance_charges", net)
    yield from _steps(document, net)
    yield from _taxes(document.tax_total)


def _steps(document: Priced, net: Decimal | None) -> Iterator[Issue]:
    """From the sum of the lines to what is to be paid; where a step is said, the next one begins there."""
    said: dict[str, Decimal | None] = {name: getattr(document, name, None) for name in _TOTALS}
    for name, amount in said.items():
        yield from _decimals(amount, name)
    for name, adds in (("allowance_total_amount", False), ("charge_total_amount", True)):
        chosen = [each for each in document.allowance_charges if each.charge_indicator == adds]
        together = None if net is None else _sum(_value(each, net) for each in chosen)
        yield from _compared("TRD-CHARGES", said[name], together, name)
    exclusive = _with_charges(net, document.allowance_charges)
    yield from _compared("TRD-EXCLUSIVE", said["tax_exclusive_amount"], exclusive, "tax_exclusive_amount")
    exclusive = exclusive if said["tax_exclusive_amount"] is None else said["tax_exclusive_amount"]
    inclusive = _sum((exclusive, _tax(document.tax_total)))
    yield from _compared("TRD-INCLUSIVE", said["tax_inclusive_amount"], inclusive, "tax_inclusive_amount")
    inclusive = inclusive if said["tax_inclusive_amount"] is None else said["tax_inclusive_amount"]
    if inclusive is not None:
        owed = inclusive - (said["prepaid_amount"] or 0) + (said["payable_rounding_amount"] or 0)
        yield from _compared("TRD-PAYABLE", document.payable_amount, owed, "payable_amount")


def _gross(quantity: Quantity | None, price: Price | None) -> Decimal | None:
    """Quantity x price for one; None where that is not known."""
    if quantity is None or price is None:
        return None
    base = price.base_quantity
    if base is None:
        return quantity.value * price.price_amount
    other_unit = base.unit_code and quantity.unit_code and base.unit_code != quantity.unit_code
    return None if other_unit or base.value <= 0 else quantity.value * price.price_amount / base.value


def _amount_of(line: PricedLine) -> Decimal | None:
    """What the line counts for in the sum: as it is said, else as it is computed."""
    if line.line_extension_amount is not None:
        return line.line_extension_amount
    return _with_charges(_gross(line.quantity, line.price), line.allowance_charges)


def _with_charges(amount: Decimal | None, charges: Iterable[AllowanceCharge]) -> Decimal | None:
    """With charges added and allowances taken away; one that has a percentage alone is computed from ``amount``."""
    if amount is None:
        return None
    total = amount
    for charge in charges:
        value = _value(charge, amount)
        if value is None:
            return None
        total += value if charge.charge_indicator else -value
    return total


def _value(charge: AllowanceCharge, amount: Decimal) -> Decimal | None:
    if charge.amount is not None:
        return charge.amount
    of = amount if charge.base_amount is None else charge.base_amount
    return of * charge.multiplier_percent / 100 if charge.multiplier_percent is not None else None


def _percentages(charges: tuple[AllowanceCharge, ...], at: str, base: Decimal | None) -> Iterator[Issue]:
    """An amount beside a percentage is that part of what it is a percentage of."""
    for number, charge in enumerate(charges):
        place = f"{at}[{number}].amount"
        yield from _decimals(charge.amount, place)
        of = base if charge.base_amount is None else charge.base_amount
        if of is not None and charge.multiplier_percent is not None:
            expected = of * charge.multiplier_percent / 100
            yield from _compared("TRD-PERCENT", charge.amount, expected, place)


def _tax(total: TaxTotal | None) -> Decimal | None:
    """What tax adds to the amounts; None where that is not said."""
    if total is None or total.tax_included_indicator:
        return Decimal(0)
    return total.tax_amount if total.tax_amount is not None else _sum(part.tax_amount for part in total.tax_subtotals)


def _taxes(total: TaxTotal | None) -> Iterator[Issue]:
    """The tax is the sum of its parts, each of them its rate of what is taxed."""
    if total is None:
        return
    for number, part in enumerate(total.tax_subtotals):
        if part.taxable_amount is not None and part.percent is not None and not total.tax_included_indicator:
            expected = part.taxable_amount * part.percent / 100
            yield from _compared("TRD-TAX", part.tax_amount, expected, f"tax_total.tax_subtotals[{number}].tax_amount")
    if total.tax_subtotals:
        expected_sum = _sum(part.tax_amount for part in total.tax_subtotals)
        yield from _compared("TRD-TAX", total.tax_amount, expected_sum, "tax_total.tax_amount")


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """None as soon as one is not known."""
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _compared(code: str, stated: Decimal | None, expected: Decimal | None, field: str) -> Iterator[Issue]:
    if stated is not None and expected is not None and abs(stated - expected) > TOLERANCE:
        yield _issue(code, field, stated, expected=_plain(round(expected, PLACES)))


def _decimals(amount: Decimal | None, field: str) -> Iterator[Issue]:
    if amount is not None and amount != round(amount, PLACES):
        yield _issue("TRD-DECIMALS", field, amount)


def _issue(code: str, field: str, value: Decimal | str, **params: str) -> Issue:
    text = value if isinstance(value, str) else _plain(value)
    return Issue(code, Location(field=field), text, {"field": field, **params})


def _plain(number: Decimal) -> str:
    return format(number, "f")
