"""Which order a document is about, among those of its number: pure.

Where we sell, the number is the customer's, and another customer may have the same: what our own ERP says, which names
no partner, counts where only one can be meant. Where we buy, the number is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gateway.expectations import awaited_document
from gateway.handlers.trading.facts import BUYER, SELLER, Fact, Line
from gateway.handlers.trading.fold import Conversation, fold
from gateway.handlers.trading.payments import place_of_version
from gateway.handlers.trading.records import Matter, Told


def partners(matter: Matter, side: str) -> list[str]:
    """Those with whom there is, or may be, an order of this number on this side. Where we buy, it is one order."""
    if side == BUYER:
        mine = any(row.side == BUYER for row in matter.orders) or any(told.side == BUYER for told in matter.told)
        return [""] if mine else []
    named = [row.partner for row in matter.orders if row.side == SELLER]
    named += [told.partner for told in matter.told if told.side == SELLER and told.partner]
    unnamed = [""] if not named and any(told.side == SELLER for told in matter.told) else []
    return list(dict.fromkeys(named)) or unnamed


def order_of(matter: Matter, side: str, partner: str) -> Any | None:
    """The row of the order, if it is known."""
    mine = (row for row in matter.orders if row.side == side)
    return next((row for row in mine if side == BUYER or row.partner == partner), None)


def told_of(matter: Matter, side: str, partner: str) -> list[Told]:
    """What was said of it. What names nobody counts where it is clear who is meant."""
    alone = side == BUYER or len(partners(matter, side)) <= 1
    return [
        told
        for told in matter.told
        if told.side == side and (alone or told.partner == partner) and (told.partner or alone)
    ]


def said_by(matter: Matter, side: str, partner: str) -> list[Told]:
    """What a partner, or our own side, said: of an invoice, which one of the two writes and the other one pays."""
    return [told for told in matter.told if told.side == side and (not partner or told.partner in ("", partner))]


def conversation(number: str, matter: Matter, side: str, partner: str, further: Iterable[Fact] = ()) -> Conversation:
    """The order as the records have it, with ``further`` facts that are just coming in."""
    row = order_of(matter, side, partner)
    facts = [told.fact for told in told_of(matter, side, partner)]
    order = order_fact(row, matter.lines.get(row.id, ())) if row is not None else None
    return fold(number, order, [*facts, *further])


def order_fact(row: Any, lines: Sequence[Any]) -> Fact:
    """The order in the words of the other facts."""
    return Fact(
        kind="Order",
        partner=row.partner,
        number=row.number,
        function="cancellation" if row.state == "cancelled" else "original",
        issued=row.issue_date,
        currency=row.currency or "",
        net_days=row.net_days,
        payable=_number(row.payable_amount),
        lines=tuple(
            Line(
                line=line.line or "",
                items=tuple(name for name in (line.standard_item, line.buyers_item, line.sellers_item) if name),
                description=line.description or "",
                quantity=_number(line.quantity),
                unit=line.unit or "",
                price=_number(line.price),
            )
            for line in lines
        ),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


#: What may be awaited of an order, and how people call it.
WORDS = {
    "order": "the order",
    "response": "an answer to it",
    "despatch": "a despatch advice",
    "receipt": "a receipt advice",
}


def condition_of(kind: str, own: str, lane: str, number: str) -> str:
    """The condition of a hold that waits for this: one of :data:`WORDS`, of the order of that number."""
    return awaited_document(f"{kind}|{own}|{lane}|{number}")


def awaited_by(condition: str) -> tuple[str, str, str, str] | None:
    """Kind, own party, lane and number, as :func:`condition_of` was given them; None for another condition."""
    head = awaited_document("")
    words = condition.removeprefix(head).split("|", 3)
    if not condition.startswith(head) or len(words) < len(("kind", "own", "lane", "number")) or words[0] not in WORDS:
        return None
    kind, own, lane, number = words
    return kind, own, lane, number


def versions_in(matters: Mapping[str, Matter]) -> set[str]:
    """The places of the remittances that are told of in these."""
    return {
        place_of_version(told.fact.number)
        for matter in matters.values()
        for told in matter.told
        if told.fact.kind == "RemittanceAdvice"
    }
