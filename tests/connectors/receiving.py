"""A receiver of webhooks that we did not write: uvicorn with a small application, in a thread, over TLS where asked."""

from __future__ import annotations

import gc
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Answer = Callable[["Got"], Response]


@dataclass
class Got:
    """One request as the receiver saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def fine(got: Got) -> Response:
    return Response(status_code=204)


@dataclass
class Receiver:
    """What came in; ``answers`` are given one each, then 204."""

    port: int = 0
    scheme: str = "http"
    requests: list[Got] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}/hook"

    async def take(self, request: Request) -> Response:
        got = Got(request.method, request.url.path, dict(request.headers), await request.body())
        self.requests.append(got)
        answer = self.answers.pop(0) if self.answers else fine
        return answer(got)


class Authority:
    """A certificate authority of the test, with files for both sides."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ca = trustme.CA()
        self.ca = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(str(self.ca))

    def issue(self, name: str) -> tuple[Path, Path]:
        cert = self._ca.issue_cert(name)
        chain, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        for blob in cert.cert_chain_pems:
            blob.write_to_path(str(chain), append=True)
        cert.private_key_pem.write_to_path(str(key))
        return chain, key


@contextmanager
def receiver(
    authority: Authority | None = None, name: str = "localhost", *, mutual: bool = False
) -> Iterator[Receiver]:
    """A running receiver on a free port."""
    found = Receiver()
    routes = [Route("/{rest:path}", found.take, methods=["POST", "PUT", "GET"])]
    options: dict[str, Any] = {}
    if authority is not None:
        chain, key = authority.issue(name)
        options = {"ssl_certfile": str(chain), "ssl_keyfile": str(key)}
        if mutual:
            options |= {"ssl_ca_certs": str(authority.ca), "ssl_cert_reqs": ssl.CERT_REQUIRED}
    listening = socket.create_server(("127.0.0.1", 0))
    found.port = listening.getsockname()[1]
    found.scheme = "https" if authority is not None else "http"
    config = uvicorn.Config(
        Starlette(routes=routes), log_level="critical", lifespan="off", timeout_graceful_shutdown=1, **options
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.005)
    try:
        yield found
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
        with warnings.catch_warnings():  # the server's loop ends with connections that nobody closed
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
