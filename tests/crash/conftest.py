"""Worlds for processes to die in."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store import Database
from tests.crash.nursery import Nursery
from tests.crash.world import World


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    opened = Nursery()
    yield opened
    opened.close()


@pytest.fixture
def memory_path(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: a process is killed there, not the power, so nothing need be synced."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="crossdock-crash-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def world(tmp_path: Path, database_url: str, database: Database) -> World:
    home = tmp_path / "home"
    home.mkdir()
    return World(home, database_url, database)
