"""Backups of the embedded database, and the jump that follows a restore."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from gateway.core.errors import StoreError, UsageError
from gateway.store import Changes, Database, commit, open_database
from gateway.store.backup import JUMP, backup, restore
from gateway.store.given import given
from gateway.store.numbers import TAKEN, Counter, jump, take_control_numbers, take_pair_numbers
from gateway.store.statements import run
from tests.store.making import AT, column, received


@pytest.fixture
def home(migrated_sqlite: Path, tmp_path: Path) -> tuple[str, Path]:
    path = tmp_path / "crossdock.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    return f"sqlite:///{path}", tmp_path


def number(database: Database) -> int:
    given: list[int] = []
    changes = Changes(AT)
    changes.numbered(Counter("x12", "ZZ:ACME", "ZZ:GLOBEX"), given.append)
    commit(database, changes)
    return given[0]


def test_a_backup_made_in_use_is_restored_and_numbers_jump(home: tuple[str, Path]) -> None:
    url, folder = home
    database = open_database(url)
    (before,) = received(database, "before")
    assert number(database) == 1
    backup(url, folder / "copy.db", folder / "payloads")
    received(database, "after")
    assert number(database) == 2
    database.close()

    restore(url, folder / "copy.db", folder / "payloads")
    database = open_database(url)
    assert column(database, "SELECT transport_id FROM transmissions") == ["before"]
    assert number(database) == JUMP + 2
    assert received(database, "again")[0] > before + JUMP
    database.close()


def test_a_partner_first_served_since_the_backup_gets_no_number_again(database: Database) -> None:
    """The backup does not know the counter: it begins behind whatever may have been given."""
    assert number(database) == 1
    with database.write() as connection:
        assert list(take_pair_numbers(connection, "acme|globex", 1)) == [1]
    jump(database, 1000)
    jump(database, 1000)
    assert number(database) == 2002
    fresh = Counter("x12", "ZZ:ACME", "ZZ:INITECH")
    with database.write() as connection:
        assert list(take_control_numbers(connection, fresh, 2)) == [2001, 2002]
        assert list(take_control_numbers(connection, fresh, 1)) == [2003]
        assert list(take_control_numbers(connection, fresh._replace(partner="ZZ:HOOLI"), 1, start=5000)) == [5000]
        assert list(take_pair_numbers(connection, "acme|initech", 2)) == [2001, 2002]
        assert list(take_pair_numbers(connection, "acme|initech", 1)) == [2003]
        run(connection, TAKEN, standard="x12", own="ZZ:ACME", partner="ZZ:UMBRELLA", number=7)
        assert list(take_control_numbers(connection, fresh._replace(partner="ZZ:UMBRELLA"), 1)) == [2001]
    with database.read() as connection:
        assert {each.counter.standard for each in given(connection)} == {"x12"}


def test_a_backup_replaces_nothing(home: tuple[str, Path]) -> None:
    url, folder = home
    (folder / "copy.db").touch()
    with pytest.raises(UsageError, match="exists"):
        backup(url, folder / "copy.db", folder / "payloads")


def test_only_a_backup_is_restored(home: tuple[str, Path]) -> None:
    url, folder = home
    with pytest.raises(UsageError, match="no file"):
        restore(url, folder / "missing.db", folder / "payloads")
    (folder / "text.db").write_text("Dear Sirs, please find enclosed" * 100)
    with pytest.raises(UsageError, match="no backup"):
        restore(url, folder / "text.db", folder / "payloads")


def test_a_folder_that_is_missing_is_said(home: tuple[str, Path]) -> None:
    url, folder = home
    with pytest.raises(StoreError, match="could not be copied"):
        backup(url, folder / "none" / "copy.db", folder / "payloads")


def test_postgresql_has_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pg_dump"):
        backup("postgresql+psycopg://h/d", tmp_path / "copy", tmp_path / "payloads")
    with pytest.raises(UsageError, match="pg_restore"):
        restore("postgresql+psycopg://h/d", tmp_path / "copy", tmp_path / "payloads")


def test_large_payloads_are_carried_and_what_is_missing_or_damaged_is_named(home: tuple[str, Path]) -> None:
    url, folder = home
    names = [_large(folder, url, content) for content in (b"one" * 1000, b"two" * 1000, b"three" * 1000)]
    (folder / "payloads" / names[2]).unlink()
    assert backup(url, folder / "copy.db", folder / "payloads") == [names[2]]
    for name in names[:2]:
        (folder / "payloads" / name).unlink()
    (folder / "copy.db.payloads" / names[1]).write_bytes(b"something else")
    assert set(restore(url, folder / "copy.db", folder / "payloads")) == {names[1], names[2]}
    assert (folder / "payloads" / names[0]).read_bytes() == b"one" * 1000
    assert not (folder / "payloads" / names[1]).exists(), "what is damaged is not taken for what it was"


def _large(folder: Path, url: str, content: bytes) -> str:
    """A payload in a file, with its row."""
    digest = sha256(content).hexdigest()
    name = f"{digest[:2]}/{digest}"
    file = folder / "payloads" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    with closing(sqlite3.connect(make_url(url).database or "")) as connection, connection:
        row = (int(digest[:8], 16), digest, len(content), None, name)
        connection.execute("INSERT INTO payloads (id, sha256, size, body, file) VALUES (?, ?, ?, ?, ?)", row)
    return name
