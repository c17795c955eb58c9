"""The records of the logistics handler: consignments, the numbers they go by, what was said of them.

Revision: 0012
"""

from __future__ import annotations

from alembic import op

from gateway.store.migrations.columns import big, index, key, small, text

revision = "0012"
down_revision: str | None = "0011"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "consignments",
        *big("id"),
        *text("own_party lane state conditions"),
        *big("version delay_days"),
        *big("merged_into", nullable=True),
        *big("created_at updated_at"),
        key("consignments"),
    )
    index("consignments", "own_party lane state", as_="ix_consignments_state")
    op.create_table(
        "consignment_names",
        *big("id consignment_id"),
        *text("own_party lane kind value short"),
        *small("strong"),
        key("consignment_names"),
    )
    index("consignment_names", "consignment_id")
    index("consignment_names", "own_party lane value", as_="ix_consignment_names_value")
    index("consignment_names", "short")
    index(
        "consignment_names",
        "own_party lane kind value",
        as_="uq_consignment_names_strong",
        unique=True,
        where="strong = 1",
    )
    op.create_table(
        "consignment_facts",
        *big("id consignment_id document_id"),
        *text("kind"),
        *big("happened_at", nullable=True),
        *text("told place reason description signatory"),
        *small("own_code"),
        *text("source"),
        *big("issued_at"),
        *text("function"),
        *big("at"),
        key("consignment_facts"),
    )
    index("consignment_facts", "consignment_id")


def downgrade() -> None:
    for name in ("consignment_facts", "consignment_names", "consignments"):
        op.drop_table(name)
