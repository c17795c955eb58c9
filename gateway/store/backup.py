"""Backups of the embedded database; PostgreSQL brings its own tools.

What was sent after the backup was made is not in it. So after a restore every number jumps ahead: no control number
and no id that partners have seen is given a second time.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from gateway.core.errors import StoreError, UsageError
from gateway.store.database import open_database
from gateway.store.numbers import jump

#: How far numbers jump: more than is sent between two backups, little of what nine digits hold.
JUMP = 100_000


def backup(url: str, target: Path) -> None:
    """Copies the database to ``target`` while it is in use: a consistent copy, in one file.

    Raises UsageError for PostgreSQL and where ``target`` exists, StoreError when the copy fails.
    """
    source = _file(url, "pg_dump --format=custom --file=FILE DATABASE")
    if target.exists():
        raise UsageError(f"{target} exists.", hint="A backup replaces nothing: give another name.")
    _copy(source, target)


def restore(url: str, source: Path, *, by: int = JUMP) -> None:
    """Puts a backup in the place of the database, and lets all numbers jump ahead by ``by``. Nothing else may run.

    Raises UsageError for PostgreSQL (pg_restore, then :func:`~gateway.store.numbers.jump`) and where ``source`` is no
    backup, StoreError when the copy fails.
    """
    target = _file(url, "pg_restore --clean --dbname=DATABASE FILE, then let the numbers jump")
    if not source.is_file():
        raise UsageError(f"{source} is no file.")
    _verify(source)
    _copy(source, target)
    database = open_database(url)
    try:
        jump(database, by)
    finally:
        database.close()


def _file(url: str, instead: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise UsageError("This is for the embedded database.", hint=f"With PostgreSQL: {instead}.")
    return Path(parsed.database)


def _verify(path: Path) -> None:
    """A whole SQLite file with our tables. Raises UsageError."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            (result,) = connection.execute("PRAGMA integrity_check").fetchone()
            connection.execute("SELECT 1 FROM work LIMIT 1").fetchall()
    except sqlite3.Error as error:
        raise UsageError(f"{path} is no backup of Crossdock: {error}.") from error
    if result != "ok":
        raise UsageError(f"{path} is damaged: {result}.")


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup; it also replaces the content of a database that exists."""
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise StoreError(f"{source} could not be copied to {target}: {error}.") from error
