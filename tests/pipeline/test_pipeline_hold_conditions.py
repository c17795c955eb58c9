"""What a hold waits for, and what is left when what was begun is ended."""

from __future__ import annotations

import pytest

from gateway.expectations import release, release_matching
from gateway.store import Database
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import AT, GLOBEX, Yard


@pytest.fixture
def yard(database: Database) -> Yard:
    return Yard(database)


def test_a_version_that_is_agreed_later_is_released_with_the_configuration(yard: Yard) -> None:
    yard.agree(globex=GLOBEX.replace('version = "004010"', 'version = "003020"'))
    held = yard.arrive(x12(1, order("A")))
    assert yard.column("SELECT code FROM holds") == ["GTW-VERSION"]
    yard.agree(globex=GLOBEX)
    assert release_matching(yard.database, "configuration", "partners changed", AT) == [held]
    yard.work()
    assert yard.erp() == [["A"]]


def test_the_lines_for_a_version_without_tables_name_the_one_that_serves(yard: Yard) -> None:
    """Else they would lead from one hold to the next."""
    sent = yard.arrive(x12(1, order("A"), version="003020"))
    lines = yard.one("SELECT configuration FROM holds")
    assert 'version = "003020"' in lines
    assert lines.endswith('base = "004010"\n')
    assert yard.one("SELECT text FROM holds").endswith('base = "004010"')
    yard.agree(globex=GLOBEX + lines.partition("\n")[2])
    release(yard.database, sent, "ann", AT)
    yard.work()
    assert yard.statuses() == ["handled"]
