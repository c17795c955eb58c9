"""Who may ask by HTTP: bearer tokens, of which only a hash is kept."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Table

from gateway.store.metadata import key, metadata, number, partial, text

#: ``sha256`` is that of the token, in hexadecimal: it is long and random, so nothing slower is needed. The name is
#: unique among tokens that are not revoked. Times in microseconds.
tokens = Table(
    "tokens",
    metadata,
    key(),
    text("name"),
    text("sha256"),
    text("role"),
    text("party", nullable=True),
    text("endpoint", nullable=True),
    number("created_at"),
    text("created_by"),
    number("expires_at", nullable=True),
    number("used_at", nullable=True),
    number("revoked_at", nullable=True),
    text("revoked_by", nullable=True),
    CheckConstraint("role IN ('partner', 'viewer', 'operator', 'admin', 'monitor')", name="role"),
    Index("uq_tokens_sha256", "sha256", unique=True),
)
Index("uq_tokens_name", tokens.c.name, unique=True, **partial(tokens.c.revoked_at.is_(None)))
