"""Gateways that exchange messages of AS2 over sockets of this machine."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.core.errors import CrossdockError
from gateway.pipeline.deliver import Deliver
from gateway.service import Service
from gateway.store import Changes, Step, commit
from gateway.store.statements import both, run
from gateway.work.bell import NullBell
from gateway.work.worker import Worker
from tests.as2_doors.plain import PlainSpeaker

US = """
id = "{us}"
name = "Us"
kind = "own"
[as2]
id = "{US}"
"""
THEM = """
id = "{them}"
name = "Them"
[as2]
id = "{THEM}"
[[endpoint]]
name = "in"
connector = "as2"
direction = "in"
own = "{us}"
least = []
{in_options}
[[endpoint]]
name = "out"
connector = "as2"
direction = "out"
own = "{us}"
sign = "no"
encrypt = "no"
mdn_signed = false
url = "{url}"
{out_options}
"""


_PORTS = itertools.count(20_000 + os.getpid() % 100 * 100)


def free_port() -> int:
    """One that nobody listens on, below those that the system gives to whoever calls somebody."""
    for port in _PORTS:
        with socket.socket() as sock, suppress(OSError):
            sock.bind(("127.0.0.1", port))
            return port
    raise AssertionError


@dataclass
class Node:
    """One gateway: its door, and what works behind it when it is told to."""

    service: Service
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/as2"

    def rows(self, what: str, **values: Any) -> list[Any]:
        with self.service.database.read() as connection:
            return run(connection, both(what), **values).all()

    def leave(self, body: bytes = b"ISA*1", name: str = "order.x12", endpoint: str = "out") -> int:
        """Something that is ready to leave; returns its transmission."""
        changes = Changes(self.service.clock.now())
        id = changes.new(
            "transmissions",
            direction="out",
            endpoint=endpoint,
            transport_id=f"{name}-{time.time_ns()}",
            party="them",
            status="composed",
            payload_id=changes.payload(body),
            size=len(body),
            sha256="",
            file_name=name,
        )
        changes.work(Step.DELIVER, id, endpoint, turn=(id, 0), size=len(body))
        commit(self.service.database, changes)
        return changes.real(id)

    def deliver(self, rounds: int = 1) -> None:
        """All that is to leave leaves; what failed is due at once, ``rounds`` times."""
        step = Deliver(self.service.context, self.service.door)
        for _ in range(rounds):
            worker = Worker(self.service.database, [step], bell=NullBell())
            worker.run_until_idle()
            with self.service.database.write() as connection:
                run(connection, both("UPDATE work SET state = 0, due = 0 WHERE state = 3"))

    def status(self, transmission: int) -> tuple[str, str | None]:
        (row,) = self.rows("SELECT status, reason FROM transmissions WHERE id = :id", id=transmission)
        return row.status, row.reason


def make_home(folder: Path, database: Path, port: int, **told: str) -> Path:
    (folder / "partners").mkdir(parents=True)
    (folder / "crossdock.toml").write_text(
        f'[as2]\nlisten = "127.0.0.1:{port}"\n[endpoints]\nfailures = 1000\n' + told.pop("settings", "")
    )
    words = {"us": "us", "them": "them", "US": "US", "THEM": "THEM", "in_options": "", "out_options": ""} | told
    words.setdefault("url", "http://127.0.0.1:9/")
    (folder / "partners" / "us.toml").write_text(US.format_map(words))
    (folder / "partners" / "them.toml").write_text(THEM.format_map(words))
    shutil.copy(database, folder / "crossdock.db")
    return folder


@contextmanager
def serving(home: Path, speaker: PlainSpeaker | None = None, *, plain: bool = True) -> Iterator[Node]:
    """A gateway whose door is open; not ``plain``: with signatures and all."""
    service = Service.open(home, {})
    service.as2.speaker = (speaker or PlainSpeaker()) if plain else None
    stop = threading.Event()
    server = service.as2_server(NullBell())
    thread = threading.Thread(target=server.run, args=(stop,), daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > until:
            raise CrossdockError("The server did not start.")
        time.sleep(0.01)
    try:
        yield Node(service, server.port)
    finally:
        stop.set()
        thread.join(20)
        service.close()


__all__ = ["Node", "free_port", "make_home", "serving"]
