"""A gateway of the bundled parties whose partners have HTTP doors, and its web server on a free port."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.cli.init import configuration
from gateway.example import parties
from tests.web.serving import Desk, serving

DOOR = """
[[endpoint]]
name = "{party}-http"
connector = "http"
direction = "in"
"""


@pytest.fixture
def home(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """As ``crossdock init`` makes it, with a door by HTTP for each party that sends."""
    folder = tmp_path / "dock"
    (folder / "partners").mkdir(parents=True)
    (folder / "crossdock.toml").write_text(configuration())
    for name, text in parties().items():
        party = Path(name).stem
        door = DOOR.format(party=party) if party != "acme" else ""
        (folder / name).write_text(text + door)
    shutil.copy(migrated_sqlite, folder / "crossdock.db")
    return folder


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    """The server, with nobody at work behind it: ``desk.work()`` does what is there."""
    with serving(home) as found:
        yield found
