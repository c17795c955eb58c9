"""A seller on demand: what it answers to an order, behaviour by behaviour, in each format."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from gateway import agreements
from gateway.canonical import DespatchAdvice, Invoice, Order, OrderResponse, to_json
from gateway.core.errors import UsageError
from gateway.pipeline.context import World
from gateway.simulate import Partner, Turn, of_role, selling
from gateway.simulate.behaviour import BEHAVIOURS, Dice
from gateway.simulate.hearing import hear
from gateway.simulate.seller import Seller
from gateway.simulate.voice import say
from tests.pipeline.yard import AT, SCHEMAS
from tests.scenarios.gateways import LANGUAGES, NUMBERS, orders_of, parties, world
from tests.scenarios.steps import an_order

JSON = """
[[agreement]]
name = "umbrella-json"
with = "acme"
direction = "out"
standard = "json"
document = "Order"
endpoint = "umbrella-out"
"""
ORDER = an_order(Decimal(100), Decimal("2.00"))


def answers(behaviour: str, order: Order = ORDER, seed: str = "1") -> list[Any]:
    return Seller(BEHAVIOURS[behaviour], Dice(seed)).answer(order)


def quantities(document: Any) -> list[Decimal]:
    match document:
        case OrderResponse():
            return [status.quantity.value for line in document.order_lines for status in line.statuses]
        case DespatchAdvice():
            return [line.delivered_quantity.value for level in document.packing for line in level.despatch_lines]
        case Invoice():
            return [line.quantity.value for line in document.invoice_lines]
    raise AssertionError(document)


def test_an_order_that_is_confirmed_is_shipped_and_invoiced_as_it_was_ordered() -> None:
    response, despatch, invoice = answers("confirm")
    assert response.order_response_code == "accepted"
    assert (quantities(response), quantities(despatch), quantities(invoice)) == ([100], [100], [100])
    assert {each.order_reference.id for each in (response, despatch, invoice)} == {"PO-4711"}
    assert invoice.payable_amount == Decimal("200.00")


def test_a_higher_price_is_confirmed_and_invoiced() -> None:
    response, _, invoice = answers("change-price")
    (asked,) = response.order_lines
    assert asked.price.price_amount > 2
    assert asked.statuses[0].status_code == "accepted-with-amendment"
    assert invoice.invoice_lines[0].price == asked.price


def test_what_is_not_confirmed_is_backordered_and_neither_shipped_nor_invoiced() -> None:
    response, despatch, invoice = answers("change-quantity")
    confirmed, backordered = quantities(response)
    assert confirmed + backordered == 100 > confirmed
    assert quantities(despatch) == quantities(invoice) == [confirmed]


def test_a_rejected_order_is_not_shipped() -> None:
    (response,) = answers("reject")
    assert (response.order_response_code, response.order_lines[0].statuses[0].status_code) == ("rejected", "rejected")


@pytest.mark.parametrize(
    ("behaviour", "shipped", "invoiced"),
    [
        ("short-ship", lambda n: n < 100, lambda s, i: s == i),
        ("over-ship", lambda n: n > 100, lambda s, i: s == i),
        ("over-invoice", lambda n: n == 100, lambda s, i: i > s),
    ],
)
def test_less_more_and_too_much(
    behaviour: str, shipped: Callable[[Decimal], bool], invoiced: Callable[[Decimal, Decimal], bool]
) -> None:
    response, despatch, invoice = answers(behaviour)
    assert quantities(response) == [100]
    assert shipped(quantities(despatch)[0])
    assert invoiced(quantities(despatch)[0], quantities(invoice)[0])


def test_what_is_late_is_promised_and_leaves_a_week_later() -> None:
    promised, left = answers("confirm")[:2]
    late, left_late = answers("late")[:2]
    assert (late.promised_delivery_date - promised.promised_delivery_date).days == 7
    assert (left_late.actual_despatch_date - left.actual_despatch_date).days == 7


def test_the_order_of_documents_and_how_often() -> None:
    assert [type(each) for each in answers("out-of-order")] == [OrderResponse, Invoice, DespatchAdvice]
    twice = answers("duplicate-invoice")
    assert twice[-1] == twice[-2]


def test_the_same_seed_says_the_same_and_another_something_else() -> None:
    again = [to_json(each) for each in answers("short-ship")]
    assert again == [to_json(each) for each in answers("short-ship")]
    assert again != [to_json(each) for each in answers("short-ship", seed="2")]


# As files


@pytest.fixture(params=LANGUAGES)
def there(request: pytest.FixtureRequest) -> World:
    return world(request.param)


def partner(there: World, behaviour: str, role: str = "seller") -> Partner:
    (agreement,) = [a.name for a in there.agreements.agreements() if a.document == "Order" and a.party == "umbrella"]
    return Partner(there, agreement, role=role, behaviour=behaviour)


def types(turn: Turn) -> list[str]:
    return [file.document or file.type for file in turn.files]


def test_what_it_answers_is_what_the_gateway_reads(there: World) -> None:
    """Each file of the seller is taken by the gateway's own agreements, without a single issue."""
    turn = partner(there, "confirm").answer(orders_of(there, ORDER), AT)
    assert turn.remarks == () or "DespatchAdvice" in turn.remarks[0]
    for file in turn.files:
        for heard in hear(file.body, there):
            assert heard.verdict.accepted
            for each in heard.documents:
                assert (each.meaning.issues, each.meaning.hold) == ((), None)
                assert each.raw.type in (file.type, "997", "CONTRL")


