"""Hooks of schemathesis: bodies of EDI are sent as they are."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.serializer("application/edi-x12", "application/edifact")
def edi(context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
