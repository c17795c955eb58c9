"""What carriage is to cost and what is charged for it: freight invoices against the tender. Pure.

Both are kept as facts of the consignment, their figures as JSON in the description, so that an invoice which comes
before its tender is compared as soon as that is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from gateway.canonical import FreightInvoice, TransportInstruction
from gateway.handlers.logistics.facts import CHARGED, FREIGHT, TERMS, Fact, Name, Said
from gateway.handlers.logistics.naming import equipment, named, referenced, scoped, whole_number
from gateway.handlers.logistics.times import instant, told

MATCHED, BLOCKED = "matched", "blocked"


class Figures(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a tender says of the carriage, an invoice of what is charged. Percents: what was let pass when it came."""

    number: str = ""
    carrier: str = ""
    payment_method: str = ""
    amount: Decimal | None = None
    currency: str = ""
    weight: Decimal | None = None
    weight_unit: str = ""
    packages: Decimal | None = None
    quantity_percent: Decimal = Decimal(0)
    price_percent: Decimal = Decimal(0)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of an invoice that is not what was tendered. ``code`` is that of the issue."""

    code: str
    found: str = ""
    tendered: str = ""


class Freight(msgspec.Struct, frozen=True, kw_only=True):
    """One freight invoice against the tender. ``digest`` is that of the fact that says it."""

    number: str
    carrier: str
    outcome: str
    digest: str
    amount: Decimal | None = None
    currency: str = ""
    differences: tuple[Difference, ...] = ()


def terms_of(instruction: TransportInstruction, about: Fact) -> Fact:
    """The figures of a tender as a fact; ``about``: the fact that it was tendered."""
    weight = instruction.gross_weight
    figures = Figures(
        carrier=instruction.carrier_scac or "",
        payment_method=instruction.payment_method_code or "",
        amount=instruction.freight_amount,
        packages=instruction.package_quantity,
        weight=weight.value if weight else None,
        weight_unit=(weight.unit_code or "") if weight else "",
    )
    return msgspec.structs.replace(about, kind=TERMS, description=_text(figures))


def said_by_freight(
    invoice: FreightInvoice, partner: str, received_at: int, quantity_percent: float, price_percent: float
) -> list[Said]:
    """What a freight invoice charges, and for which consignment."""
    weight = invoice.gross_weight
    figures = Figures(
        number=invoice.id,
        carrier=invoice.carrier_scac or "",
        payment_method=invoice.payment_method_code or "",
        amount=invoice.payable_amount,
        currency=invoice.document_currency_code or "",
        packages=invoice.package_quantity,
        quantity_percent=Decimal(str(quantity_percent)),
        price_percent=Decimal(str(price_percent)),
        weight=weight.value if weight else None,
        weight_unit=(weight.unit_code or "") if weight else "",
    )
    at = instant(invoice.issue_date, None, None) or received_at
    charged = Fact(
        kind=CHARGED,
        happened_at=at,
        told=told(invoice.issue_date, None, None),
        description=_text(figures),
        issued_at=at,
    )
    return [Said(names=frozenset(_names(invoice, partner)), facts=(charged,))]


def compared(facts: Iterable[Fact], *, delivered: bool) -> tuple[Freight, ...]:
    """The freight invoices of a consignment, each number once, against the tender that was said last.

    ``facts``: those that count (:func:`gateway.handlers.logistics.fold.effective`).
    """
    said = sorted(
        ((fact, figures) for fact in facts if (figures := figures_of(fact)) is not None),
        key=lambda one: (one[0].issued_at, one[0].digest),
    )
    terms = next((figures for fact, figures in reversed(said) if fact.kind == TERMS), None)
    first: dict[tuple[str, str], Figures] = {}
    found = []
    for fact, charged in said:
        if fact.kind != CHARGED:
            continue
        known = first.setdefault((charged.carrier, charged.number), charged)
        if known is charged:
            differences = tuple(_differences(charged, terms, delivered=delivered))
        elif _plain(known) == _plain(charged):
            continue  # the same, of another day or under another tolerance
        else:
            differences = (Difference(code="LOG-FREIGHT-TWICE"),)
        blocked = any(each.code != "LOG-FREIGHT-EARLY" for each in differences)
        found.append(
            Freight(
                number=charged.number,
                carrier=charged.carrier,
                outcome=BLOCKED if blocked else MATCHED,
                digest=fact.digest,
                amount=charged.amount,
                currency=charged.currency,
                differences=differences,
            )
        )
    return tuple(found)


def _differences(charged: Figures, terms: Figures | None, *, delivered: bool) -> Iterator[Difference]:
    if not delivered:
        yield Difference(code="LOG-FREIGHT-EARLY")
    if terms is None:
        yield Difference(code="LOG-FREIGHT-UNTENDERED")
        return
    if terms.carrier and charged.carrier and terms.carrier != charged.carrier:
        yield Difference(code="LOG-FREIGHT-CARRIER", found=charged.carrier, tendered=terms.carrier)
    if terms.payment_method and charged.payment_method != terms.payment_method:
        yield Difference(code="LOG-FREIGHT-METHOD", found=charged.payment_method, tendered=terms.payment_method)
    price, quantity = 1 + charged.price_percent / 100, 1 + charged.quantity_percent / 100
    if _over(charged.amount, terms.amount, price):
        yield Difference(code="LOG-FREIGHT-AMOUNT", found=f"{charged.amount:f}", tendered=f"{terms.amount:f}")
    if charged.weight_unit == terms.weight_unit and _over(charged.weight, terms.weight, quantity):
        yield Difference(code="LOG-FREIGHT-WEIGHT", found=f"{charged.weight:f}", tendered=f"{terms.weight:f}")
    if _over(charged.packages, terms.packages, quantity):
        yield Difference(code="LOG-FREIGHT-PACKAGES", found=f"{charged.packages:f}", tendered=f"{terms.packages:f}")


def _over(charged: Decimal | None, tendered: Decimal | None, allowance: Decimal) -> bool:
    return charged is not None and tendered is not None and charged > tendered * allowance


def _names(invoice: FreightInvoice, partner: str) -> Iterator[Name]:
    carrier = invoice.carrier_scac or partner
    yield from named("tender", invoice.shipment_id)
    yield from named("shipper-reference", invoice.shipment_id)
    yield from referenced(invoice.document_references, carrier)
    for line in invoice.freight_invoice_lines:
        yield from referenced(line.document_references, carrier)
    for one in invoice.transport_equipment:
        yield from equipment(whole_number(one))
    yield from scoped("freight-invoice", carrier, invoice.id)


def _plain(figures: Figures) -> Figures:
    return msgspec.structs.replace(figures, quantity_percent=Decimal(0), price_percent=Decimal(0))


def _text(figures: Figures) -> str:
    return msgspec.json.encode(figures).decode()


def figures_of(fact: Fact) -> Figures | None:
    """The figures that a fact keeps; None of an event, were it called like that by its sender."""
    if fact.kind not in FREIGHT:
        return None
    try:
        return msgspec.json.decode(fact.description, type=Figures)
    except msgspec.DecodeError:
        return None
