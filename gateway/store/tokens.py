"""Bearer tokens: made once, kept as a hash, found by it, revoked."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Literal

import msgspec

from gateway.core.errors import NotFoundError, UsageError
from gateway.store.changes import Changes
from gateway.store.commit import write
from gateway.store.database import ConflictError, Database
from gateway.store.statements import both, run

AnyRow = Any

Role = Literal["partner", "viewer", "operator", "admin", "monitor"]

#: What each role is for, in the order of what it may do.
ROLES: dict[Role, str] = {
    "monitor": "reads /metrics, nothing else",
    "partner": "hands in documents of its party and sees this party's traffic, nothing else",
    "viewer": "sees everything",
    "operator": "sees everything, hands in documents of any party, releases, cancels, repeats",
    "admin": "the same, and tokens",
}

PREFIX = "cd_"

_COLUMNS = "id, name, sha256, role, party, endpoint, created_at, created_by, expires_at, used_at, revoked_at"
_FIND = both(f"SELECT {_COLUMNS} FROM tokens WHERE sha256 = :sha256")  # noqa: S608 - our own words
_LIST = both(f"SELECT {_COLUMNS} FROM tokens ORDER BY id")  # noqa: S608
_NAMED = both("SELECT id FROM tokens WHERE name = :name AND revoked_at IS NULL {locked}")
_REVOKE = both("UPDATE tokens SET revoked_at = :at, revoked_by = :by WHERE id = :id")
_USED = both("UPDATE tokens SET used_at = :at WHERE id {ids} AND coalesce(used_at, 0) < :at")


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What a token stands for. ``endpoint``: the door of documents that are handed in. Times in microseconds."""

    id: int
    name: str
    role: Role
    party: str | None = None
    endpoint: str | None = None
    created_at: int = 0
    created_by: str = ""
    expires_at: int | None = None
    used_at: int | None = None
    revoked_at: int | None = None

    def holds(self, now: int) -> bool:
        """Whether it is good for anything at this moment."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def add(
    database: Database,
    name: str,
    role: Role,
    *,
    by: str,
    at: int,
    party: str | None = None,
    endpoint: str | None = None,
    expires_at: int | None = None,
) -> str:
    """A new token; it is not kept and cannot be shown again. Raises UsageError for a name that another one has."""
    if role == "partner" and party is None:
        raise UsageError("A token of the role partner is for one party.", hint="Name it: --party globex.")
    token = PREFIX + secrets.token_urlsafe(32)
    values = {"role": role, "party": party, "endpoint": endpoint, "expires_at": expires_at}
    changes = Changes(at)
    changes.new("tokens", name=name, sha256=_hash(token), created_at=at, created_by=by, **values)
    try:
        with database.write() as connection:
            write(connection, changes)
    except ConflictError:
        hint = f"Choose another name, or first: crossdock tokens revoke {name}"
        raise UsageError(f"There is a token {name} already.", hint=hint) from None
    return token


def find(database: Database, token: str) -> Token | None:
    """What a token stands for, None where nobody made it; whether it still holds is for :meth:`Token.holds`."""
    digest = _hash(token)
    with database.read() as connection:
        row = run(connection, _FIND, sha256=digest).first()
    return _token(row) if row is not None and compare_digest(row.sha256, digest) else None


def every(database: Database) -> list[Token]:
    """All that were ever made, the oldest first."""
    with database.read() as connection:
        return [_token(row) for row in run(connection, _LIST).all()]


def revoke(database: Database, name: str, *, by: str, at: int) -> None:
    """Ends a token for good. Raises NotFoundError."""
    with database.write() as connection:
        row = run(connection, _NAMED, name=name).first()
        if row is None:
            raise NotFoundError(f"There is no token {name} that could be revoked.", hint="crossdock tokens list")
        run(connection, _REVOKE, id=row.id, at=at, by=by)


def used(database: Database, ids: Iterable[int], at: int) -> None:
    """They were used at that time."""
    with database.write() as connection:
        run(connection, _USED, ids=sorted(ids), at=at)


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _token(row: AnyRow) -> Token:
    return Token(**{name: getattr(row, name) for name in Token.__struct_fields__})
