"""Orders of web shops as canonical orders: exact, whole, and never an untyped error."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.canonical import Order, from_json, to_json
from gateway.mapping.shops import FORMS, JsonError, Source, decode, read_order

DATA = Path(__file__).parents[1] / "data" / "shops"
TOPIC = {"shopify": "orders/create", "woocommerce": "order.created"}
FORM_NAMES = sorted(FORMS)


def sample(form: str) -> dict[str, Any]:
    return decode((DATA / f"{form}-order.json").read_bytes())


def order_of(form: str, tree: dict[str, Any] | None = None, topic: str = "") -> Order:
    found = read_order(FORMS[form], topic or TOPIC[form], sample(form) if tree is None else tree)
    assert found.issue is None
    assert found.order is not None
    return found.order


def test_an_order_of_shopify() -> None:
    order = order_of("shopify")
    assert (order.id, str(order.issue_date), str(order.issue_time)) == ("#1042", "2026-11-20", "21:07:44+01:00")
    assert (order.document_currency_code, order.payable_amount) == ("EUR", Decimal("85.63"))
    assert order.document_references[0].id == "7230914560001"
    assert order.notes == ("Bitte beim Nachbarn (Nr. 8) abgeben.",)
    buyer, payer, ship = order.buyer_customer_party, order.accounting_customer_party, order.delivery_party
    assert buyer is not None
    assert buyer.contact is not None
    assert payer is not None
    assert ship is not None
    assert (buyer.name, buyer.contact.electronic_mail) == ("Mira Haldén", "mira.halden@mail.example")
    assert payer.name == "Halden Werkstatt"
    assert ship.postal_address is not None
    assert (ship.postal_address.street_name, ship.postal_address.country_code) == ("Am Kai 3", "DE")
    (shipping,) = order.allowance_charges
    assert (shipping.charge_indicator, shipping.amount, shipping.reason) == (True, Decimal("4.90"), "Standard")
    assert order.tax_total is not None
    assert order.tax_total.tax_included_indicator
    assert order.tax_total.tax_subtotals[0].percent == 19


def test_its_lines_add_up_to_the_cent() -> None:
    order = order_of("shopify")
    lines = [
        line.price.price_amount * line.quantity.value - sum(a.amount or 0 for a in line.allowance_charges)
        for line in order.order_lines
        if line.price and line.quantity
    ]
    assert sum(lines) == order.line_extension_amount == Decimal("80.73")
    shipping = order.allowance_charges[0].amount
    assert shipping is not None
    assert sum(lines) + shipping == order.payable_amount
    assert [a.reason for line in order.order_lines for a in line.allowance_charges] == ["HERBST10", "HERBST10"]


def test_an_order_of_woocommerce() -> None:
    order = order_of("woocommerce")
    assert (order.id, order.document_currency_code, order.payable_amount) == ("5117", "GBP", Decimal("58.74"))
    brush, cleat = order.order_lines
    assert brush.price is not None
    assert cleat.price is not None
    assert cleat.price.base_quantity is not None
    assert str(brush.price.price_amount) == "10.00"
    assert (str(cleat.price.price_amount), cleat.price.base_quantity.value) == ("20.00", 7)
    assert brush.allowance_charges[0].amount == 5
    assert brush.item is not None
    assert brush.item.standard_item_identification is not None
    assert brush.item.standard_item_identification.scheme_id == "gtin13"
    amounts = sum(line.line_extension_amount or 0 for line in order.order_lines)
    charges = sum(charge.amount or 0 for charge in order.allowance_charges)
    assert order.tax_total is not None
    assert order.tax_total.tax_amount is not None
    assert amounts + charges + order.tax_total.tax_amount == order.payable_amount
    assert order.accounting_customer_party is not None
    assert order.accounting_customer_party.name == "Owen Tregarth"


@pytest.mark.parametrize("form", FORM_NAMES)
def test_nothing_is_lost_and_it_is_written_as_json(form: str) -> None:
    order = order_of(form)
    assert from_json("Order", to_json(order)) == order
    source = Source(sample(form))
    carried = {extension.address for extension in order.extensions}
    assert "/line_items/0/product_id" in carried
    for extension in order.extensions:
        steps = tuple(extension.address[1:].split("/"))
        assert json.loads(extension.text, parse_float=Decimal) == source.peek(steps)
    leaves = [text for text in _texts(sample(form)) if text.strip()]
    whole = to_json(order).decode()
    lost = {text for text in leaves if not _is_in(text, whole)}
    assert {text for text in lost if not text.startswith("2026-11-2")} <= {"30.00"}  # it is 3 for 10.00


def _is_in(text: str, whole: str) -> bool:
    plain, nested = json.dumps(text.strip(), ensure_ascii=False), json.dumps(text, ensure_ascii=False)
    return plain[1:-1] in whole or json.dumps(nested, ensure_ascii=False)[3:-3] in whole


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [value] if isinstance(value, str) else []


def test_two_addresses_of_mail_that_differ_are_both_kept() -> None:
    tree = sample("shopify") | {"contact_email": "other@mail.example"}
    assert ("/contact_email", '"other@mail.example"') in [
        (e.address, e.text) for e in order_of("shopify", tree).extensions
    ]


def test_what_a_topic_does_to_an_order() -> None:
    assert order_of("shopify", topic="orders/updated").function_code == "replace"
    assert order_of("shopify", topic="orders/cancelled").function_code == "cancellation"
    assert order_of("woocommerce", topic="order.updated").function_code == "replace"


def test_shipping_for_nothing_and_a_fee_of_less_than_nothing() -> None:
    free = sample("shopify")
    free["shipping_lines"][0]["discounted_price"] = "0.00"
    assert order_of("shopify", free).allowance_charges[0].amount == 0
    fee = sample("woocommerce") | {"fee_lines": [{"id": 1, "name": "Voucher", "total": "-4.00"}]}
    voucher = order_of("woocommerce", fee).allowance_charges[-1]
    assert (voucher.charge_indicator, voucher.amount, voucher.reason) == (False, Decimal("4.00"), "Voucher")


@pytest.mark.parametrize("digits", ["0.1", "12.10", "99999999999999999999.99", "0.30000000000000004"])
def test_numbers_are_what_their_digits_say(digits: str) -> None:
    body = (DATA / "shopify-order.json").read_bytes().replace(b'"85.63", "total', b'"85.63", "total')
    body = body.replace(b'"total_price": "85.63"', b'"total_price": ' + digits.encode())
    assert str(order_of("shopify", decode(body)).payable_amount) == digits


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("currency", "euros", "/currency"),
        ("created_at", "yesterday", "/created_at"),
        ("total_price", "12,50", "/total_price"),
        ("total_price", "1e400", "/total_price"),
        ("line_items", {"0": {}}, "/line_items"),
        ("billing_address", "Lindenallee 7", "/billing_address"),
        ("note", ["x"], "/note"),
        ("taxes_included", "yes", "/taxes_included"),
    ],
)
def test_a_misfit_is_told_with_its_place_and_without_its_value(field: str, value: Any, place: str) -> None:
    found = read_order(FORMS["shopify"], "orders/create", sample("shopify") | {field: value})
    assert found.order is None
    assert found.issue is not None
    assert place in found.issue.text
    assert str(value) not in found.issue.text


NO_OBJECTS = [b"", b"[]", b"null", b"{", b'{"a": NaN}', b"\xff{}", b"[" * 100_000, b'{"a":"\\ud800"}']


@pytest.mark.parametrize("body", [*NO_OBJECTS, b'{"n": ' + b"9" * 5000 + b"}"])
def test_what_is_no_object_is_told(body: bytes) -> None:
    with pytest.raises(JsonError):
        decode(body)


values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(FORM_NAMES), st.data())
def test_any_value_in_any_place_gives_an_order_or_an_issue(form: str, data: st.DataObject) -> None:
    tree = sample(form)
    for _ in range(data.draw(st.integers(1, 4))):
        here: Any = tree
        while True:
            keys = list(here) if isinstance(here, dict) else list(range(len(here)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if isinstance(here[key], dict | list) and data.draw(st.booleans()):
                here = here[key]
                continue
            here[key] = data.draw(values)
            break
    found = read_order(FORMS[form], TOPIC[form], tree)
    assert (found.order is None) != (found.issue is None)
    if found.order is not None:
        to_json(found.order)
