"""Somebody who has just installed it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.newcomer import Newcomer


@pytest.fixture
def newcomer(tmp_path: Path) -> Newcomer:
    return Newcomer(tmp_path)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """The same, for tests that only look at what one command printed."""
    return Newcomer(tmp_path_factory.mktemp("stranger"))
