"""What answers, changes, ships and charges orders: one document is set against each order that it names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from gateway.canonical import Invoice, RemittanceAdvice, business_key
from gateway.core.issues import Issue
from gateway.handlers.model import Emission, Inbound, Outcome
from gateway.handlers.trading.facts import BUYER, SELLER, Fact, Terms, digest, encoded
from gateway.handlers.trading.matter import (
    WORDS,
    condition_of,
    conversation,
    order_of,
    partners,
    said_by,
    told_of,
)
from gateway.handlers.trading.payments import indexed, place_of, place_of_version, remarks, remarks_on_version
from gateway.handlers.trading.reading import OF_SELLER, facts_of
from gateway.handlers.trading.records import Matter
from gateway.store import Changes

EVENTS = {
    "OrderResponse": "order.answered",
    "OrderChange": "order.changed",
    "DespatchAdvice": "order.despatched",
    "ReceiptAdvice": "order.goods_received",
    "Invoice": "order.invoiced",
    "RemittanceAdvice": "order.paid",
}

#: What a document may wait for, if its agreement asks, by its kind; the order goes before all.
AWAITS = {
    "OrderResponse": ("order",),
    "OrderChange": ("order",),
    "DespatchAdvice": ("order", "response"),
    "ReceiptAdvice": ("order", "response", "despatch"),
    "Invoice": ("order", "response", "despatch", "receipt"),
    "RemittanceAdvice": (),
}

#: What a document is to those that wait for it.
FULFILS = {"Order": "order", "OrderResponse": "response", "DespatchAdvice": "despatch", "ReceiptAdvice": "receipt"}


def side_of(inbound: Inbound) -> str:
    """What a seller writes comes in where we buy, unless our own ERP wrote it."""
    return BUYER if (inbound.canonical in OF_SELLER) != inbound.inside else SELLER


def side_of_partner(canonical: str) -> str:
    """Our side of a document that a partner wrote."""
    return BUYER if canonical in OF_SELLER else SELLER


def said(inbound: Inbound) -> dict[str, Fact]:
    """By the number of the order, what a document says of it."""
    day = datetime.fromtimestamp(inbound.received_at // 1_000_000, UTC).date().isoformat()
    trading = inbound.trading
    terms = Terms(
        quantity_percent=Decimal(str(trading.quantity_percent)), price_percent=Decimal(str(trading.price_percent))
    )
    return facts_of(inbound.document, "" if inbound.inside else inbound.partner, day, terms)


def places_of(inbound: Inbound) -> set[str]:
    """Under which numbers the records have what a document is set against."""
    facts = said(inbound)
    invoices = {place_of(fact.number) for fact in facts.values() if fact.kind == Invoice.__name__}
    return {*facts, *invoices}


def converse(inbound: Inbound, record: Mapping[str, Matter], changes: Changes) -> Outcome:
    """Sets the document against its orders, keeps what it says, and passes it on as it came."""
    side, facts = side_of(inbound), said(inbound)
    waits = _waits(inbound, side, facts, record)
    if waits is not None:
        return waits
    issues = [] if facts else [Issue("TRD-NO-REFERENCE", value=inbound.canonical)]
    repeated = bool(facts)
    for number, fact in facts.items():
        matter = record[number]
        known = {told.digest for told in matter.told if told.side == side and told.partner == fact.partner}
        if digest(fact) in known:
            continue
        repeated = False
        _keep(inbound, side, number, fact, changes)
        if fact.kind == Invoice.__name__:
            _keep(inbound, side, place_of(fact.number), indexed(fact, number), changes)
        if fact.kind == RemittanceAdvice.__name__:
            issues += _of_payments(number, record, side, fact)
        else:
            issues += _findings(number, matter, side, fact)
    invoice = next((fact for fact in facts.values() if fact.kind == Invoice.__name__), None)
    if invoice is not None and not repeated:
        issues += _of_payments(place_of(invoice.number), record, side, invoice)
    if repeated:
        issues.append(Issue("TRD-AGAIN", value=inbound.canonical, params={"party": inbound.partner}))
    kind = FULFILS.get(inbound.canonical)
    return Outcome(
        emissions=passed_on(inbound),
        issues=tuple(issues),
        event="order.repeated" if repeated else EVENTS[inbound.canonical],
        fulfils=tuple(condition(inbound, kind, number) for number in facts) if kind else (),
    )


def passed_on(inbound: Inbound) -> tuple[Emission, ...]:
    """The document as it came, for our own parties; what one of them wrote is passed on beside."""
    if inbound.inside:
        return ()
    return (
        Emission(
            canonical=inbound.canonical,
            from_party=inbound.own,
            business_key=business_key(inbound.document),
            payload_id=inbound.payload_id,
        ),
    )


def condition(inbound: Inbound, kind: str, number: str) -> str:
    """What releases those that wait for this."""
    return condition_of(kind, inbound.own, inbound.lane, number)


def _of_payments(number: str, record: Mapping[str, Matter], side: str, fact: Fact) -> tuple[Issue, ...]:
    """What does not fit between an invoice and what is paid of it, whichever of the two this is."""

    def told(place: str) -> list[Fact]:
        return [each.fact for each in said_by(record.get(place, Matter()), side, fact.partner)]

    if number == place_of_version(fact.number):
        return remarks_on_version(number, told(number), fact)
    around = told(number)
    remittances = dict.fromkeys(each.number for each in around if each.kind == RemittanceAdvice.__name__)
    versions = [each for known in remittances for each in told(place_of_version(known))]
    return remarks(number, around, versions, fact)


def _findings(number: str, matter: Matter, side: str, fact: Fact) -> tuple[Issue, ...]:
    able = partners(matter, side)
    partner = fact.partner or (able[0] if len(able) == 1 else "")
    if side == SELLER and not partner and len(able) > 1:
        return (Issue("TRD-SEVERAL", value=number, params={"parties": ", ".join(able)}),)
    return conversation(number, matter, side, partner, [fact]).about(fact)


def _waits(inbound: Inbound, side: str, facts: Mapping[str, Fact], record: Mapping[str, Matter]) -> Outcome | None:
    """The hold of a document that came before what its agreement wants to see first."""
    if inbound.inside:
        return None
    for awaited in AWAITS[inbound.canonical]:
        if awaited not in inbound.trading.await_:
            continue
        for number, fact in facts.items():
            if not came(awaited, record[number], side, fact.partner):
                params = {"awaited": WORDS[awaited], "kind": inbound.canonical}
                return Outcome(
                    hold=Issue("TRD-AWAITS", value=number, params=params),
                    waits_for_key=True,
                    waits_for=condition(inbound, awaited, number),
                )
    return None


def came(awaited: str, matter: Matter, side: str, partner: str) -> bool:
    """Whether the records have what is awaited: the order, an answer to it, a despatch advice."""
    if awaited == "order":
        return order_of(matter, side, partner) is not None
    kinds = {told.fact.kind for told in told_of(matter, side, partner)}
    return any(FULFILS.get(kind) == awaited for kind in kinds)


def _keep(inbound: Inbound, side: str, number: str, fact: Fact, changes: Changes) -> None:
    changes.new(
        "order_facts",
        own_party=inbound.own,
        lane=inbound.lane,
        number=number,
        side=side,
        partner=fact.partner,
        kind=fact.kind,
        digest=digest(fact),
        said=encoded(fact),
        document_id=inbound.document_id,
        at=inbound.received_at,
    )
