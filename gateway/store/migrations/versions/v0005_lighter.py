"""Fewer entries in indexes: hashes only of payloads that may come again, each event once.

Revision: 0005
"""

from __future__ import annotations

from alembic import op

from gateway.store.migrations.columns import index, references

revision = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    _drop()
    index("payloads", "sha256", as_="uq_payloads_sha256", unique=True, where="sha256 != ''")
    index("events", "document_id", where="document_id IS NOT NULL")
    index("events", "interchange_id", where="interchange_id IS NOT NULL AND document_id IS NULL")
    index("events", "transmission_id", where="interchange_id IS NULL AND document_id IS NULL")


def downgrade() -> None:
    """Payloads without a hash get one that is theirs: their id."""
    _drop()
    op.execute("UPDATE payloads SET sha256 = 'id ' || id WHERE sha256 = ''")
    index("payloads", "sha256", as_="uq_payloads_sha256", unique=True)
    index("events", "transmission_id")
    references("events", "interchange_id", "document_id")


def _drop() -> None:
    op.drop_index("uq_payloads_sha256")
    for kind in ("document", "interchange", "transmission"):
        op.drop_index(f"ix_events_{kind}_id")
