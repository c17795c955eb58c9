"""Bearer tokens are kept as hashes, and hold until they are revoked or expire."""

from __future__ import annotations

import pytest

from gateway.core.errors import NotFoundError, UsageError
from gateway.store import Database, tokens
from gateway.store.statements import both, run


def test_a_token_is_found_by_what_it_says_and_by_nothing_that_is_kept(database: Database) -> None:
    token = tokens.add(database, "erp", "partner", party="acme-erp", by="me", at=5)
    assert token.startswith("cd_")
    assert len(token) == 46
    found = tokens.find(database, token)
    assert found is not None
    assert (found.name, found.role, found.party, found.created_at) == ("erp", "partner", "acme-erp", 5)
    with database.read() as connection:
        kept = run(connection, both("SELECT * FROM tokens")).one()
    assert token not in map(str, kept)
    assert tokens.find(database, kept.sha256) is None
    assert tokens.find(database, token[:-1]) is None
    assert tokens.find(database, "cd_\udcff") is None


def test_two_tokens_of_one_name_need_the_first_to_be_revoked(database: Database) -> None:
    first = tokens.add(database, "erp", "viewer", by="me", at=5)
    with pytest.raises(UsageError, match="There is a token erp already"):
        tokens.add(database, "erp", "admin", by="me", at=6)
    tokens.revoke(database, "erp", by="me", at=7)
    tokens.add(database, "erp", "admin", by="me", at=8)
    found = tokens.find(database, first)
    assert found is not None
    assert not found.holds(8)
    assert [(each.role, each.revoked_at) for each in tokens.every(database)] == [("viewer", 7), ("admin", None)]
    with pytest.raises(NotFoundError):
        tokens.revoke(database, "nobody", by="me", at=9)


def test_a_token_expires(database: Database) -> None:
    found = tokens.find(database, tokens.add(database, "erp", "viewer", by="me", at=5, expires_at=10))
    assert found is not None
    assert found.holds(9)
    assert not found.holds(10)


def test_a_partner_has_a_party(database: Database) -> None:
    with pytest.raises(UsageError, match="is for one party"):
        tokens.add(database, "erp", "partner", by="me", at=5)


def test_the_last_use_only_goes_up(database: Database) -> None:
    tokens.add(database, "erp", "viewer", by="me", at=5)
    (token,) = tokens.every(database)
    tokens.used(database, [token.id], 20)
    tokens.used(database, [token.id], 10)
    assert tokens.every(database)[0].used_at == 20
