"""Canonical documents and receipts as files of a partner: written as the gateway itself writes. Pure."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple

import msgspec

from gateway.agreements import Agreement
from gateway.canonical import Document, Identifier, to_json
from gateway.canonical import Party as CanonicalParty
from gateway.codecs.ubl import UBL
from gateway.core.errors import UnwritableError
from gateway.core.issues import Issue
from gateway.pipeline.context import World
from gateway.pipeline.envelope import sheet_of_receipts, write
from gateway.pipeline.paper import Press, numbered
from gateway.pipeline.receipts import earned
from gateway.pipeline.ubl_out import ubl_file
from gateway.simulate.hearing import Heard

_ENDINGS = {"x12": "x12", "edifact": "edi", UBL: "xml"}


class Spoken(NamedTuple):
    """A file: what is in it (``855``, ``997``), and for a document its canonical kind and number."""

    name: str
    body: bytes
    type: str
    document: str = ""
    reference: str = ""


def say(document: Document, agreement: Agreement, world: World, control: int, at: int) -> Spoken:
    """A document in an interchange of its own; ``at`` is its time in microseconds.

    Raises UnwritableError where the agreement, or the document, does not allow it.
    """
    signed = _signed(document, agreement, world)
    row = SimpleNamespace(canonical=type(document).__name__, body=to_json(signed))
    body = (
        _ubl(row, agreement, world) if agreement.standard == UBL else _interchange(row, agreement, world, control, at)
    )
    return Spoken(
        name=_name(agreement, agreement.type, control),
        body=body,
        type=agreement.type,
        document=type(document).__name__,
        reference=getattr(document, "id", None) or "",
    )


def acknowledge(heard: Heard, control: int, at: int) -> Spoken | None:
    """The receipts that an interchange earns, in one answer; None where there are none."""
    agreement, header = heard.plan.fallback, heard.plan.summary.header
    receipts = earned(agreement, heard.verdict)
    if not receipts:
        return None
    types = "-".join(dict.fromkeys(receipt.type for receipt in receipts))
    body = write(sheet_of_receipts(header, agreement, receipts), control, at)
    return Spoken(name=_name(agreement, types, control), body=body, type=types)


def _name(agreement: Agreement, type: str, control: int) -> str:
    return f"{agreement.with_}-{control:09d}-{type}.{_ENDINGS[agreement.standard]}".lower()


def _interchange(row: Any, agreement: Agreement, world: World, control: int, at: int) -> bytes:
    press = Press(agreement, world, [row], at)
    paper = press.write(row)
    _stop(paper.hold)
    return write(numbered(press.sheet, [paper]), control, at)


def _ubl(row: Any, agreement: Agreement, world: World) -> bytes:
    made = ubl_file(row, agreement, world)
    _stop(made.hold)
    return made.body


def _stop(hold: Issue | None) -> None:
    if hold is not None:
        raise UnwritableError(hold)


#: The parties of a document that stand for its two sides, by who writes it: his own first.
_SIDES = {
    "Order": ("buyer_customer_party", "seller_supplier_party"),
    "OrderChange": ("buyer_customer_party", "seller_supplier_party"),
    "RemittanceAdvice": ("buyer_customer_party", "seller_supplier_party"),
    "ReceiptAdvice": ("buyer_customer_party", "seller_supplier_party"),
    "OrderResponse": ("seller_supplier_party", "buyer_customer_party"),
    "DespatchAdvice": ("seller_supplier_party", "buyer_customer_party"),
    "Invoice": ("seller_supplier_party", "buyer_customer_party"),
}


#: Schemes of UBL by their number in ISO 6523, as canonical documents call them; others are called as they are.
_SCHEMES = {"0088": "gln", "0060": "duns", "0177": "scac"}


def _signed(document: Document, agreement: Agreement, world: World) -> Document:
    """With both parties named. UBL has no envelope: there they are called as they were agreed to be."""
    named: dict[str, CanonicalParty] = {}
    for field, id in zip(_SIDES.get(type(document).__name__, ()), (agreement.with_, agreement.party), strict=False):
        party = world.agreements.party(id)
        known = getattr(document, field) or CanonicalParty(name=party.name)
        identity = party.identity(UBL) if agreement.standard == UBL and known.id is None else None
        if identity is not None:
            scheme = _SCHEMES.get(identity.qualifier, identity.qualifier) or None
            known = msgspec.structs.replace(known, id=Identifier(value=identity.identifier, scheme_id=scheme))
        named[field] = known
    return msgspec.structs.replace(document, **named)
