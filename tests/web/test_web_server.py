"""The server itself: who says nothing is cut, what is in hand is finished, a port that is taken is told, TLS."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest

from gateway.core.errors import ConfigurationError
from tests.cli.running import x12
from tests.web.serving import Desk, serving


def _ends(client: socket.socket, seconds: float = 5) -> bytes:
    """What comes until the server closes."""
    client.settimeout(seconds)
    found = b""
    try:
        while part := client.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


def drip(client: socket.socket, until: float) -> None:
    """A byte now and then."""
    while time.monotonic() < until:
        time.sleep(0.05)
        client.sendall(b"a")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /health/live HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\nGET /he",
        b"POST /health/live HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nabc",
    ],
)
def test_who_stops_sending_is_cut(home: Path, sent: bytes) -> None:
    with serving(home, header_seconds=0.3) as desk, socket.create_connection(("127.0.0.1", desk.port)) as client:
        client.sendall(sent)
        until = time.monotonic() + 5
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            drip(client, until)


def test_a_body_that_stops_is_told(home: Path) -> None:
    with serving(home, seconds=0.3) as desk, socket.create_connection(("127.0.0.1", desk.port)) as client:
        token = desk.token("partner", party="globex")
        head = f"POST /api/documents HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
        client.sendall(f"{head}Content-Length: 100000\r\n\r\nISA".encode())
        answer = _ends(client)
    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /health/live HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 70_000 + b"\r\n\r\n", b"431"),
        (b"GET /health/live HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 400_000, b"431"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
    ],
)
def test_what_is_no_request_is_a_problem(desk: Desk, sent: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", desk.port)) as client:
        client.sendall(sent)
        client.settimeout(5)
        answer = client.recv(65536)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"application/problem+json" in answer


def test_what_is_in_hand_is_finished_when_it_is_told_to_stop(desk: Desk) -> None:
    globex = desk.client("partner", party="globex")
    found: list[int] = []
    thread = threading.Thread(
        target=lambda: found.append(globex.post("/api/documents?wait=2", content=x12(1)).status_code)
    )
    thread.start()
    until = time.monotonic() + 5
    while not desk.app.state.web.verdicts._waiting and time.monotonic() < until:
        time.sleep(0.01)
    desk.stop()
    thread.join()
    assert found == [202]


def test_a_port_that_is_taken_is_told(desk: Desk) -> None:
    with pytest.raises(ConfigurationError, match="another program listens there already"):
        desk.again(f"127.0.0.1:{desk.port}")
    with pytest.raises(ConfigurationError, match=r"web\.listen"):
        desk.again("nowhere.invalid:80")
    with pytest.raises(ConfigurationError, match=r"web\.listen"):
        desk.again("127.0.0.1:99999")
