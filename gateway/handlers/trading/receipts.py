"""What arrived, counted on the lines of an order, and what about it does not fit. Pure."""

from __future__ import annotations

from decimal import Decimal

import msgspec

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
            entry.counted = True
            named[id(entry)] = entry
        _judge(book, receipt, entry, line)
    for entry in named.values():
        if entry.despatched and entry.received > entry.despatched:
            quantities = {"quantity": plain(entry.received), "despatched": plain(entry.despatched)}
            book.find_fault(receipt, "TRD-RECEIVED-OVER", entry.line, **quantities)


def _judge(book: Book, receipt: Fact, entry: Entry, line: Line) -> None:
    for verdict in line.verdicts:
        quantity = verdict.quantity or ZERO
        own = msgspec.structs.replace(line, unit=verdict.unit or line.unit)
        same = book.same_unit(receipt, entry, own)
        if verdict.code == SHORT:
            entry.missing += quantity if same else ZERO
            book.find_fault(receipt, "TRD-SHORT", entry.line, quantity=plain(quantity))
        else:
            entry.refused += quantity if same else ZERO
            book.find_fault(receipt, "TRD-REFUSED", entry.line, quantity=plain(quantity), reason=verdict.code)
