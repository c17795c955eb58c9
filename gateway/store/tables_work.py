"""Tables of what is to be done and what is awaited: work, expectations, holds; and numbers, texts."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Table

from gateway.store.metadata import key, metadata, number, partial, reference, small, text, turn

#: One row is one thing to do; it is deleted by the commit that did it, so the table is as large as the backlog.
#: ``step`` and ``state``: see :mod:`gateway.store.batches`. ``source`` is the endpoint it came in through, ``lane``
#: what must stay in order (null: nothing), ``size`` the bytes of its payload: a batch is limited by them.
work = Table(
    "work",
    metadata,
    key(),
    small("step"),
    reference("subject", nullable=False),
    text("handler", nullable=True),
    text("source"),
    text("lane", nullable=True),
    turn(),
    number("size", default=0),
    small("state", default=0),
    text("owner", nullable=True),
    number("until", nullable=True),
    number("attempts", default=0),
    number("due", default=0),
    text("error", nullable=True),
    CheckConstraint("state BETWEEN 0 AND 4", name="state"),
    postgresql_with={"fillfactor": 70, "autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_threshold": 500},
)
Index("ix_work_ready", work.c.step, work.c.source, work.c.turn, **partial(work.c.state == 0))
Index("ix_work_lane", work.c.lane, work.c.turn, **partial(work.c.lane.is_not(None)))
Index("ix_work_untranslated", work.c.source, work.c.turn, **partial((work.c.step == 1) & (work.c.state != 4)))
Index("ix_work_leased", work.c.until, **partial(work.c.state == 1))
Index("ix_work_parked", work.c.lane, work.c.turn, **partial(work.c.state == 2))
Index("ix_work_waiting", work.c.due, **partial(work.c.state == 3))
Index("ix_work_subject", work.c.subject)

#: What must arrive by when. ``state``: see the lifecycle EXPECTATION; ``resolved_by`` is the transmission that did.
#: ``what`` says more than the kind does: the numbers that are missing.
expectations = Table(
    "expectations",
    metadata,
    key(),
    text("kind"),
    reference("transmission_id"),
    reference("interchange_id"),
    reference("document_id"),
    text("party"),
    number("due"),
    text("state", default="open"),
    reference("resolved_by"),
    number("resolved_at", nullable=True),
    number("raised_at", nullable=True),
    text("what", nullable=True),
)
Index("ix_expectations_open", expectations.c.state, **partial(expectations.c.state.in_(("open", "overdue"))))
Index("ix_expectations_due", expectations.c.due, **partial(expectations.c.state == "open"))

#: What waits, why, and what releases it: ``operator``, ``configuration``, ``document:<key>`` or ``date:<µs>``.
#: ``configuration`` is the line that would admit it.
holds = Table(
    "holds",
    metadata,
    key(),
    reference("transmission_id"),
    reference("interchange_id"),
    reference("document_id"),
    text("code"),
    text("text"),
    text("condition"),
    text("configuration", nullable=True),
    number("created_at"),
    number("released_at", nullable=True),
    text("released_by", nullable=True),
)
Index("ix_holds_condition", holds.c.condition, **partial(holds.c.released_at.is_(None)))

for _table in (expectations, holds):
    for _column in (_table.c.transmission_id, _table.c.interchange_id, _table.c.document_id):
        Index(f"ix_{_table.name}_{_column.name}", _column, **partial(_column.is_not(None)))

#: The last control number given: rising, never given twice. See :class:`gateway.store.numbers.Counter`.
control_numbers = Table(
    "control_numbers",
    metadata,
    *(text(name, primary_key=True) for name in ("standard", "own", "partner")),
    number("value"),
)

#: The last number given, per pair of parties.
pair_sequences = Table("pair_sequences", metadata, text("pair", primary_key=True), number("value"))

#: The highest control number that arrived, and the gaps (JSON) below it. See :mod:`gateway.store.arrivals`.
partner_numbers = Table(
    "partner_numbers", metadata, text("series", primary_key=True), number("highest"), text("gaps", default="[]")
)

#: SQLite's stand-in for sequences.
sequence_blocks = Table("sequence_blocks", metadata, text("name", primary_key=True), number("value"))

#: Agreements, mappings and schemas as they were when they processed something.
texts = Table(
    "texts", metadata, text("kind", primary_key=True), text("digest", primary_key=True), text("name"), text("body")
)
