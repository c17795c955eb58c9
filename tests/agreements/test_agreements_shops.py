"""Agreements with web shops: what they may say, and what is missing when nobody agreed."""

from __future__ import annotations

import pytest

from gateway import doors
from gateway.agreements import Agreement, Missing, load
from gateway.codecs.model import Address
from gateway.core.errors import ConfigurationError

ACME = 'id = "acme"\nname = "Acme"\nkind = "own"\n'
SHOP = """\
id = "webshop"
name = "Shop"
[[endpoint]]
name = "webshop-orders"
connector = "{connector}"
direction = "{direction}"
secret = "env:SECRET"
[[agreement]]
name = "webshop-orders"
with = "acme"
direction = "in"
standard = "json"
type = "{type}"
document = "{document}"
"""


def files(**changed: str) -> dict[str, str]:
    values = {"connector": "shopify", "direction": "in", "type": "shopify.orders/create", "document": "Order"}
    return {"partners/acme.toml": ACME, "partners/webshop.toml": SHOP.format(**values | changed)}


def asked(texts: dict[str, str], type: str) -> Agreement | Missing:
    return load(texts).inbound(Address("webshop"), None, "json", "", type, endpoint="webshop-orders")


def test_an_order_of_a_shop_finds_its_agreement_by_the_topic() -> None:
    found = load(files()).inbound(
        Address("webshop"), None, "json", "", "shopify.orders/create", endpoint="webshop-orders"
    )
    assert not isinstance(found, Missing)
    assert (found.name, found.document) == ("webshop-orders", "Order")


def test_what_would_admit_another_topic_is_told_in_lines_that_load() -> None:
    texts = files()
    found = asked(texts, "shopify.orders/paid")
    assert isinstance(found, Missing)
    texts["partners/webshop.toml"] += found.configuration
    assert not isinstance(asked(texts, "shopify.orders/paid"), Missing)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"type": "shopify.orders/creat"}, "Did you mean shopify.orders/create?"),
        ({"type": "850"}, "no topic of a web shop"),
        ({"document": "OrderResponse"}, 'Write document = "Order".'),
    ],
)
def test_a_type_that_no_table_reads_is_told(changed: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(files(**changed))
    assert told in str(caught.value)


def test_nothing_leaves_to_a_shop() -> None:
    with pytest.raises(ConfigurationError, match="nothing leaves by shopify"):
        doors.check(load(files(direction="out")))
