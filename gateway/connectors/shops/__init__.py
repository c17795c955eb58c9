"""Web shops: orders of consumers that a shop sends to us by its webhooks.

In:

- The shop calls `POST /shops/ENDPOINT`: the URL to enter in the shop ends in the name of the endpoint. The web server
  of the gateway must be reachable for the shop, over https.
- The signature over the body (HMAC-SHA256 with the secret of the webhook, in base64) is checked before anything else;
  what is not signed with the secret, or with the previous one, is answered with 401 and not received.
- The body is stored as it came; only then is it answered with 200. The shop sends again what is not answered so.
- A webhook that comes again is received once: by its id and its content. The same order under another id of a webhook
  is recognised when it is read, by its number; with another content it is held.
- An order becomes the canonical `Order`: money exact to the digit, consumer, addresses, articles, discounts, taxes and
  the shipping as a charge. What no line of the table takes is carried in `extensions` with its JSON pointer.
- A topic that no agreement admits is held with the line of configuration that would admit it; one in `ignore` is
  recorded and nothing more.
- Orders that the shop marks as tests are of the lane `test`.

Limits:

- A body is held in memory: see `max_bytes`.
- Deletions, refunds and fulfilments are no orders: they are held, or ignored.
"""

from __future__ import annotations

from gateway.connectors.shops.options import InboxOptions, OutboxOptions
from gateway.connectors.shops.probe import probe
from gateway.connectors.shops.webhook import SHOPS, Call, Shop, arrival, is_ping, is_signed

__all__ = ["SHOPS", "Call", "InboxOptions", "OutboxOptions", "Shop", "arrival", "is_ping", "is_signed", "probe"]
