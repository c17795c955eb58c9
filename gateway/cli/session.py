"""What every command gets: the home that it is for, and how its parts are opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gateway.knowledge import Knowledge
    from gateway.service import Service
    from gateway.settings import Config
    from gateway.store import Database


class Session:
    """One call of the command. Nothing is opened, nor even imported, before it is asked for."""

    def __init__(self, home: str | None, *, debug: bool = False) -> None:
        self.home = home
        self.debug = debug

    @cached_property
    def knowledge(self) -> Knowledge:
        """Schemas, mappings and parties. Raises ConfigurationError and UsageError."""
        from gateway.knowledge import Knowledge

        return Knowledge.of(self.home)

    @cached_property
    def config(self) -> Config:
        """The effective configuration. Raises ConfigurationError and UsageError."""
        from gateway import config

        return config.load(self.home)

    @contextmanager
    def service(self, *, runs: bool = False) -> Iterator[Service]:
        """The whole gateway, with logs on stderr as the configuration says. Raises as ``Service.open`` does.

        ``runs``: until it is told to stop. A command that answers and ends logs warnings only, unless the
        configuration names a level: the answer says what happened.
        """
        from gateway.observe import configure, shared_metrics

        self.make_home()
        if runs:  # before anything is imported that counts
            shared_metrics.share(self.config.home)
        from gateway.service import Service

        level = self.config.log.level if runs or "log.level" in self.config.origins else "warning"
        configure(self.config.log.format, "debug" if self.debug else level)
        service = Service.open(self.home)
        try:
            yield service
        finally:
            service.close()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database alone, with the schema that this program needs. Raises ConfigurationError and StoreError."""
        from gateway.service import payload_store, prepare
        from gateway.store import open_database

        self.make_home()
        database = open_database(self.config.database, payload_store(self.config))
        try:
            prepare(self.config.database, database)
            yield database
        finally:
            database.close()

    def make_home(self) -> None:
        """The folder of the data, where no home is named; who forgot to name one learns where the data are."""
        from gateway.resources import find_home

        if find_home(self.home) is None:
            text = f"No home is named (--home, CROSSDOCK_HOME): the bundled example, with data in {self.config.home}."
            click.echo(text, err=True)
        self.config.home.mkdir(parents=True, exist_ok=True)


pass_session = click.make_pass_decorator(Session)
