"""AS2 exchanges: each message with its MDN, in and out.

Revision: 0011
"""

from __future__ import annotations

from alembic import op

from gateway.store.migrations.columns import big, check, index, key, references, text

revision = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "exchanges",
        *big("id"),
        *text("direction endpoint"),
        *text("party", nullable=True),
        *text("as2_from as2_to message_id"),
        *big("transmission_id request_id", nullable=True),
        *text("headers"),
        *big("size"),
        *text("mic mic_algorithm content", nullable=True),
        *text("facts status"),
        *text("disposition", nullable=True),
        *text("mdn_mode"),
        *text("mdn_url mdn_headers", nullable=True),
        *big("mdn_id mdn_transmission_id", nullable=True),
        *big("attempts"),
        *big("resend_at", nullable=True),
        *big("created_at updated_at"),
        key("exchanges"),
        check("exchanges", "direction IN ('in', 'out')", "direction"),
        check("exchanges", "status IN ('processed', 'refused', 'sent', 'confirmed', 'delivered')", "status"),
        check("exchanges", "mdn_mode IN ('no', 'sync', 'async')", "mdn_mode"),
    )
    index(
        "exchanges",
        "message_id as2_from as2_to direction",
        as_="uq_exchanges_identity",
        unique=True,
        where="status != 'refused'",
    )
    references("exchanges", "transmission_id")
    index("exchanges", "resend_at", where="resend_at IS NOT NULL")
    index("exchanges", "endpoint created_at", as_="ix_exchanges_refused", where="status = 'refused'")


def downgrade() -> None:
    op.drop_table("exchanges")
