"""Invoices against the order and what was delivered: the three-way match. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from gateway.handlers.trading.facts import Fact, digest, plain
from gateway.handlers.trading.lines import Book, Entry, effective

MATCHED, WITHIN, BLOCKED = "matched", "matched-within-tolerance", "blocked"


class Invoiced(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one invoice. ``reasons`` are the codes that block it. ``payable`` is below zero of a credit note.
    ``payment``: open, part-paid, settled (all of it is paid, or taken off by ``discount``) or overpaid."""

    number: str
    outcome: str
    credit: bool = False
    currency: str = ""
    payable: Decimal | None = None
    reasons: tuple[str, ...] = ()
    paid: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    payment: str = "open"

    @property
    def settled(self) -> bool:
        return self.payment in ("settled", "overpaid")


def match_invoices(book: Book, facts: Iterable[Fact], order: Fact, *, seen: bool) -> tuple[Invoiced, ...]:
    """Counts the invoices on the lines, in the order of their issue. ``seen``: a despatch advice or a receipt came.

    A line is compared with what was received and accepted, else with what was despatched, else with what was ordered.
    """
    every = list(facts)
    counting = effective(every)
    results = [_match(book, fact, order, seen=seen) for fact in counting]
    taken = {(fact.partner, fact.number): fact for fact in counting}
    for fact in sorted(every, key=digest):
        first = taken.get((fact.partner, fact.number))
        if first is not None and fact.function == "original" and first.function == "original" and first != fact:
            book.find_fault(fact, "TRD-INVOICE-TWICE", fact.number)
            results.append(_blocked(fact, "TRD-INVOICE-TWICE"))
    return tuple(results)


def _match(book: Book, fact: Fact, order: Fact, *, seen: bool) -> Invoiced:
    before = len(book.findings)
    if fact.currency and order.currency and fact.currency != order.currency:
        book.find_fault(fact, "TRD-INVOICE-CURRENCY", fact.number, currency=fact.currency, ordered=order.currency)
    if fact.net_days is not None and order.net_days is not None and fact.net_days < order.net_days:
        days = {"days": str(fact.net_days), "ordered": str(order.net_days)}
        book.find_fault(fact, "TRD-INVOICE-TERMS", fact.number, **days)
    credit = fact.code == "credit"
    touched: list[Entry] = []
    stretched = False
    for line in fact.lines:
        entry = book.find(line)
        if entry is None:
            book.unknown(fact, line)
            continue
        if line.quantity is not None and book.same_unit(fact, entry, line):
            entry.invoiced += -line.quantity if credit else line.quantity
            touched.append(entry)
        if not credit and line.price is not None and entry.price is not None and line.price > entry.price:
            stretched = True
            if line.price > entry.price * (1 + fact.terms.price_percent / 100):
                prices = {"price": plain(line.price), "ordered": plain(entry.price)}
                book.find_fault(fact, "TRD-INVOICE-PRICE", entry.line, **prices)
    for entry in {id(each): each for each in touched}.values():
        due = entry.due(advised=seen)
        if not credit and entry.invoiced > due:
            stretched = True
            if entry.invoiced > due * (1 + fact.terms.quantity_percent / 100):
                book.find_fault(
                    fact, "TRD-INVOICE-QUANTITY", entry.line, quantity=plain(entry.invoiced), due=plain(due)
                )
    if not seen and not credit:
        book.find_fault(fact, "TRD-INVOICE-EARLY", fact.number)
    codes = {finding.issue.code for finding in book.findings[before:]} - {"TRD-INVOICE-EARLY"}
    outcome = BLOCKED if codes else WITHIN if stretched else MATCHED
    return _invoiced(fact, outcome, tuple(sorted(codes)))


def owed(invoice: Fact) -> Decimal | None:
    """What is to be paid; below zero of a credit note, whatever sign its amounts came with."""
    if invoice.payable is not None and invoice.code == "credit":
        return -abs(invoice.payable)
    return invoice.payable


def _blocked(fact: Fact, code: str) -> Invoiced:
    return _invoiced(fact, BLOCKED, (code,))


def _invoiced(fact: Fact, outcome: str, reasons: tuple[str, ...]) -> Invoiced:
    return Invoiced(
        number=fact.number,
        outcome=outcome,
        credit=fact.code == "credit",
        currency=fact.currency,
        payable=owed(fact),
        reasons=reasons,
    )
