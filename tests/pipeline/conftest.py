"""A gateway in memory on each of the databases."""

from __future__ import annotations

import pytest

from gateway.store import Database
from tests.pipeline.yard import Yard


@pytest.fixture
def yard(database: Database) -> Yard:
    return Yard(database)
