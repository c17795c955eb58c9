"""Outgoing interchanges: their statuses, and control numbers counted for each pair of identities.

Until here receipts were counted for each pair of parties and lane, files of JSON for each agreement. The numbers go on
behind the highest that was given to a pair of identities, so none is given a second time.

Revision: 0003
"""

from __future__ import annotations

from alembic import op

from gateway.store.migrations.columns import big, check, index, key, postgresql, text

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

_BEFORE = "'pending', 'accepted', 'partial', 'refused', 'duplicate', 'conflict', 'held'"
_AFTER = f"{_BEFORE}, 'composed', 'void'"

_INTERCHANGE_NUMBERS = """
INSERT INTO control_numbers (standard, own, partner, value)
SELECT i.standard, i.receiver, i.sender, max(CAST(d.control_number AS BIGINT))
FROM documents d JOIN interchanges i ON i.id = d.source_interchange_id
WHERE d.direction = 'out' AND d.canonical IS NULL AND d.control_number <> ''
GROUP BY i.standard, i.receiver, i.sender"""

#: Numbers jump ahead when a backup is put back: the counter may be beyond what was sent since.
_JUMPED = """
UPDATE control_numbers SET value = o.value FROM old_control_numbers o, interchanges i
WHERE o.kind = 'interchange' AND o.agreement = i.to_party || '>' || i.from_party || '|' || i.standard || '|' || i.lane
AND control_numbers.standard = i.standard AND control_numbers.own = i.receiver AND control_numbers.partner = i.sender
AND control_numbers.value < o.value"""

_FILE_NUMBERS = """
INSERT INTO control_numbers (standard, own, partner, value)
SELECT 'json', '', agreement, value FROM old_control_numbers WHERE kind = 'file'"""

_BACK = """
INSERT INTO control_numbers (agreement, kind, value)
SELECT partner, 'file', value FROM old_control_numbers WHERE standard = 'json'"""


def upgrade() -> None:
    _statuses(_AFTER)
    _set_numbers_aside()
    op.create_table(
        "control_numbers",
        *text("standard own partner"),
        *big("value"),
        key("control_numbers", "standard", "own", "partner"),
    )
    for statement in (_INTERCHANGE_NUMBERS, _JUMPED, _FILE_NUMBERS):
        op.execute(statement)
    op.drop_table("old_control_numbers")


def downgrade() -> None:
    op.execute("DELETE FROM interchanges WHERE direction = 'out'")
    _statuses(_BEFORE)
    _set_numbers_aside()
    op.create_table(
        "control_numbers", *text("agreement kind"), *big("value"), key("control_numbers", "agreement", "kind")
    )
    op.execute(_BACK)
    op.drop_table("old_control_numbers")


def _set_numbers_aside() -> None:
    op.rename_table("control_numbers", "old_control_numbers")
    if postgresql():  # the key keeps its name, which the new table wants
        op.execute("ALTER TABLE old_control_numbers DROP CONSTRAINT pk_control_numbers")


def _statuses(allowed: str) -> None:
    """SQLite changes no constraint: the table is made anew."""
    name = "interchanges"
    condition = f"status IN ({allowed})"
    if postgresql():
        op.execute("ALTER TABLE interchanges DROP CONSTRAINT ck_interchanges_status")
        op.execute(f"ALTER TABLE interchanges ADD CONSTRAINT ck_interchanges_status CHECK ({condition})")
        return
    for each in ("ix_interchanges_transmission_id", "ix_interchanges_control_number", "uq_interchanges_identity"):
        op.drop_index(each)
    op.rename_table(name, "old_interchanges")
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
        check(name, condition, "status"),
    )
    op.execute("INSERT INTO interchanges SELECT * FROM old_interchanges")
    op.drop_table("old_interchanges")
    index(name, "transmission_id")
    index(name, "control_number")
    index(name, "identity", as_="uq_interchanges_identity", unique=True, where="identity IS NOT NULL")
