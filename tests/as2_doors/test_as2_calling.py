"""Answers of partners as HTTP has them: what is passed by, what is taken, what is not followed."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gateway.connectors.as2.calling import Call, call
from gateway.core.errors import ConnectorError

MDN = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: multipart/report;\r\n\tboundary=b\r\n\r\nMDN"


@contextmanager
def answering(said: bytes, until: bytes = b"DATA") -> Iterator[tuple[str, list[bytes]]]:
    """A partner that says this, whatever it is asked; and what it was asked."""
    came: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    sock, _ = server.accept()
                except OSError:
                    return
                with sock:
                    heard = b""
                    while not heard.endswith(until):
                        heard += sock.recv(65536)
                    came.append(heard)
                    sock.sendall(said)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/as2?key=1", came


def ask(url: str) -> tuple[int, bytes, str]:
    context = ssl.create_default_context()
    found = call(Call(url, (("AS2-From", "US"),), lambda: (b"DATA",), 4, 4, context, seconds=10.0))
    return found.status, found.body, dict(found.headers).get("Content-Type", "")


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 102 Processing\r\n\r\n" * 3,
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX-Half: 50%\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",
    ],
    ids=["none", "100", "102", "several"],
)
def test_interim_answers_are_passed_by(before: bytes) -> None:
    with answering(before + MDN) as (url, came):
        assert ask(url) == (200, b"MDN", "multipart/report; boundary=b"), "folded headers are one line"
        assert len(came) == 1


def test_interim_answers_without_end_are_no_answer() -> None:
    with answering(b"HTTP/1.1 102 Processing\r\n\r\n" * 5000) as (url, _), pytest.raises(ConnectorError):
        ask(url)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 301, 307, 400, 500])
def test_each_answer_is_told_as_it_is_and_no_redirection_is_followed(status: int) -> None:
    said = b"HTTP/1.1 %d What\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n" % status
    with answering(said) as (url, came):
        assert ask(url)[:2] == (status, b"")
        assert len(came) == 1
        assert came[0].startswith(b"POST /as2?key=1 HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("said", "body"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\nuntil it is closed", b"until it is closed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3 ; a=b\r\nMDN\r\n0\r\n\r\n", b"MDN"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0003\r\nDate: never\r\n\r\nMDN and more", b"MDN"),
    ],
    ids=["closed", "chunked, with blanks and extensions", "length with zeros before it"],
)
def test_answers_however_their_length_is_said(said: bytes, body: bytes) -> None:
    with answering(said) as (url, _):
        assert ask(url)[:2] == (200, body)


def test_what_is_judged_is_what_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name may mean something else at the next look (DNS rebinding): there is no next look."""
    public, private = ipaddress.ip_address("192.0.2.1"), ipaddress.ip_address("127.0.0.1")
    looks = [[private], [public]]
    monkeypatch.setattr("gateway.connectors.http.address.addresses", lambda *_, **__: looks.pop())
    called: list[str] = []

    def connect(place: tuple[str, int], timeout: float) -> socket.socket:
        called.append(place[0])
        raise OSError("nobody is there")

    monkeypatch.setattr(socket, "create_connection", connect)
    judged: list[list[object]] = []
    context = ssl.create_default_context()
    what = Call(
        "https://as2.globex.example/", (), lambda: (), 0, 0, context, judge=lambda *told: judged.append(told[2])
    )
    with pytest.raises(ConnectorError):
        call(what)
    assert (judged, called) == ([[public]], ["192.0.2.1"])


def test_an_answer_that_is_cut_off_is_none() -> None:
    with answering(MDN[:-1]) as (url, _), pytest.raises(ConnectorError):
        ask(url)
