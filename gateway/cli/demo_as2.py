"""``crossdock demo --as2``: two gateways exchange an order and its acknowledgment by AS2, over HTTP on this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from gateway.cli import demo_as2_account as account
from gateway.cli.demo_as2_account import Side
from gateway.cli.demo_as2_homes import answer_by, companies, make_homes, order
from gateway.config import without_settings
from gateway.core.errors import CrossdockError
from gateway.observe import configure
from gateway.service import Service
from gateway.store.search import Awaited, Filter, find_documents, find_expectations, find_transmissions
from gateway.work.bell import NullBell

#: Seconds that a server has to start, and that an order, its receipt and their MDNs have to arrive.
_START, _ARRIVE = 10, 15


class Scene(NamedTuple):
    """An order, and how its receipt is asked for."""

    mdn: str
    number: str
    date: str
    wanted: str


SCENES = (
    Scene("sync", "4500017301", "2026-11-20", "2026-12-04"),
    Scene("async", "4500017302", "2026-11-20", "2026-12-07"),
)


def run(folder: Path, *, kept: bool) -> bool:
    """Plays it in ``folder`` and tells it. True: everything that it tells is so."""
    configure("auto", "error")  # what is worth telling is told below
    console = Console(highlight=False)
    globex, acme = companies(folder)
    account.introduce(console, globex, acme)
    identities = make_homes(globex, acme)
    account.tell_setup(console, (globex, acme), identities)
    with _serving(globex.home) as one, _serving(acme.home) as other:
        sides = (Side(globex, one), Side(acme, other))
        good = True
        for number, scene in enumerate(SCENES, 1):
            lines = [answer_by(here, there, scene.mdn) for here, there in ((globex, acme), (acme, globex))]
            body = order(scene.number, scene.date, scene.wanted)
            _hand_over(sides[0], f"order-{scene.number}.jsonl", body)
            _work(sides, number)
            good &= account.tell(console, number, scene.mdn, scene.number, lines[0], sides)
            if kept:
                account.keep_wire(sides[0], sides[1], folder / "wire", scene.mdn)
    account.say_goodbye(console, folder if kept else None, good=good)
    return good


@contextmanager
def _serving(home: Path) -> Iterator[Service]:
    """A gateway whose AS2 door is open."""
    service = Service.open(home, without_settings())
    stop = threading.Event()
    try:
        server = service.as2_server(NullBell())
        thread = threading.Thread(target=server.run, args=(stop,), name=f"as2-{home.name}")
        thread.start()
        try:
            if not _wait(lambda: server.started, _START):
                raise CrossdockError("The AS2 server did not start.")
            yield service
        finally:
            stop.set()
            thread.join()
    finally:
        service.close()


def _hand_over(sender: Side, name: str, body: bytes) -> None:
    """The ERP leaves a file in the folder that its gateway looks into."""
    part = sender.company.erp / f"{name}.tmp"
    part.write_bytes(body)
    part.rename(sender.company.erp / name)
    receiver = sender.service.receiver()
    try:
        if not receiver.run_once():
            raise CrossdockError(f"{name} was not picked up.")
    finally:
        receiver.close()


def _work(sides: tuple[Side, Side], number: int) -> None:
    """Both gateways work until the order's 997 has come back and nobody waits for an MDN, or time is up: what is
    missing then is told."""

    def done() -> bool:
        while sum(side.service.worker().run_until_idle() for side in sides):
            pass
        return _settled(sides, number)

    _wait(done, _ARRIVE)


def _settled(sides: tuple[Side, Side], number: int) -> bool:
    with sides[0].service.database.read() as connection:
        answered = find_documents(connection, Filter(direction="in", type="997"))
    return len(answered) >= number and not any(_awaits(side.service) for side in sides)


def _awaits(service: Service) -> bool:
    """Whether something is expected still, or on its way."""
    with service.database.read() as connection:
        on_its_way = find_transmissions(connection, Filter(direction="out", status="composed"))
        return bool(on_its_way or find_expectations(connection, Awaited(states=("open",))))


def _wait(done: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
