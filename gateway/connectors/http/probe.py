"""Trying a URL: its name, a connection, its certificate, and an answer. Nothing is delivered."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from gateway.config import resolve_secret
from gateway.connectors.homes import home_of
from gateway.connectors.http import address
from gateway.connectors.http.credentials import Credentials
from gateway.connectors.http.outbound import PORTS, HttpOutbox
from gateway.connectors.http.outbound_options import OutboundOptions
from gateway.core.errors import ConnectorError
from gateway.core.ports import ProbeStep
from gateway.core.strict import convert

_SOON = 21  # days
_UNKNOWN_METHOD = 501
_NO = {
    401: "Are the token or the user and the password right?",
    403: "May they do this?",
    404: "Is the url right? Some receivers answer so to all but deliveries.",
    _UNKNOWN_METHOD: "It does not know OPTIONS; deliveries have another method.",
}


def probe(options: Mapping[str, object], direction: str, base: Path, *, name: str = "") -> Iterator[ProbeStep]:
    """Steps towards the receiver. A party calls where the direction is in: then there is nowhere to go."""
    if direction == "in":
        yield ProbeStep("door", True, "The party calls: POST /api/documents with a token for this endpoint.")
        return
    home = home_of(base)
    checked = convert(options, OutboundOptions, name or "http")
    secrets = lambda reference: resolve_secret(reference, home)  # noqa: E731
    door = HttpOutbox(checked, secrets, home, name=name)
    context = Credentials(checked, secrets, home, name or "http").now().context
    parts = urlsplit(checked.url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    found: list[address.IPAddress] = []

    def look_up() -> str:
        found.extend(address.addresses(host, port, link_local=checked.link_local))
        door.check_plain(parts.scheme, host, found)
        return f"{host} is {', '.join(map(str, found))}"

    def connect() -> str:
        with socket.create_connection((str(found[0]), port), timeout=checked.connect_seconds):
            return f"{found[0]} port {port}"

    def certificate() -> str:
        plain = socket.create_connection((str(found[0]), port), timeout=checked.connect_seconds)
        with plain, context.wrap_socket(plain, server_hostname=host) as secure:
            return _certificate(secure)

    steps: list[tuple[str, Callable[[], str]]] = [("name", look_up), ("connection", connect)]
    if parts.scheme == "https":
        steps.append(("certificate", certificate))
    try:
        for step, act in steps:
            try:
                yield ProbeStep(step, True, act())
            except ConnectorError as error:
                yield ProbeStep(step, False, error.detail, error.hint or "")
                return
            except (ssl.SSLError, OSError) as error:
                yield _failed(step, error)
                return
        yield _answer(door)
    finally:
        door.close()


def _answer(door: HttpOutbox) -> ProbeStep:
    """What OPTIONS, which changes nothing, is answered with."""
    try:
        status = door.ask("OPTIONS")
    except ConnectorError as error:
        return ProbeStep("answer", False, error.detail, error.hint or "")
    hint = _NO.get(status, "The receiver has trouble of its own." if status >= 500 else "")
    good = status == _UNKNOWN_METHOD or (status not in (401, 403) and status < 500)
    return ProbeStep("answer", good, f"OPTIONS was answered {status}", hint)


def _certificate(secure: ssl.SSLSocket) -> str:
    found = secure.getpeercert() or {}
    until = dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found.get("notAfter"))), dt.UTC)
    left = (until - dt.datetime.now(dt.UTC)).days
    warning = f": it ends in {left} days" if left < _SOON else ""
    return f"{secure.version()}, valid until {until:%Y-%m-%d}{warning}"


def _failed(step: str, error: OSError) -> ProbeStep:
    if isinstance(error, ssl.SSLCertVerificationError):
        hint = 'A certificate of an own CA is trusted with ca = "…" at the endpoint.'
        return ProbeStep(step, False, f"It is not trusted: {error.verify_message}.", hint)
    hint = "Is the port right, and does a firewall let us through?" if step == "connection" else ""
    return ProbeStep(step, False, f"{error.strerror or error}.", hint)
