"""One POST to a partner and its answer, within bounds: addresses that were judged, TLS as agreed, a time for all."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

from gateway.connectors.as2.tls import fits
from gateway.connectors.http import address
from gateway.connectors.http.outbound import PORTS, SLOWEST
from gateway.core.errors import ActionNeededError, ConnectorError
from gateway.core.exchanges import Pairs

#: Bytes of an answer that are read: an MDN may quote what it answers.
ANSWER_BYTES = 16 * 1024 * 1024


_FOLDED = re.compile(r"\r?\n[ \t]+")


class Call(NamedTuple):
    """What is sent. ``size`` None: chunked. ``judge`` is asked about the addresses and may refuse them."""

    url: str
    headers: Pairs
    pieces: Callable[[], Iterable[bytes]]
    size: int | None
    total: int
    context: ssl.SSLContext
    pins: Sequence[str] = ()
    seconds: float = 300.0
    connect_seconds: float = 10.0
    link_local: bool = False
    judge: Callable[[str, str, list[address.IPAddress]], None] = lambda scheme, host, found: None
    method: str = "POST"


class Answered(NamedTuple):
    """``headers`` as they came."""

    status: int
    headers: Pairs
    body: bytes


def call(what: Call) -> Answered:
    """The answer. Raises :class:`ConnectorError` where there is none, ActionNeededError where a person must mend it."""
    parts = urlsplit(what.url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    found = address.addresses(host, port, link_local=what.link_local)
    what.judge(parts.scheme, host, found)
    until = time.monotonic() + what.seconds + what.total / SLOWEST
    last: ConnectorError | None = None
    for each in found:
        try:
            sock = _connect(each, port, what, host if parts.scheme == "https" else "")
        except OSError as error:
            last = _error(error, what)
            continue
        try:
            return _exchange(sock, what, until)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _error(error, what) from error
        finally:
            with suppress(OSError):
                sock.close()
    raise last or ConnectorError(f"{_shown(what.url)} has no address.")


def _connect(found: address.IPAddress, port: int, what: Call, tls_host: str) -> socket.socket:
    sock = socket.create_connection((str(found), port), timeout=what.connect_seconds)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not tls_host:
            return sock
        secure = what.context.wrap_socket(sock, server_hostname=tls_host)
        if what.pins and not fits(secure.getpeercert(binary_form=True), what.pins):
            secure.close()
            text = f"{_shown(what.url)}: its certificate is none of those that are pinned."
            raise ActionNeededError(text, hint="crossdock partners test shows its fingerprint; compare it first.")
        return secure
    except BaseException:
        sock.close()
        raise


def _exchange(sock: socket.socket, what: Call, until: float) -> Answered:
    parts = urlsplit(what.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    length = ("Content-Length", str(what.size)) if what.size is not None else ("Transfer-Encoding", "chunked")
    headers = (("Host", parts.netloc.rpartition("@")[2]), *what.headers, *((length,) if what.method == "POST" else ()))
    head = f"{what.method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers)
    early = _send(sock, what, f"{head}Connection: close\r\n\r\n".encode("latin-1"), until)
    source = _Timed(sock, until)
    answer = _response(source, what)
    try:
        answer.begin()
        for _ in range(_INTERIM):  # 102: a partner that opens a large message says that it does (RFC 4130bis)
            if not 100 <= answer.status < 200:
                break
            answer.fp = None  # type: ignore[assignment]  # it would close what the next one is read from
            answer = _response(source, what)
            answer.begin()
        else:
            raise http.client.BadStatusLine("interim answers without end")
        body = answer.read(ANSWER_BYTES + 1)
        if len(body) > ANSWER_BYTES:
            raise ConnectorError(f"{_shown(what.url)} answered with more than {ANSWER_BYTES} bytes.")
        if answer.length:  # cut off: read() of a bounded length does not say so
            raise http.client.IncompleteRead(body, answer.length)
        pairs = tuple((name, _FOLDED.sub(" ", value)) for name, value in answer.headers.items())
        return Answered(answer.status, pairs, body)
    except (OSError, http.client.HTTPException):
        if early is not None:
            raise early from None
        raise
    finally:
        answer.close()


def _response(source: _Timed, what: Call) -> http.client.HTTPResponse:
    return http.client.HTTPResponse(source, method=what.method)  # type: ignore[arg-type]


def _send(sock: socket.socket, what: Call, head: bytes, until: float) -> OSError | None:
    """The request. A receiver may answer before all is there and close: then the answer counts."""
    try:
        pending = head
        for piece in what.pieces():
            framed = piece if what.size is not None else b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""
            if len(pending) + len(framed) < _TOGETHER:
                pending += framed
                continue
            _put(sock, pending, until)
            _put(sock, framed, until)
            pending = b""
        _put(sock, pending + (b"" if what.size is not None or what.method != "POST" else b"0\r\n\r\n"), until)
    except (BrokenPipeError, ConnectionResetError) as error:
        return error
    return None


#: Interim answers that are passed by.
_INTERIM = 1000

#: Small requests leave in one piece.
_TOGETHER = 64 * 1024


def _put(sock: socket.socket, data: bytes, until: float) -> None:
    if data:
        sock.settimeout(_left(until))
        sock.sendall(data)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Timed:
    """What ``http.client`` reads from: each read has the time that is left of the whole."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock, self._until = sock, until
        self._reader: object = None

    def makefile(self, mode: str) -> object:
        """The same each time: behind an interim answer the next one is read ahead already."""
        import io

        outer = self

        class Raw(io.RawIOBase):
            def readable(self) -> bool:
                return True

            def readinto(self, buffer: object, /) -> int:
                outer._sock.settimeout(_left(outer._until))
                return outer._sock.recv_into(buffer)  # type: ignore[arg-type]

        self._reader = self._reader or io.BufferedReader(Raw())
        return self._reader


def _error(error: Exception, what: Call) -> ConnectorError:
    if isinstance(error, ConnectorError):
        return error
    url = _shown(what.url)
    if isinstance(error, TimeoutError):
        return ConnectorError(f"{url}: There is no whole answer within {what.seconds:g} seconds.")
    if isinstance(error, ssl.SSLCertVerificationError):
        hint = 'A certificate of an own CA is trusted with ca = "…", one certificate with pin = ["…"] at the endpoint.'
        return ActionNeededError(f"{url}: its certificate is not trusted: {error.verify_message}.", hint=hint)
    if isinstance(error, http.client.HTTPException | ValueError):
        return ConnectorError(f"{url}: The answer is cut off, or no HTTP ({type(error).__name__}).")
    reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")
    return ConnectorError(f"{url}: {reason}.")


def _shown(url: str) -> str:
    """The URL without its query, which may hold a key."""
    return url.partition("?")[0]
