"""A home that lasts for one run: parties, folders, and a database of its own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from gateway.config import without_settings
from gateway.example import parties
from gateway.store import migrations, open_database
from gateway.store.database import map_exceptions


def _parties() -> dict[str, str]:
    """Acme, its ERP and Globex. The ERP gets a file for each order: the dearest way, and what most ERPs want."""
    texts = parties(at_once=True)
    erp = texts.pop("partners/acme-erp.toml")
    only_out = (
        erp[: erp.index('[[endpoint]]\nname = "erp-in"')] + erp[erp.index("# It gets orders") : erp.index("# And")]
    )
    texts.pop("partners/initech.toml")
    return texts | {"partners/acme-erp.toml": only_out.replace('batch = "interchange"\n', "")}


class Home:
    """The folders of one run."""

    def __init__(self, folder: Path, database: str | None = None) -> None:
        """Makes them below ``folder``, which is there. ``database`` None: SQLite, made by the gateway itself."""
        self.folder = folder
        self.database = database or f"sqlite:///{folder / 'crossdock.db'}"
        exchange = folder / "exchange"
        self.staging, self.inbox = exchange / "staging", exchange / "in" / "globex"
        self.erp, self.receipts = exchange / "out" / "acme-erp", exchange / "out" / "globex"
        self.log = folder / "serve.log"
        for made in (self.staging, self.inbox, self.erp, self.receipts, folder / "partners"):
            made.mkdir(parents=True)
        for name, description in _parties().items():
            (folder / name).write_text(description, encoding="utf-8")

    def environment(self, broker: str | None) -> dict[str, str]:
        """Of the gateway's processes. What this process was told by CROSSDOCK_ variables does not count."""
        inherited = without_settings()
        told = {"CROSSDOCK_DATABASE": self.database} | ({"CROSSDOCK_BROKER": broker} if broker else {})
        return inherited | told

    def stage(self, name: str, body: bytes) -> str:
        """Writes a file beside the inbox, so that dropping it is one rename."""
        (self.staging / name).write_bytes(body)
        return name

    def drop(self, name: str) -> None:
        """Puts a staged file into the inbox, as a partner does who renames what is complete."""
        os.rename(self.staging / name, self.inbox / name)


@contextmanager
def database_of_its_own(server: str | None) -> Iterator[str | None]:
    """A new database on the PostgreSQL server of this URL, with all tables; dropped at the end. None: None.

    Raises ConfigurationError for another URL, StoreError when the server refuses.
    """
    if server is None:
        yield None
        return
    name = f"crossdock_bench_{os.getpid()}_{secrets.token_hex(3)}"
    _administer(server, f'CREATE DATABASE "{name}"')
    try:
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        migrations.upgrade(url)
        yield url
    finally:
        _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(server: str, statement: str) -> None:
    database = open_database(server)
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    try:
        with map_exceptions(engine), engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        database.close()
