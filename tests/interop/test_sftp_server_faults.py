"""Networks that break, processes that die, clients that say nothing: nothing is lost, nothing comes twice, and half a
file is never received."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import paramiko
import pytest

from gateway.core.ports import Arrival, Intake, Receipt
from gateway.store import Database, open_database
from tests.chaos.proxy import CLIENT, SERVER, ChaosProxy, Fault, cut, half_close, reset, stall, truncate
from tests.interop.sftp_host import Host

MEGABYTE = 1_000_000

#: What has nothing to do with the database is tried on one of them.
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def host(database: Database, tmp_path: Path) -> Iterator[Host]:
    with Host(database, tmp_path).running() as host:
        yield host


def wait(until: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.02)


class TestCutUploads:
    @pytest.mark.parametrize(
        ("fault", "after"),
        [(cut, 0), (reset, 3_500), (cut, MEGABYTE // 2), (half_close, MEGABYTE // 2), (reset, MEGABYTE)],
    )
    def test_half_a_file_is_never_received(self, host: Host, fault: Callable[[int], Fault], after: int) -> None:
        body = os.urandom(MEGABYTE)
        host.file("a", body)
        with ChaosProxy(host.address, fault(after)) as proxy:
            assert self.put(host, proxy.port) != 0
            assert host.received() == []
            assert self.put(host, proxy.port) == 0
        assert host.received() == [("a", body)]

    @staticmethod
    def put(host: Host, port: int) -> int:
        host.trusting(port)
        return host.sftp("put a inbox/a", port=port).code

    def test_a_client_goes_on_where_it_was_cut_off(self, host: Host) -> None:
        body = os.urandom(MEGABYTE)
        host.file("a", body)
        with ChaosProxy(host.address, cut(700_000)) as proxy:
            assert self.put(host, proxy.port) != 0
            wait(lambda: bool(list((host.folder / "sftp/uploads").glob("*/*.part"))))
            client = host.paramiko()
            begun = client.stat("inbox/a").st_size or 0
            client.get_channel().get_transport().close()  # type: ignore[union-attr]
            assert 300_000 < begun < 700_000
            passed = proxy.passed(SERVER)
            done = host.sftp("reput a inbox/a", port=proxy.port)
            assert done.code == 0, done
            assert proxy.passed(SERVER) - passed < MEGABYTE - begun + 50_000
        assert host.received() == [("a", body)]

    def test_what_was_cut_off_under_a_temporary_name_is_not_received_by_a_rename(self, host: Host) -> None:
        host.file("a", os.urandom(MEGABYTE))
        with ChaosProxy(host.address, cut(700_000)) as proxy:
            host.trusting(proxy.port)
            assert host.sftp("put a inbox/a.tmp", port=proxy.port).code != 0
            wait(lambda: bool(list((host.folder / "sftp/uploads").glob("*/*.part"))))
            done = host.sftp("rename inbox/a.tmp inbox/a", port=proxy.port)
        assert done.code != 0
        assert host.received() == []

    def test_a_file_that_was_written_whole_but_not_closed_does_not_look_whole(self, host: Host) -> None:
        client = host.paramiko()
        file = client.open("inbox/a", "w")
        file.write(b"x" * 100_000)
        file.flush()
        client.get_channel().get_transport().sock.close()  # type: ignore[union-attr]
        wait(lambda: bool(list((host.folder / "sftp/uploads").glob("*/*.part"))))
        other = host.paramiko()
        assert (other.stat("inbox/a").st_size or 0) < 100_000
        assert host.received() == []
        other.get_channel().get_transport().close()  # type: ignore[union-attr]

    def test_a_file_with_a_hole_is_not_received(self, host: Host) -> None:
        client = host.paramiko()
        file = client.open("inbox/a", "w")
        file.seek(50_000)
        file.write(b"end")
        file.close()  # the client library does not tell what the answer was: it looks whether the file is there
        with pytest.raises(FileNotFoundError):
            client.stat("inbox/a")
        assert host.received() == []
        client.get_channel().get_transport().close()  # type: ignore[union-attr]


class TestLostAnswers:
    def test_an_upload_whose_answer_was_lost_is_not_received_twice(self, host: Host) -> None:
        host.file("a", b"body")
        host.intake = Cutting(host, host.intake)
        assert host.sftp("put a inbox/a").code != 0
        assert host.sftp("put a inbox/a").code == 0
        assert host.received() == [("a", b"body")]

    def test_nor_when_it_was_renamed(self, host: Host) -> None:
        host.file("a", b"body")
        host.intake = Cutting(host, host.intake)
        assert host.sftp("put a inbox/a.tmp", "rename inbox/a.tmp inbox/a").code != 0
        assert host.sftp("put a inbox/a.tmp", "rename inbox/a.tmp inbox/a").code == 0
        assert host.received() == [("a", b"body")]

    def test_nor_by_impatient_clients_that_upload_it_at_once(self, host: Host) -> None:
        clients = [host.paramiko() for _ in range(8)]
        start = threading.Barrier(len(clients))

        def put(client: paramiko.SFTPClient) -> None:
            with client.open("inbox/a", "w") as file:
                file.write(b"body")
                file.flush()
                start.wait()
            client.get_channel().get_transport().close()  # type: ignore[union-attr]

        with ThreadPoolExecutor(len(clients)) as pool:
            list(pool.map(put, clients))
        assert host.received() == [("a", b"body")]

    def test_a_process_that_dies_before_it_answers_has_received(self, database_url: str, tmp_path: Path) -> None:
        database = open_database(database_url)
        host = Host(database, tmp_path)
        host.file("a", b"body")
        command = [sys.executable, "-m", "tests.interop.sftp_victim", database_url, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as victim:
            assert victim.stdout is not None
            port = next(int(line.split()[1]) for line in victim.stdout if line.startswith("port "))
            host.trusting(port)
            assert host.sftp("put a inbox/a", port=port).code != 0
            assert victim.wait(20) == -9
        with host.running():
            assert host.sftp("put a inbox/a").code == 0
        assert host.received() == [("a", b"body")]
        database.close()


class Cutting:
    """An intake whose first answer nobody hears: the connection is gone after the commit."""

    def __init__(self, host: Host, intake: Intake) -> None:
        self._host, self._intake = host, intake

    def accept(self, arrivals: Sequence[Arrival]) -> list[Receipt]:
        receipts = self._intake.accept(arrivals)
        self._host.intake = self._intake
        self._host.server.end_all()
        return receipts


class TestCutFetches:
    @pytest.mark.parametrize(
        ("fault", "after"), [(cut, MEGABYTE // 2), (reset, MEGABYTE // 2), (truncate, MEGABYTE // 2), (reset, 3_500)]
    )
    def test_what_was_not_read_to_its_end_is_not_delivered(
        self, database: Database, tmp_path: Path, fault: Callable[..., Fault], after: int
    ) -> None:
        with Host(database, tmp_path, handshake_seconds=2, login_seconds=3, idle_seconds=1.5).running() as host:
            body = os.urandom(MEGABYTE)
            order = host.offer("order.x12", body)
            with ChaosProxy(host.address, fault(after, CLIENT)) as proxy:
                host.trusting(proxy.port)
                assert host.sftp("get outbox/order.x12", port=proxy.port).code != 0
                assert host.status(order) == "deposited"
                assert host.sftp("get outbox/order.x12", port=proxy.port).code == 0
            assert (host.client / "order.x12").read_bytes() == body
            wait(lambda: host.status(order) == "delivered")


@one_database
class TestSilence:
    def test_clients_that_say_nothing_delay_nobody_and_are_turned_out(self, database: Database, tmp_path: Path) -> None:
        with Host(database, tmp_path, handshake_seconds=2.0).running() as host:
            silent = [socket.create_connection(host.address) for _ in range(100)]
            for each in silent[:50]:
                each.sendall(b"SSH-2.0-Silent\r\n")
            for each in silent[50:60]:
                each.sendall(b"SSH-2.0-Silent\r\n\xff\xff\xff\xf0" + b"x" * 1000)  # a packet of 4 GB
            host.file("a", b"body")
            assert host.sftp("put a inbox/a").code == 0
            for each in silent:
                each.settimeout(20)
                while _read(each):
                    pass
                each.close()
            wait(lambda: host.server.count == 0)

    def test_one_that_does_not_log_in_is_turned_out(self, database: Database, tmp_path: Path) -> None:
        with Host(database, tmp_path, login_seconds=0.3).running() as host:
            transport = host.transport()
            transport.start_client(timeout=10)
            wait(lambda: not transport.is_active())
            wait(lambda: host.server.count == 0)
            assert not transport.is_authenticated()

    def test_one_that_asks_for_nothing_is_turned_out(self, database: Database, tmp_path: Path) -> None:
        with Host(database, tmp_path, idle_seconds=0.3).running() as host:
            client = host.paramiko()
            transport = client.get_channel().get_transport()  # type: ignore[union-attr]
            assert transport.is_authenticated()
            wait(lambda: not transport.is_active())
            wait(lambda: host.server.count == 0)
            assert host.sftp("ls inbox").code == 0

    def test_one_that_does_not_read_is_turned_out(self, database: Database, tmp_path: Path) -> None:
        with Host(database, tmp_path, idle_seconds=0.5).running() as host:
            order = host.offer("order.x12", os.urandom(8 * MEGABYTE))
            with ChaosProxy(host.address, stall(200_000, CLIENT)) as proxy:
                host.trusting(proxy.port)
                with ThreadPoolExecutor(1) as pool:
                    done = pool.submit(host.sftp, "get outbox/order.x12", port=proxy.port)
                    wait(lambda: host.server.count == 1)
                    wait(lambda: host.server.count == 0)
                    proxy.close()
                    assert done.result().code != 0
            assert host.status(order) == "deposited"


def _read(sock: socket.socket) -> bytes:
    try:
        return sock.recv(4096)
    except ConnectionResetError:
        return b""


class TestLimits:
    @one_database
    def test_there_are_so_many_connections_of_one_address(self, database: Database, tmp_path: Path) -> None:
        with Host(database, tmp_path, connections_per_address=3).running() as host:
            held = [socket.create_connection(host.address) for _ in range(3)]
            wait(lambda: host.server.count == 3)
            assert host.sftp("ls").code != 0
            held.pop().close()
            wait(lambda: host.server.count == 2)
            assert host.sftp("ls").code == 0
            for each in held:
                each.close()

    @one_database
    def test_there_are_so_many_connections(self, database: Database, tmp_path: Path) -> None:
        """Partners keep their places, strangers make room for whoever comes."""
        with Host(database, tmp_path, connections=3).running() as host:
            clients = [host.paramiko() for _ in range(2)]
            stranger = socket.create_connection(host.address)
            wait(lambda: host.server.count == 3)
            clients.append(host.paramiko())
            while _read(stranger):
                pass
            wait(lambda: host.server.count == 3)
            assert host.sftp("ls").code != 0
            clients.pop().get_channel().get_transport().close()  # type: ignore[union-attr]
            wait(lambda: host.server.count == 2)
            assert host.sftp("ls").code == 0
            for each in clients:
                each.get_channel().get_transport().close()  # type: ignore[union-attr]
            stranger.close()

    @one_database
    def test_there_are_so_many_of_one_account(self, database: Database, tmp_path: Path) -> None:
        with Host(database, tmp_path, connections_per_account=1).running() as host:
            client = host.paramiko()
            assert host.sftp("ls").code != 0
            assert host.sftp("ls", user="initech").code == 0
            client.get_channel().get_transport().close()  # type: ignore[union-attr]
            wait(lambda: host.server.count == 0)
            assert host.sftp("ls").code == 0

    @pytest.mark.slow
    def test_two_hundred_at_once(self, host: Host) -> None:
        """All of them are connected before the first one uploads."""
        with ThreadPoolExecutor(20) as pool:
            clients = list(pool.map(lambda _: host.paramiko(), range(200)))
            assert host.server.count == 200
            list(pool.map(_put, clients, range(200)))
        assert sorted(name for name, _ in host.received()) == sorted(f"file-{number}" for number in range(200))
        for client in clients:
            client.get_channel().get_transport().close()  # type: ignore[union-attr]


def _put(client: paramiko.SFTPClient, number: int) -> None:
    with client.open(f"inbox/file-{number}", "w") as file:
        file.write(b"body %d" % number)
