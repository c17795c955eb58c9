"""What can be wrong with an AS2 message, by what its MDN says (RFC 4130, 7.4; RFC 5402, 4; RFC 6362)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from gateway.core.errors import CrossdockError, Fault

if TYPE_CHECKING:
    from gateway.as2.mime import Entity

Modifier = Literal[
    "authentication-failed",
    "decompression-failed",
    "decryption-failed",
    "duplicate-filename",
    "illegal-filename",
    "insufficient-message-security",
    "integrity-check-failed",
    "unexpected-processing-error",
    "unknown-trading-relationship",
]


class As2Error(CrossdockError):
    """A message that is not taken. ``modifier`` is all that the partner is told, ``detail`` is for the operator."""

    fault = Fault.PARTY

    def __init__(self, modifier: Modifier, detail: str, *, hint: str | None = None) -> None:
        super().__init__(detail, hint=hint)
        self.modifier = modifier
        self.facts: dict[str, Any] = {}  # what was found until then
        self.at: Entity | None = None  # the layer that does not come off


class MimeError(CrossdockError):
    """Bytes that are no MIME entity within our bounds."""

    fault = Fault.PARTY
