"""A web server in a thread, and clients with tokens."""

from __future__ import annotations

import itertools
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
from starlette.applications import Starlette

from gateway.cli.init import configuration
from gateway.example import parties
from gateway.service import Service
from gateway.store import tokens
from gateway.web import WebServer, create_app

DOOR = """
[[endpoint]]
name = "{party}-http"
connector = "http"
direction = "in"
"""


def make_home(folder: Path, database: Path, *, doors: bool = True) -> Path:
    """As ``crossdock init`` makes it, with a door by HTTP for each party that sends. ``database``: an empty one."""
    (folder / "partners").mkdir(parents=True)
    (folder / "crossdock.toml").write_text(configuration())
    for name, text in parties().items():
        door = DOOR.format(party=Path(name).stem) if doors and Path(name).stem != "acme" else ""
        (folder / name).write_text(text + door)
    shutil.copy(database, folder / "crossdock.db")
    return folder


_NUMBERS = itertools.count(1)


@dataclass
class Desk:
    """A gateway and the port that it answers on."""

    service: Service
    port: int
    app: Starlette
    stop: Callable[[], None]
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token(self, role: tokens.Role, **bound: Any) -> str:
        now = self.service.clock.now()
        return tokens.add(self.service.database, f"{role}-{next(_NUMBERS)}", role, by="test", at=now, **bound)

    def client(self, role: tokens.Role | None = None, **bound: Any) -> httpx.Client:
        return self.bearing(self.token(role, **bound) if role is not None else None)

    def bearing(self, token: str | None) -> httpx.Client:
        """A client with this token."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        client = httpx.Client(base_url=self.url, headers=headers, timeout=20)
        self.clients.append(client)
        return client

    def again(self, listen: str) -> None:
        """Another server at this address."""
        web = msgspec.structs.replace(self.service.config.web, listen=listen)
        WebServer(self.app, msgspec.structs.replace(self.service.config, web=web))

    def work(self) -> None:
        """Translates, handles, answers and delivers what is there."""
        self.service.worker().run_until_idle()


@contextmanager
def serving(home: Path, **settings: Any) -> Iterator[Desk]:
    """The server of a home; ``settings`` of ``[web]`` hold instead of the defaults."""
    service = Service.open(home)
    web = msgspec.structs.replace(service.config.web, listen="127.0.0.1:0", **settings)
    service.config = msgspec.structs.replace(service.config, web=web)
    app = create_app(service)
    server = WebServer(app, service.config)
    stop = threading.Event()
    thread = threading.Thread(target=server.run, args=(stop,))
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.005)

    def end() -> None:
        stop.set()
        thread.join()

    desk = Desk(service, server.port, app, end)
    try:
        yield desk
    finally:
        for client in desk.clients:
            client.close()
        end()
        service.close()
