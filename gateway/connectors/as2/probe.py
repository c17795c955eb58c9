"""Trying a partner's URL: its name, a connection, its certificate, and whether somebody answers. Nothing is sent."""

from __future__ import annotations

import datetime as dt
import hashlib
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from gateway.config import resolve_secret
from gateway.connectors.as2.calling import Call, call
from gateway.connectors.as2.options import InboxOptions, OutboxOptions
from gateway.connectors.as2.tls import Trust, context_of, fits
from gateway.connectors.homes import home_of
from gateway.connectors.http import address
from gateway.connectors.http.outbound import PORTS
from gateway.core.errors import ConfigurationError, ConnectorError
from gateway.core.ports import ProbeStep
from gateway.core.strict import convert

_SOON = 21  # days


def probe(options: Mapping[str, object], direction: str, base: Path, *, name: str = "") -> Iterator[ProbeStep]:
    """Steps towards the partner. Where the direction is in the partner calls: then there is nowhere to go."""
    if direction == "in":
        convert(options, InboxOptions, name or "as2")
        yield ProbeStep("door", True, "The partner calls: it posts its messages.")
        return
    o = convert(options, OutboxOptions, name or "as2")
    home = home_of(base)
    parts = urlsplit(o.url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    found: list[address.IPAddress] = []
    password = resolve_secret(o.certificate_password, home) if o.certificate_password else ""
    trust = Trust(o.ca, o.pin, o.check_host, o.certificate, o.certificate_key, password)
    context = context_of(trust, home, name)

    def look_up() -> str:
        found.extend(address.addresses(host, port, link_local=o.link_local))
        return f"{host} is {', '.join(map(str, found))}"

    def connect() -> str:
        with socket.create_connection((str(found[0]), port), timeout=o.connect_seconds):
            return f"{found[0]} port {port}"

    def certificate() -> str:
        plain = socket.create_connection((str(found[0]), port), timeout=o.connect_seconds)
        with plain, context.wrap_socket(plain, server_hostname=host) as secure:
            return _certificate(secure, o)

    def answer() -> str:
        asked = Call(o.url, (), tuple, 0, 0, context, o.pin, min(o.seconds, 30.0), o.connect_seconds, o.link_local)
        return f"HEAD was answered {call(asked._replace(method='HEAD')).status}"

    steps: list[tuple[str, Callable[[], str]]] = [("name", look_up), ("connection", connect)]
    if parts.scheme == "https":
        steps.append(("certificate", certificate))
    steps.append(("answer", answer))
    for step, act in steps:
        try:
            yield ProbeStep(step, True, act())
        except (ConnectorError, ConfigurationError) as error:
            yield ProbeStep(step, False, str(error), error.hint or "")
            return
        except OSError as error:
            yield _failed(step, error)
            return


def _certificate(secure: ssl.SSLSocket, o: OutboxOptions) -> str:
    der = secure.getpeercert(binary_form=True)
    fingerprint = hashlib.sha256(der or b"").hexdigest()
    if o.pin and not fits(der, o.pin):
        raise ConnectorError(f"Its certificate is not pinned: its SHA-256 is {fingerprint}.")
    until = x509.load_der_x509_certificate(der or b"").not_valid_after_utc
    left = (until - dt.datetime.now(dt.UTC)).days
    warning = f": it ends in {left} days" if left < _SOON else ""
    return f"{secure.version()}, valid until {until:%Y-%m-%d}{warning}, SHA-256 {fingerprint}"


def _failed(step: str, error: OSError) -> ProbeStep:
    if isinstance(error, ssl.SSLCertVerificationError):
        hint = 'A certificate of an own CA is trusted with ca = "…", one certificate with pin = ["…"] at the endpoint.'
        return ProbeStep(step, False, f"It is not trusted: {error.verify_message}.", hint)
    hint = "Is the port right, and does a firewall let us through?" if step == "connection" else ""
    return ProbeStep(step, False, f"{error.strerror or error}.", hint)
