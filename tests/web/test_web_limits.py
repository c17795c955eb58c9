"""Callers that are many or slow: each address has its bounds, and the others are answered meanwhile."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from gateway.core.errors import ConfigurationError
from gateway.observe import metrics
from gateway.web.callers import Proxies, Room, caller
from tests.cli.running import x12
from tests.web.serving import Desk, serving

HEAD = b"GET /health/live HTTP/1.1\r\nHost: a\r\n"


def until(true: Callable[[], bool]) -> bool:
    """Whether it became true."""
    end = time.monotonic() + 10
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.01)
    return found


def counted(outcome: str) -> float:
    return float(metrics.http_connections.labels(outcome)._value.get())


@contextmanager
def connections(desk: Desk, number: int, begin: bytes = HEAD) -> Iterator[list[socket.socket]]:
    """So many from 127.0.0.1, each with the beginning of a request."""
    found = [socket.create_connection(("127.0.0.1", desk.port)) for _ in range(number)]
    try:
        for each in found:
            each.sendall(begin)
        yield found
    finally:
        for each in found:
            each.close()


def from_address(desk: Desk, address: str, **headers: str) -> httpx.Client:
    """A client that calls from another address of this machine."""
    transport = httpx.HTTPTransport(local_address=address)
    client = httpx.Client(base_url=desk.url, transport=transport, headers=headers, timeout=10)
    desk.clients.append(client)
    return client


def answer_of(client: socket.socket) -> bytes:
    """What comes until the server closes."""
    client.settimeout(10)
    found = b""
    try:
        while part := client.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


def test_while_500_connections_of_one_address_trickle_another_address_is_answered(desk: Desk) -> None:
    stop = threading.Event()

    def trickle(clients: list[socket.socket]) -> None:
        while not stop.wait(0.2):
            for each in clients:
                try:
                    each.sendall(b"x")
                except OSError:
                    continue

    with connections(desk, 500, HEAD + b"X-Slow: ") as clients:
        thread = threading.Thread(target=trickle, args=(clients,))
        thread.start()
        try:
            token = desk.token("partner", party="globex")
            other = from_address(desk, "127.0.0.2", Authorization=f"Bearer {token}")
            codes = [other.post("/api/documents", content=x12(number)).status_code for number in range(1, 6)]
        finally:
            stop.set()
            thread.join()
    assert codes == [202] * 5


def test_beyond_its_connections_an_address_is_told_and_then_closed(home: Path) -> None:
    with serving(home, connections_per_address=2) as desk, connections(desk, 2):
        refused = counted("too_many")
        assert until(lambda: counted("accepted") > 0)
        told = from_address(desk, "127.0.0.1").get("/health/live")
        assert (told.status_code, told.headers["retry-after"]) == (429, "5")
        assert told.json()["type"] == "/api/problems#too-many"
        with connections(desk, 30, b"") as more:
            assert answer_of(more[-1]) == b""  # it did not even get its say
        assert counted("too_many") >= refused + 31
        assert from_address(desk, "127.0.0.2").get("/health/live").status_code == 200


def test_an_address_that_has_gone_has_room_again(home: Path) -> None:
    with serving(home, connections_per_address=1) as desk:
        for _ in range(5):
            with connections(desk, 1, HEAD + b"Connection: close\r\n\r\n") as (client,):
                assert answer_of(client).startswith(b"HTTP/1.1 200 ")


def test_who_comes_when_there_are_enough_connections_is_told_so_as_a_problem(home: Path) -> None:
    with serving(home, connections=1) as desk, connections(desk, 1):
        answer = from_address(desk, "127.0.0.2").get("/api/documents")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.headers["content-type"] == "application/problem+json"


def test_requests_in_hand_are_bounded_by_address_and_behind_a_proxy_by_the_address_that_it_tells(home: Path) -> None:
    settings = {"requests_per_address": 2, "connections_per_address": 1, "proxies": "127.0.0.1"}
    with serving(home, **settings) as desk:
        token = desk.token("partner", party="globex")

        def head(address: str) -> bytes:
            lines = ["POST /api/documents HTTP/1.1", "Host: a", f"Authorization: Bearer {token}"]
            return "\r\n".join([*lines, f"X-Forwarded-For: {address}", "Content-Length: 9", "", "ISA"]).encode()

        with connections(desk, 2, head("198.51.100.7")):
            mine = from_address(desk, "127.0.0.1", **{"X-Forwarded-For": "198.51.100.7"})
            assert until(lambda: mine.get("/health/ready").status_code == 429)
            refused = mine.get("/health/ready")
            assert refused.json()["type"] == "/api/problems#too-many"
            assert refused.headers["retry-after"] == "1"
            assert mine.get("/health/live").status_code == 200  # who asks whether we live is always told
            # What the caller itself wrote before its proxy did is not believed.
            forged = {"X-Forwarded-For": "203.0.113.1, 198.51.100.7"}
            assert from_address(desk, "127.0.0.1", **forged).get("/health/ready").status_code == 429
            others = from_address(desk, "127.0.0.1", **{"X-Forwarded-For": "198.51.100.8"})
            assert others.get("/health/ready").status_code == 200


def test_who_is_no_proxy_of_ours_does_not_say_where_it_comes_from(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(home, requests_per_address=1) as desk:
        token = desk.token("partner", party="globex")
        lines = ["POST /api/documents HTTP/1.1", "Host: a", f"Authorization: Bearer {token}"]
        begin = "\r\n".join([*lines, "X-Forwarded-For: 198.51.100.7", "Content-Length: 9", "", "ISA"]).encode()
        with connections(desk, 1, begin):
            mine = from_address(desk, "127.0.0.1", **{"X-Forwarded-For": "198.51.100.8"})
            assert until(lambda: mine.get("/health/ready").status_code == 429)
    told = "".join(capfd.readouterr())
    assert told.count("http.forwarded_not_believed") == 1
    assert 'proxies = "127.0.0.1" under [web]' in told.replace("\\", "")  # as JSON, too


def test_requests_in_hand_are_bounded_in_all(home: Path) -> None:
    with serving(home, requests=1) as desk:
        token = desk.token("partner", party="globex")
        lines = ["POST /api/documents HTTP/1.1", "Host: a", f"Authorization: Bearer {token}"]
        begin = "\r\n".join([*lines, "Content-Length: 9", "", "ISA"]).encode()
        with connections(desk, 1, begin):
            other = from_address(desk, "127.0.0.2")
            assert until(lambda: other.get("/health/ready").status_code == 503)
            assert other.get("/health/ready").headers["retry-after"] == "5"
        assert until(lambda: other.get("/health/ready").status_code == 200)


def test_a_body_that_trickles_is_told_and_ended(home: Path) -> None:
    with serving(home, grace_seconds=0.3, bytes_per_second=1_000_000) as desk:
        token = desk.token("partner", party="globex")
        lines = ["POST /api/documents HTTP/1.1", "Host: a", f"Authorization: Bearer {token}"]
        begin = "\r\n".join([*lines, "Content-Length: 1000000", "", "ISA"]).encode()
        before = counted("slow_body")
        with connections(desk, 1, begin) as (client,):
            stop = threading.Event()

            def trickle() -> None:
                try:
                    while not stop.wait(0.05):
                        client.sendall(b"x")
                except OSError:
                    pass

            thread = threading.Thread(target=trickle)
            thread.start()
            client.settimeout(10)
            answer = client.recv(65536)
            stop.set()
            thread.join()
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert counted("slow_body") == before + 1


@pytest.mark.parametrize("more", [b"", b"Connection: close\r\n"])
def test_who_does_not_read_its_answer_is_cut(home: Path, more: bytes) -> None:
    with serving(home, grace_seconds=0.3, bytes_per_second=1_000_000_000) as desk:
        token = desk.token("partner", party="globex")
        large = b"ISA" + b"x" * 20_000_000
        with desk.bearing(token) as client:
            body = client.post("/api/documents", content=large).json()["links"]["body"]
        before = counted("slow_reader")
        ask = f"GET {body} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n".encode() + more + b"\r\n"
        with connections(desk, 1, ask) as (client_,):
            assert until(lambda: counted("slow_reader") == before + 1)
            read = len(answer_of(client_))
        assert 0 < read < len(large)
        with desk.bearing(token) as client:  # who reads it gets it whole
            assert client.get(body).content == large


def test_an_address_is_one_caller_however_it_is_written() -> None:
    assert caller("::ffff:192.0.2.1") == caller("192.0.2.1") != caller("::ffff:192.0.2.2")
    assert caller("2001:db8::1") == caller("2001:db8::ffff") != caller("2001:db8:0:1::1")
    assert "::ffff:10.1.2.3" in Proxies("127.0.0.1, 10.0.0.0/8")
    assert "10.1.2.3" not in Proxies("")


@pytest.mark.parametrize("text", ["*", "proxy.example", "10.0.0.1/8"])
def test_proxies_are_addresses(home: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"web\.proxies"), serving(home, proxies=text):
        pass


def test_room_is_given_back() -> None:
    room = Room(3, 2)
    for _ in range(2):
        room.enter("a")
    assert (room.full("a"), room.full("b"), room.full(None), room.full("a", 1)) == ("caller", None, None, None)
    room.enter(None)
    assert (room.full("b"), room.full(None)) == ("all", "all")
    for each in ("a", "a", None):
        room.leave(each)
    assert room.full("a") is None
    assert not room._each
