"""One party with everything that holds for it, defaults included: for ``crossdock partners show``."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway.agreements.model import Agreement, Endpoint, Party
from gateway.core.strict import described


def describe(party: Party) -> dict[str, Any]:
    """Plain values, ready for JSON, named as in the file."""
    return {
        "id": party.id,
        "name": party.name,
        "kind": party.kind,
        "file": party.file,
        "identities": msgspec.to_builtins(party.identities),
        **({"as2": _keys(party.as2)} if party.as2 is not None else {}),
        "endpoints": [_endpoint(endpoint) for endpoint in party.endpoints],
        "agreements": [_agreement(agreement) for agreement in party.agreements],
    }


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    """Secrets are references, so options can be shown as they are."""
    return _keys(endpoint) | endpoint.options


def _agreement(agreement: Agreement) -> dict[str, Any]:
    return _keys(agreement) | {"digest": agreement.digest}


def _keys(value: msgspec.Struct) -> dict[str, Any]:
    """The keys that a file may have, with empty ones left out."""
    everything: dict[str, Any] = msgspec.to_builtins(value)
    return _without_blanks({key.name: everything[key.name] for key in described(type(value))})


def _without_blanks(table: dict[str, Any]) -> dict[str, Any]:
    full = {word: _without_blanks(part) if isinstance(part, dict) else part for word, part in table.items()}
    return {word: part for word, part in full.items() if part not in (None, "", (), {})}
