"""Bearer tokens of the HTTP API.

Revision: 0007
"""

from __future__ import annotations

from alembic import op

from gateway.store.migrations.columns import big, check, index, key, text

revision = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "tokens",
        *big("id"),
        *text("name sha256 role"),
        *text("party endpoint", nullable=True),
        *big("created_at"),
        *text("created_by"),
        *big("expires_at used_at revoked_at", nullable=True),
        *text("revoked_by", nullable=True),
        key("tokens"),
        check("tokens", "role IN ('partner', 'viewer', 'operator', 'admin', 'monitor')", "role"),
    )
    index("tokens", "sha256", as_="uq_tokens_sha256", unique=True)
    index("tokens", "name", as_="uq_tokens_name", unique=True, where="revoked_at IS NULL")


def downgrade() -> None:
    op.drop_table("tokens")
