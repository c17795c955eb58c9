"""Answers of partners: what they say of what we sent, and the numbers of theirs that are missing.

Revision: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.migrations.columns import TEXT, big, index, key, text

revision = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "partner_numbers", *text("series"), *big("highest"), *text("gaps"), key("partner_numbers", "series")
    )
    op.add_column("expectations", sa.Column("what", TEXT, nullable=True))
    index("expectations", "state", as_="ix_expectations_open", where="state IN ('open', 'overdue')")
    index("interchanges", "to_party control_number", as_="ix_interchanges_sent", where="direction = 'out'")


def downgrade() -> None:
    op.drop_index("ix_interchanges_sent")
    op.drop_index("ix_expectations_open")
    op.drop_column("expectations", "what")
    op.drop_table("partner_numbers")
