"""Deliveries by HTTP: one request for each, in the order in which they are handed over."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import httpx

from gateway.connectors.http import address, signature
from gateway.connectors.http.answers import outcome
from gateway.connectors.http.content import content_type, disposition
from gateway.connectors.http.credentials import Credentials, Secrets, Shown
from gateway.connectors.http.deadline import Deadline
from gateway.connectors.http.outbound_options import OutboundOptions
from gateway.core.errors import ActionNeededError, ConfigurationError, ConnectorError, DeliveryRefusedError
from gateway.core.ports import Departure, Outcome
from gateway.core.spooled import Body, pieces_of, sha256_of, size_of

#: Bytes of an answer that are read: people see the beginning of them.
ANSWER_BYTES = 64 * 1024

#: After so many seconds the rest of a batch is handed back, so that what was delivered is written down.
BATCH_SECONDS = 20.0

#: Bytes a second below which a large body is given up: the time for an answer is longer by what it takes at least.
SLOWEST = 128 * 1024

#: An idle connection is kept so many seconds.
_KEPT = 15.0

PORTS = {"http": 80, "https": 443}


class _Session(NamedTuple):
    """The connections of one thread."""

    context: ssl.SSLContext
    client: httpx.Client
    sockets: list[socket.socket]


class HttpOutbox:
    """Sends to one URL. Threads may share it: each has connections of its own."""

    def __init__(
        self,
        options: OutboundOptions,
        secrets: Secrets,
        home: Path,
        *,
        name: str = "",
        now: Callable[[], float] = time.time,
    ) -> None:
        """Secrets and certificates are read when they are needed: see :meth:`check`."""
        self.name = name or f"http:{options.url}"
        self._options = options
        self._now = now
        self._credentials = Credentials(options, secrets, home, self.name)
        self._local = threading.local()
        self._clients: list[httpx.Client] = []
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raises :class:`ConfigurationError` for a secret or a certificate that is not there or wrong."""
        self._credentials.now()

    def deliver(self, departures: list[Departure]) -> list[Outcome]:
        """One outcome per departure. When the receiver is out of reach the others are handed back untried."""
        outcomes: list[Outcome] = []
        until = time.monotonic() + BATCH_SECONDS
        reason = ""
        for departure in departures:
            if not reason and time.monotonic() > until:
                reason = "It is not its turn yet: the receiver took long for others."
            if reason:
                outcomes.append(Outcome(departure.transmission, reason, untried=True))
                continue
            try:
                sent = self.send(departure)
                outcomes.append(sent)
                reason = f"Not tried: {sent.error}" if sent.mend else ""
            except ConnectorError as error:
                mend = isinstance(error, ActionNeededError)
                outcomes.append(Outcome(departure.transmission, str(error), error.retryable, mend=mend))
                reason = f"Not tried: {error}" if error.retryable else ""
        return outcomes

    def send(self, departure: Departure) -> Outcome:
        """One delivery. Raises :class:`ConnectorError` when there is no answer."""
        shown = self._shown()
        id = delivery_id(departure)
        url = self._options.url.replace("{name}", quote(departure.name, safe="")).replace("{id}", id)
        stamp = int(self._now())
        headers = {
            "content-type": self._options.content_type or content_type(departure.name, departure.body),
            "content-disposition": disposition(departure.name),
            "idempotency-key": id,
            **shown.headers,
            **signature.headers(shown.keys, id, stamp, departure.body),
        }
        status, answered, body = self._exchange(url, headers, departure.body, self._options.method)
        return outcome(departure.transmission, _shown(url), status, answered, body, self._now())

    def ask(self, method: str) -> int:
        """The status that a request without a body is answered with. Raises :class:`ConnectorError`."""
        url = self._options.url.replace("{name}", "test").replace("{id}", "test")
        return self._exchange(url, self._shown().headers, b"", method)[0]

    def close(self) -> None:
        with self._lock:
            clients, self._clients = self._clients, []
        for client in clients:
            client.close()

    # One exchange

    def _exchange(
        self, url: str, headers: Mapping[str, str], body: Body, method: str
    ) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        found = address.addresses(host, port, link_local=self._options.link_local)
        self.check_plain(parts.scheme, host, found)
        session = self._session()
        seconds = self._options.seconds + size_of(body) / SLOWEST
        with Deadline(seconds, session.sockets) as deadline:
            last: ConnectorError | None = None
            for each in found:
                netloc = f"[{each}]:{port}" if each.version == 6 else f"{each}:{port}"
                request = session.client.build_request(
                    method,
                    parts._replace(netloc=netloc).geturl(),
                    headers={**headers, "host": parts.netloc, "content-length": str(size_of(body))},
                    content=body if isinstance(body, bytes) else pieces_of(body),
                    extensions={"sni_hostname": host, "trace": deadline.trace},
                )
                try:
                    return _answer(session.client, request)
                except httpx.HTTPError as error:
                    last = self._error(error, _shown(url), deadline.passed)
                    if deadline.passed or not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                        break
        raise last or ConnectorError(f"{_shown(url)} has no address.")

    def check_plain(self, scheme: str, host: str, found: list[address.IPAddress]) -> None:
        """Raises :class:`DeliveryRefusedError` where nothing would be protected on the way."""
        if scheme == "http" and not self._options.plain_http and not all(map(address.is_near, found)):
            raise DeliveryRefusedError(
                f"{host} is not in a private network, and http:// protects nothing on the way there.",
                hint="Write https://, or plain_http = true at the endpoint.",
            )

    def _shown(self) -> Shown:
        """A secret that is missing is our own trouble: it is mended, and then this is tried again."""
        try:
            return self._credentials.now()
        except ConfigurationError as error:
            raise ActionNeededError(f"{self.name} cannot be used: {error.detail}", hint=error.hint) from error

    def _session(self) -> _Session:
        known: _Session | None = getattr(self._local, "session", None)
        context = self._shown().context
        if known is None or known.client.is_closed or known.context is not context:
            o = self._options
            if known is not None:
                known.client.close()
            client = httpx.Client(
                verify=context,
                trust_env=False,
                follow_redirects=False,
                timeout=httpx.Timeout(o.seconds, connect=min(o.connect_seconds, o.seconds)),
                limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=_KEPT),
                headers={"user-agent": "crossdock", "accept-encoding": "identity", "accept": "*/*"},
            )
            self._local.session = known = _Session(context, client, [])
            with self._lock:
                self._clients = [*(each for each in self._clients if not each.is_closed), client]
        return known

    def _error(self, error: httpx.HTTPError, url: str, late: bool) -> ConnectorError:
        if late or isinstance(error, httpx.TimeoutException):
            connecting = isinstance(error, httpx.ConnectTimeout) and not late
            seconds = self._options.connect_seconds if connecting else self._options.seconds
            what = "There is no connection" if connecting else "There is no whole answer"
            return ConnectorError(f"{url}: {what} within {seconds:g} seconds.")
        cause = _root(error)
        if isinstance(cause, ssl.SSLCertVerificationError):
            hint = 'A certificate of an own CA is trusted with ca = "…" at the endpoint.'
            return ActionNeededError(f"{url}: its certificate is not trusted: {cause.verify_message}.", hint=hint)
        reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
        reason = reason.rstrip(".") or type(cause).__name__
        return ConnectorError(f"{url}: {reason}.")


def delivery_id(departure: Departure) -> str:
    """The same in every try, and for these bytes alone: a restored backup may give an id of a transmission anew."""
    return f"tx_{departure.transmission}-{sha256_of(departure.body)[:16]}"


def _answer(client: httpx.Client, request: httpx.Request) -> tuple[int, dict[str, str], bytes]:
    """Status, headers, and the beginning of the body. A short answer is read to its end: it may have been cut off."""
    response = client.send(request, stream=True)
    try:
        body = b""
        for part in response.iter_raw():
            body += part
            if len(body) >= ANSWER_BYTES:
                break
        return response.status_code, dict(response.headers), body[:ANSWER_BYTES]
    finally:
        with suppress(httpx.HTTPError):
            response.close()


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return error


def _shown(url: str) -> str:
    """The URL without its query, which may hold a key."""
    return url.partition("?")[0]
