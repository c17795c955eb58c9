"""Orders on both sides, and what all other documents said of them.

Revision: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.migrations.columns import TEXT, big, index, key, text

revision = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("side", TEXT, nullable=False, server_default="seller"))
    for column in big("net_days", nullable=True):
        op.add_column("orders", column)
    op.drop_index("uq_orders_identity", "orders")
    index("orders", "own_party lane number partner", as_="uq_orders_identity", unique=True)
    op.create_table(
        "order_facts",
        *big("id"),
        *text("own_party lane number side partner kind digest said"),
        *big("document_id at"),
        key("order_facts"),
    )
    index("order_facts", "number own_party lane", as_="ix_order_facts_number")


def downgrade() -> None:
    op.drop_table("order_facts")
    op.drop_index("uq_orders_identity", "orders")
    index("orders", "own_party partner lane number", as_="uq_orders_identity", unique=True)
    op.drop_column("orders", "net_days")
    op.drop_column("orders", "side")
