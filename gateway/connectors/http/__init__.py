"""HTTP: documents that a party hands in by `POST /api/documents`, documents and events that are sent to a URL.

In:

- The party calls [the API](../how-to/http-api.md) with a token that is bound to it, or to one of its endpoints
  (`crossdock tokens add`). 202 means received: it is answered after the commit. Any other answer, or none, means: not
  known to be received; the sender sends it again.
- With `Idempotency-Key` a repeated request is received once, and answered with the first one's transmission. The same
  key with another body is refused. Without the header each request is a transmission of its own.
- Bodies are received as they are, up to `max_bytes`; forms, and compressed bodies, are refused.
- Requests that come at the same time are written in one commit.

Out:

- The body is what was composed, byte for byte. 2xx means delivered; the answer is read up to 64 KiB and within the
  time of the whole delivery.
- 408, 425, 429, everything from 500 on and whatever breaks the connection is tried again with growing pauses, and not
  before `Retry-After`. Any other answer is a refusal: the transmission stops, with the answer's beginning as the
  reason, until an operator sends it again (`crossdock resend`) or cancels it.
- Each delivery has an id that is the same in every try, also after `crossdock resend`, and for no other bytes:
  `webhook-id`, and `Idempotency-Key` for receivers that know that one. A receiver that remembers ids processes nothing
  twice.
- With `secret` a delivery is signed as the Standard Webhooks specification has it (`webhook-id`, `webhook-timestamp`,
  `webhook-signature`), so its libraries verify it. With `previous_secret` both secrets sign.
- Secrets and certificates are read anew every ten seconds: they are exchanged without a restart, and while one is
  missing deliveries wait.
- What has a business key in common leaves one after the other. A document waits until the one before it is delivered,
  or given up and decided on; an event that was given up keeps no later one back.
- Certificates of https are always verified. Redirections are not followed. A name is looked up, its addresses are
  judged, and one of these is called: private networks are allowed, link-local addresses and metadata services of
  clouds are not unless `link_local` says so.
- `http://` is for this machine and private networks, unless `plain_http` says otherwise.
- The content type is told by the file name: `application/EDI-X12` and `application/EDIFACT` (RFC 1767),
  `application/json` (one document), `application/x-ndjson` (several), `application/cloudevents+json` (an event),
  `application/xml`, `text/csv`, `text/plain`, `application/octet-stream`.

Limits:

- Repeats are possible when a connection breaks after the receiver took a delivery, and when the gateway stops between
  an answer and recording it; they come with the same id.
- A delivery is held in memory. Proxies are not supported.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gateway.config import resolve_secret
from gateway.connectors.homes import home_of
from gateway.connectors.http.inbound import InboundOptions
from gateway.connectors.http.outbound import HttpOutbox
from gateway.connectors.http.outbound_options import OutboundOptions
from gateway.connectors.http.probe import probe
from gateway.core.strict import convert

__all__ = ["HttpOutbox", "InboundOptions", "OutboundOptions", "open_outbox", "probe"]


def open_outbox(options: Mapping[str, object], base: Path, owner: str = "", *, name: str = "") -> HttpOutbox:
    """A sender to ``options["url"]``. Raises :class:`ConfigurationError` for what is wrong, also secrets and files."""
    home = home_of(base)
    checked = convert(options, OutboundOptions, name or "http")
    return HttpOutbox(checked, lambda reference: resolve_secret(reference, home), home, name=name)
