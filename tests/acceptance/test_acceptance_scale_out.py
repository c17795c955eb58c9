"""PostgreSQL and RabbitMQ by configuration alone: several processes, as on several machines, and what breaks there.

Orders come in by folder and by queue while a worker is killed, the connections to the broker are broken, and those to
the database are ended by its administrator. Nothing is lost, nothing happens twice, and it goes on by itself.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.acceptance.newcomer import Newcomer
from tests.chaos.proxy import ChaosProxy
from tests.conftest import SERVER, empty
from tests.connectors.rabbit import Rabbit
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import control_number, segments

BY_QUEUE = """
[[endpoint]]
name = "globex-queue"
connector = "amqp"
direction = "in"
url = "env:ERP_BROKER"
queue = "{queue}"
"""

TO_QUEUE = """
[[endpoint]]
name = "acme-told"
connector = "amqp"
direction = "out"
events = ["order.received"]
url = "env:ERP_BROKER"
routing_key = "{queue}"
declare = "queue"
"""


@pytest.fixture
def rabbit() -> Iterator[Rabbit]:
    rabbit = Rabbit()
    yield rabbit
    rabbit.close()


@pytest.fixture
def proxy(rabbit: Rabbit) -> Iterator[ChaosProxy]:
    """What all processes know as the broker."""
    with ChaosProxy((rabbit.host, rabbit.port)) as proxy:
        yield proxy


class Dock:
    """A home on PostgreSQL and RabbitMQ, and its processes."""

    def __init__(self, newcomer: Newcomer, database: str, broker: str) -> None:
        self.newcomer = newcomer
        self.folder = newcomer.folder / "dock"
        self.running: list[subprocess.Popen[bytes]] = []
        newcomer.run("init", self.folder)
        newcomer.environment |= {
            "DOCK_DATABASE": database,
            "DOCK_BROKER": broker,
            "ERP_BROKER": broker,
            "CROSSDOCK_BATCHES__LEASE_SECONDS": "3",
            "CROSSDOCK_WEB__LISTEN": "",
        }
        written = (self.folder / "crossdock.toml").read_text()
        page = (Path(__file__).parents[2] / "docs/how-to/scale-out.md").read_text()
        (_, lines, *_) = re.split(r"```toml\n# crossdock.toml\n|```", page)
        (self.folder / "crossdock.toml").write_text(f"{lines}\n{written}")
        self.edit("globex", 'path = "in/globex"', 'path = "in/globex"\ncomplete = "rename"')

    def edit(self, party: str, old: str, new: str) -> None:
        file = self.folder / f"partners/{party}.toml"
        written = file.read_text()
        assert old in written
        file.write_text(written.replace(old, new))

    def add(self, party: str, lines: str) -> None:
        with (self.folder / f"partners/{party}.toml").open("a") as file:
            file.write(lines)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        log = self.newcomer.folder / f"{len(self.running)}.log"
        process = self.newcomer.start("--home", self.folder, *arguments, log=log)
        self.running.append(process)
        return process

    def stop(self) -> None:
        """All are told to stop, and do so without complaint."""
        living = [process for process in self.running if process.poll() is None]
        for process in living:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(40) for process in living] == [0] * len(living)

    def logs(self) -> str:
        return "".join(path.read_text() for path in sorted(self.newcomer.folder.glob("*.log")))

    def put(self, control: int, *numbers: str) -> None:
        folder = self.folder / "exchange/in/globex"
        (folder / f"{control:04d}.tmp").write_bytes(x12(control, *map(order, numbers)))
        (folder / f"{control:04d}.tmp").rename(folder / f"{control:04d}.x12")

    def files(self, place: str) -> list[bytes]:
        return [path.read_bytes() for path in sorted((self.folder / "exchange" / place).glob("*")) if path.is_file()]

    def orders(self) -> Counter[str]:
        return Counter(json.loads(line)["id"] for body in self.files("out/acme-erp") for line in body.splitlines())


@pytest.fixture
def dock(newcomer: Newcomer, migrated_postgresql: str, rabbit: Rabbit, proxy: ChaosProxy) -> Iterator[Dock]:
    empty(migrated_postgresql)
    dock = Dock(newcomer, migrated_postgresql, rabbit.url(proxy.port))
    yield dock
    for process in dock.running:
        if process.poll() is None:
            process.kill()
            process.wait()


def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.05)


def children(process: subprocess.Popen[bytes]) -> list[int]:
    command = ["ps", "--no-headers", "-o", "pid", "--ppid", str(process.pid)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def end_connections(database: str) -> int:
    """The administrator ends every connection to the database; returns how many there were."""
    name = make_url(database).database
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        ended = connection.execute(
            text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        ).scalar_one()
    engine.dispose()
    return int(ended)


@pytest.mark.slow
@pytest.mark.postgres
def test_several_processes_go_on_when_everything_around_them_breaks(
    dock: Dock, rabbit: Rabbit, proxy: ChaosProxy, migrated_postgresql: str
) -> None:
    queue, told = rabbit.queue(**{"x-queue-type": "quorum"}), rabbit.name()
    dock.add("globex", BY_QUEUE.format(queue=queue))
    dock.add("acme", TO_QUEUE.format(queue=told))
    serve, other = dock.start("serve", "--workers", "2"), dock.start("worker")
    until(lambda: "serve.started" in dock.logs(), "the start")

    def more(first: int) -> None:
        """Ten interchanges by folder, ten by queue, two orders each."""
        for control in range(first, first + 20):
            numbers = [f"PO-{control}-{n}" for n in (1, 2)]
            if control % 2:
                dock.put(control, *numbers)
            else:
                rabbit.put(queue, x12(control, *map(order, numbers)), message_id=f"order-{control}")

    more(1)
    until(lambda: dock.orders().total() >= 3, "the first orders")
    (victim, *_) = children(serve)
    os.kill(victim, signal.SIGKILL)
    more(21)
    until(lambda: dock.orders().total() >= 45, "orders while a worker is dead")
    proxy.reset_all()
    more(41)
    until(lambda: dock.orders().total() >= 85, "orders after the broker's connections broke")
    assert end_connections(migrated_postgresql) > 2
    more(61)
    other.kill()
    until(lambda: dock.orders().total() >= 160, "orders after the database ended its connections")
    until(lambda: len(dock.files("out/globex")) >= 80, "the receipts")
    until(lambda: rabbit.count(told) >= 160, "the events")
    dock.stop()

    assert dock.orders() == {f"PO-{control}-{n}": 1 for control in range(1, 81) for n in (1, 2)}
    answers = dock.files("out/globex")
    assert len({control_number(answer) for answer in answers}) == len(answers) == 80
    assert sorted(ak1 for answer in answers for ak1 in segments(answer, "AK1")) == sorted(
        f"AK1*PO*{control}" for control in range(1, 81)
    )
    assert rabbit.count(queue) == 0
    events = {message.properties["message_id"]: json.loads(bytes(message.body)) for message in rabbit.all(told)}
    keys = Counter(event["data"]["business_key"] for event in events.values())
    assert set(keys.values()) == {1}
    assert len(keys) == 160
    logs = dock.logs()
    assert "worker.ended" in logs
    assert "broker.connected" in logs


@pytest.mark.postgres
def test_a_worker_elsewhere_is_woken_by_the_broker(dock: Dock, rabbit: Rabbit, tmp_path: Path) -> None:
    """Nothing but rows and rings: what is received on one machine is worked on by another one, at once."""
    dock.start("worker")
    until(lambda: rabbit.listeners("crossdock.bell.translate") > 0, "the worker at the bell")
    body = tmp_path / "order.x12"
    body.write_bytes(x12(1, order("PO-1")))
    dock.newcomer.run("--home", dock.folder, "receive", body, "--from", "globex", "--no-process")
    until(lambda: dock.orders() == {"PO-1": 1}, "the order")
    dock.stop()
    assert dock.orders() == {"PO-1": 1}
