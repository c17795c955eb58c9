"""Our certificate, read again when its files change: who renews it need not restart anything."""

from __future__ import annotations

import ssl
import time
from pathlib import Path

import structlog

from gateway.core.errors import ConfigurationError
from gateway.settings import Config

log = structlog.get_logger(__name__)

#: Seconds between looks at the files; each is at a connection that comes.
_LOOK = 1.0

Stamp = tuple[tuple[int, int, int], ...]


class Certificate:
    """Connections that come take the context of that moment; those that are there keep theirs."""

    def __init__(self, chain: Path, key: Path, clients: Path | None = None) -> None:
        """``clients``: certificates of those who issue certificates to callers; None: callers need none.

        Raises ConfigurationError for files that cannot be used.
        """
        self._chain, self._key, self._clients = chain, key, clients
        self._looked = time.monotonic()
        self._seen = self._stamp()
        try:
            self._context = self._load()
        except (OSError, ssl.SSLError) as error:
            text = f"{chain} and its key cannot be used: {error.strerror or error}."
            raise ConfigurationError(text, file="crossdock.toml", key="web.certificate") from None

    def context(self) -> ssl.SSLContext:
        """What a new connection is spoken to with. Files that cannot be used change nothing: the log tells of them."""
        now = time.monotonic()
        if now - self._looked >= _LOOK:
            self._looked = now
            stamp = self._stamp()
            if stamp != self._seen:
                self._seen = stamp
                self._renew()
        return self._context

    def _renew(self) -> None:
        try:
            self._context = self._load()
        except (OSError, ssl.SSLError) as error:  # half of it is there: the other half is a change again
            text = "The files changed and cannot be used; the certificate from before is used on."
            log.warning("web.certificate_unusable", error=str(error.strerror or error), hint=text)
        else:
            log.info("web.certificate_renewed", file=str(self._chain))

    def _load(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
        context.set_alpn_protocols(["http/1.1"])
        context.load_cert_chain(self._chain, self._key, password=lambda: "")  # nobody is there to be asked for one
        if self._clients is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self._clients)
        return context

    def _stamp(self) -> Stamp | None:
        """What changes with the files; None while one is missing."""
        try:
            found = [path.stat() for path in (self._chain, self._key, self._clients) if path is not None]
        except OSError:
            return None
        return tuple((stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in found)


def certificate_of(config: Config, clients: Path | None = None) -> Certificate | None:
    """That of the configuration; None: a proxy does TLS. Raises ConfigurationError."""
    web = config.web
    if not web.certificate:
        return None
    chain = config.home / web.certificate
    return Certificate(chain, config.home / web.certificate_key if web.certificate_key else chain, clients)
