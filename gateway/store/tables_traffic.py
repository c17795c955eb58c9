"""Tables of what came and went: payloads, transmissions, interchanges, documents, and their issues and events."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Table

from gateway.store.metadata import blob, key, metadata, number, partial, reference, text, turn

#: Bytes, apart from the rows that people query. ``body`` is null when they lie in ``file``, a name below the folder of
#: the payload store (:mod:`gateway.store.payloads`). Those that may come again
#: are stored once and have a ``sha256``; it is empty for what was made here, which is not looked for: an index of
#: hashes is written in a different place for each row.
payloads = Table(
    "payloads",
    metadata,
    key(),
    text("sha256", default=""),
    number("size"),
    blob("body"),
    text("file", nullable=True),
)
Index("uq_payloads_sha256", payloads.c.sha256, unique=True, **partial(payloads.c.sha256 != ""))
Index("ix_payloads_file", payloads.c.file, **partial(payloads.c.file.is_not(None)))

#: One unit of transport, in or out. ``status``: see the lifecycle TRANSMISSION.
transmissions = Table(
    "transmissions",
    metadata,
    key(),
    text("direction"),
    text("endpoint"),
    text("transport_id"),
    text("party", nullable=True),
    text("status"),
    text("reason", nullable=True),
    reference("parent_id"),
    text("lane", nullable=True),
    text("format", nullable=True),
    reference("payload_id"),
    number("size"),
    text("sha256"),
    text("file_name", default=""),
    text("headers", default="{}"),
    number("pair_sequence", nullable=True),
    number("created_at"),
    number("updated_at"),
    CheckConstraint("direction IN ('in', 'out')", name="direction"),
    Index("uq_transmissions_identity", "transport_id", "endpoint", "direction", unique=True),
    Index("ix_transmissions_status", "status"),
    Index("ix_transmissions_created_at", "created_at"),
)
Index("ix_transmissions_parent_id", transmissions.c.parent_id, **partial(transmissions.c.parent_id.is_not(None)))

#: What doors show that partners look into: what came in for a while, what was deposited until it is fetched.
#: ``until`` in microseconds; null: until it is fetched.
shelf = Table(
    "shelf",
    metadata,
    *(text(name, primary_key=True) for name in ("endpoint", "folder", "name")),
    reference("transmission_id", nullable=False),
    number("at"),
    number("until", nullable=True),
    Index("ix_shelf_transmission_id", "transmission_id"),
)
Index("ix_shelf_until", shelf.c.until, **partial(shelf.c.until.is_not(None)))

#: Files of partners that were received and stay where they are. ``modified`` in seconds, ``at`` in microseconds.
pickups = Table(
    "pickups",
    metadata,
    *(text(name, primary_key=True) for name in ("endpoint", "folder", "name")),
    number("size"),
    number("modified"),
    text("sha256"),
    number("at"),
)

#: ISA…IEA, UNB…UNZ, or the whole of a file. ``identity`` is set where the interchange counts for the recognition of
#: repeats; ``pending`` counts its rows of work that are still to be handled. One that we write is ``composed``, and
#: ``void`` when it never left: its control number is not given again; its ``pending`` counts the documents in it that
#: no receipt has answered, from the first receipt on.
interchanges = Table(
    "interchanges",
    metadata,
    key(),
    reference("transmission_id"),
    text("direction"),
    text("standard"),
    text("version"),
    text("sender"),
    text("receiver"),
    text("from_party", nullable=True),
    text("to_party", nullable=True),
    text("control_number"),
    text("date", default=""),
    text("time", default=""),
    text("lane", nullable=True),
    number("position", default=1),
    number("offset", default=0),
    number("length", default=0),
    text("sha256", nullable=True),
    text("status"),
    text("identity", nullable=True),
    number("pending", default=0),
    number("documents", default=0),
    reference("earlier_id"),
    number("created_at"),
    CheckConstraint("direction IN ('in', 'out')", name="direction"),
    CheckConstraint(
        "status IN ('pending', 'accepted', 'partial', 'refused', 'duplicate', 'conflict', 'held', 'composed', 'void')",
        name="status",
    ),
    Index("ix_interchanges_transmission_id", "transmission_id"),
    Index("ix_interchanges_control_number", "control_number"),
)
#: Receipts find what they answer by it.
Index(
    "ix_interchanges_sent",
    interchanges.c.to_party,
    interchanges.c.control_number,
    **partial(interchanges.c.direction == "out"),
)
Index("uq_interchanges_identity", interchanges.c.identity, unique=True, **partial(interchanges.c.identity.is_not(None)))

#: One transaction set, message or record. ``status``: see the lifecycle DOCUMENT.
documents = Table(
    "documents",
    metadata,
    key(),
    text("direction"),
    reference("transmission_id"),
    reference("interchange_id"),
    reference("source_interchange_id"),
    reference("parent_id"),
    number("position", default=1),
    text("standard"),
    text("version"),
    text("type"),
    text("canonical", nullable=True),
    text("control_number", default=""),
    text("business_key", nullable=True),
    text("from_party", nullable=True),
    text("to_party", nullable=True),
    text("lane", nullable=True),
    text("agreement", nullable=True),
    text("agreement_digest", nullable=True),
    text("mapping", nullable=True),
    text("mapping_digest", nullable=True),
    text("schema_digest", nullable=True),
    text("status"),
    text("reason", nullable=True),
    number("offset", default=0),
    number("length", default=0),
    reference("payload_id"),
    turn(),
    number("created_at"),
    number("updated_at"),
    CheckConstraint("direction IN ('in', 'out')", name="direction"),
    Index("ix_documents_interchange_id", "interchange_id"),
    Index("ix_documents_transmission_id", "transmission_id"),
    Index("ix_documents_business_key", "business_key"),
    Index("ix_documents_status", "status"),
    Index("ix_documents_created_at", "created_at"),
)
Index(
    "ix_documents_source_interchange_id",
    documents.c.source_interchange_id,
    **partial(documents.c.source_interchange_id.is_not(None)),
)
Index("ix_documents_parent_id", documents.c.parent_id, **partial(documents.c.parent_id.is_not(None)))

#: What was found wrong; ``data`` is the issue as JSON.
issues = Table(
    "issues",
    metadata,
    key(),
    reference("transmission_id"),
    reference("interchange_id"),
    reference("document_id"),
    text("code"),
    text("severity"),
    text("data"),
    Index("ix_issues_transmission_id", "transmission_id"),
)
for _column in (issues.c.interchange_id, issues.c.document_id):
    Index(f"ix_issues_{_column.name}", _column, **partial(_column.is_not(None)))

#: History, append only; ``data`` is JSON. Each is in one index: that of the smallest thing that it is about.
events = Table(
    "events",
    metadata,
    key(),
    reference("transmission_id"),
    reference("interchange_id"),
    reference("document_id"),
    text("name"),
    number("at"),
    text("data", default="{}"),
)
_of_document = events.c.document_id.is_not(None)
_of_interchange = events.c.interchange_id.is_not(None) & events.c.document_id.is_(None)
_of_transmission = events.c.interchange_id.is_(None) & events.c.document_id.is_(None)
Index("ix_events_document_id", events.c.document_id, **partial(_of_document))
Index("ix_events_interchange_id", events.c.interchange_id, **partial(_of_interchange))
Index("ix_events_transmission_id", events.c.transmission_id, **partial(_of_transmission))
