"""A buyer on demand: what it orders, changes and says of goods that arrive."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from gateway import agreements
from gateway.canonical import (
    DespatchAdvice,
    DespatchLine,
    OrderChange,
    OrderReference,
    OrderResponse,
    PackingLevel,
    Quantity,
    ReceiptAdvice,
    RemittanceAdvice,
)
from gateway.pipeline.context import World
from gateway.simulate import Partner, selling
from gateway.simulate.behaviour import BEHAVIOURS, Dice
from gateway.simulate.buyer import Buyer
from gateway.simulate.hearing import hear
from tests.pipeline.yard import AT
from tests.scenarios.gateways import LANGUAGES, SOLD, parties, world
from tests.scenarios.steps import an_order

DAY = date(2026, 11, 20)
ORDER = an_order(Decimal(100), Decimal("2.00"), "umbrella", "acme")
ANSWER = selling.response(ORDER, "R-1", selling.ordered(ORDER), day=DAY)
ADVICE = selling.despatch(ORDER, "D-1", [Decimal(80)], day=DAY)


def buyer(behaviour: str = "confirm", seed: str = "1") -> Buyer:
    return Buyer(BEHAVIOURS[behaviour], Dice(seed))


def answer(document: Any, behaviour: str = "confirm") -> Any:
    (found,) = buyer(behaviour).answer(document)
    return found


def test_an_order_follows_from_seed_and_count() -> None:
    assert buyer().order(1, DAY) == buyer().order(1, DAY)
    assert len({buyer(seed=seed).order(count, DAY).id for seed in "12" for count in (1, 2)}) == 4


def test_what_is_confirmed_is_left_at_that() -> None:
    assert buyer().answer(ANSWER) == []


def test_a_change_asks_for_less_or_pays_more_or_cancels() -> None:
    less, more = answer(ANSWER, "change-quantity"), answer(ANSWER, "change-price")
    assert isinstance(less, OrderChange)
    assert less.order_lines[0].quantity.value < 100
    assert more.order_lines[0].price.price_amount > 2
    assert (answer(ANSWER, "reject").function_code, answer(ANSWER, "reject").order_lines) == ("cancellation", ())


def test_the_answer_to_a_change_is_not_changed_again() -> None:
    again = msgspec.structs.replace(ANSWER, sequence_number_id="1")
    assert isinstance(again, OrderResponse)
    assert buyer("change-quantity").answer(again) == []


@pytest.mark.parametrize(
    ("behaviour", "arrived", "short", "damaged"),
    [("confirm", 80, False, False), ("short-receipt", None, True, False), ("damaged", 80, False, True)],
)
def test_what_arrives_is_told_line_by_line(behaviour: str, arrived: int | None, short: bool, damaged: bool) -> None:
    receipt = answer(ADVICE, behaviour)
    assert isinstance(receipt, ReceiptAdvice)
    (line,) = receipt.receipt_lines
    assert receipt.despatch_reference is not None
    assert (receipt.despatch_reference.id, line.order_line_id) == ("D-1", "1")
    assert line.received_quantity is not None
    assert line.received_quantity.value == arrived or (arrived is None and line.received_quantity.value < 80)
    assert (line.short_quantity is not None, line.rejected_quantity is not None) == (short, damaged)
    if line.short_quantity is not None:
        assert line.received_quantity.value + line.short_quantity.value == 80


def test_an_invoice_is_paid_in_time_in_part_or_late_and_a_credit_note_is_not() -> None:
    invoice = selling.invoice(ORDER, "I-1", selling.ordered(ORDER), day=DAY)
    paid, less, late = (answer(invoice, behaviour) for behaviour in ("confirm", "short-pay", "late"))
    assert isinstance(paid, RemittanceAdvice)
    assert (paid.total_payment_amount, paid.remittance_lines[0].document_id) == (Decimal("200.00"), "I-1")
    assert less.total_payment_amount < 200
    assert less.remittance_lines[0].document_amount == 200
    assert (late.payment_date - paid.payment_date).days == 7
    assert buyer().answer(msgspec.structs.replace(invoice, invoice_type_code="381")) == []


def test_goods_of_several_orders_name_theirs() -> None:
    levels = [
        PackingLevel(id="1", order_reference=OrderReference(id="PO-1"), despatch_lines=(goods("1", 5),)),
        PackingLevel(id="2", order_reference=OrderReference(id="PO-2")),
        PackingLevel(id="3", parent_id="2", despatch_lines=(goods("7", 3),)),
    ]
    receipt = answer(DespatchAdvice(id="D-2", issue_date=DAY, packing=tuple(levels)))
    named = [(line.order_reference.id, line.order_line_id) for line in receipt.receipt_lines]
    assert (receipt.order_reference, named) == (None, [("PO-1", "1"), ("PO-2", "7")])


def goods(line: str, quantity: int) -> DespatchLine:
    return DespatchLine(order_line_id=line, delivered_quantity=Quantity(value=Decimal(quantity), unit_code="EA"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("behaviour", ["confirm", "short-receipt", "damaged", "short-pay"])
def test_what_it_says_of_goods_and_money_the_gateway_reads(language: str, behaviour: str) -> None:
    bought = world(language)
    files = {f"partners/{name}.toml": text for name, text in parties(language, side=SOLD).items()}
    sold = World(agreements=agreements.load(files), schemas=bought.schemas, mappings=bought.mappings)
    orders = ("850", "ORDERS", "Order")
    (way,) = [a.name for a in sold.agreements.party("umbrella").agreements if a.type in orders]
    invoice = selling.invoice(ORDER, "I-1", selling.ordered(ORDER), day=DAY)
    for document in (ADVICE, invoice):
        said = answer(document, behaviour)
        turn = Partner(sold, way, role="buyer", behaviour=behaviour).send(said, AT)
        assert turn.remarks == ()
        ((read,),) = [interchange.documents for interchange in hear(turn.files[0].body, sold)]
        assert (read.meaning.issues, read.meaning.hold) == ((), None)
        assert read.meaning.canonical == type(said).__name__
