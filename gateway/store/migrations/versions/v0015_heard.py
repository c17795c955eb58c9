"""When somebody got through at an endpoint that is left alone.

Revision: 0015
"""

from __future__ import annotations

from alembic import op

from gateway.store.migrations.columns import big

revision = "0015"
down_revision: str | None = "0014"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    for column in big("heard_at", nullable=True):
        op.add_column("endpoint_states", column)


def downgrade() -> None:
    op.drop_column("endpoint_states", "heard_at")
