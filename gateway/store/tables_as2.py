"""The table of AS2 exchanges: each message with its MDN, in and out."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Table

from gateway.store.metadata import key, metadata, number, partial, reference, text

#: One message and what was answered. ``direction``: in, the partner sent it; out, we did. ``message_id`` byte for byte.
#: ``status``: in, processed or refused; out, sent (its MDN is awaited), confirmed, refused, or delivered (none is asked
#: for). ``request_id`` is the payload of the body of the request as it came, ``headers`` are a JSON list of pairs.
#: ``mic`` and ``content`` (a hash of the documents in it) tell whether another one is a repeat. ``facts`` (JSON): how
#: it was signed, encrypted and compressed, and the other MICs that fit. ``mdn_id`` is the payload of the MDN, sent or
#: received, ``mdn_transmission_id`` its own transmission where it is one. ``resend_at``: microseconds, when an MDN that
#: did not come makes us send again.
exchanges = Table(
    "exchanges",
    metadata,
    key(),
    text("direction"),
    text("endpoint"),
    text("party", nullable=True),
    text("as2_from"),
    text("as2_to"),
    text("message_id"),
    reference("transmission_id"),
    reference("request_id"),
    text("headers", default="[]"),
    number("size", default=0),
    text("mic", nullable=True),
    text("mic_algorithm", nullable=True),
    text("content", nullable=True),
    text("facts", default="{}"),
    text("status"),
    text("disposition", nullable=True),
    text("mdn_mode", default="no"),
    text("mdn_url", nullable=True),
    text("mdn_headers", nullable=True),
    reference("mdn_id"),
    reference("mdn_transmission_id"),
    number("attempts", default=0),
    number("resend_at", nullable=True),
    number("created_at"),
    number("updated_at"),
    CheckConstraint("direction IN ('in', 'out')", name="direction"),
    CheckConstraint("status IN ('processed', 'refused', 'sent', 'confirmed', 'delivered')", name="status"),
    CheckConstraint("mdn_mode IN ('no', 'sync', 'async')", name="mdn_mode"),
)
#: What was refused counts for no repeat: the partner may send it again under its name.
Index(
    "uq_exchanges_identity",
    exchanges.c.message_id,
    exchanges.c.as2_from,
    exchanges.c.as2_to,
    exchanges.c.direction,
    unique=True,
    **partial(exchanges.c.status != "refused"),
)
Index("ix_exchanges_transmission_id", exchanges.c.transmission_id, **partial(exchanges.c.transmission_id.is_not(None)))
Index("ix_exchanges_resend_at", exchanges.c.resend_at, **partial(exchanges.c.resend_at.is_not(None)))
#: What strangers sent, and what could not be opened, is bounded by it.
Index("ix_exchanges_refused", exchanges.c.endpoint, exchanges.c.created_at, **partial(exchanges.c.status == "refused"))
