"""The texts of ``partners/`` into agreements: strict, whole, and with file and key for each thing that is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import msgspec

from gateway.agreements.model import Agreement, Endpoint, Party
from gateway.agreements.references import conflicts
from gateway.agreements.resolve import Agreements
from gateway.core.errors import ConfigurationError
from gateway.core.secrets import is_reference, is_secret_key
from gateway.core.strict import described, problems

_ENDPOINT_KEYS = frozenset(item.name for item in described(Endpoint))


def load(texts: Mapping[str, str]) -> Agreements:
    """All parties and agreements. ``texts``: the name of each file, as messages show it, and its TOML text.

    Raises :class:`ConfigurationError` for the first thing that is wrong; :func:`mistakes` lists them all.
    """
    parties, wrong = _read(texts)
    wrong = wrong or list(conflicts(parties))
    if wrong:
        raise wrong[0]
    return Agreements([_with_digests(party, {p.id: p for p in parties}) for party in parties])


def mistakes(texts: Mapping[str, str]) -> list[ConfigurationError]:
    """Everything that keeps the texts from being loaded; references are followed once each file is right in itself."""
    parties, wrong = _read(texts)
    return wrong or list(conflicts(parties))


def _read(texts: Mapping[str, str]) -> tuple[list[Party], list[ConfigurationError]]:
    parties: list[Party] = []
    wrong: list[ConfigurationError] = []
    for file in sorted(texts):
        try:
            parties.append(_party(texts[file], file))
        except ExceptionGroup as several:
            wrong += [error for error in several.exceptions if isinstance(error, ConfigurationError)]
    return parties, wrong


def _party(text: str, file: str) -> Party:
    """One file. Raises an exception group of :class:`ConfigurationError`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExceptionGroup(file, [ConfigurationError(f"this is not TOML: {error}.", file=file)]) from None
    options = _take_options(data)
    wrong = [*problems(data, Party, file), *_plain_secrets(options, file)]
    if wrong:
        raise ExceptionGroup(file, wrong)
    party = msgspec.convert(data, Party)
    doors = tuple(
        msgspec.structs.replace(endpoint, options=own, party=party.id)
        for endpoint, own in zip(party.endpoints, options, strict=True)
    )
    agreed = tuple(msgspec.structs.replace(agreement, party=party.id) for agreement in party.agreements)
    return msgspec.structs.replace(party, endpoints=doors, agreements=agreed, file=file)


def _take_options(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Move the connector's keys out of each endpoint's table: only the connector can judge them."""
    tables = data.get("endpoint")
    return [
        {word: table.pop(word) for word in list(table) if word not in _ENDPOINT_KEYS}
        for table in (tables if isinstance(tables, list) else [])
        if isinstance(table, dict)
    ]


def _plain_secrets(options: list[dict[str, Any]], file: str) -> Iterator[ConfigurationError]:
    for number, table in enumerate(options):
        for word, value in table.items():
            if is_secret_key(word) and not is_reference(value):
                yield ConfigurationError(
                    "a secret is never written here.",
                    file=file,
                    key=f"endpoint[{number}].{word}",
                    hint=f'Write {word} = "env:NAME" or {word} = "file:PATH".',
                )


def _with_digests(party: Party, parties: Mapping[str, Party]) -> Party:
    agreed = tuple(
        msgspec.structs.replace(agreement, digest=_digest(agreement, party, parties[agreement.with_]))
        for agreement in party.agreements
    )
    return msgspec.structs.replace(party, agreements=agreed)


def _digest(agreement: Agreement, *sides: Party) -> str:
    """A hash of all that the agreement means: its keys with their defaults, and who both sides are in envelopes."""
    who = [{"id": side.id, "kind": side.kind, "identities": side.identities} for side in sides]
    content = {"agreement": agreement, "parties": who}
    return sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