def test_receipts_come_first_and_only_where_they_are_wanted(there: World) -> None:
    standard = there.agreements.party("umbrella").agreements[0].standard
    receipt = {"x12": ["997"], "edifact": ["CONTRL"], "ubl": []}[standard]
    body = orders_of(there, ORDER)
    assert types(partner(there, "confirm").answer(body, AT))[: len(receipt) + 1] == [*receipt, "OrderResponse"]
    assert types(partner(there, "never-acknowledge").answer(body, AT))[0] == "OrderResponse"
    assert types(partner(there, "reject-syntax").answer(body, AT)) == receipt
    assert types(partner(there, "silent").answer(body, AT)) == []


def test_a_syntax_refusal_says_so() -> None:
    for language, wanted in (("x12", b"AK5*R*5"), ("edifact", b"UCM+1+ORDERS:D:96A:UN+4")):
        there = world(language)
        (file,) = partner(there, "reject-syntax").answer(orders_of(there, ORDER), AT).files
        assert wanted in file.body


def test_control_numbers_go_on(there: World) -> None:
    seller = partner(there, "confirm")
    first = [file.name for file in seller.answer(orders_of(there, ORDER), AT).files]
    second = [file.name for file in seller.answer(orders_of(there, ORDER), AT).files]
    assert not set(first) & set(second)
    assert seller.control == len(first) + len(second)


def test_what_it_cannot_read_it_says(there: World) -> None:
    turn = partner(there, "confirm").answer(b"good morning", AT)
    assert (turn.heard, turn.files) == ((), ())
    assert turn.remarks


def test_a_behaviour_that_a_role_does_not_have_is_wrong_usage(there: World) -> None:
    with pytest.raises(UsageError, match="buyer has no behaviour short-ship"):
        partner(there, "short-ship", role="buyer")
    assert "short-ship" in of_role("seller")


def test_what_gives_back_is_a_credit_note_in_ubl() -> None:
    credit = selling.invoice(ORDER, "C-1", selling.ordered(ORDER), day=ORDER.issue_date, type="381", about="I-1")
    (file,) = partner(world("ubl"), "confirm").send(credit, AT).files
    assert file.type == "CreditNote"


def test_answers_go_to_whom_the_order_is_from_in_the_lane_that_it_was_in() -> None:
    """A test order to another of our companies is answered to that one, as a test."""
    text = {f"partners/{name}.toml": body for name, body in parties("x12").items()}
    second = text["partners/acme.toml"].replace('"acme"', '"acme-west"').replace(NUMBERS["acme"], "ACMEWEST")
    text["partners/acme-west.toml"] = second
    lines = text["partners/umbrella.toml"]
    agreed = lines[lines.index("[[agreement]]") :].replace('with = "acme"', 'with = "acme-west"\nlane = "test"')
    text["partners/umbrella.toml"] += agreed.replace('name = "umbrella-', 'name = "umbrella-west-')
    there = World(agreements=agreements.load(text), schemas=SCHEMAS, mappings=world("x12").mappings)
    way = there.agreements.agreement("umbrella-west-850")
    files = Partner(there, "umbrella-850", role="seller").answer(say(ORDER, way, there, 1, AT).body, AT).files
    heads = [file.body[:106].decode() for file in files]
    assert len(heads) == 4
    assert all("ACMEWEST" in head and head[102:103] == "T" for head in heads)


def test_a_partner_that_is_agreed_on_in_json_is_not_played() -> None:
    text = {f"partners/{name}.toml": body for name, body in parties("x12").items()}
    text["partners/umbrella.toml"] += JSON
    there = World(agreements=agreements.load(text), schemas=SCHEMAS, mappings=world("x12").mappings)
    with pytest.raises(UsageError, match="is on json"):
        Partner(there, "umbrella-json", role="seller")


def test_an_agreement_with_one_of_our_own_is_not_played(there: World) -> None:
    with pytest.raises(UsageError, match="one of our own"):
        Partner(there, "erp-in-order", role="seller")
