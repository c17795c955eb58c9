"""What arrived, counted on the lines of an order, and what about it does not fit. Pure."""

from __future__ import annotations

from decimal import Decimal

from gateway.handlers.trading.facts import SHORT, Fact, Line, plain
from gateway.handlers.trading.lines import Book, Entry

ZERO = Decimal(0)


def receive(book: Book, receipt: Fact) -> None:
    """Counts a receipt. More than was despatched may arrive, and what is not accepted arrived all the same: both are
    told, since somebody must act."""
    named: dict[int, Entry] = {}
    for line in receipt.lines:
        entry = book.find(line)
        if entry is None:
            book.unknown(receipt, line)
            continue
        if line.quantity is not None and book.same_unit(receipt, entry, line):
            entry.received += line.quantity
            entry.refused += sum((each.quantity or ZERO for each in line.verdicts if each.code != SHORT), ZERO)
            named[id(entry)] = entry
        _tell(book, receipt, entry, line)
    for entry in named.values():
        if entry.despatched and entry.received > entry.despatched:
            quantities = {"quantity": plain(entry.received), "despatched": plain(entry.despatched)}
            book.find_fault(receipt, "TRD-RECEIVED-OVER", entry.line, **quantities)


def _tell(book: Book, receipt: Fact, entry: Entry, line: Line) -> None:
    for verdict in line.verdicts:
        quantity = plain(verdict.quantity or ZERO)
        if verdict.code == SHORT:
            book.find_fault(receipt, "TRD-SHORT", entry.line, quantity=quantity)
        else:
            book.find_fault(receipt, "TRD-REFUSED", entry.line, quantity=quantity, reason=verdict.code)
