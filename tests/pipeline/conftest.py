"""A gateway in memory on each of the databases, and as several machines share it: PostgreSQL and RabbitMQ."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu.connection import Connection

from gateway.store import Database
from tests.conftest import empty
from tests.connectors.rabbit import BROKER, needs_rabbitmq
from tests.pipeline.crew import STEPS, Crew
from tests.pipeline.yard import Yard

SCALED = "postgresql+rabbitmq"


@pytest.fixture
def yard(database: Database) -> Yard:
    return Yard(database)


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    """Two workers at bells of this run."""
    needs_rabbitmq()
    name = f"crossdock.test.{secrets.token_hex(6)}"
    crew = Crew(BROKER, name)
    yield crew
    crew.close()
    with Connection(BROKER) as connection, connection.channel() as channel:
        for step in STEPS:
            channel.queue_delete(f"{name}.{step}")


@pytest.fixture(params=["sqlite", pytest.param(SCALED, marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty database with all tables. For the last one two workers share the work, rung by a broker;
    ``postgresql`` is for tests that look between two steps of one (``ONE_WORKER``)."""
    if request.param == "sqlite":
        path = tmp_path / "crossdock.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("migrated_postgresql")
    empty(url)
    if request.param == SCALED:
        monkeypatch.setattr(Yard, "crew", request.getfixturevalue("crew"))
    return url
