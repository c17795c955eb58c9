"""Two workers, killed and stopped at random while documents of the same orders keep coming."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from tests.crash.nursery import Nursery
from tests.crash.world import World
from tests.pipeline.orders import REPLACE, edifact, message, order, x12

KEYS = 6
PATIENCE = 60.0


class Shop:
    """A partner that orders, and replaces what it ordered, again and again: quantities rise with the versions."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self._world, self._dice = world, dice
        self._numbers = count(1)
        self.versions = dict.fromkeys(range(KEYS), 0)

    def send(self) -> None:
        """The next interchange: two or three documents of orders picked at random, of both partners' one."""
        number = next(self._numbers)
        picked = [self._next(self._dice.randrange(KEYS)) for _ in range(self._dice.choice((1, 2, 3)))]
        self._world.put("globex", f"{number}.x12", x12(number, *picked))
        if number % 5 == 0:
            self._world.put("initech", f"{number}.edi", edifact(str(number), message(f"I-{number}", 1)))

    def _next(self, key: int) -> list[str]:
        self.versions[key] += 1
        version = self.versions[key]
        return order(f"K-{key}", function="00" if version == 1 else REPLACE, quantity=version)

    def check(self) -> None:
        for key, version in self.versions.items():
            assert self._world.versions(f"K-{key}") == [str(n) for n in range(1, version + 1)], f"order of K-{key}"


class Crew:
    """The doors and two workers; whoever ends is replaced."""

    def __init__(self, nursery: Nursery, world: World, lease: float) -> None:
        self._nursery, self._world, self._lease = nursery, world, lease
        self._roles = {self._start(role): role for role in ("doors", "worker", "worker")}

    def _start(self, role: str) -> int:
        lease = {"lease": self._lease} if role == "worker" else {}
        return self._nursery.start(role, **lease, **self._world.options)

    def members(self, role: str | None = None) -> list[int]:
        return [pid for pid, name in self._roles.items() if role in (None, name)]

    def kill(self, pid: int) -> None:
        role = self._roles.pop(pid)
        assert self._nursery.end(pid) == -signal.SIGKILL
        self._roles[self._start(role)] = role

    def dismiss(self) -> list[int]:
        """All of them end as they should."""
        return [self._nursery.end(pid, signal.SIGTERM) for pid in self.members()]


@contextmanager
def working(nursery: Nursery, world: World, lease: float) -> Iterator[Crew]:
    crew = Crew(nursery, world, lease)
    yield crew
    end = time.monotonic() + PATIENCE
    while not world.is_done() and time.monotonic() < end:
        time.sleep(0.05)
    ended = crew.dismiss()
    assert world.is_done(), world.column("SELECT step || ' ' || state || ' ' || coalesce(error, '') FROM work")
    assert ended == [0, 0, 0]


@pytest.mark.slow
def test_killed_at_random_nothing_is_lost_doubled_or_out_of_order(nursery: Nursery, world: World) -> None:
    dice = random.Random(11)
    shop = Shop(world, dice)
    with working(nursery, world, lease=0.4) as crew:
        for _ in range(12):
            for _ in range(3):
                shop.send()
            time.sleep(dice.uniform(0.02, 0.25))
            crew.kill(dice.choice(crew.members()))
    world.check()
    shop.check()
    assert world.column("SELECT count(*) FROM holds") == [0]


@pytest.mark.slow
def test_a_worker_stopped_past_its_lease_writes_nothing_when_it_goes_on(nursery: Nursery, world: World) -> None:
    """A zombie: it wakes up with a batch in hand that somebody else has finished."""
    dice = random.Random(12)
    shop = Shop(world, dice)
    zombies = 0
    with working(nursery, world, lease=0.3) as crew:
        for _ in range(8):
            for _ in range(6):
                shop.send()
            victim = _stop_busy(world, crew)
            zombies += victim is not None
            if victim is not None:
                time.sleep(0.6)
                os.kill(victim, signal.SIGCONT)
    world.check()
    shop.check()
    assert world.column("SELECT count(*) FROM holds") == [0]
    assert zombies >= 3


def _stop_busy(world: World, crew: Crew) -> int | None:
    """Stops a worker that has something in hand; which one."""
    for _ in range(200):
        for victim in crew.members("worker"):
            os.kill(victim, signal.SIGSTOP)
            if world.column(f"SELECT count(*) FROM work WHERE state = 1 AND owner LIKE '%:{victim}:%'") != [0]:
                return victim
            os.kill(victim, signal.SIGCONT)
        time.sleep(0.002)
    return None
