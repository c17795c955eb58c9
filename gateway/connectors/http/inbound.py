"""The options of an endpoint that a party calls: ``POST /api/documents`` with a token that is bound to it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from gateway.core.strict import key

#: What documents come as. X12 and EDIFACT: RFC 1767.
CONTENT_TYPES = (
    "application/json",
    "application/x-ndjson",
    "application/edi-x12",
    "application/edifact",
    "application/edi-consent",
    "application/xml",
    "text/xml",
    "text/plain",
    "text/csv",
    "application/octet-stream",
)


class InboundOptions(msgspec.Struct, frozen=True, kw_only=True):
    """A door that the party calls."""

    max_bytes: Annotated[int, key("The largest body. It is held in memory.", ge=1)] = 32 * 1024 * 1024
    content_types: Annotated[
        tuple[str, ...],
        key("The content types that are accepted, in lower case. What a body is, its own bytes say."),
    ] = CONTENT_TYPES
