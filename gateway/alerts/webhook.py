"""Alerts by HTTP: one POST for each message, signed as deliveries by HTTP are."""

from __future__ import annotations

import time

import httpx
import msgspec

from gateway.alerts.message import Message
from gateway.connectors.http import signature
from gateway.core.errors import ConnectorError, DeliveryRefusedError

#: Seconds for a connection and for an answer.
_SECONDS = 10.0

_LATER = frozenset({408, 425, 429})
_REFUSED = range(400, 500)
_FINE = range(200, 300)


class Webhook:
    """``url`` gets the JSON of each message; ``secret`` signs it where it is not empty.

    Raises :class:`~gateway.core.errors.ConfigurationError` for a secret that is none.
    """

    name = "webhook"

    def __init__(self, url: str, secret: str = "") -> None:
        self._url = url
        self._keys = [signature.secret_bytes(secret, "alerts.webhook_secret")] if secret else []

    def send(self, message: Message) -> None:
        """Raises ConnectorError, and DeliveryRefusedError when another try would not help."""
        body = msgspec.json.encode({"type": "crossdock.alerts", "subject": message.subject, "data": message})
        headers = signature.headers(self._keys, message.id, int(time.time()), body)
        try:
            with httpx.Client(timeout=_SECONDS, trust_env=False, follow_redirects=False) as client:
                status = client.post(
                    self._url, content=body, headers={"content-type": "application/json", **headers}
                ).status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ConnectorError(f"The webhook of alerts: {str(error) or type(error).__name__}.") from None
        if status in _FINE:
            return
        text = f"The webhook of alerts answered {status}."
        raise DeliveryRefusedError(text) if status in _REFUSED and status not in _LATER else ConnectorError(text)
