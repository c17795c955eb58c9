"""Whose a webhook is, and the unit that it becomes."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from hmac import digest

from hypothesis import given
from hypothesis import strategies as st

from gateway.connectors.shops import SHOPS, Call, arrival, is_ping, is_signed
from gateway.connectors.shops.webhook import is_from

SHOPIFY, WOO = SHOPS["shopify"], SHOPS["woocommerce"]


@given(st.sampled_from([SHOPIFY, WOO]), st.text(min_size=1), st.text(min_size=1), st.binary(max_size=200))
def test_signed_by_either_secret_and_by_no_other(shop: object, one: str, other: str, body: bytes) -> None:
    assert shop in (SHOPIFY, WOO)
    known = SHOPIFY if shop is SHOPIFY else WOO
    one, other = (text.encode("utf-8", "replace").decode() for text in (one, other))
    call = Call(known, {known.signature: b64encode(digest(one.encode(), body, sha256)).decode()}, body)
    assert is_signed(call, [one])
    assert is_signed(call, [other, one])
    assert not is_signed(call, [])
    assert not is_signed(call._replace(body=body + b"x"), [one])
    assert is_signed(call, [other]) == (
        one == other or digest(one.encode(), body, sha256) == digest(other.encode(), body, sha256)
    )


@given(st.dictionaries(st.sampled_from([*SHOPIFY.kept, *WOO.kept, SHOPIFY.signature]), st.text(max_size=400)))
def test_any_headers_make_a_unit(headers: dict[str, str]) -> None:
    for shop in SHOPS.values():
        unit = arrival(Call(shop, headers, b"{}"), "webshop", "shop")
        assert unit.transport_id.endswith(sha256(b"{}").hexdigest()[:32])
        assert "/" not in unit.file_name
        assert all(len(value) <= 200 for value in unit.headers.values())
        assert not is_signed(Call(shop, headers, b"{}"), ["secret"])


def test_the_same_id_with_other_content_is_another_unit() -> None:
    head = {SHOPIFY.id: "w-1"}
    units = [arrival(Call(SHOPIFY, head, body), "webshop", "shop").transport_id for body in (b"a", b"b", b"a")]
    assert units[0] == units[2] != units[1]


def test_only_woocommerce_pings() -> None:
    assert is_ping(Call(WOO, {}, b"webhook_id=12"))
    assert not is_ping(Call(WOO, {WOO.signature: "x"}, b"webhook_id=12"))
    assert not is_ping(Call(WOO, {}, b"webhook_id=12&order=1"))
    assert not is_ping(Call(SHOPIFY, {}, b"webhook_id=12"))


def test_a_door_for_one_shop() -> None:
    call = Call(WOO, {WOO.source: "https://Shop.example/"}, b"")
    assert is_from(call, "shop.example")
    assert not is_from(call, "other.example")
