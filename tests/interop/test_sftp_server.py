"""OpenSSH's own clients call our SFTP server: they upload, look, rename and fetch, and get no further."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.core.errors import StoreError
from gateway.core.ports import Arrival, Intake, Receipt
from gateway.store import Database
from tests.interop.sftp_host import PASSWORD, Host

#: What has nothing to do with the database is tried on one of them.
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def host(database: Database, tmp_path: Path) -> Iterator[Host]:
    with Host(database, tmp_path).running() as host:
        yield host


class TestUploads:
    def test_a_file_is_received_when_it_is_closed_and_stays_to_be_seen(self, host: Host) -> None:
        host.file("order.x12", b"ISA*00~")
        done = host.sftp("put order.x12 inbox/", "ls -l inbox", "ls -l inbox/order.x12")
        assert done.code == 0, done
        assert done.out.count("7 Nov") + done.out.count("order.x12") >= 3
        assert host.received() == [("order.x12", b"ISA*00~")]
        assert host.rung == ["translate"]
        assert host.column("SELECT party FROM transmissions") == ["globex"]

    def test_a_temporary_name_counts_only_when_it_is_renamed(self, host: Host) -> None:
        host.file("a", b"body")
        for name in ("order.x12.filepart", "order.tmp", ".order.x12", "order.part"):
            assert host.sftp(f"put a inbox/{name}").code == 0
        assert host.received() == []
        done = host.sftp("cd inbox", "ls -la", "rename order.x12.filepart order.x12", "rm order.tmp", "ls -la")
        assert done.code == 0, done
        assert host.received() == [("order.x12", b"body")]
        assert done.out.count("order.tmp") == 2  # in the first list, and in the command

    def test_a_received_file_keeps_its_name_and_can_be_hidden(self, host: Host) -> None:
        host.file("a", b"body")
        done = host.sftp("put a inbox/a", "-rename inbox/a inbox/b", "rm inbox/a", "-ls inbox/a")
        assert done.code == 0, done
        assert "Permission denied" in done.err
        assert "not found" in done.err
        assert host.received() == [("a", b"body")]

    @one_database
    def test_times_and_permissions_are_accepted_and_forgotten(self, host: Host) -> None:
        host.file("a", b"body")
        done = host.sftp("put -p a inbox/a", "chmod 600 inbox/a")
        assert done.code == 0, done
        assert host.scp("-p", "a", "HOST:inbox/b").code == 0
        assert host.received() == [("a", b"body"), ("b", b"body")]

    @one_database
    def test_scp_speaks_sftp_by_itself_and_the_old_way_is_refused(self, host: Host) -> None:
        host.file("a", b"body")
        assert host.scp("a", "HOST:inbox/a").code == 0
        done = host.scp("-O", "a", "HOST:inbox/b")
        assert done.code != 0
        assert "exec request failed" in done.err
        assert [name for name, _ in host.received()] == ["a"]

    def test_a_large_file_and_an_empty_one(self, host: Host) -> None:
        large = os.urandom(5_000_001)
        host.file("large", large)
        host.file("empty", b"")
        assert host.sftp("put large inbox/large", "put empty inbox/empty").code == 0
        assert host.received() == [("large", large), ("empty", b"")]
        assert list((host.folder / "sftp/uploads").glob("*/*")) == []

    def test_the_same_again_is_the_same_upload_and_other_bytes_are_a_new_one(self, host: Host) -> None:
        bodies = [b"one", b"one", b"two", b"two", b"one"]
        for body in bodies:
            host.file("stock.json", body)
            assert host.sftp("put stock.json inbox/stock.json").code == 0
        assert [body for _, body in host.received()] == [b"one", b"two", b"one"]
        assert host.sftp("rm inbox/stock.json", "put stock.json inbox/stock.json").code == 0
        assert len(host.received()) == 4  # the partner took it back, and sent it again

    def test_what_cannot_be_committed_is_refused_and_may_come_again(self, host: Host) -> None:
        host.file("a", b"body")
        intake, host.intake = host.intake, Broken()
        failed = host.sftp("put a inbox/a")
        assert failed.code != 0
        assert "Failure" in failed.err
        assert host.sftp("put a inbox/a.tmp").code == 0
        assert host.sftp("rename inbox/a.tmp inbox/b").code != 0
        assert host.received() == []
        host.intake = intake
        assert host.sftp("-ls inbox/a", "put a inbox/a", "rename inbox/a.tmp inbox/b").code == 0
        assert host.received() == [("a", b"body"), ("b", b"body")]

    @one_database
    def test_an_upload_above_the_limit_is_refused(self, database: Database, tmp_path: Path) -> None:
        with Host(database, tmp_path, inbox="max_bytes = 100000\nquota = 150000").running() as host:
            host.file("a", b"x" * 100_001)
            host.file("b", b"x" * 100_000)
            assert host.sftp("put a inbox/a").code != 0
            assert host.sftp("put b inbox/b.tmp").code == 0
            assert host.sftp("put b inbox/c.tmp").code != 0  # together they are too much
            assert host.sftp("rm inbox/b.tmp", "put b inbox/c.tmp").code == 0
            assert host.received() == []

    @one_database
    def test_a_partner_may_be_asked_to_rename(self, database: Database, tmp_path: Path) -> None:
        with Host(database, tmp_path, inbox="rename_only = true").running() as host:
            host.file("a", b"body")
            assert host.sftp("put a inbox/a").code != 0
            assert host.sftp("put a inbox/a.tmp", "rename inbox/a.tmp inbox/a").code == 0
            assert host.received() == [("a", b"body")]

    @one_database
    def test_a_request_in_hand_is_finished_when_the_server_stops(self, database: Database, tmp_path: Path) -> None:
        host = Host(database, tmp_path)
        host.file("a", b"body")
        host.intake = slow = Slow(host.intake)
        with ThreadPoolExecutor(1) as pool:
            with host.running():
                done = pool.submit(host.sftp, "put a inbox/a")
                assert slow.began.wait(20)
                threading.Timer(0.3, slow.go.set).start()
            assert done.result().code == 0
        assert host.received() == [("a", b"body")]


class Slow:
    """A database that takes its time."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self.began, self.go = threading.Event(), threading.Event()

    def accept(self, arrivals: Sequence[Arrival]) -> list[Receipt]:
        self.began.set()
        assert self.go.wait(20)
        return self._intake.accept(arrivals)


