"""Tables of what is watched: how endpoints are doing, alerts, and the messages that tell of them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Table

from gateway.store.metadata import key, metadata, number, partial, reference, text

#: How far endpoints are doing, as the processes say that call them. ``failing``: and called on; ``open``: left alone
#: for a while. ``since``: when it began to fail, or to work again. ``heard_at``: when a command got through there while
#: others left it alone. Times in microseconds.
endpoint_states = Table(
    "endpoint_states",
    metadata,
    text("endpoint", primary_key=True),
    text("direction"),
    text("state"),
    number("failures", default=0),
    text("error", default=""),
    number("since"),
    number("updated_at"),
    number("heard_at", nullable=True),
    CheckConstraint("state IN ('closed', 'failing', 'open')", name="state"),
)

#: What somebody should look at: one row from when it begins to when it is over. ``subject`` groups what belongs
#: together, ``count`` says how many that are.
alerts = Table(
    "alerts",
    metadata,
    key(),
    text("kind"),
    text("subject"),
    text("severity"),
    text("text"),
    number("count", default=1),
    number("opened_at"),
    number("seen_at"),
    number("closed_at", nullable=True),
    number("reminded_at"),
    number("muted_until", nullable=True),
    text("muted_by", nullable=True),
    CheckConstraint("severity IN ('warning', 'critical')", name="severity"),
)
Index("uq_alerts_open", alerts.c.kind, alerts.c.subject, unique=True, **partial(alerts.c.closed_at.is_(None)))

#: What a channel is to tell, or has told. ``due``: not before; ``what``: opened, reminder or closed.
alert_messages = Table(
    "alert_messages",
    metadata,
    key(),
    reference("alert_id", nullable=False),
    text("channel"),
    text("what"),
    number("due"),
    number("attempts", default=0),
    number("done_at", nullable=True),
    text("error", nullable=True),
)
Index(
    "ix_alert_messages_due",
    alert_messages.c.channel,
    alert_messages.c.due,
    **partial(alert_messages.c.done_at.is_(None)),
)
Index("ix_alert_messages_alert_id", alert_messages.c.alert_id)
