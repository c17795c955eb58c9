"""What documents say of orders: canonical documents as facts, by the number of the order. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from hashlib import sha256
from typing import Any

import msgspec

from gateway.canonical import (
    DespatchAdvice,
    Invoice,
    Item,
    OrderChange,
    OrderResponse,
    Price,
    Quantity,
    ReceiptAdvice,
    RemittanceAdvice,
)
from gateway.canonical.order import Order
from gateway.canonical.remittance_advice import settled_by
from gateway.handlers.trading.facts import SHORT, Fact, Line, Terms, Verdict, digest
from gateway.handlers.trading.payments import place_of, place_of_version

#: Who writes it: what the seller writes comes in where we are the buyer.
OF_SELLER = frozenset({OrderResponse.__name__, DespatchAdvice.__name__, Invoice.__name__})
OF_BUYER = frozenset({Order.__name__, OrderChange.__name__, ReceiptAdvice.__name__, RemittanceAdvice.__name__})


def facts_of(document: Any, partner: str, received: str, terms: Terms) -> dict[str, Fact]:
    """By the number of the order, what a document says of it; of a remittance by the place of the invoice. ``received``
    is the day that counts where it has none."""
    if isinstance(document, DespatchAdvice):
        return _despatch(document, partner, terms)
    if isinstance(document, ReceiptAdvice):
        return _receipt(document, partner, terms)
    if isinstance(document, RemittanceAdvice):
        return _remittance(document, partner)
    if isinstance(document, Invoice):
        return _invoice(document, partner, terms)
    read = _response if isinstance(document, OrderResponse) else _change
    number, fact = read(document, partner, received, terms)
    return {number: fact}


def _response(response: OrderResponse, partner: str, received: str, terms: Terms) -> tuple[str, Fact]:
    lines = [
        _line(
            *(line.id, line.item, line.quantity, line.price),
            action=line.line_status_code or "",
            verdicts=tuple(
                Verdict(code=status.status_code or "", quantity=status.quantity.value if status.quantity else None)
                for status in line.statuses
            ),
        )
        for line in response.order_lines
    ]
    return response.order_reference.id, Fact(
        kind=OrderResponse.__name__,
        partner=partner,
        number=response.id or "",
        function=response.function_code,
        code=response.order_response_code or "",
        sequence=response.sequence_number_id or "",
        issued=_moment(response.issue_date, response.issue_time) or received,
        currency=response.document_currency_code or "",
        lines=tuple(lines),
        terms=terms,
    )


def _change(change: OrderChange, partner: str, received: str, terms: Terms) -> tuple[str, Fact]:
    lines = [
        _line(line.id, line.item, line.quantity, line.price, action=line.line_status_code or "")
        for line in change.order_lines
    ]
    return change.order_reference.id, Fact(
        kind=OrderChange.__name__,
        partner=partner,
        number=change.id or "",
        function=change.function_code,
        sequence=change.sequence_number_id or "",
        issued=_moment(change.issue_date, change.issue_time) or received,
        currency=change.document_currency_code or "",
        net_days=change.payment_terms.net_days if change.payment_terms else None,
        lines=tuple(lines),
        terms=terms,
    )


def _despatch(advice: DespatchAdvice, partner: str, terms: Terms) -> dict[str, Fact]:
    """An item belongs to the order that it, the packing around it, or the whole advice names."""
    orders: dict[str, str] = {}
    lines: dict[str, list[Line]] = {}
    whole = advice.order_reference.id if advice.order_reference else ""
    for level in advice.packing:
        around = orders.get(level.parent_id or "", whole)
        orders[level.id] = order = level.order_reference.id if level.order_reference else around
        for line in level.despatch_lines:
            mine = line.order_reference.id if line.order_reference else order
            lines.setdefault(mine, []).append(_line(line.order_line_id, line.item, line.delivered_quantity, None))
    return _by_order(advice, partner, terms, lines, [*orders.values(), whole])


def _receipt(advice: ReceiptAdvice, partner: str, terms: Terms) -> dict[str, Fact]:
    """What is refused, and what did not come, are verdicts on a line."""
    lines: dict[str, list[Line]] = {}
    whole = advice.order_reference.id if advice.order_reference else ""
    for line in advice.receipt_lines:
        mine = line.order_reference.id if line.order_reference else whole
        found = (
            (line.reject_reason_code or "rejected", line.rejected_quantity),
            (SHORT, line.short_quantity),
        )
        verdicts = tuple(
            Verdict(code=code, quantity=each.value, unit=each.unit_code or "")
            for code, each in found
            if each and each.value
        )
        told = _line(line.order_line_id, line.item, line.received_quantity, None, verdicts=verdicts)
        lines.setdefault(mine, []).append(told)
    return _by_order(advice, partner, terms, lines, [whole])


def _invoice(invoice: Invoice, partner: str, terms: Terms) -> dict[str, Fact]:
    lines: dict[str, list[Line]] = {}
    whole = invoice.order_reference.id if invoice.order_reference else ""
    for line in invoice.invoice_lines:
        mine = line.order_reference.id if line.order_reference else whole
        lines.setdefault(mine, []).append(_line(line.order_line_id, line.item, line.quantity, line.price))
    found = _by_order(invoice, partner, terms, lines, [whole])
    of_all = {
        "code": "credit" if invoice.credits else "",
        "currency": invoice.document_currency_code or "",
        "net_days": invoice.payment_terms.net_days if invoice.payment_terms else None,
        "payable": invoice.payable_amount,
    }
    return {number: msgspec.structs.replace(fact, **of_all) for number, fact in found.items()}


def _by_order(
    document: DespatchAdvice | ReceiptAdvice | Invoice,
    partner: str,
    terms: Terms,
    lines: dict[str, list[Line]],
    named: Iterable[str],
) -> dict[str, Fact]:
    """A fact for each order that has lines in a document, or that it names."""
    return {
        number: Fact(
            kind=type(document).__name__,
            partner=partner,
            number=document.id,
            function=document.function_code,
            issued=_moment(document.issue_date, document.issue_time),
            lines=tuple(lines.get(number, ())),
            terms=terms,
        )
        for number in sorted({*lines, *named} - {""})
    }


def _remittance(advice: RemittanceAdvice, partner: str) -> dict[str, Fact]:
    """An invoice that several lines pay is paid once, by their sum. The remittance itself is kept beside, by its own
    number; all of its facts have one ``code``, by which they are known as one version."""
    paid: dict[str, Decimal] = {}
    taken: dict[str, Decimal] = {}
    for line in advice.remittance_lines:
        if line.document_id:
            amount, off = settled_by(line)
            paid[line.document_id] = paid.get(line.document_id, Decimal(0)) + amount
            taken[line.document_id] = taken.get(line.document_id, Decimal(0)) + off
    whole = Fact(
        kind=RemittanceAdvice.__name__,
        partner=partner,
        number=advice.id,
        function=advice.function_code,
        issued=_moment(advice.issue_date, advice.issue_time),
        currency=advice.document_currency_code or "",
        about=advice.id,
    )
    of_invoices = [
        msgspec.structs.replace(whole, about=number, payable=amount, discount=taken[number])
        for number, amount in paid.items()
    ]
    if not of_invoices and advice.function_code == "original":
        return {}
    version = sha256("".join(map(digest, [whole, *of_invoices])).encode()).hexdigest()[:16]
    of_version = {place_of_version(advice.id): msgspec.structs.replace(whole, code=version)}
    return of_version | {place_of(fact.about): msgspec.structs.replace(fact, code=version) for fact in of_invoices}


def _line(
    number: str | None,
    item: Item | None,
    quantity: Quantity | None,
    price: Price | None,
    *,
    action: str = "",
    verdicts: tuple[Verdict, ...] = (),
) -> Line:
    return Line(
        line=number or "",
        items=_items(item),
        description=(item.description or item.name or "") if item else "",
        action=action,
        quantity=quantity.value if quantity else None,
        unit=(quantity.unit_code or "") if quantity else "",
        price=unit_price(price),
        verdicts=verdicts,
    )


def _items(item: Item | None) -> tuple[str, ...]:
    if item is None:
        return ()
    standard = item.standard_item_identification
    found: Iterable[str | None] = (
        standard.value if standard else None,
        item.buyers_item_identification,
        item.sellers_item_identification,
    )
    return tuple(name for name in found if name)


def unit_price(price: Price | None) -> Decimal | None:
    """The price of one unit."""
    if price is None:
        return None
    base = price.base_quantity.value if price.base_quantity else Decimal(1)
    return price.price_amount / base if base > 0 and base != 1 else price.price_amount


def _moment(day: date | None, clock: time | None) -> str:
    if day is None:
        return ""
    return f"{day.isoformat()}T{clock.isoformat('minutes')}" if clock else day.isoformat()
