"""PostgreSQL and RabbitMQ: workers that sleep until they are rung for carry a document all the way."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Iterator

import pytest
from kombu.connection import Connection

from gateway.connectors import MemoryInbox
from gateway.store import Database, Step, open_database
from gateway.work import KombuBell, Worker
from gateway.work.receiver import Receiver
from tests.conftest import empty
from tests.connectors.rabbit import needs_rabbitmq
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import Yard

BROKER = os.environ.get("CROSSDOCK_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//")
STEPS = [step.name.lower() for step in Step]


@pytest.fixture
def name() -> Iterator[str]:
    """Bells of this test."""
    needs_rabbitmq()
    name = f"crossdock.test.{secrets.token_hex(6)}"
    yield name
    with Connection(BROKER) as connection, connection.channel() as channel:
        for step in STEPS:
            channel.queue_delete(f"{name}.{step}")


@pytest.fixture
def postgresql(migrated_postgresql: str) -> Iterator[Database]:
    empty(migrated_postgresql)
    database = open_database(migrated_postgresql)
    yield database
    database.close()


@pytest.mark.postgres
def test_each_step_wakes_the_next_one(postgresql: Database, name: str) -> None:
    """No worker looks by itself within the time of the test: what arrives is carried by rings alone."""
    yard = Yard(postgresql)
    stop = threading.Event()
    bells = [KombuBell(BROKER, STEPS, name=name) for _ in range(2)]
    workers = [
        Worker(postgresql, yard.processors(), bell=bell, poll=(60.0, 60.0), role=f"machine-{number}")
        for number, bell in enumerate(bells)
    ]
    threads = [threading.Thread(target=worker.run, args=(stop,)) for worker in workers]
    for thread in threads:
        thread.start()
    inbox = MemoryInbox("globex-in", party="globex")
    ringing = KombuBell(BROKER, STEPS, name=name)
    receiver = Receiver(postgresql, yard.context.clock, [inbox], bell=ringing)
    try:
        time.sleep(0.5)  # both wait
        for control in range(1, 11):
            inbox.put(x12(control, order(f"PO-{control}")), f"{control}.x12")
            receiver.run_once()
        end = time.monotonic() + 20
        while len(yard.door("globex-out").delivered) < 10 or len(yard.door("erp-out").delivered) < 10:
            assert time.monotonic() < end, "It was not carried to the end."
            time.sleep(0.02)
    finally:
        stop.set()
        deadline = time.monotonic() + 30
        while any(thread.is_alive() for thread in threads) and time.monotonic() < deadline:
            for step in STEPS:
                ringing.ring(step)
            time.sleep(0.05)
        for bell in (*bells, ringing):
            bell.close()
