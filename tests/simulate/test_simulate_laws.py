"""What holds for every order, every behaviour and every seed."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.canonical import Item, Order, OrderLine, Price, Quantity
from gateway.pipeline.context import World
from gateway.simulate import Partner, of_role
from gateway.simulate.behaviour import ALL, BEHAVIOURS, LESS, MORE, Dice
from gateway.simulate.hearing import hear
from tests.pipeline.yard import AT
from tests.scenarios.gateways import LANGUAGES, orders_of, world
from tests.scenarios.steps import an_order

QUANTITIES = st.decimals(Decimal("0.5"), Decimal(99_999), places=1) | st.integers(1, 99_999).map(Decimal)
PRICES = st.decimals(Decimal("0.01"), Decimal(9_999), places=2)
LINES = st.lists(st.tuples(QUANTITIES, PRICES), min_size=1, max_size=4)
SEEDS = st.text("abc123", min_size=1, max_size=4)

the_world = cache(world)


def an_order_of(lines: list[tuple[Decimal, Decimal]]) -> Order:
    made = tuple(
        OrderLine(
            id=str(number),
            quantity=Quantity(value=quantity, unit_code="KGM"),
            price=Price(price_amount=price),
            item=Item(name=f"Item {number}", description=f"Item {number}", sellers_item_identification=f"AT-{number}"),
        )
        for number, (quantity, price) in enumerate(lines, 1)
    )
    return msgspec.structs.replace(an_order(Decimal(1), Decimal(1)), order_lines=made)


@settings(max_examples=40, deadline=None)
@given(LINES, st.sampled_from(of_role("seller")), st.sampled_from(LANGUAGES), SEEDS)
def test_whatever_a_seller_says_the_gateway_reads_without_an_issue(
    lines: list[tuple[Decimal, Decimal]], behaviour: str, language: str, seed: str
) -> None:
    there: World = the_world(language)
    (agreement,) = [a.name for a in there.agreements.agreements() if a.document == "Order" and a.party == "umbrella"]
    seller = Partner(there, agreement, role="seller", behaviour=behaviour, seed=seed)
    turn = seller.answer(orders_of(there, an_order_of(lines)), AT)
    assert all(remark.startswith("No ") for remark in turn.remarks), turn.remarks
    for file in turn.files:
        for heard in hear(file.body, there):
            assert heard.verdict.accepted
            assert [(each.meaning.issues, each.meaning.hold) for each in heard.documents] == [((), None)] * len(
                heard.documents
            )


@given(QUANTITIES, SEEDS)
def test_a_share_is_less_or_more_and_as_whole_as_the_quantity(quantity: Decimal, seed: str) -> None:
    dice = Dice(seed)
    less, more = dice.share(quantity, LESS, "a"), dice.share(quantity, MORE, "a")
    assert 0 <= less < quantity < more
    assert dice.share(quantity, ALL, "a") == quantity
    if quantity == quantity.to_integral_value():
        assert (less, more) == (less.to_integral_value(), more.to_integral_value())


@given(PRICES, SEEDS)
def test_another_price_is_a_higher_one(price: Decimal, seed: str) -> None:
    assert Dice(seed).price(price, MORE, "a") > price
    assert Dice(seed).price(price, ALL, "a") == price


def test_the_order_in_which_chance_is_asked_does_not_count() -> None:
    one, other = Dice("1"), Dice("1")
    first = (one.number("R", "A"), one.number("I", "A"))
    assert (other.number("I", "A"), other.number("R", "A")) == first[::-1]


def test_each_behaviour_is_somebodys() -> None:
    assert {role for each in BEHAVIOURS.values() for role in each.roles} == {"seller", "buyer", "carrier"}
