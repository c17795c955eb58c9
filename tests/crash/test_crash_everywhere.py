"""Killed at every commit and every effect, one after the other: whoever starts next goes on, and nothing tells."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.store import open_database
from tests.conftest import empty
from tests.crash.nursery import Nursery
from tests.crash.world import World, fill


def check(world: World) -> None:
    world.check()
    numbers = ["A", "C", "D", "E", "F"]
    assert world.column("SELECT number FROM orders ORDER BY number") == numbers
    assert world.versions("A") == ["5", "9"]
    assert world.column("SELECT state FROM orders ORDER BY number") == ["new", "cancelled", "new", "new", "new"]
    assert world.verdicts() == {
        "AK9*P*5*5*4": 2,
        "AK9*A*1*1*1": 2,
        "TA1*000000003*261120*0815*R*021": 1,
        "UCI+6+5412345000013:14+5412345000020:14+7": 1,
    }


def until_it_lives(nursery: Nursery, new_world: Callable[[int], World], *, files: bool) -> int:
    """A world for each moment: dies there, is started again, and must come out like all the others."""
    for last in range(1, 1000):
        world = new_world(last)
        fill(world)
        died = nursery.run("everything", last=last, files=files, **world.options)
        assert died in (0, -signal.SIGKILL)
        if died:
            assert nursery.run("everything", **world.options) == 0
        try:
            check(world)
        except AssertionError as error:
            error.add_note(f"killed at moment {last}")
            raise
        finally:
            world.database.close()
        shutil.rmtree(world.home)
        if not died:
            return last
    raise AssertionError("It never came to an end.")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_at_every_moment_on_sqlite(nursery: Nursery, migrated_sqlite: Path, memory_path: Path) -> None:
    def new_world(number: int) -> World:
        home = memory_path / str(number)
        home.mkdir()
        shutil.copy(migrated_sqlite, home / "crossdock.db")
        url = f"sqlite:///{home}/crossdock.db"
        return World(home, url, open_database(url))

    assert until_it_lives(nursery, new_world, files=True) > 60


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_killed_at_every_commit_on_postgresql(nursery: Nursery, migrated_postgresql: str, memory_path: Path) -> None:
    """What happens to files is the same whatever the database is."""

    def new_world(number: int) -> World:
        home = memory_path / str(number)
        home.mkdir()
        empty(migrated_postgresql)
        return World(home, migrated_postgresql, open_database(migrated_postgresql))

    assert until_it_lives(nursery, new_world, files=False) > 30


def test_a_process_that_dies_over_and_over_ends_all_the_same(nursery: Nursery, world: World) -> None:
    """Each life is a little longer than the last: every start meets what several deaths have left."""
    fill(world)
    lives = 0
    while nursery.run("everything", last=20 + 7 * lives, **world.options):
        lives += 1
        assert lives < 60
    check(world)
    assert lives > 2
