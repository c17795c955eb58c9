"""The records of the customs handler: cases, their numbers, what was said of them; master data; what persons bought.

Revision: 0014
"""

from __future__ import annotations

from alembic import op

from gateway.store.migrations.columns import big, index, key, small, text

revision = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "customs_cases",
        *big("id"),
        *text("own_party lane state waits"),
        *big("version"),
        *big("merged_into", nullable=True),
        *big("created_at updated_at"),
        key("customs_cases"),
    )
    index("customs_cases", "own_party lane state", as_="ix_customs_cases_state")
    op.create_table(
        "customs_names",
        *big("id case_id"),
        *text("own_party lane kind value short"),
        *small("strong"),
        key("customs_names"),
    )
    index("customs_names", "case_id")
    index("customs_names", "own_party lane value", as_="ix_customs_names_value")
    index("customs_names", "short")
    index(
        "customs_names",
        "own_party lane kind value",
        as_="uq_customs_names_strong",
        unique=True,
        where="strong = 1",
    )
    op.create_table(
        "customs_facts",
        *big("id case_id document_id"),
        *text("kind number digest said"),
        *big("at"),
        key("customs_facts"),
    )
    index("customs_facts", "case_id")
    op.create_table(
        "customs_master",
        *big("id"),
        *text("own_party kind code said"),
        *big("updated_at"),
        key("customs_master"),
    )
    index("customs_master", "own_party kind code", as_="uq_customs_master_code", unique=True)
    op.create_table(
        "customs_purchases",
        *big("id case_id"),
        *text("own_party lane person year amount"),
        *big("updated_at"),
        key("customs_purchases"),
    )
    index("customs_purchases", "own_party lane person year", as_="ix_customs_purchases_person")
    index("customs_purchases", "case_id", as_="uq_customs_purchases_case_id", unique=True)


def downgrade() -> None:
    for name in ("customs_purchases", "customs_master", "customs_facts", "customs_names", "customs_cases"):
        op.drop_table(name)
