"""What can be wrong with cryptographic messages. ``public`` is all that a partner is told."""

from __future__ import annotations

from typing import Literal

from gateway.core.errors import CrossdockError, Fault

Kind = Literal["unknown-signer", "digest-mismatch", "bad-signature", "unsupported", "unreadable"]


class CmsError(CrossdockError):
    """It is no CMS structure that we read, or one beyond our bounds."""

    fault = Fault.PARTY
    public = "The message could not be read."


class DecryptionError(CmsError):
    """One error for whatever hinders decryption: a finer one would tell whoever asks about keys and plain text."""

    public = "The message could not be decrypted."


class DecompressionError(CmsError):
    """It is not compressed as it says, or grows beyond the bounds."""

    public = "The message could not be decompressed."


class SignatureError(CmsError):
    """No signature of a known certificate stands over the content. ``kind`` says why."""

    public = "The signature could not be verified."

    def __init__(self, kind: Kind, detail: str, *, hint: str | None = None) -> None:
        super().__init__(detail, hint=hint)
        self.kind = kind


class KeyFileError(CrossdockError):
    """A file of certificates or keys cannot be used."""
