"""What a delivery shows of us: keys that sign, headers, and TLS. Read anew now and then, so that they are exchanged."""

from __future__ import annotations

import re
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from gateway.connectors.http import signature
from gateway.connectors.http.outbound_options import OutboundOptions
from gateway.core.errors import ConfigurationError
from gateway.core.secrets import is_reference

#: Seconds that what was read holds.
HOLDS = 10.0

_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")

Secrets = Callable[[str], str]


class Shown(NamedTuple):
    """The keys that sign, headers of every request, and the context of TLS."""

    keys: tuple[bytes, ...]
    headers: dict[str, str]
    context: ssl.SSLContext


class Credentials:
    """Those of one endpoint. Threads may share it."""

    def __init__(self, options: OutboundOptions, secrets: Secrets, home: Path, name: str) -> None:
        self._options = options
        self._secrets = secrets
        self._home = home
        self._name = name
        self._lock = threading.Lock()
        self._until = float("-inf")
        self._shown: Shown | None = None
        self._files: tuple[object, ...] = ()

    def now(self) -> Shown:
        """Raises :class:`ConfigurationError` for a secret or a certificate that is not there or wrong."""
        with self._lock:
            if self._shown is None or time.monotonic() >= self._until:
                self._shown = self._read(self._shown)
                self._until = time.monotonic() + HOLDS
            return self._shown

    def _read(self, before: Shown | None) -> Shown:
        o = self._options
        wanted = (("secret", o.secret), ("previous_secret", o.previous_secret))
        keys = [signature.secret_bytes(self._secrets(text), f"{self._name}: {key}") for key, text in wanted if text]
        headers = fixed_headers(o, self._secrets)
        password = self._secrets(o.certificate_password) if o.certificate_password else ""
        files = (*map(self._stamp, (o.ca, o.certificate, o.certificate_key)), password)
        if before is not None and files == self._files:
            return Shown(tuple(keys), headers, before.context)  # with it the connections stay
        context = tls_context(o, password, self._home)
        self._files = files
        return Shown(tuple(keys), headers, context)

    def _stamp(self, path: str) -> int | None:
        try:
            return (self._home / path).stat().st_mtime_ns if path else None
        except OSError:
            return None


def tls_context(options: OutboundOptions, password: str, home: Path) -> ssl.SSLContext:
    """Verifies always. Raises :class:`ConfigurationError` for files that are not there or no certificates."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if options.ca:
            context.load_verify_locations(home / options.ca)
        if options.certificate:
            key = home / options.certificate_key if options.certificate_key else None
            # A function, so that the library never asks a person for it.
            context.load_cert_chain(home / options.certificate, key, lambda: password)
    except (OSError, ssl.SSLError) as error:
        what = "ca" if options.ca and not options.certificate else "ca, certificate"
        raise ConfigurationError(f"a certificate cannot be used: {error}.", file=options.url, key=what) from None
    return context


def fixed_headers(options: OutboundOptions, secrets: Secrets) -> dict[str, str]:
    """Headers that are the same in every request. Raises :class:`ConfigurationError`."""
    found = {name.lower(): secrets(value) if is_reference(value) else value for name, value in options.headers.items()}
    if options.token and options.user:
        raise ConfigurationError("there is token and user: one of the two.", file=options.url, key="token")
    if options.token:
        found["authorization"] = f"Bearer {secrets(options.token)}"
    if options.user:
        password = secrets(options.password) if options.password else ""
        found["authorization"] = f"Basic {b64encode(f'{options.user}:{password}'.encode()).decode()}"
    for name, value in found.items():
        if not (_NAME.fullmatch(name) and value.isascii() and value.isprintable()):
            raise ConfigurationError("this is no header.", file=options.url, key=name, hint="Printable ASCII is.")
    return found
