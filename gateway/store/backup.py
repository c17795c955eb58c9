"""Backups of the embedded database; PostgreSQL brings its own tools.

What was sent after the backup was made is not in it. So after a restore every number jumps ahead: no control number
and no id that partners have seen is given a second time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from gateway.core.errors import StoreError, UsageError
from gateway.store.database import open_database
from gateway.store.numbers import jump

#: How far numbers jump: more than is sent between two backups, little of what nine digits hold.
JUMP = 100_000


def backup(url: str, target: Path, payloads: Path) -> list[str]:
    """Copies the database to ``target`` while it is in use: a consistent copy, in one file, and beside it the files of
    large payloads, in the folder of that name with ``.payloads``. Returns the names of those that are missing.

    ``payloads``: the folder of the payload store. Raises UsageError for PostgreSQL and where ``target`` exists,
    StoreError when the copy fails.
    """
    source = _file(url, "pg_dump --format=custom --file=FILE DATABASE, and copy the folder of the payload store")
    if target.exists() or files_of(target).exists():
        raise UsageError(f"{target} exists.", hint="A backup replaces nothing: give another name.")
    _copy(source, target)
    return _carry(_named(target), payloads, files_of(target))


def files_of(backup: Path) -> Path:
    """The folder of the large payloads of a backup."""
    return backup.with_name(f"{backup.name}.payloads")


def restore(url: str, source: Path, payloads: Path, *, by: int = JUMP) -> list[str]:
    """Puts a backup in the place of the database, and lets all numbers jump ahead by ``by``. Nothing else may run.
    Large payloads are put back, too; returns the names of those that are neither there nor in the backup.

    Raises UsageError for PostgreSQL (pg_restore, then :func:`~gateway.store.numbers.jump`) and where ``source`` is no
    backup, StoreError when the copy fails.
    """
    target = _file(url, "pg_restore --clean --dbname=DATABASE FILE, then let the numbers jump")
    if not source.is_file():
        raise UsageError(f"{source} is no file.")
    _verify(source)
    _copy(source, target)
    missing = _carry(_named(target), files_of(source), payloads)
    database = open_database(url)
    try:
        jump(database, by)
    finally:
        database.close()
    return missing


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


def _named(path: Path) -> list[str]:
    """The files that the rows of a database name."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return [name for (name,) in connection.execute("SELECT file FROM payloads WHERE file IS NOT NULL")]
    except sqlite3.OperationalError:
        return []  # a backup from before there were such files


def _carry(names: list[str], source: Path, target: Path) -> list[str]:
    """Copies the files that are not there yet, each whole or not at all; returns those that cannot be found."""
    missing: list[str] = []
    for name in names:
        here, there = source / name, target / name
        if there.exists():
            continue
        try:
            there.parent.mkdir(parents=True, exist_ok=True)
            part = there.with_name(f".{there.name}")
            shutil.copyfile(here, part)
            with part.open("rb") as copied:
                os.fsync(copied.fileno())
                found = hashlib.file_digest(copied, "sha256").hexdigest()
            if found != there.name:
                part.unlink()
                missing.append(name)
                continue
            part.replace(there)
        except FileNotFoundError:
            missing.append(name)
        except OSError as error:
            raise StoreError(f"{here} could not be copied to {there}: {error.strerror or error}.") from error
    return missing
