"""The tables of the store.

Revision: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_TABLES = (
    *("payloads", "transmissions", "interchanges", "documents", "issues", "events", "work", "expectations", "holds"),
    *("control_numbers", "pair_sequences", "sequence_blocks", "texts", "settings"),
)


def upgrade() -> None:
    if _postgresql():
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
    if _postgresql():
        op.execute("DROP SEQUENCE ids")


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _big(names: str, *, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, _BIG, nullable=nullable, autoincrement=False) for name in names.split()]


def _text(names: str, *, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, _TEXT, nullable=nullable) for name in names.split()]


def _key(name: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns or ("id",), name=f"pk_{name}")


def _check(name: str, condition: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{name}_{column}"))


def _index(name: str, columns: str, *, where: str | None = None, as_: str | None = None, unique: bool = False) -> None:
    condition = sa.text(where) if where else None
    op.create_index(
        as_ or f"ix_{name}_{'_'.join(columns.split())}",
        name,
        columns.split(),
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def _references(name: str, *columns: str) -> None:
    for column in columns:
        _index(name, column, where=f"{column} IS NOT NULL")


def _payloads() -> None:
    name = "payloads"
    body = sa.Column("body", sa.LargeBinary, nullable=True)
    op.create_table(name, *_big("id"), *_text("sha256"), *_big("size"), body, *_text("file", nullable=True), _key(name))
    _index(name, "sha256", as_="uq_payloads_sha256", unique=True)


def _transmissions() -> None:
    name = "transmissions"
    op.create_table(
        name,
        *_big("id"),
        *_text("direction endpoint transport_id"),
        *_text("party", nullable=True),
        *_text("status"),
        *_text("reason", nullable=True),
        *_big("parent_id", nullable=True),
        *_text("lane format", nullable=True),
        *_big("payload_id", nullable=True),
        *_big("size"),
        *_text("sha256 file_name headers"),
        *_big("pair_sequence", nullable=True),
        *_big("created_at updated_at"),
        _key(name),
        _check(name, "direction IN ('in', 'out')", "direction"),
    )
    _index(name, "endpoint direction transport_id", as_="uq_transmissions_identity", unique=True)
    _index(name, "status")
    _index(name, "created_at")
    _references(name, "parent_id")


def _interchanges() -> None:
    name = "interchanges"
    statuses = "'pending', 'accepted', 'partial', 'refused', 'duplicate', 'conflict', 'held'"
    op.create_table(
        name,
        *_big("id"),
        *_big("transmission_id", nullable=True),
        *_text("direction standard version sender receiver"),
        *_text("from_party to_party", nullable=True),
        *_text("control_number date time"),
        *_text("lane", nullable=True),
        *_big("position offset length"),
        *_text("sha256", nullable=True),
        *_text("status"),
        *_text("identity", nullable=True),
        *_big("pending documents"),
        *_big("earlier_id", nullable=True),
        *_big("created_at"),
        _key(name),
        _check(name, "direction IN ('in', 'out')", "direction"),
        _check(name, f"status IN ({statuses})", "status"),
    )
    _index(name, "transmission_id")
    _index(name, "control_number")
    _index(name, "identity", as_="uq_interchanges_identity", unique=True, where="identity IS NOT NULL")


def _documents() -> None:
    name = "documents"
    op.create_table(
        name,
        *_big("id"),
        *_text("direction"),
        *_big("transmission_id interchange_id source_interchange_id parent_id", nullable=True),
        *_big("position"),
        *_text("standard version type"),
        *_text("canonical", nullable=True),
        *_text("control_number"),
        *_text("business_key from_party to_party lane", nullable=True),
        *_text("agreement agreement_digest mapping mapping_digest schema_digest", nullable=True),
        *_text("status"),
        *_text("reason", nullable=True),
        *_big("offset length"),
        *_big("payload_id", nullable=True),
        *_big("turn created_at updated_at"),
        _key(name),
        _check(name, "direction IN ('in', 'out')", "direction"),
    )
    for column in ("interchange_id", "transmission_id", "business_key", "status", "created_at"):
        _index(name, column)
    _references(name, "source_interchange_id", "parent_id")


def _history() -> None:
    about = "transmission_id interchange_id document_id"
    op.create_table("issues", *_big("id"), *_big(about, nullable=True), *_text("code severity data"), _key("issues"))
    op.create_table(
        "events",
        *_big("id"),
        *_big(about, nullable=True),
        *_text("name"),
        *_big("at"),
        *_text("data"),
        _key("events"),
    )
    for name in ("issues", "events"):
        _index(name, "transmission_id")
        _references(name, "interchange_id", "document_id")


def _work() -> None:
    name = "work"
    op.create_table(
        name,
        *_big("id"),
        sa.Column("step", sa.SmallInteger, nullable=False),
        *_big("subject"),
        *_text("handler", nullable=True),
        *_text("source"),
        *_text("lane", nullable=True),
        *_big("turn size"),
        sa.Column("state", sa.SmallInteger, nullable=False),
        *_text("owner", nullable=True),
        *_big("until", nullable=True),
        *_big("attempts due"),
        *_text("error", nullable=True),
        _key(name),
        _check(name, "state BETWEEN 0 AND 4", "state"),
        postgresql_with={"fillfactor": 70, "autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_threshold": 500},
    )
    _index(name, "step source turn", as_="ix_work_ready", where="state = 0")
    _index(name, "lane turn", as_="ix_work_lane", where="lane IS NOT NULL")
    _index(name, "source turn", as_="ix_work_untranslated", where="step = 1 AND state != 4")
    _index(name, "until", as_="ix_work_leased", where="state = 1")
    _index(name, "lane turn", as_="ix_work_parked", where="state = 2")
    _index(name, "due", as_="ix_work_waiting", where="state = 3")
    _index(name, "subject")


def _expectations() -> None:
    name = "expectations"
    op.create_table(
        name,
        *_big("id"),
        *_text("kind"),
        *_big("transmission_id interchange_id document_id", nullable=True),
        *_text("party"),
        *_big("due"),
        *_text("state"),
        *_big("resolved_by resolved_at raised_at", nullable=True),
        _key(name),
    )
    _index(name, "due", where="state = 'open'")
    _references(name, "transmission_id", "interchange_id", "document_id")


def _holds() -> None:
    name = "holds"
    op.create_table(
        name,
        *_big("id"),
        *_big("transmission_id interchange_id document_id", nullable=True),
        *_text("code text condition"),
        *_text("configuration", nullable=True),
        *_big("created_at"),
        *_big("released_at", nullable=True),
        *_text("released_by", nullable=True),
        _key(name),
    )
    _index(name, "condition", where="released_at IS NULL")
    _references(name, "transmission_id", "interchange_id", "document_id")


def _numbers() -> None:
    op.create_table(
        "control_numbers", *_text("agreement kind"), *_big("value"), _key("control_numbers", "agreement", "kind")
    )
    op.create_table("pair_sequences", *_text("pair"), *_big("value"), _key("pair_sequences", "pair"))
    op.create_table("sequence_blocks", *_text("name"), *_big("value"), _key("sequence_blocks", "name"))
    op.create_table("texts", *_text("kind digest name body"), _key("texts", "kind", "digest"))
    op.create_table("settings", *_text("name value"), _key("settings", "name"))
