"""The tables of the store.

Revision: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.migrations.columns import big, check, index, key, postgresql, references, text

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

_TABLES = (
    *("payloads", "transmissions", "interchanges", "documents", "issues", "events", "work", "expectations", "holds"),
    *("control_numbers", "pair_sequences", "sequence_blocks", "texts"),
)


def upgrade() -> None:
    if postgresql():
        op.execute("CREATE SEQUENCE ids START WITH 1")
    _payloads()
    _transmissions()
    _interchanges()
    _documents()
    _history()
    _work()
    _expectations()
    _holds()
    _numbers()


def downgrade() -> None:
    for name in reversed(_TABLES):
        op.drop_table(name)
    if postgresql():
        op.execute("DROP SEQUENCE ids")


def _payloads() -> None:
    name = "payloads"
    body = sa.Column("body", sa.LargeBinary, nullable=True)
    op.create_table(name, *big("id"), *text("sha256"), *big("size"), body, *text("file", nullable=True), key(name))
    index(name, "sha256", as_="uq_payloads_sha256", unique=True)


def _transmissions() -> None:
    name = "transmissions"
    op.create_table(
        name,
        *big("id"),
        *text("direction endpoint transport_id"),
        *text("party", nullable=True),
        *text("status"),
        *text("reason", nullable=True),
        *big("parent_id", nullable=True),
        *text("lane format", nullable=True),
        *big("payload_id", nullable=True),
        *big("size"),
        *text("sha256 file_name headers"),
        *big("pair_sequence", nullable=True),
        *big("created_at updated_at"),
        key(name),
        check(name, "direction IN ('in', 'out')", "direction"),
    )
    index(name, "transport_id endpoint direction", as_="uq_transmissions_identity", unique=True)
    index(name, "status")
    index(name, "created_at")
    references(name, "parent_id")


def _interchanges() -> None:
    name = "interchanges"
    statuses = "'pending', 'accepted', 'partial', 'refused', 'duplicate', 'conflict', 'held'"
    op.create_table(
        name,
        *big("id"),
        *big("transmission_id", nullable=True),
        *text("direction standard version sender receiver"),
        *text("from_party to_party", nullable=True),
        *text("control_number date time"),
        *text("lane", nullable=True),
        *big("position offset length"),
        *text("sha256", nullable=True),
        *text("status"),
        *text("identity", nullable=True),
        *big("pending documents"),
        *big("earlier_id", nullable=True),
        *big("created_at"),
        key(name),
        check(name, "direction IN ('in', 'out')", "direction"),
        check(name, f"status IN ({statuses})", "status"),
    )
    index(name, "transmission_id")
    index(name, "control_number")
    index(name, "identity", as_="uq_interchanges_identity", unique=True, where="identity IS NOT NULL")


def _documents() -> None:
    name = "documents"
    op.create_table(
        name,
        *big("id"),
        *text("direction"),
        *big("transmission_id interchange_id source_interchange_id parent_id", nullable=True),
        *big("position"),
        *text("standard version type"),
        *text("canonical", nullable=True),
        *text("control_number"),
        *text("business_key from_party to_party lane", nullable=True),
        *text("agreement agreement_digest mapping mapping_digest schema_digest", nullable=True),
        *text("status"),
        *text("reason", nullable=True),
        *big("offset length"),
        *big("payload_id", nullable=True),
        *big("turn created_at updated_at"),
        key(name),
        check(name, "direction IN ('in', 'out')", "direction"),
    )
    for column in ("interchange_id", "transmission_id", "business_key", "status", "created_at"):
        index(name, column)
    references(name, "source_interchange_id", "parent_id")


def _history() -> None:
    about = "transmission_id interchange_id document_id"
    op.create_table("issues", *big("id"), *big(about, nullable=True), *text("code severity data"), key("issues"))
    op.create_table(
        "events",
        *big("id"),
        *big(about, nullable=True),
        *text("name"),
        *big("at"),
        *text("data"),
        key("events"),
    )
    for name in ("issues", "events"):
        index(name, "transmission_id")
        references(name, "interchange_id", "document_id")


def _work() -> None:
    name = "work"
    op.create_table(
        name,
        *big("id"),
        sa.Column("step", sa.SmallInteger, nullable=False),
        *big("subject"),
        *text("handler", nullable=True),
        *text("source"),
        *text("lane", nullable=True),
        *big("turn size"),
        sa.Column("state", sa.SmallInteger, nullable=False),
        *text("owner", nullable=True),
        *big("until", nullable=True),
        *big("attempts due"),
        *text("error", nullable=True),
        key(name),
        check(name, "state BETWEEN 0 AND 4", "state"),
        postgresql_with={"fillfactor": 70, "autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_threshold": 500},
    )
    index(name, "step source turn", as_="ix_work_ready", where="state = 0")
    index(name, "lane turn", as_="ix_work_lane", where="lane IS NOT NULL")
    index(name, "source turn", as_="ix_work_untranslated", where="step = 1 AND state != 4")
    index(name, "until", as_="ix_work_leased", where="state = 1")
    index(name, "lane turn", as_="ix_work_parked", where="state = 2")
    index(name, "due", as_="ix_work_waiting", where="state = 3")
    index(name, "subject")


def _expectations() -> None:
    name = "expectations"
    op.create_table(
        name,
        *big("id"),
        *text("kind"),
        *big("transmission_id interchange_id document_id", nullable=True),
        *text("party"),
        *big("due"),
        *text("state"),
        *big("resolved_by resolved_at raised_at", nullable=True),
        key(name),
    )
    index(name, "due", where="state = 'open'")
    references(name, "transmission_id", "interchange_id", "document_id")


def _holds() -> None:
    name = "holds"
    op.create_table(
        name,
        *big("id"),
        *big("transmission_id interchange_id document_id", nullable=True),
        *text("code text condition"),
        *text("configuration", nullable=True),
        *big("created_at"),
        *big("released_at", nullable=True),
        *text("released_by", nullable=True),
        key(name),
    )
    index(name, "condition", where="released_at IS NULL")
    references(name, "transmission_id", "interchange_id", "document_id")


def _numbers() -> None:
    op.create_table(
        "control_numbers", *text("agreement kind"), *big("value"), key("control_numbers", "agreement", "kind")
    )
    op.create_table("pair_sequences", *text("pair"), *big("value"), key("pair_sequences", "pair"))
    op.create_table("sequence_blocks", *text("name"), *big("value"), key("sequence_blocks", "name"))
    op.create_table("texts", *text("kind digest name body"), key("texts", "kind", "digest"))
