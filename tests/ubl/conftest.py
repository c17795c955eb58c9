"""An order in UBL, and the tables of the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.grammar import Schemas
from gateway.knowledge import Knowledge

ORDER = Path(__file__).parents[1] / "data" / "ubl" / "order.xml"


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge.of(None, {})


@pytest.fixture(scope="session")
def schemas(knowledge: Knowledge) -> Schemas:
    return knowledge.schemas


@pytest.fixture
def order() -> bytes:
    return ORDER.read_bytes()
