"""Files of partners that were received and stay where they are.

Revision: 0009
"""

from __future__ import annotations

from alembic import op

from gateway.store.migrations.columns import big, key, text

revision = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "pickups",
        *text("endpoint folder name"),
        *big("size modified"),
        *text("sha256"),
        *big("at"),
        key("pickups", "endpoint", "folder", "name"),
    )


def downgrade() -> None:
    op.drop_table("pickups")
