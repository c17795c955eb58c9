"""The records of the trading handler: orders, their lines and their history.

Revision: 0002
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "orders",
        *_columns(_BIG, "id version document_id created_at updated_at"),
        *_columns(_TEXT, "own_party partner lane number state issue_date"),
        *_columns(_TEXT, "currency payable_amount", nullable=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
    )
    op.create_index("uq_orders_identity", "orders", ["own_party", "partner", "lane", "number"], unique=True)
    op.create_table(
        "order_lines",
        *_columns(_BIG, "order_id version position"),
        *_columns(
            _TEXT,
            "line buyers_item sellers_item standard_item description quantity unit price",
            nullable=True,
        ),
    )
    op.create_index("uq_order_lines_place", "order_lines", ["order_id", "version", "position"], unique=True)
    op.create_table(
        "order_history",
        *_columns(_BIG, "id order_id version document_id at"),
        *_columns(_TEXT, "action state"),
        sa.PrimaryKeyConstraint("id", name="pk_order_history"),
    )
    op.create_index("ix_order_history_order_id", "order_history", ["order_id"])


def downgrade() -> None:
    for table in ("order_history", "order_lines", "orders"):
        op.drop_table(table)


def _columns(kind: sa.types.TypeEngine[Any], names: str, *, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]
