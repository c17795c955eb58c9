"""Trying an account of our own SFTP server: there is nowhere to go, but its password must be a hash that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gateway.config import resolve_secret
from gateway.connectors.homes import home_of
from gateway.connectors.sftp_server import passwords
from gateway.connectors.sftp_server.keys import fingerprint, parse_key
from gateway.connectors.sftp_server.options import InboxOptions, OutboxOptions
from gateway.core.errors import ConfigurationError
from gateway.core.ports import ProbeStep
from gateway.core.strict import convert


def probe(options: Mapping[str, object], direction: str, base: Path, *, name: str = "") -> Iterator[ProbeStep]:
    """The keys and the password that stand at this endpoint. The account's other endpoint may have more."""
    kind: type[InboxOptions | OutboxOptions] = InboxOptions if direction == "in" else OutboxOptions
    checked = convert(options, kind, name or "sftp-server")
    if checked.keys:
        yield ProbeStep("keys", True, ", ".join(fingerprint(parse_key(each)) for each in checked.keys))
    if checked.password:
        yield _password(checked.password, base)
    yield ProbeStep("door", True, f"The party calls, as {checked.username}.")


_HASH = "crossdock sftp hash-password makes its hash."


def _password(reference: str, base: Path) -> ProbeStep:
    try:
        kept = resolve_secret(reference, home_of(base)).strip()
    except ConfigurationError as error:
        return ProbeStep("password", False, error.detail, _HASH)
    try:
        passwords.matches(kept, "")
    except ConfigurationError as error:
        return ProbeStep("password", False, error.detail, error.hint or _HASH)
    return ProbeStep("password", True, "its hash is there")
