"""Keeping the agreements and mappings that processed something, each version once: documents name them by digest."""

from __future__ import annotations

import msgspec

from gateway.agreements import Agreement
from gateway.pipeline.context import Context
from gateway.store import Changes


def archive(changes: Changes, agreement: Agreement, mapping_digest: str | None, context: Context) -> None:
    """The texts behind the digests that a document records; written once per digest and process."""
    kept = context.database.archived
    if ("agreement", agreement.digest) not in kept:
        changes.archive("agreement", agreement.digest, agreement.name, _text(agreement))
    if mapping_digest is not None and ("mapping", mapping_digest) not in kept:
        mapping = context.mappings.find(agreement.mapping)
        changes.archive("mapping", mapping.digest, mapping.name, _text(mapping.texts))


def _text(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()
