"""Topics of web shops whose body is an order, by the form of the shop, and what each means: a function code."""

from __future__ import annotations

TOPICS: dict[str, dict[str, str]] = {
    "shopify": {
        "orders/create": "original",
        "orders/paid": "original",
        "orders/updated": "replace",
        "orders/cancelled": "cancellation",
    },
    "woocommerce": {"order.created": "original", "order.updated": "replace"},
}
