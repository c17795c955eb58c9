"""A command that is run in this process, and a home that ``crossdock init`` made."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.cli.running import Command

NAMES = ("sqlalchemy", "kombu", "amqp", "alembic")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No home but the one that a test names."""
    monkeypatch.delenv("CROSSDOCK_HOME", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("CROSSDOCK_WEB__LISTEN", "")  # many run at a time: the port of a new home is one


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    """Commands set up the log of the whole process: afterwards it is as before."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in NAMES}
    yield
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers, root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def crossdock() -> Command:
    """``crossdock("detect", file)``, without a home."""
    return Command()


@pytest.fixture
def home(tmp_path: Path, crossdock: Command) -> Path:
    folder = tmp_path / "dock"
    assert crossdock("init", folder).code == 0
    return folder


@pytest.fixture
def dock(home: Path) -> Command:
    """``dock("documents")``, in a home of its own."""
    return Command(home)
