"""Payments against invoices. Pure.

What is said of an invoice, that it came and that it is paid, is kept under the number of the invoice: a remittance may
pay many, of many orders, and may come before them. Each version of a remittance is kept under its own number, too: one
that replaces or cancels another need not name what that one paid.

Amounts have signs: an invoice is owed above zero, a credit note below, and a payment that is taken back is below zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from gateway.core.issues import Issue
from gateway.handlers.trading.facts import Fact, digest, plain
from gateway.handlers.trading.invoices import Invoiced, owed
from gateway.handlers.trading.lines import effective

ZERO = Decimal(0)

#: Stands before the number of an invoice, or of a remittance, where otherwise the number of an order stands.
_INVOICE, _REMITTANCE = "\x1finvoice ", "\x1fremittance "


def place_of(invoice: str) -> str:
    """Where the records keep what is said of an invoice."""
    return f"{_INVOICE}{invoice}"


def place_of_version(remittance: str) -> str:
    """Where the records keep the versions of a remittance."""
    return f"{_REMITTANCE}{remittance}"


def indexed(invoice: Fact, order: str) -> Fact:
    """An invoice as it is kept under its own number: with the order that it is of, and without its lines."""
    return msgspec.structs.replace(invoice, about=order, lines=())


def counting(payments: Iterable[Fact], versions: Iterable[Fact]) -> list[Fact]:
    """The payments that stand, each once. ``versions``: those of the remittances that they are of, as far as known."""
    known = list(versions)
    standing = {(each.partner, each.number): each.code for each in effective(known)}
    several = {(each.partner, each.number) for each in known}
    once = {digest(fact): fact for fact in payments}.values()
    return [
        fact
        for fact in once
        if (fact.partner, fact.number) not in several or standing.get((fact.partner, fact.number)) == fact.code
    ]


def settled(invoices: Sequence[Invoiced], payments: Iterable[Fact]) -> tuple[Invoiced, ...]:
    """The invoices with what was paid of them by payments that stand, without those in another currency."""
    standing = list(payments)
    return tuple(_paid(one, [fact for fact in standing if fact.about == one.number]) for one in invoices)


def remarks(place: str, told: Iterable[Fact], versions: Iterable[Fact], fact: Fact) -> tuple[Issue, ...]:
    """What does not fit between an invoice and its payments, when ``fact``, one of them, comes.

    ``told``: all that is kept at its place; ``versions``: see :func:`counting`.
    """
    number = place.removeprefix(_INVOICE)
    every = {digest(each): each for each in (*told, fact)}.values()
    bills = effective(each for each in every if each.kind == "Invoice")
    payments = counting((each for each in every if each.kind == "RemittanceAdvice"), versions)
    if not bills and fact.kind == "RemittanceAdvice":
        return (Issue("TRD-PAID-UNKNOWN", value=number),) if fact.payable else ()
    if len(bills) != 1 or not payments:  # nothing to compare, or it is not clear which of two sellers is meant
        return ()
    bill = bills[0]
    coming = payments if fact.kind == "Invoice" else [fact]
    foreign = sorted({each.currency for each in coming if _foreign(bill.currency, each)})
    found = [
        Issue("TRD-PAID-CURRENCY", value=number, params={"currency": currency, "due": bill.currency})
        for currency in foreign
    ]
    one = _paid(Invoiced(number=number, outcome="", currency=bill.currency, payable=owed(bill)), payments)
    if one.payment == "overpaid" and one.payable is not None and fact.function != "cancellation":
        params = {"paid": plain(one.paid), "payable": plain(one.payable)}
        found.append(Issue("TRD-PAID-OVER", value=number, params=params))
    return tuple(found)


def remarks_on_version(place: str, told: Iterable[Fact], fact: Fact) -> tuple[Issue, ...]:
    """Another remittance under a number that is taken is told of: the one that was issued first counts."""
    others = [each for each in told if each.partner == fact.partner and each.function == fact.function == "original"]
    if any(each.code != fact.code for each in others):
        return (Issue("TRD-PAID-TWICE", value=place.removeprefix(_REMITTANCE)),)
    return ()


def _foreign(currency: str, payment: Fact) -> bool:
    return bool(currency and payment.currency and currency != payment.currency)


def _paid(one: Invoiced, payments: Sequence[Fact]) -> Invoiced:
    alike = [fact for fact in payments if not _foreign(one.currency, fact)]
    paid = sum((fact.payable or ZERO for fact in alike), ZERO)
    taken = sum((fact.discount or ZERO for fact in alike), ZERO)
    return msgspec.structs.replace(one, paid=paid, discount=taken, payment=_word(one.payable, paid, taken))


def _word(payable: Decimal | None, paid: Decimal, taken: Decimal) -> str:
    """How far an invoice is paid, seen from its side of zero."""
    if payable is None:
        return "part-paid" if paid else "open"
    sign = -1 if payable < 0 else 1
    due, got, off = payable * sign, paid * sign, taken * sign
    rows = ((got > due, "overpaid"), (got + off >= due, "settled"), (got > 0, "part-paid"))
    return next((word for holds, word in rows if holds), "open")
