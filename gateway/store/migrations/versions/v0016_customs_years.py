"""What persons bought in a year, as far as customs declarations here say it.

Revision: 0016
"""

from __future__ import annotations

from alembic import op

from gateway.store.migrations.columns import big, index, key, text

revision = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "customs_years",
        *big("id"),
        *text("own_party lane person year total"),
        *big("version updated_at"),
        key("customs_years"),
    )
    index("customs_years", "own_party lane person year", as_="uq_customs_years_person", unique=True)


def downgrade() -> None:
    op.drop_table("customs_years")
