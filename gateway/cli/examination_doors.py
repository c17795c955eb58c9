"""The checks of ``crossdock doctor`` at our doors: addresses, certificates, keys, secrets."""

from __future__ import annotations

import datetime as dt
import errno
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

from gateway.agreements import Party
from gateway.cli import as2_home
from gateway.cli.session import Session
from gateway.core.errors import ConfigurationError, PayloadError
from gateway.core.secrets import is_reference
from gateway.core.validity import ends


def web(session: Session) -> str:
    """Where the HTTP API is listened for."""
    settings = session.config.web
    if not settings.listen:
        return "off: [web] listen is empty"
    certificate = _tls(session, "web", settings.certificate, settings.certificate_key)
    return f"{_address(settings.listen, 'web.listen')}, {certificate}"


def as2(session: Session) -> str:
    """Where partners post to, and what ends soon of the certificates and keys of all parties."""
    settings = session.config.as2
    agreed = _parties(session)
    if not settings.listen and not any(party.as2 for party in agreed):
        return "off: [as2] listen is empty"
    found = ends(as2_home.credentials(session).all()) if agreed else []
    at = as2_home.now()
    wrong = [f"the {end.name} cannot be used: {end.error}" for end in found if end.error]
    wrong += [f"the {end.name} is over since {as2_home.day(end.until)}" for end in found if end.step(at) == 0]
    if wrong:
        hint = "crossdock as2 expiry lists them all."
        raise ConfigurationError(f"{'; '.join(wrong)}.", file="partners", key="as2", hint=hint)
    soon = [f"{end.days(at)} days left for the {end.name}" for end in found if end.step(at) is not None]
    where = _address(settings.listen, "as2.listen") if settings.listen else "not listened for"
    return ", ".join((where, f"{len(found)} keys and certificates", *soon))


def _parties(session: Session) -> list[Party]:
    """None where something is wrong with them: the check of parties says what."""
    try:
        return list(session.knowledge.agreements.parties.values())
    except ConfigurationError:
        return []


def secrets(session: Session) -> str:
    """Every reference of every endpoint, of AS2 and of the alerts leads somewhere."""
    from gateway import config

    missing: list[tuple[str, str]] = []
    found = list(references(session))
    for file, key, value in found:
        try:
            config.resolve_secret(value, session.config.home)
        except ConfigurationError:
            missing.append((file, f"{key} = {value}"))
    if missing:
        hint = f"And {len(missing) - 1} more." if len(missing) > 1 else None
        file, told = missing[0]
        raise ConfigurationError(f"{told} leads nowhere on this machine.", file=file, hint=hint)
    return f"{len(found)} references"


def references(session: Session) -> Iterator[tuple[str, str, str]]:
    """File, key and text of each."""
    for party in _parties(session):
        for endpoint in party.endpoints:
            for key, value in endpoint.options.items():
                if is_reference(value):
                    yield party.file, f"endpoint {endpoint.name}.{key}", str(value)
        if party.as2 is not None and is_reference(party.as2.passphrase):
            yield party.file, "as2.passphrase", party.as2.passphrase
    for name in ("webhook", "webhook_secret", "mail_password"):
        value = getattr(session.config.alerts, name)
        if is_reference(value):
            yield "crossdock.toml", f"alerts.{name}", value


def payloads(session: Session) -> str:
    """The folder of large payloads, and whether all that rows name is in it (SQLite and PostgreSQL alike)."""
    from sqlalchemy import make_url, text

    from gateway.store import open_database

    folder = Path(session.config.store.payloads)
    url = make_url(session.config.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return f"{folder}, and no database yet"
    database = open_database(session.config.database)
    try:
        with database.read() as connection:
            names = connection.execute(text("SELECT file FROM payloads WHERE file IS NOT NULL")).scalars().all()
    finally:
        database.close()
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise PayloadError(f"{len(missing)} of {len(names)} files are not in {folder}, {missing[0]} first.")
    return f"{folder}, {len(names)} files"


def _address(listen: str, key: str) -> str:
    """Whether it can be listened on. A port that is taken is no fault: the gateway may be running."""
    host, _, port = listen.rpartition(":")
    try:
        found = socket.getaddrinfo(
            host.strip("[]") or None, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        with socket.socket(found[0][0], socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(found[0][4])
    except (OSError, OverflowError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            return f"{listen}, where somebody listens already: the gateway, if it runs"
        text = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(f"{listen}: {text}.", file="crossdock.toml", key=key) from None
    return f"{listen}, which is free"


def _tls(session: Session, section: str, certificate: str, key: str) -> str:
    """The certificate of a server: with its key, and how long it is valid."""
    if not certificate:
        return "without TLS"
    from cryptography import x509

    path = session.config.home / certificate
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(path, session.config.home / key if key else path)
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ssl.SSLError, ValueError) as error:
        text = f"{certificate} and its key cannot be used: {getattr(error, 'strerror', None) or error}."
        raise ConfigurationError(text, file="crossdock.toml", key=f"{section}.certificate") from None
    days = (found.not_valid_after_utc - dt.datetime.now(dt.UTC)).days
    if days < 0:
        text = f"{certificate} was valid until {found.not_valid_after_utc:%Y-%m-%d}."
        raise ConfigurationError(text, file="crossdock.toml", key=f"{section}.certificate")
    return f"certificate valid for {days} days"
