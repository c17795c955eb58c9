"""A gateway with endpoints over HTTP: one that is fine, others that hang, fail or refuse."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gateway.service import Service
from gateway.store import Changes, Step, commit
from tests.store.making import column

_PARTY = """
id = "globex"
name = "Globex"
"""
_ENDPOINT = """
[[endpoint]]
name = "{name}"
connector = "http"
direction = "out"
url = "{url}"
plain_http = true
connect_seconds = {seconds}
seconds = {seconds}
"""


def home(folder: Path, *endpoints: str, settings: str = "") -> Path:
    (folder / "partners").mkdir(parents=True)
    (folder / "partners" / "globex.toml").write_text(_PARTY + "".join(endpoints))
    (folder / "crossdock.toml").write_text(settings)
    return folder


def endpoint(name: str, url: str, *, seconds: float = 2.0, more: str = "") -> str:
    return _ENDPOINT.format(name=name, url=url, seconds=seconds) + more


def leave(service: Service, endpoint: str, number: int) -> list[int]:
    """Transmissions that are to leave by an endpoint."""
    changes = Changes(service.clock.now())
    ids = []
    for n in range(number):
        unit = changes.new(
            "transmissions",
            direction="out",
            endpoint=endpoint,
            transport_id=f"{endpoint} {n} {time.time_ns()}",
            party="globex",
            status="composed",
            payload_id=changes.made(f"{n}".encode()),
            size=1,
            sha256="-",
            file_name=f"{n}.txt",
        )
        changes.work(Step.DELIVER, unit, endpoint, turn=(unit, 0), size=1)
        ids.append(unit)
    commit(service.database, changes)
    return [changes.real(id) for id in ids]


def statuses(service: Service, ids: Sequence[int]) -> list[str]:
    found = column(service.database, "SELECT id || ' ' || status FROM transmissions ORDER BY id")
    known = dict(each.split() for each in found)
    return [known[str(id)] for id in ids]


def eventually(done: Callable[[], bool], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


@contextmanager
def running(*runs: Callable[[threading.Event], None]) -> Iterator[None]:
    """In threads, until the block ends."""
    stop = threading.Event()
    threads = [threading.Thread(target=run, args=(stop,)) for run in runs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


def nobody() -> str:
    """The address of a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}/"
