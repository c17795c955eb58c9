"""One tree of errors. Each says whose fault it is, whether to try again, and carries two texts.

``public`` is safe to show to a partner; ``str(error)`` is for the operator. Exceptions of libraries are
translated into this tree where they are met (at the adapter) and never travel further.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.core.issues import Issue


class Fault(StrEnum):
    """Who has to act."""

    OURS = "ours"
    PARTY = "party"
    NETWORK = "network"


class CrossdockError(Exception):
    """Base of all errors that Crossdock raises on purpose."""

    fault: Fault = Fault.OURS
    retryable: bool = False
    public: str = "The gateway could not process this."

    def __init__(self, detail: str, *, hint: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.detail} {self.hint}" if self.hint else self.detail


class UsageError(CrossdockError):
    """The command or call is wrong; nothing was done (exit code 2)."""


class UnreadableError(CrossdockError):
    """A file or a stream cannot be read as what it should be (exit code 2)."""

    fault = Fault.PARTY
    public = "The transmission could not be read."


class UnwritableError(CrossdockError):
    """A value cannot be carried by the interchange that is written; ``issue`` says which and why."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.text, hint=issue.hint or None)
        self.issue = issue


class ConfigurationError(CrossdockError):
    """A line of configuration is wrong: names the file and the key."""

    def __init__(self, detail: str, *, file: str, key: str | None = None, hint: str | None = None) -> None:
        where = f"{file}: {key}: " if key else f"{file}: "
        super().__init__(where + detail, hint=hint)
        self.file = file
        self.key = key


class SchemaError(ConfigurationError):
    """A schema table is not well formed, or a standard, version or message has no table."""


class MappingDefinitionError(ConfigurationError):
    """A mapping file is wrong: found when it is compiled, before any document is seen."""


class StoreError(CrossdockError):
    """The database refused or is out of reach."""

    retryable = True


class PayloadError(CrossdockError):
    """Bytes that were received are missing or damaged: names the file. Trying again would find the same."""


class TooLargeError(CrossdockError):
    """More bytes came than were agreed on; nothing of them is kept."""

    fault = Fault.PARTY
    public = "It is larger than is accepted here."


class LeaseLostError(StoreError):
    """A worker held work beyond its lease and somebody else has it now: roll back and claim afresh."""


class IllegalTransitionError(CrossdockError):
    """A lifecycle has no such step: a programming error or an operator asking for the impossible."""


class NotFoundError(CrossdockError):
    """No transmission, interchange, document, party or mapping of that name."""


class RequestError(CrossdockError):
    """A request by HTTP that is answered with a problem of this ``kind`` (a row of :mod:`gateway.web.problems`).

    Its texts are for whoever asked. ``retry_after``: seconds after which it is worth asking again.
    """

    fault = Fault.PARTY

    def __init__(self, kind: str, detail: str, *, hint: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(detail, hint=hint)
        self.kind = kind
        self.retry_after = retry_after


class ConnectorError(CrossdockError):
    """A door could not be used."""

    fault = Fault.NETWORK
    retryable = True


class ActionNeededError(ConnectorError):
    """A door stays shut until a person mends something: a key, a password, a secret, a certificate, an algorithm.

    What waits for it goes on waiting, and is tried again seldom; none of that counts as a try.
    """

    fault = Fault.PARTY


class DeliveryRefusedError(ConnectorError):
    """The other side said no, and would say so again."""

    fault = Fault.PARTY
    retryable = False
