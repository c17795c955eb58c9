"""The records of the trading handler: orders, the lines of all their versions, their history.

Revision: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.migrations.columns import big, index, key, text

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "orders",
        *big("id"),
        *text("own_party partner lane number state"),
        *big("version"),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        *text("issue_date"),
        *text("currency payable_amount", nullable=True),
        *big("document_id created_at updated_at"),
        key("orders"),
    )
    index("orders", "own_party partner lane number", as_="uq_orders_identity", unique=True)
    op.create_table(
        "order_lines",
        *big("order_id version position"),
        *text("line buyers_item sellers_item standard_item description quantity unit price", nullable=True),
    )
    index("order_lines", "order_id version position", as_="uq_order_lines_place", unique=True)
    op.create_table(
        "order_history",
        *big("id order_id version"),
        *text("action state"),
        *big("document_id at"),
        key("order_history"),
    )
    index("order_history", "order_id")


def downgrade() -> None:
    for name in ("order_history", "order_lines", "orders"):
        op.drop_table(name)