class Broken:
    """A database that is out of reach."""

    def accept(self, arrivals: list[Arrival]) -> list[Receipt]:
        raise StoreError("The database does not answer.")


class TestFetching:
    def test_a_file_is_delivered_when_it_was_read_and_closed(self, host: Host) -> None:
        body = os.urandom(300_000)
        order, receipt = host.offer("order.x12", body), host.offer("997.x12", b"997", "ack")
        done = host.sftp("ls outbox", "ls ack", "get outbox/order.x12", "-ls outbox")
        assert done.code == 0, done
        assert (host.client / "order.x12").read_bytes() == body
        assert host.status(order) == "delivered"
        assert host.status(receipt) == "deposited"
        assert done.out.count("order.x12") == 3  # listed before, fetched, listed still
        assert host.sftp("get ack/997.x12", "rm ack/997.x12", "-ls ack/997.x12").code == 0
        assert host.status(receipt) == "delivered"
        assert host.column("SELECT name FROM shelf") == ["order.x12"]

    def test_what_is_deleted_unread_is_delivered(self, host: Host) -> None:
        order = host.offer("order.x12", b"body")
        assert host.sftp("rm outbox/order.x12").code == 0
        assert host.status(order) == "delivered"

    def test_looking_is_no_fetching(self, host: Host) -> None:
        order = host.offer("order.x12", b"body" * 50_000)
        client = host.paramiko()
        assert client.stat("outbox/order.x12").st_size == 200_000
        with client.open("outbox/order.x12") as file:
            assert file.read(4) == b"body"
        assert host.status(order) == "deposited"
        client.get_channel().get_transport().close()  # type: ignore[union-attr]

    def test_the_rest_of_a_file_may_be_fetched_later(self, host: Host) -> None:
        body = os.urandom(2_000_000)
        order = host.offer("order.x12", body)
        client = host.paramiko()
        file = client.open("outbox/order.x12")
        file.read(1_000_000)
        client.get_channel().get_transport().close()  # type: ignore[union-attr]
        host.file("order.x12", body[:900_000])
        assert host.sftp("reget outbox/order.x12").code == 0
        assert (host.client / "order.x12").read_bytes() == body
        assert host.status(order) == "delivered"

    def test_many_files_are_listed_and_fetched(self, host: Host) -> None:
        orders = [host.offer(f"order-{number:04d}.x12", b"body") for number in range(210)]
        (host.client / "got").mkdir()
        done = host.sftp("get outbox/* got/")
        assert done.code == 0, done
        assert len(list((host.client / "got").iterdir())) == 210
        assert {host.status(orders[place]) for place in (0, 200, 209)} == {"delivered"}

    def test_nothing_is_written_into_the_outbox(self, host: Host) -> None:
        order = host.offer("order.x12", b"body")
        host.file("a", b"other")
        assert host.sftp("put a outbox/a").code != 0
        assert host.sftp("put a outbox/order.x12").code != 0
        assert host.sftp("rename outbox/order.x12 outbox/b").code != 0
        assert host.sftp("rename outbox/order.x12 inbox/b").code != 0
        assert host.status(order) == "deposited"


