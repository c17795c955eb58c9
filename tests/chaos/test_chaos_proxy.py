"""The proxy that the fault tests of the connectors stand on does what each fault says."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.chaos.proxy import (
    CLIENT,
    SERVER,
    ChaosProxy,
    Faults,
    clean,
    cut,
    delay,
    half_close,
    refuse,
    reset,
    stall,
    truncate,
)

ANSWER = b"a" * 1000


class Peer:
    """A server that reads to the end of what is sent, notes it, and answers."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        self.heard: list[tuple[bytes, str]] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self.heard.append(read_all(connection))
                with suppress(OSError):
                    connection.sendall(ANSWER)

    def until(self, count: int) -> list[tuple[bytes, str]]:
        deadline = time.monotonic() + 5
        while len(self.heard) < count and time.monotonic() < deadline:
            time.sleep(0.002)
        return self.heard

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


def read_all(connection: socket.socket) -> tuple[bytes, str]:
    """What came, and how it ended."""
    came = b""
    try:
        while piece := connection.recv(65536):
            came += piece
    except ConnectionResetError:
        return came, "reset"
    except TimeoutError:
        return came, "silence"
    return came, "end"


def talk(proxy: ChaosProxy, message: bytes, patience: float = 5.0) -> tuple[bytes, str]:
    """Say something, say that it is all, read the answer."""
    try:
        with socket.create_connection(proxy.address, timeout=patience) as connection:
            connection.sendall(message)
            connection.shutdown(socket.SHUT_WR)
            return read_all(connection)
    except TimeoutError:
        raise
    except OSError:  # the connection had ended before all was said
        return b"", "reset"


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()
    yield peer
    peer.close()


def test_nothing_happens_without_a_fault(peer: Peer) -> None:
    with ChaosProxy(peer.address) as proxy:
        assert talk(proxy, b"x" * 300_000) == (ANSWER, "end")
        assert peer.until(1) == [(b"x" * 300_000, "end")]
        assert (proxy.passed(SERVER), proxy.passed(CLIENT)) == (300_000, len(ANSWER))
        assert proxy.struck == 0


@pytest.mark.parametrize(
    ("fault", "server_hears", "client_hears"),
    [
        (cut(40), (b"x" * 40, "end"), (b"", "end")),
        (reset(40), (b"x" * 40, "reset"), (b"", "reset")),
        (half_close(40), (b"x" * 40, "end"), (ANSWER, "end")),
        (truncate(40), (b"x" * 40, "end"), (ANSWER, "end")),
        (cut(40, CLIENT), (b"x" * 100, "end"), (ANSWER[:40], "end")),
        (reset(40, CLIENT), (b"x" * 100, "end"), (ANSWER[:40], "reset")),
        (half_close(40, CLIENT), (b"x" * 100, "end"), (ANSWER[:40], "end")),
        (truncate(40, CLIENT), (b"x" * 100, "end"), (ANSWER[:40], "end")),
    ],
    ids=lambda value: f"{value.kind} {value.towards}" if hasattr(value, "kind") else "",
)
def test_a_fault_strikes_after_so_many_bytes_of_its_direction(
    peer: Peer, fault: Faults, server_hears: tuple[bytes, str], client_hears: tuple[bytes, str]
) -> None:
    with ChaosProxy(peer.address, fault) as proxy:
        came, ended = talk(proxy, b"x" * 100)
        assert ended in ("reset", client_hears[1])  # closing answers with RST what is still being said
        assert ended == "reset" or came == client_hears[0]  # what was on its way when RST came may be lost
        (heard,) = peer.until(1)
        assert heard[1] == server_hears[1]
        assert heard[1] == "reset" or heard[0] == server_hears[0]
        assert proxy.struck == 1


def test_only_the_connections_that_are_planned_for_meet_a_fault(peer: Peer) -> None:
    with ChaosProxy(peer.address, refuse(), clean(), cut(3), then=clean()) as proxy:
        assert talk(proxy, b"one")[0] == b""
        assert talk(proxy, b"two") == (ANSWER, "end")
        assert talk(proxy, b"three")[0] == b""
        assert talk(proxy, b"four") == (ANSWER, "end")
        assert [heard for heard, _ in peer.until(3)] == [b"two", b"thr", b"four"]
        assert (proxy.connections, proxy.struck) == (4, 2)


def test_what_comes_after_the_plans_may_fail_for_ever_and_be_healed(peer: Peer) -> None:
    with ChaosProxy(peer.address, then=cut(0)) as proxy:
        assert talk(proxy, b"one")[0] == talk(proxy, b"two")[0] == b""
        proxy.then(clean())
        assert talk(proxy, b"three") == (ANSWER, "end")


def test_a_delay_holds_back_each_piece_and_loses_nothing(peer: Peer) -> None:
    with ChaosProxy(peer.address, [delay(0.05), delay(0.05, CLIENT)]) as proxy:
        began = time.monotonic()
        assert talk(proxy, b"x" * 100) == (ANSWER, "end")
        assert time.monotonic() - began >= 0.1
        assert peer.heard == [(b"x" * 100, "end")]


def test_a_stall_is_silence(peer: Peer) -> None:
    with ChaosProxy(peer.address, stall(10)) as proxy:
        assert talk(proxy, b"x" * 100, patience=0.1) == (b"", "silence")


def test_open_connections_end_at_a_word(peer: Peer) -> None:
    with ChaosProxy(peer.address) as proxy:
        for number, (end, how) in enumerate([(proxy.cut_all, "end"), (proxy.reset_all, "reset")], start=1):
            with socket.create_connection(proxy.address, timeout=5) as connection:
                connection.sendall(b"x")
                while proxy.passed(SERVER) < number:
                    time.sleep(0.002)
                end()
                assert read_all(connection) == (b"", how)


def test_a_server_that_is_not_there_is_met_as_a_reset() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = gone.getsockname()
    with ChaosProxy(address) as proxy:
        assert talk(proxy, b"x")[1] == "reset"
