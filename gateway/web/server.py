"""The server: listens, answers until it is told to stop, and finishes what it has in hand."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp

from gateway.core.errors import ConfigurationError
from gateway.settings import Config
from gateway.web.callers import Proxies
from gateway.web.certificate import certificate_of
from gateway.web.doorway import Doorway, Place
from gateway.web.protocol import HEADERS_BYTES, BoundedProtocol, Seconds

log = structlog.get_logger(__name__)

#: Seconds that requests in hand have when the server is told to stop, and that a connection is kept for the next one.
_PATIENCE, _KEPT = 20, 15

_BACKLOG = 512
_HIGHEST_PORT = 65535


class _Uvicorn(uvicorn.Server):
    """It accepts by a doorway of ours."""

    def __init__(self, config: uvicorn.Config, open_: Callable[[_Uvicorn], Doorway]) -> None:
        super().__init__(config)
        self._open = open_

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup([])
        doorway: Any = self._open(self)
        self.servers.append(doorway)


class WebServer:
    """Listens from its beginning, so that a port that is taken is told at once."""

    def __init__(self, app: ASGIApp, config: Config, *, shared: bool = False, clients: Path | None = None) -> None:
        """``shared``: other processes listen there too. ``clients``: whose certificates callers must show.

        Raises ConfigurationError for an address that cannot be listened on, a certificate that cannot be read, and
        proxies that are no addresses."""
        self._web = web = config.web
        self._proxies = Proxies(web.proxies)
        self._certificate = certificate_of(config, clients)
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                app,
                loop="asyncio",
                http=BoundedProtocol,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=True,
                forwarded_allow_ips=self._proxies.names,
                timeout_keep_alive=_KEPT,
                timeout_graceful_shutdown=_PATIENCE,
                h11_max_incomplete_event_size=HEADERS_BYTES,
            ),
            self._open,
        )
        self._socket = _listen(web.listen, shared)
        self.port = int(self._socket.getsockname()[1])

    def run(self, stop: threading.Event) -> None:
        """Answers until ``stop`` is set."""
        watcher = threading.Thread(target=self._stop_at, args=(stop,), name="web-stop", daemon=True)
        watcher.start()
        try:
            self._uvicorn.run(sockets=[self._socket])
        finally:
            self._socket.close()
            log.info("web.stopped")

    def _open(self, server: _Uvicorn) -> Doorway:
        seconds = Seconds(self._web.header_seconds, self._web.seconds)

        def make(place: Place) -> BoundedProtocol:
            return BoundedProtocol(place, seconds, server.config, server.server_state, server.lifespan.state)

        doorway = Doorway(self._socket, make, self._web, self._proxies, self._certificate)
        log.info("web.listening", on=self._address())
        return doorway

    def _address(self) -> str:
        host = str(self._socket.getsockname()[0])
        scheme = "http" if self._certificate is None else "https"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def started(self) -> bool:
        """Whether requests are answered by now."""
        return self._uvicorn.started

    def _stop_at(self, stop: threading.Event) -> None:
        stop.wait()
        self._uvicorn.should_exit = True


def _listen(address: str, shared: bool = False) -> socket.socket:
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        if int(port) > _HIGHEST_PORT:
            raise ValueError(f"{port} is no port")
        (family, *_, place), *_ = socket.getaddrinfo(
            host or None, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        # Of a socket that is not said to be TCP asyncio does not switch off Nagle's algorithm: 40 ms for each answer.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if shared:
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listening.bind(place)
            listening.listen(_BACKLOG)
        except BaseException:
            listening.close()
            raise
    except (OSError, OverflowError, ValueError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        text = "another program listens there already" if taken else str(getattr(error, "strerror", None) or error)
        hint = "Choose another port, or stop that program." if taken else 'Write "127.0.0.1:8470".'
        raise ConfigurationError(f"{address}: {text}.", file="crossdock.toml", key="web.listen", hint=hint) from None
    return listening
