"""What the doors ask of the protocol: messages opened and packed, MDNs built and read.

The doors know HTTP, the record and the agreements; layers, certificates and MICs are behind :class:`Speaker`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

from gateway.agreements import Party
from gateway.connectors.as2.options import InboxOptions, OutboxOptions
from gateway.connectors.as2.relations import Relation
from gateway.core.exchanges import MdnMode, Pairs, Reply, Sent
from gateway.core.ports import Departure
from gateway.core.spooled import Body


class Part(msgspec.Struct, frozen=True):
    """One part of a message, decoded. ``content_type`` in small letters, without parameters."""

    content_type: str
    file_name: str
    content: Body


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A message, opened and judged. ``failure``: nothing of it is taken, and there are no parts.

    ``mic`` is base64; ``facts``: how it was signed, encrypted, compressed, for people.
    """

    parts: tuple[Part, ...] = ()
    mic: str | None = None
    mic_algorithm: str | None = None
    facts: Mapping[str, Any] = {}
    failure: Failure | None = None


class Failure(msgspec.Struct, frozen=True):
    """Why a message is not taken. ``modifier``: what the MDN says (``decryption-failed``); ``detail`` is for us."""

    modifier: str
    detail: str


class Wish(NamedTuple):
    """The MDN that a message asks for."""

    mode: MdnMode
    url: str | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What an MDN of ours says."""

    failure: str | None = None
    warning: str | None = None
    mic: str | None = None
    mic_algorithm: str | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """An MDN that came. ``doubt``: why it cannot be believed; ``failure``: what it says was wrong, if anything.

    ``bare``: it may be without a MIC, since it is not signed and need not be (RFC 4130, 7.4.3).
    """

    original_message_id: str
    disposition: str
    failure: str | None = None
    mic: str | None = None
    mic_algorithm: str | None = None
    doubt: str | None = None
    bare: bool = False


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """A message that can be sent, several times: :meth:`pieces` gives the body anew."""

    headers: Pairs
    body: Body
    size: int
    mic: str | None = None
    mic_algorithm: str | None = None
    facts: Mapping[str, Any] = {}

    def pieces(self) -> Iterator[bytes]:
        from gateway.core.spooled import pieces_of

        return pieces_of(self.body)


class Speaker(Protocol):
    """Threads may share it."""

    def open(self, relation: Relation[InboxOptions], headers: Pairs, body: Body) -> Opened:
        """A message of the partner. What it lacks is told in it; raises ConfigurationError for keys that cannot be
        read, and StoreError."""
        ...

    def wish(self, headers: Pairs) -> Wish:
        """The MDN that is asked for."""
        ...

    def mdn(self, headers: Pairs, own: Party | None, verdict: Verdict) -> Reply:
        """The MDN for a message, signed where that is asked for and ``own`` has a key."""
        ...

    def is_mdn(self, headers: Pairs, body: Body) -> bool:
        """Whether this is an MDN, and no message."""
        ...

    def report(self, headers: Pairs, body: Body, partner: Party, own: Party, *, signed: bool) -> Report:
        """What an MDN says. ``signed``: it must be, with a certificate of the partner."""
        ...

    def fits(self, sent: Sent, report: Report) -> bool:
        """Whether the MIC in an MDN is that of what was sent."""
        ...

    def pack(self, relation: Relation[OutboxOptions], departure: Departure, message_id: str) -> Packed:
        """A departure as a message. Raises ConfigurationError for certificates and keys that cannot be used."""
        ...
