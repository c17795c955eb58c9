"""The server: listens, answers until it is told to stop, and finishes what it has in hand."""

from __future__ import annotations

import errno
import socket
import ssl
import threading
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp

from gateway.core.errors import ConfigurationError
from gateway.settings import Config
from gateway.web.protocol import HEADERS_BYTES, bounded

log = structlog.get_logger(__name__)

#: Seconds that requests in hand have when the server is told to stop, and that a connection is kept for the next one.
_PATIENCE, _KEPT = 20, 15

_BACKLOG = 512
_HIGHEST_PORT = 65535


class WebServer:
    """Listens from its beginning, so that a port that is taken is told at once."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        """Raises ConfigurationError for an address that cannot be listened on, or a certificate that cannot be read."""
        web = config.web
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                app,
                http=bounded(web.seconds, web.connections),
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=True,
                forwarded_allow_ips=web.proxies,
                backlog=_BACKLOG,
                timeout_keep_alive=_KEPT,
                timeout_graceful_shutdown=_PATIENCE,
                h11_max_incomplete_event_size=HEADERS_BYTES,
                **_tls(config),
            )
        )
        self._socket = _listen(web.listen)
        self.port = int(self._socket.getsockname()[1])

    def run(self, stop: threading.Event) -> None:
        """Answers until ``stop`` is set."""
        watcher = threading.Thread(target=self._stop_at, args=(stop,), name="web-stop", daemon=True)
        watcher.start()
        host = self._socket.getsockname()[0]
        log.info("web.started", host=host, port=self.port)
        try:
            self._uvicorn.run(sockets=[self._socket])
        finally:
            self._socket.close()
            log.info("web.stopped")

    @property
    def started(self) -> bool:
        """Whether requests are answered by now."""
        return self._uvicorn.started

    def _stop_at(self, stop: threading.Event) -> None:
        stop.wait()
        self._uvicorn.should_exit = True


def _listen(address: str) -> socket.socket:
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


def _tls(config: Config) -> dict[str, Any]:
    """The files of the certificate, tried before they are used."""
    web = config.web
    if not web.certificate:
        return {}
    certificate = str(config.home / web.certificate)
    key = str(config.home / web.certificate_key) if web.certificate_key else certificate
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        text = f"{web.certificate} and its key cannot be used: {error.strerror or error}."
        raise ConfigurationError(text, file="crossdock.toml", key="web.certificate") from None
    return {"ssl_certfile": certificate, "ssl_keyfile": key}
