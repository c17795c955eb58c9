"""A gateway of the bundled parties whose partners have HTTP doors, and its web server on a free port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.serving import Desk, make_home, serving


@pytest.fixture
def home(tmp_path: Path, migrated_sqlite: Path) -> Path:
    return make_home(tmp_path / "dock", migrated_sqlite)


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    """The server, with nobody at work behind it: ``desk.work()`` does what is there."""
    with serving(home) as found:
        yield found
