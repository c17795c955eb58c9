"""How endpoints are doing, alerts, and the messages that tell of them.

Revision: 0008
"""

from __future__ import annotations

from alembic import op

from gateway.store.migrations.columns import big, check, index, key, text

revision = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "endpoint_states",
        *text("endpoint direction state"),
        *big("failures"),
        *text("error"),
        *big("since updated_at"),
        key("endpoint_states", "endpoint"),
        check("endpoint_states", "state IN ('closed', 'failing', 'open')", "state"),
    )
    op.create_table(
        "alerts",
        *big("id"),
        *text("kind subject severity text"),
        *big("count opened_at seen_at"),
        *big("closed_at", nullable=True),
        *big("reminded_at"),
        *big("muted_until", nullable=True),
        *text("muted_by", nullable=True),
        key("alerts"),
        check("alerts", "severity IN ('warning', 'critical')", "severity"),
    )
    index("alerts", "kind subject", as_="uq_alerts_open", unique=True, where="closed_at IS NULL")
    op.create_table(
        "alert_messages",
        *big("id alert_id"),
        *text("channel what"),
        *big("due attempts"),
        *big("done_at", nullable=True),
        *text("error", nullable=True),
        key("alert_messages"),
    )
    index("alert_messages", "channel due", as_="ix_alert_messages_due", where="done_at IS NULL")
    index("alert_messages", "alert_id")


def downgrade() -> None:
    for table in ("alert_messages", "alerts", "endpoint_states"):
        op.drop_table(table)
