"""A Declaration as the drafts of customs messages: by what was agreed, with what follows from what it says. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from gateway.agreements import Agreement
from gateway.canonical import Declaration, GoodsItem, SupportingDocument
from gateway.core.issues import Issue
from gateway.grammar import Schemas
from gateway.grammar.ceb_policy import Policy
from gateway.handlers.customs.case import WITHDRAWN
from gateway.handlers.customs.facts import DOCUMENT, DRAFT, FILED, OWN, Fact, Name
from gateway.handlers.customs.matching import EVERY_SLOT, EXPORT_SLOTS, LIST, SLOTS
from gateway.handlers.customs.message import Said, key_of
from gateway.handlers.customs.naming import names_of
from gateway.handlers.customs.reading import Told
from gateway.handlers.customs.taxes import assessed
from gateway.mapping.customs import MESSAGES, Missing, written_values

EXPORT = "export"

#: By supervision mode: what its order is (303 orderType: B2C, B2B, booking of an overseas warehouse).
_ORDER_TYPES = {"9610": "E", "1210": "E", "9710": "B", "9810": "W"}
_SIMPLIFIED = "A"
_SHOWN = 8
_FEN = Decimal("0.01")


class Assembled(NamedTuple):
    """What a declaration is written as. ``missing``: by message, what nobody said."""

    told: tuple[Told, ...]
    missing: tuple[tuple[str, Missing], ...]
    remarks: tuple[Issue, ...] = ()

    @property
    def words(self) -> str:
        """What is missing, in a sentence."""
        texts = list(dict.fromkeys(f"{number} {each}" for number, each in self.missing))
        more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
        return ", ".join(texts[:_SHOWN]) + more


def assemble(declaration: Declaration, ways: Iterable[Agreement], schemas: Schemas, day: date) -> Assembled:
    """The drafts of a declaration, and the evidence that it names, by the policy of a day in China. Raises SchemaError
    where a table is wrong."""
    policy = schemas.ceb_policies.on(day)
    whole = completed(declaration, policy)
    told = list(_supporting(whole))
    proved = {EVERY_SLOT.get(each.fact.number) for each in told}
    missing: list[tuple[str, Missing]] = []
    for way in ways:
        message = MESSAGES.get(way.type)
        number = way.type[3:6]
        if message is None or message.direction != whole.direction_code or EVERY_SLOT.get(number) in proved:
            continue
        written = written_values(whole, schemas.ceb.table(way.type), schemas.ceb_codes)
        missing += [(number, each) for each in written.missing]
        head = Said(values=written.head)
        status = WITHDRAWN if whole.function_code == "cancellation" else ""
        fact = Fact(
            kind=DRAFT,
            number=number,
            key=key_of(number, head),
            evidence=OWN,
            agreement=way.name,
            status=status,
            head=head,
            lines=tuple(Said(values=line) for line in written.lines),
        )
        told.append(Told(_names(whole, names_of(number, head)), fact))
    order = {LIST: 1}
    told.sort(key=lambda each: order.get(EVERY_SLOT.get(each.fact.number, ""), 0))
    return Assembled(tuple(told), tuple(missing), tuple(_on_taxes(declaration, whole, policy)))


def _names(whole: Declaration, names: frozenset[Name]) -> frozenset[Name]:
    """A waybill of an export does not name the order: the declaration does."""
    head = {"orderNo": whole.order_reference.id}
    if whole.platform_party is not None and whole.platform_party.id is not None:
        head["ebpCode"] = whole.platform_party.id.value
    return names | names_of("303", Said(values=head))


def _on_taxes(declaration: Declaration, whole: Declaration, policy: Policy) -> Iterator[Issue]:
    """What was said, as far as the rates are known, and what was computed without them."""
    said = declaration.tax_amount
    lines = assessed(whole, policy) if whole.direction_code != EXPORT else ()
    rated = all(item.vat_rate is not None for item in whole.goods_items)
    if said is None and lines and not rated:
        params = {"vat": f"{policy.vat_rate.normalize():f}"}
        yield Issue("CUS-TAX-RATES", value=f"{whole.tax_amount:f}", params=params)
    expected = sum((line.total for line in lines), Decimal(0))
    within = expected * policy.tax_tolerance / 100
    if said is not None and lines and rated and abs(said - expected) > max(within, _FEN):
        params = {"expected": f"{expected:f}", "tolerance": f"{policy.tax_tolerance.normalize():f}"}
        yield Issue("CUS-TAX", value=f"{said:f}", params=params)


def completed(declaration: Declaration, policy: Policy) -> Declaration:
    """With what follows from what it says: sums, zeros where nothing is added, what its regime implies."""
    items = tuple(map(filled, declaration.goods_items))
    known = [item.line_extension_amount for item in items]
    goods = sum((each for each in known if each is not None), Decimal(0)) if None not in known else None
    whole = msgspec.structs.replace(
        declaration,
        goods_items=items,
        goods_amount=_or(declaration.goods_amount, goods),
        insurance_amount=_or(declaration.insurance_amount, Decimal(0)),
        discount_amount=_or(declaration.discount_amount, Decimal(0)),
    )
    if whole.direction_code == EXPORT:
        return msgspec.structs.replace(
            whole,
            order_type_code=whole.order_type_code or _ORDER_TYPES.get(whole.regime_code),
            statistics_code=whole.statistics_code or _SIMPLIFIED,
        )
    if whole.tax_amount is None and (lines := assessed(whole, policy)):
        whole = msgspec.structs.replace(whole, tax_amount=sum((line.total for line in lines), Decimal(0)))
    parts = (whole.goods_amount, whole.freight_amount, whole.tax_amount, whole.discount_amount)
    paid = whole.paid_amount
    if paid is None and None not in parts:
        value, freight, tax, discount = (each or Decimal(0) for each in parts)
        paid = value + freight + tax - discount
    return msgspec.structs.replace(whole, paid_amount=paid, package_count=whole.package_count or 1)


def filled(item: GoodsItem) -> GoodsItem:
    """With its amount, where price and quantity say it."""
    if item.line_extension_amount is not None or item.price_amount is None or item.quantity is None:
        return item
    return msgspec.structs.replace(item, line_extension_amount=item.price_amount * item.quantity.value)


def _or(value: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if value is None else value


def _supporting(whole: Declaration) -> Iterator[Told]:
    """What somebody else filed, or is known by other means."""
    slots = EXPORT_SLOTS if whole.direction_code == EXPORT else SLOTS
    numbers = {slot: number for number, slot in slots.items()}
    for each in whole.supporting_documents:
        number = numbers.get(each.type_code)
        if number is None:
            continue
        head = Said(values={name: value for name, value in _head(whole, each, number).items() if value})
        fact = Fact(
            kind=DOCUMENT, number=number, key=key_of(number, head), evidence=each.evidence_code or FILED, head=head
        )
        yield Told(_names(whole, names_of(number, head)), fact)


def _head(whole: Declaration, each: SupportingDocument, number: str) -> dict[str, str]:
    platform = whole.platform_party.id.value if whole.platform_party and whole.platform_party.id else ""
    merchant = (
        whole.seller_supplier_party.id.value if whole.seller_supplier_party and whole.seller_supplier_party.id else ""
    )
    usual = {"orderNo": whole.order_reference.id, "ebpCode": platform, "appType": "1"}
    amount = f"{each.amount:f}" if each.amount is not None else ""
    if EVERY_SLOT[number] == "payment":
        payer = {"payerName": each.payer_name or "", "payerIdNumber": each.payer_identity_number or ""}
        paid = {"amountPaid": amount} if number == "411" else {"charge": amount, "ebcCode": merchant}
        return usual | payer | paid | {"payCode": each.issuer_id or "", "payTransactionId": each.id}
    if EVERY_SLOT[number] == "waybill":
        weight = f"{each.gross_weight.value:f}" if each.gross_weight is not None else ""
        named = {"weight" if number == "511" else "grossWeight": weight}
        return usual | named | {"logisticsCode": each.issuer_id or "", "logisticsNo": each.id, "ebpCode": ""}
    return usual | {"ebcCode": merchant, "orderNo": each.id}