@one_database
class TestNoFurther:
    def test_there_is_nothing_beside_the_folders(self, host: Host) -> None:
        for command in (
            "ls /etc",
            "get ../../etc/passwd",
            "get inbox/../../../etc/passwd",
            "ls inbox/sub/sub",
            "cd /tmp",
        ):
            assert host.sftp(command).code != 0, command
        done = host.sftp("ls ../../..", "cd inbox", "cd ..", "pwd")
        assert done.code == 0
        assert "Remote working directory: /\n" in done.out

    def test_no_folder_and_no_link_is_made(self, host: Host) -> None:
        host.file("a", b"body")
        for command in ("mkdir inbox/sub", "rmdir inbox", "symlink inbox/a inbox/b", "ln inbox/a inbox/b", "rm inbox"):
            assert host.sftp("put a inbox/a.tmp", command).code != 0, command
        with pytest.raises(OSError, match="no links"):
            host.paramiko().readlink("inbox/a.tmp")

    def test_no_command_is_run_and_nothing_is_forwarded(self, host: Host) -> None:
        assert host.ssh("globex@127.0.0.1", "id").code != 0
        assert host.ssh("globex@127.0.0.1").code != 0  # a shell
        done = host.ssh("-W", f"127.0.0.1:{host.address[1]}", "globex@127.0.0.1")
        assert done.code != 0
        assert "prohibited" in done.err
        done = host.ssh("-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1", "globex@127.0.0.1")
        assert done.code != 0

    def test_each_account_sees_its_own(self, host: Host) -> None:
        host.file("a", b"body")
        host.offer("order.x12", b"body")
        assert host.sftp("put a inbox/a", "put a inbox/b.tmp").code == 0
        done = host.sftp("ls", "ls inbox", "put a inbox/a", user="initech")
        assert done.code == 0, done
        assert "outbox" not in done.out
        assert "b.tmp" not in done.out
        assert host.received("initech-in") == [("a", b"body")]


@one_database
class TestLoggingIn:
    def test_another_host_key_is_noticed_by_the_client(self, host: Host) -> None:
        lines = (
            (host.folder / "known_hosts").read_text().replace("AAAAC3NzaC1lZDI1NTE5AAAAI", "AAAAC3NzaC1lZDI1NTE5AAAAJ")
        )
        (host.folder / "known_hosts").write_text(lines.splitlines()[0] + "\n")
        done = host.sftp("ls")
        assert done.code != 0
        assert "verification failed" in done.err

    def test_the_wrong_key_and_nobody_are_refused_alike(self, host: Host) -> None:
        stranger = host.folder / "stranger"
        subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", str(stranger)], check=True)
        told = {
            host.ssh("-i", str(stranger), "-o", f"IdentityFile={stranger}", f"{user}@127.0.0.1").err
            for user in ("initech-x", "nobody")
        }
        assert len({each.split("@")[1] for each in told}) == 1
        assert host.sftp("ls", user="nobody").code != 0

    def test_a_password_lets_in_and_a_wrong_one_does_not(self, host: Host) -> None:
        transport = host.transport()
        transport.connect(username="globex", password=PASSWORD)
        assert transport.is_authenticated()
        transport.close()
        for user, password in (
            ("globex", "wrong"),
            ("nobody", PASSWORD),
            ("initech", PASSWORD),
            ("globex", "x" * 5000),
        ):
            transport = host.transport()
            with pytest.raises(host.Refused):
                transport.connect(username=user, password=password)
            transport.close()

    def test_a_connection_has_so_many_tries(self, database: Database, tmp_path: Path) -> None:
        with Host(database, tmp_path, login_attempts=2).running() as host:
            transport = host.transport()
            transport.start_client()
            for _ in range(2):
                with pytest.raises(host.Refused):
                    transport.auth_password("globex", "wrong")
            with pytest.raises((host.Refused, host.Ended, EOFError)):
                transport.auth_password("globex", PASSWORD)
            transport.close()
