"""Where a broker is: URLs with their secrets, which addresses may be called, and TLS that is always verified."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from gateway.connectors.amqp.options import Broker
from gateway.connectors.http import address
from gateway.core.errors import ConfigurationError
from gateway.core.secrets import is_reference

Secrets = Callable[[str], str]

_PORTS = {"amqp": 5672, "amqps": 5671}


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """One broker. ``repr`` and ``shown`` hold no secret."""

    host: str
    port: int
    vhost: str
    user: str
    secure: bool
    password: str = ""

    def __repr__(self) -> str:
        return f"Server({self.shown})"

    @property
    def shown(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"amqp{'s' if self.secure else ''}://{self.user}@{host}:{self.port}/{self.vhost.lstrip('/')}"

    @property
    def netloc(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def servers(options: Broker, secrets: Secrets, file: str) -> list[Server]:
    """The brokers of ``options.url``, with the password. Raises :class:`ConfigurationError`, which never shows it."""
    hidden = is_reference(options.url)
    text = secrets(options.url) if hidden else options.url
    password = secrets(options.password) if options.password else ""
    found = [_server(each.strip(), password, file) for each in text.split(";") if each.strip()]
    if not found:
        raise ConfigurationError("it is empty.", file=file, key="url", hint='Write "amqps://USER@HOST/VHOST".')
    return found


def check(options: Broker, file: str) -> None:
    """What can be said without looking up secrets. Raises :class:`ConfigurationError`."""
    if options.password and not is_reference(options.password):
        raise ConfigurationError("a secret is a reference.", file=file, key="password", hint='Write "env:NAME".')
    if not is_reference(options.url):
        for each in options.url.split(";"):
            if urlsplit(each.strip()).password is not None:
                hint = 'Write url = "env:NAME", or the URL without it and password = "env:NAME".'
                raise ConfigurationError("a password is never written here.", file=file, key="url", hint=hint)
        servers(msgspec.structs.replace(options, password=""), lambda reference: "", file)


def refuse_unprotected(server: Server, options: Broker) -> None:
    """Raises :class:`ConfigurationError` for a password that would travel through foreign networks in the clear.

    Raises :class:`~gateway.core.errors.ConnectorError` for a name without an address.
    """
    if not server.secure and not options.plain:
        far = [each for each in address.addresses(server.host, server.port) if not address.is_near(each)]
        if far:
            raise ConfigurationError(
                f"{server.host} is not in a private network, and amqp:// protects nothing on the way there.",
                file=server.shown,
                hint="Write amqps://, or plain = true at the endpoint.",
            )


def tls(server: Server, options: Broker, home: Path) -> dict[str, Any] | bool:
    """The TLS of py-amqp: certificate and host name are verified, TLS 1.2 at least. False for ``amqp://``."""
    if not server.secure:
        return False
    files = {
        "ca_certs": options.ca,
        "certfile": options.certificate,
        "keyfile": options.certificate_key if options.certificate else "",
    }
    for key, path in files.items():
        if path and not (home / path).is_file():
            raise ConfigurationError(f"there is no file {home / path}.", file=server.shown, key=_WRITTEN[key])
    return {
        "cert_reqs": ssl.CERT_REQUIRED,
        "server_hostname": server.host,
        "tls_minimum_version": ssl.TLSVersion.TLSv1_2,
        **{key: str(home / path) for key, path in files.items() if path},
    }


_WRITTEN = {"ca_certs": "ca", "certfile": "certificate", "keyfile": "certificate_key"}


def _server(text: str, password: str, file: str) -> Server:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in _PORTS or not host or parts.query or parts.fragment:
        raise ConfigurationError(
            "this is no URL of a broker.", file=file, key="url", hint='Write "amqps://USER@HOST:PORT/VHOST".'
        )
    path = parts.path.removeprefix("/")
    return Server(
        host=host,
        port=port or _PORTS[parts.scheme],
        vhost=unquote(path) or "/",
        user=unquote(parts.username or "guest"),
        secure=parts.scheme == "amqps",
        password=password or unquote(parts.password or ("guest" if parts.username in (None, "guest") else "")),
    )
