"""Databases: a test that asks for ``database`` runs on SQLite and, where a server answers, on PostgreSQL.

What a machine lacks (a server, a program of somebody else's) is no failure of ours: such tests are skipped, and
name it. ``.ci/run`` installs all of it first.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import values
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from gateway.store import Database, open_database
from gateway.store.migrations import upgrade
from gateway.store.payloads import Payloads

#: Programs that tests talk to, and the Debian packages that bring them.
PROGRAMS = {
    **dict.fromkeys(("sftp", "scp", "ssh", "ssh-keygen"), "openssh-client"),
    **{name: name for name in ("curl", "jq", "openssl", "xmlsec1")},
    "sshd": "openssh-server",
}


#: Files whose single tests take longest: they are begun first, so that no core waits for another in the end.
LONG = ("tests/crash/", "tests/acceptance/", "tests/bench/", "tests/opinion/", "tests/cli/test_cli_files.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((place for place, name in enumerate(LONG) if name in item.nodeid), len(LONG)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, Any, Any]:
    return (yield from _with_programs())


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, Any, Any]:
    return (yield from _with_programs())


@pytest.fixture(autouse=True)
def _own_counters(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command that runs in this process lets it count in its home's files: for that test alone."""
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    yield
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)


def _with_programs() -> Generator[None, Any, Any]:
    try:
        return (yield)
    except FileNotFoundError as error:
        if error.filename in PROGRAMS:
            pytest.skip(f"no {error.filename}: apt-get install {PROGRAMS[error.filename]}")
        raise


SERVER = os.environ.get("CROSSDOCK_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a database of this run on the PostgreSQL server; it is dropped at the end."""
    name = f"crossdock_test_{os.getpid()}_{secrets.token_hex(3)}"
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
    try:
        try:
            with engine.connect() as connection:
                connection.execute(text(f'CREATE DATABASE "{name}"'))
        except OperationalError as error:
            pytest.skip(f"no PostgreSQL at {engine.url}: {error.orig}")
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> str:
    upgrade(postgresql_server)
    return postgresql_server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database with all tables."""
    if request.param == "sqlite":
        path = tmp_path / "crossdock.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("migrated_postgresql")
    empty(url)
    return url


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """An empty database, open."""
    opened = open_database(database_url, Payloads(tmp_path / "payloads"))
    yield opened
    opened.close()


def empty(url: str) -> None:
    """Deletes all rows: quicker than new tables for every test."""
    database = open_database(url)
    with database.write() as connection:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        for name in connection.execute(text(tables)).scalars().all():
            connection.execute(text(f'DELETE FROM "{name}"'))
    database.close()
