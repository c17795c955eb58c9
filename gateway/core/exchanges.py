"""AS2 messages as doors hand them to the record, and the record as doors see it.

A message that came in is handed over opened and answered: :meth:`Exchanges.accept` makes it durable, with its
documents, its MDN and the work, in one commit, and says which MDN to answer with. One that leaves is written down by
:meth:`Exchanges.begin` before it is sent, so that its MDN finds it, wherever it arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from gateway.core.issues import Issue
from gateway.core.ports import Arrival
from gateway.core.spooled import Body

Pairs = tuple[tuple[str, str], ...]
MdnMode = Literal["no", "sync", "async"]


class Reply(msgspec.Struct, frozen=True):
    """An MDN on the wire."""

    headers: Pairs
    body: bytes
    disposition: str = ""


#: The MDN for what the record found out: ``repeated`` (and none was stored), ``conflict``. None: none is wanted.
Answering = Callable[[Literal["repeated", "conflict"]], Reply | None]


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """One message that came in, as far as it could be opened.

    ``endpoint`` and ``party`` None: nobody is agreed on under its names. ``request`` is the body as it came.
    ``documents`` are to be translated, the first is what the message is about; ``attachments`` are kept with it.
    ``refused``: the issue that says why nothing of it is taken; then ``documents`` are empty. ``mic`` is base64,
    ``content`` a hash of all that is in it.
    """

    endpoint: str | None
    party: str | None
    as2_from: str
    as2_to: str
    message_id: str
    headers: Pairs
    request: Body
    documents: tuple[Arrival, ...] = ()
    attachments: tuple[Arrival, ...] = ()
    mic: str | None = None
    mic_algorithm: str | None = None
    content: str | None = None
    facts: Mapping[str, Any] = {}
    refused: Issue | None = None
    disposition: str | None = None
    reply: Reply | None = None
    mdn_mode: MdnMode = "no"
    mdn_url: str | None = None
    answering: Answering = lambda what: None


class Accepted(NamedTuple):
    """What became of a message: its transmission (None: not kept), and the MDN to answer with where that is awaited in
    the answer. ``what``: new, repeated, conflict, refused."""

    transmission: int | None
    what: Literal["new", "repeated", "conflict", "refused"]
    reply: Reply | None


class Standing(NamedTuple):
    """Where the exchange of a transmission of ours stands.

    ``exchange`` None: it was not sent yet, or is to be sent anew after a receipt answered it.

    ``concluded``: its receipt is there already, so it is not sent; then ``error`` says whether it was a good one.
    ``awaited``: an MDN is expected already.
    """

    exchange: int | None = None
    message_id: str = ""
    attempts: int = 0
    concluded: bool = False
    error: str | None = None
    awaited: bool = False


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A message that is about to leave. ``exchange``: the one that it was sent under before.

    ``mic`` is base64; ``facts`` as :class:`Incoming` has them. ``resend_at`` (microseconds): when it is sent again if
    no MDN came.
    """

    exchange: int | None
    transmission: int
    endpoint: str
    party: str
    as2_from: str
    as2_to: str
    message_id: str
    headers: Pairs
    size: int
    mic: str | None = None
    mic_algorithm: str | None = None
    facts: Mapping[str, Any] = {}
    mdn_mode: MdnMode = "no"
    resend_at: int | None = None


class Conclusion(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt says of a message of ours. ``refused``: the issue that says why it is no good one.

    ``reply``: the MDN as it came; None where none was asked for. ``facts``: those of the message, kept.
    """

    exchange: int
    transmission: int | None
    disposition: str | None = None
    refused: Issue | None = None
    reply: Reply | None = None
    facts: Mapping[str, Any] = {}


class Sent(NamedTuple):
    """A message of ours, found by what an MDN says."""

    exchange: int
    transmission: int
    endpoint: str
    party: str
    message_id: str
    mic: str | None
    mic_algorithm: str | None
    facts: Mapping[str, Any]
    status: str


class Exchanges(Protocol):
    """Threads may share it. All methods raise :class:`~gateway.core.errors.StoreError`."""

    def accept(self, incoming: Sequence[Incoming]) -> list[Accepted]:
        """Returns after the commit; nothing may be answered before."""
        ...

    def standing(self, transmissions: Sequence[int]) -> dict[int, Standing]:
        """Where they stand, before they are packed."""
        ...

    def begin(self, messages: Sequence[Outgoing]) -> list[int]:
        """Written down before they are sent: an MDN may be quicker than the answer. Returns their exchanges."""
        ...

    def conclude(self, conclusions: Sequence[Conclusion]) -> None:
        """Receipts that came in the answer."""
        ...

    def sent(self, party: str, message_ids: Sequence[str]) -> Sent | None:
        """The message of ours to the party with one of these Message-IDs."""
        ...

    def receive_mdn(self, incoming: Incoming, conclusion: Conclusion | None) -> int | None:
        """An MDN that came by itself, as it came, and what it says; None: of nothing that we know. Returns its
        transmission, None where it was not kept."""
        ...
