"""Webhooks of web shops: whose they are, whether they are signed, and the arrival that one becomes. Pure."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from gateway.core.ports import Arrival

#: A value of a header that is kept, at most: characters.
_MOST = 200
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_PING = re.compile(rb"webhook_id=\d{1,20}\s*")


class Shop(NamedTuple):
    """The headers of one kind of shop, in small letters. ``kept``: what is stored with the body, and its name there."""

    signature: str
    topic: str
    id: str
    source: str
    kept: Mapping[str, str]
    pings: bool


SHOPS: dict[str, Shop] = {
    "shopify": Shop(
        signature="x-shopify-hmac-sha256",
        topic="x-shopify-topic",
        id="x-shopify-webhook-id",
        source="x-shopify-shop-domain",
        kept={
            "x-shopify-topic": "topic",
            "x-shopify-webhook-id": "webhook",
            "x-shopify-shop-domain": "shop",
            "x-shopify-api-version": "version",
            "x-shopify-event-id": "event",
            "x-shopify-triggered-at": "triggered",
        },
        pings=False,
    ),
    "woocommerce": Shop(
        signature="x-wc-webhook-signature",
        topic="x-wc-webhook-topic",
        id="x-wc-webhook-delivery-id",
        source="x-wc-webhook-source",
        kept={
            "x-wc-webhook-topic": "topic",
            "x-wc-webhook-delivery-id": "webhook",
            "x-wc-webhook-source": "shop",
            "x-wc-webhook-id": "subscription",
        },
        pings=True,
    ),
}


class Call(NamedTuple):
    """One webhook. ``headers`` by names in small letters."""

    shop: Shop
    headers: Mapping[str, str]
    body: bytes


def is_signed(call: Call, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets signed the body."""
    given = call.headers.get(call.shop.signature, "").strip().encode("latin-1", "replace")
    wanted = [base64.b64encode(hmac.new(secret.encode(), call.body, sha256).digest()) for secret in secrets]
    return any([hmac.compare_digest(one, given) for one in wanted])  # noqa: C419  # all are compared


def is_ping(call: Call) -> bool:
    """What WooCommerce sends when a webhook is saved, to see whether somebody answers. It has no signature."""
    return call.shop.pings and _PING.fullmatch(call.body) is not None and call.shop.signature not in call.headers


def is_from(call: Call, shop: str) -> bool:
    """Whether the webhook names that shop; a scheme and a slash at the end do not count."""
    return _host(call.headers.get(call.shop.source, "")) == _host(shop)


def arrival(call: Call, endpoint: str, party: str) -> Arrival:
    """The unit that is received. Ids of webhooks are not unique everywhere, so the content counts with them."""
    digest = sha256(call.body).hexdigest()
    kept = {name: call.headers.get(header, "")[:_MOST] for header, name in call.shop.kept.items()}
    id = kept["webhook"] or kept["topic"]
    topic = _UNSAFE.sub("-", kept["topic"])[:40] or "webhook"
    return Arrival(
        source=endpoint,
        transport_id=f"{id}|{digest[:32]}",
        body=call.body,
        file_name=f"{topic}-{digest[:12]}.json",
        headers={name: value for name, value in kept.items() if value},
        party=party,
    )


def _host(text: str) -> str:
    return text.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")
