"""The order as all its documents make it, in whatever order they are given: pure, literal tables.

A fact counts once. Of documents under one number those that replace or cancel it take its place. Answers and changes
count by their sequence number and the day of their issue, never by that of their arrival; an answer with some of the
lines is merged into the order. What does not fit is a finding on the fact that says it, and is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import islice

import msgspec

from gateway.canonical.checks import MOST
from gateway.core.issues import Issue
from gateway.handlers.trading.facts import Fact, Line, digest, plain
from gateway.handlers.trading.invoices import Invoiced, match_invoices
from gateway.handlers.trading.lines import Book, Entry, Finding, effective
from gateway.handlers.trading.payments import settled
from gateway.handlers.trading.receipts import receive

ZERO = Decimal(0)

#: What an answer says of the lines that it does not name, by its verdict on the whole order.
UNNAMED = {
    "accepted": "accepted",
    "accepted-with-amended-heading": "accepted",
    "accepted-with-amended-lines": "accepted",
    "rejected": "rejected",
}

#: The state that an answer alone makes, where lines do not decide.
ANSWERED = {"received": "acknowledged", "on-hold": "pending", "counter-offer": "pending"}

#: What becomes of a quantity, by the status of the line. Codes that are not here leave the line unanswered.
VERDICTS = {
    "accepted": "confirmed",
    "accepted-with-amendment": "confirmed",
    "accepted-with-amendment-as-final": "confirmed",
    "accepted-and-released": "confirmed",
    "accepted-and-shipped": "confirmed",
    "quantity-changed": "confirmed",
    "price-changed": "confirmed",
    "date-changed": "confirmed",
    "schedule-only": "confirmed",
    "not-amended": "confirmed",
    "substituted": "confirmed",
    "changed": "confirmed",
    "added": "confirmed",
    "rejected": "rejected",
    "deleted": "rejected",
    "not-found": "rejected",
    "backordered": "backordered",
    "partly-backordered": "backordered",
}

#: Actions of a change that take the line away, and those that say nothing of quantity and price.
REMOVES = frozenset({"deleted"})
SILENT = frozenset({"unchanged", "renumbered"})


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """An order and everything that was said of it."""

    state: str
    lines: tuple[Entry, ...] = ()
    invoices: tuple[Invoiced, ...] = ()
    findings: tuple[Finding, ...] = ()
    awaited: tuple[str, ...] = ()

    def about(self, fact: Fact) -> tuple[Issue, ...]:
        """What was found in one document, as much of it as is told."""
        mine = digest(fact)
        return tuple(islice((finding.issue for finding in self.findings if finding.fact == mine), MOST))


def fold(number: str, order: Fact | None, facts: Iterable[Fact]) -> Conversation:
    """``order`` as it stands in the records, None where none came; ``facts`` are those of all other documents, of
    payments those that stand (:func:`gateway.handlers.trading.payments.counting`)."""
    unique = {digest(fact): fact for fact in facts}
    kinds: dict[str, list[Fact]] = {}
    for fact in unique.values():
        kinds.setdefault(fact.kind, []).append(fact)
    if order is None:
        missing = [
            Finding(digest(fact), Issue("TRD-NO-ORDER", value=number, params={"party": fact.partner}))
            for fact in unique.values()
        ]
        return Conversation(state="unknown", findings=tuple(missing), awaited=("order",) if unique else ())
    book = Book(number, order)
    despatches = effective(kinds.get("DespatchAdvice", ()))
    talk = [*kinds.get("OrderChange", ()), *kinds.get("OrderResponse", ())]
    cancelled, answer = order.function == "cancellation", ""
    for fact in sorted(talk, key=_turn):
        if fact.kind == "OrderChange":
            cancelled |= _change(book, fact, [advice for advice in despatches if advice.day <= fact.day])
        else:
            answer = fact.code or "by-line"
            _answer(book, fact)
    for advice in despatches:
        _despatch(book, advice)
    receipts = effective(kinds.get("ReceiptAdvice", ()))
    for advice in receipts:
        receive(book, advice)
    told = bool(despatches or receipts)
    matched = match_invoices(book, kinds.get("Invoice", ()), order, seen=told)
    invoices = settled(matched, kinds.get("RemittanceAdvice", ()))
    state = "cancelled" if cancelled else _state(book, answer, invoices)
    return Conversation(
        state=state,
        lines=tuple(book.entries),
        invoices=invoices,
        findings=tuple(book.findings),
        awaited=() if cancelled else AWAITED.get(state, ()),
    )


def _change(book: Book, change: Fact, before: list[Fact]) -> bool:
    """Applies a change; True where it cancels the order. What was shipped before cannot be taken back."""
    shipped: dict[int, Decimal] = {}
    for advice in before:
        for line in advice.lines:
            entry = book.find(line)
            if entry is not None and line.quantity is not None:
                shipped[id(entry)] = shipped.get(id(entry), ZERO) + line.quantity
    if change.function == "cancellation":
        if any(shipped.values()):
            book.find_fault(change, "TRD-CANCEL-SHIPPED", book.number)
            return False
        return True
    for line in change.lines:
        if line.action in SILENT:
            continue
        entry = book.find(line)
        if entry is None:
            if line.action in REMOVES:
                book.unknown(change, line)
            else:
                book.add(line)
            continue
        wanted = ZERO if line.action in REMOVES else line.quantity
        went = shipped.get(id(entry), ZERO)
        if wanted is not None and wanted < went:
            book.find_fault(change, "TRD-CHANGE-SHIPPED", entry.line, quantity=plain(wanted), shipped=plain(went))
            continue
        if went and line.price is not None and line.price != entry.price:
            book.find_fault(change, "TRD-CHANGE-PRICE", entry.line, price=plain(line.price))
            continue
        entry.ordered = entry.ordered if wanted is None else wanted
        entry.price = entry.price if line.price is None else line.price
        entry.confirmed = min(entry.confirmed, entry.ordered)
        entry.rejected = entry.backordered = ZERO
        entry.answer = "changed"
    return False


def _turn(fact: Fact) -> tuple[int, str, int, str, str]:
    """Changes and answers, by their sequence number, then by the day; of one day a change goes before its answer."""
    count, issued, content = fact.turn
    return count, fact.day, int(fact.kind == "OrderResponse"), issued, content


def _answer(book: Book, answer: Fact) -> None:
    """Merges an answer: it says what it says of the lines that it names, and by its code of the others."""
    named: set[int] = set()
    for line in answer.lines:
        entry = book.find(line)
        if entry is None:
            book.unknown(answer, line)
            continue
        named.add(id(entry))
        _line_answered(book, answer, entry, line)
    for entry in book.entries:
        if id(entry) not in named and answer.code in UNNAMED:
            accepted = UNNAMED[answer.code] == "accepted"
            entry.confirmed = entry.ordered if accepted else ZERO
            entry.rejected = ZERO if accepted else entry.ordered
            entry.backordered, entry.answer = ZERO, "answered"


def _line_answered(book: Book, answer: Fact, entry: Entry, line: Line) -> None:
    verdicts = [(VERDICTS.get(each.code), each.quantity) for each in line.verdicts]
    if not verdicts and answer.code in UNNAMED:
        verdicts = [(VERDICTS[UNNAMED[answer.code]], None)]
    told = [(place, quantity) for place, quantity in verdicts if place is not None]
    if not told:
        return
    parts = {"confirmed": ZERO, "rejected": ZERO, "backordered": ZERO}
    whole = line.quantity if len(told) == 1 and line.quantity is not None else entry.ordered
    for place, quantity in told:
        parts[place] += whole if quantity is None else quantity
    entry.confirmed, entry.rejected, entry.backordered = parts["confirmed"], parts["rejected"], parts["backordered"]
    entry.answer = "answered"
    total = sum(parts.values(), ZERO)
    if total != entry.ordered:
        book.find_fault(answer, "TRD-SPLIT", entry.line, found=plain(total), ordered=plain(entry.ordered))
    if line.price is not None and entry.price is not None and line.price != entry.price:
        book.find_fault(answer, "TRD-PRICE", entry.line, price=plain(line.price), ordered=plain(entry.price))


def _despatch(book: Book, advice: Fact) -> None:
    named: set[int] = set()
    for line in advice.lines:
        entry = book.find(line)
        if entry is None:
            book.unknown(advice, line)
            continue
        named.add(id(entry))
        if line.quantity is not None and book.same_unit(advice, entry, line):
            entry.despatched += line.quantity
    allowance = 1 + advice.terms.quantity_percent / 100
    for entry in book.entries:
        if id(entry) in named and entry.despatched > entry.wanted * allowance:
            book.find_fault(advice, "TRD-OVER", entry.line, quantity=plain(entry.despatched), open=plain(entry.wanted))


#: What comes next, by state.
AWAITED: dict[str, tuple[str, ...]] = {
    "new": ("response",),
    "acknowledged": ("response",),
    "pending": ("response",),
    "in-change": ("response",),
    "accepted": ("despatch",),
    "accepted-with-changes": ("despatch",),
    "partially-shipped": ("despatch", "invoice"),
    "shipped": ("invoice",),
    "received": ("invoice",),
    "partially-invoiced": ("invoice",),
}


def _state(book: Book, answer: str, invoices: tuple[Invoiced, ...]) -> str:
    """The furthest that the order came; the first row that holds."""
    lines = book.entries
    answered = [entry for entry in lines if entry.answer == "answered"]
    open_lines = [entry for entry in lines if entry.wanted > 0]
    shipped = any(entry.despatched or entry.received for entry in lines)
    invoiced = any(not one.credit for one in invoices)
    whole = invoiced and all(entry.invoiced >= entry.wanted for entry in open_lines)
    rows = (
        (whole and all(one.settled for one in invoices if not one.credit), "closed"),
        (whole, "invoiced"),
        (invoiced, "partially-invoiced"),
        (bool(open_lines) and all(entry.received >= entry.wanted for entry in open_lines), "received"),
        (shipped and all(entry.went >= entry.wanted for entry in open_lines), "shipped"),
        (shipped, "partially-shipped"),
        (answer in ANSWERED and not answered, ANSWERED.get(answer, "")),
        (bool(lines) and lines == answered and all(entry.rejected >= entry.ordered for entry in lines), "rejected"),
        (answer == "rejected" and not lines, "rejected"),
        (any(entry.answer == "changed" for entry in lines), "in-change"),
        (len(answered) < len(lines), "pending" if answered else "new"),
        (all(entry.confirmed == entry.ordered for entry in lines) and bool(answer), "accepted"),
        (bool(answer), "accepted-with-changes"),
    )
    return next((state for holds, state in rows if holds), "new")
