"""TLS to a partner: the usual certificates, its own CA, or a pin; our certificate where it asks for one."""

from __future__ import annotations

import hashlib
import hmac
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from gateway.core.errors import ConfigurationError


class Trust(NamedTuple):
    """Paths are from the home; ``password`` is the secret itself."""

    ca: str = ""
    pins: Sequence[str] = ()
    check_host: bool = True
    certificate: str = ""
    certificate_key: str = ""
    password: str = ""


def context_of(trust: Trust, home: Path, name: str) -> ssl.SSLContext:
    """TLS 1.2 at least. With pins the certificate is compared instead of verified, by :func:`check_pin`.

    Raises :class:`ConfigurationError` for files that are not there or no certificates.
    """
    try:
        cafile = str(home / trust.ca) if trust.ca else None
        context = ssl.create_default_context(cafile=cafile)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if not trust.check_host or trust.pins:
            context.check_hostname = False
        if trust.pins:
            context.verify_mode = ssl.CERT_NONE
        if trust.certificate:
            key = home / trust.certificate_key if trust.certificate_key else None
            # A function, so that the library never asks a person for it.
            context.load_cert_chain(home / trust.certificate, key, lambda: trust.password)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"a certificate for TLS cannot be used: {error}.", file=name, key="certificate"
        ) from None
    return context


def stamp_of(trust: Trust, home: Path) -> tuple[object, ...]:
    """It changes when one of the files does."""
    return (
        trust,
        *(_stamp(home / path) if path else None for path in (trust.ca, trust.certificate, trust.certificate_key)),
    )


def fits(certificate: bytes | None, pins: Sequence[str]) -> bool:
    """Whether the server's certificate (DER) is one of those that are pinned."""
    found = hashlib.sha256(certificate or b"").hexdigest()
    wanted = [pin.replace(":", "").replace(" ", "").lower().removeprefix("sha256") for pin in pins]
    return certificate is not None and any([hmac.compare_digest(found, pin) for pin in wanted])  # noqa: C419


def _stamp(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None
