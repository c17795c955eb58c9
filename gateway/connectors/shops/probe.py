"""Trying the door of a web shop: the shop calls, but the secret that it signs with must be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gateway.config import resolve_secret
from gateway.connectors.homes import home_of
from gateway.connectors.shops.options import InboxOptions
from gateway.core.errors import ConfigurationError
from gateway.core.ports import ProbeStep
from gateway.core.strict import convert

_HINT = "Take it from the page of the webhook in the shop."


def probe(options: Mapping[str, object], direction: str, base: Path, *, name: str = "") -> Iterator[ProbeStep]:
    """Each secret, then the URL to enter in the shop. Nothing leaves to a shop, so ``direction`` is in."""
    checked = convert(options, InboxOptions, name or "shop")
    for step, reference in (("secret", checked.secret), ("previous secret", checked.previous_secret)):
        if not reference:
            continue
        try:
            found = resolve_secret(reference, home_of(base))
        except ConfigurationError as error:
            yield ProbeStep(step, False, error.detail, error.hint or _HINT)
            return
        yield ProbeStep(step, bool(found), "it is there" if found else "It is empty.", "" if found else _HINT)
    yield ProbeStep("door", True, f"The shop calls: POST /shops/{name}.")
