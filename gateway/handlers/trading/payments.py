"""Payments against invoices. Pure.

What is said of an invoice, that it came and that it is paid, is kept under the number of the invoice: a remittance may
pay many, of many orders, and may come before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from gateway.core.issues import Issue
from gateway.handlers.trading.facts import Fact, digest, plain
from gateway.handlers.trading.invoices import Invoiced
from gateway.handlers.trading.lines import effective

ZERO = Decimal(0)

#: Stands before the number of an invoice where otherwise the number of an order stands.
_MARK = "\x1finvoice "


def place_of(invoice: str) -> str:
    """Where the records keep what is said of an invoice."""
    return f"{_MARK}{invoice}"


def indexed(invoice: Fact, order: str) -> Fact:
    """An invoice as it is kept under its own number: with the order that it is of, and without its lines."""
    return msgspec.structs.replace(invoice, about=order, lines=())


def settled(invoices: Sequence[Invoiced], payments: Iterable[Fact]) -> tuple[Invoiced, ...]:
    """The invoices with what was paid of them, each payment once."""
    once = list({digest(fact): fact for fact in payments}.values())
    return tuple(_paid(one, [fact for fact in once if fact.about == one.number]) for one in invoices)


def remarks(place: str, told: Sequence[Fact], payment: Fact) -> tuple[Issue, ...]:
    """What does not fit in a payment, by what else is said of its invoice. ``told``: all that is kept at its place."""
    number = place.removeprefix(_MARK)
    invoices = effective(fact for fact in told if fact.kind == "Invoice")
    if not invoices:
        return (Issue("TRD-PAID-UNKNOWN", value=number),)
    due = [fact.payable for fact in invoices]
    payments = [fact for fact in told if fact.kind == payment.kind and digest(fact) != digest(payment)]
    found = settled([Invoiced(number=number, outcome="")], [*payments, payment])[0]
    whole = sum((amount or ZERO for amount in due), ZERO)
    if None not in due and found.paid > whole and not any(fact.code == "credit" for fact in invoices):
        params = {"paid": plain(found.paid), "payable": plain(whole)}
        return (Issue("TRD-PAID-OVER", value=number, params=params),)
    return ()


def _paid(one: Invoiced, payments: Sequence[Fact]) -> Invoiced:
    paid = sum((fact.payable or ZERO for fact in payments), ZERO)
    taken = sum((fact.discount or ZERO for fact in payments), ZERO)
    enough = one.payable is not None and abs(paid) + abs(taken) >= abs(one.payable)
    return msgspec.structs.replace(one, paid=paid, discount=taken, settled=bool(payments) and enough)
