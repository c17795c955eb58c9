"""What doors show that partners look into.

Revision: 0006
"""

from __future__ import annotations

from alembic import op

from gateway.store.migrations.columns import big, index, key, text

revision = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "shelf",
        *text("endpoint folder name"),
        *big("transmission_id at"),
        *big("until", nullable=True),
        key("shelf", "endpoint", "folder", "name"),
    )
    index("shelf", "transmission_id")
    index("shelf", "until", where="until IS NOT NULL")


def downgrade() -> None:
    op.execute("UPDATE transmissions SET status = 'delivered' WHERE status = 'deposited'")
    op.drop_table("shelf")
