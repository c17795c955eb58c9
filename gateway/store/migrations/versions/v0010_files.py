"""Which files of the payload store are in use, for its sweep, its check and its backup.

Revision: 0010
"""

from __future__ import annotations

from alembic import op

from gateway.store.migrations.columns import index

revision = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    index("payloads", "file", where="file IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_payloads_file", "payloads")
