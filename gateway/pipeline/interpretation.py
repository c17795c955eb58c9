"""What a raw document turned out to mean."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway.core.issues import Issue, has_errors


class Interpretation(msgspec.Struct, frozen=True, kw_only=True):
    """``issues`` decide the receipt; ``hold`` is set where the document is in order and we cannot carry it.

    ``remarks`` are findings of the mapping that the partner is not told.
    """

    issues: tuple[Issue, ...] = ()
    remarks: tuple[Issue, ...] = ()
    hold: Issue | None = None
    canonical: str | None = None
    document: Any = None
    body: bytes | None = None
    business_key: str | None = None
    mapping_digest: str | None = None
    schema_digest: str | None = None
    to: str | None = None  # whom the sender wants it to reach

    @property
    def accepted(self) -> bool:
        return not has_errors(self.issues)
