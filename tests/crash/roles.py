"""What the processes that are killed do: the real receiver, sweep, worker and doors of a home."""

from __future__ import annotations

import signal
import tempfile
import threading
import time
from pathlib import Path

from gateway import agreements, config
from gateway.core.retry import RetryPolicy
from gateway.example import parties
from gateway.knowledge import Knowledge
from gateway.observe import configure
from gateway.pipeline.compose import Compose
from gateway.pipeline.deliver import Deliver
from gateway.pipeline.handle import Handle
from gateway.pipeline.translate import Translate
from gateway.resources import Resources
from gateway.service import Service
from gateway.store import Step, open_database
from gateway.store.migrations import upgrade
from gateway.work import NullBell, Sweeper, Worker
from tests.crash.deaths import die_at
from tests.crash.world import World, fill

#: Loaded once, before any process is forked.
KNOWLEDGE = Knowledge(Resources())
KNOWLEDGE.agreements = agreements.load(parties(at_once=True))

#: Documents in one commit of translating: small, so that interchanges are interrupted between chunks.
CHUNK = 2


def warm_up() -> None:
    """A whole run, so that whatever is compiled on first use is compiled when processes are forked."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/crossdock.db"
        upgrade(url)
        database = open_database(url)
        world = World(Path(folder), url, database)
        fill(world)
        database.close()
        everything(**world.options)


def gateway_of(home: str, url: str) -> Service:
    configure("console", "error")
    settings = config.load(home, {"CROSSDOCK_DATABASE": url})
    return Service(settings, KNOWLEDGE, open_database(url), NullBell())


def worker_of(service: Service, lease: float, limit: int) -> Worker:
    context = service.context
    steps = (Translate(context, CHUNK), Handle(context), Compose(context), Deliver(context, service.door))
    policies = {step: RetryPolicy(first=0.02, most=0.1) for step in Step}
    return Worker(service.database, steps, policies=policies, lease=lease, limit=limit, poll=(0.005, 0.02))


def everything(home: str, url: str, last: int = 0, files: bool = True) -> None:
    """Everything there is to do, in one thread, until nothing is left; dies at moment ``last``."""
    service = gateway_of(home, url)
    if last:
        die_at(last, files=files)
    receiver = service.receiver()
    sweeper = Sweeper(service.database, service.clock)
    worker = worker_of(service, lease=0.1, limit=64)
    while receiver.run_once() or worker.run_until_idle() or _left(service):
        if _left(service):
            time.sleep(0.02)
            sweeper.run_once()
    receiver.close()
    service.close()


def _left(service: Service) -> bool:
    with service.database.read() as connection:
        return bool(connection.exec_driver_sql("SELECT count(*) FROM work").scalar())


def run_worker(home: str, url: str, lease: float) -> None:
    """One worker until SIGTERM."""
    service = gateway_of(home, url)
    worker_of(service, lease, limit=8).run(_stopped())
    service.close()


def run_doors(home: str, url: str) -> None:
    """The receiver and the sweep until SIGTERM."""
    service = gateway_of(home, url)
    stop = _stopped()
    sweeping = threading.Thread(target=Sweeper(service.database, service.clock, interval=0.1).run, args=(stop,))
    sweeping.start()
    service.receiver().run(stop)
    sweeping.join()
    service.close()


def _stopped() -> threading.Event:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    return stop


ROLES = {"everything": everything, "worker": run_worker, "doors": run_doors}
