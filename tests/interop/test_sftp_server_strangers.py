"""Clients that mean harm, before and after they have logged in: they cost a place, and nobody's memory or time."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import paramiko
import pytest
from paramiko.common import MSG_EXT_INFO, MSG_USERAUTH_INFO_RESPONSE

from gateway import agreements
from gateway.connectors.sftp_server.strikes import SPAN, Strikes, place
from gateway.store import open_database
from tests.interop.sftp_host import PASSWORD, Host


@pytest.fixture(scope="module")
def host(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """One for all of them: what one client does is nothing to the next."""
    folder = tmp_path_factory.mktemp("strangers")
    shutil.copy(migrated_sqlite, folder / "crossdock.db")
    database = open_database(f"sqlite:///{folder}/crossdock.db")
    with Host(database, folder, wrong_passwords_per_address=4).running() as host:
        yield host
    database.close()


def wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not until():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.02)


def logged_in(host: Host) -> paramiko.Transport:
    transport = host.transport()
    transport.connect(username="globex", pkey=paramiko.Ed25519Key(filename=str(host.key)))
    return transport


class TestBeforeTheLogin:
    def test_answers_that_nobody_asked_for_are_not_counted(self, host: Host) -> None:
        """The library would go round its loop four thousand million times."""
        transport = host.transport()
        transport.start_client(timeout=30)
        send(transport, MSG_USERAUTH_INFO_RESPONSE)
        wait(lambda: not transport.is_active())
        assert not transport.is_authenticated()
        transport.close()
        assert host.sftp("ls inbox").code == 0

    def test_nor_are_extensions(self, host: Host) -> None:
        transport = host.transport()
        transport.start_client(timeout=30)
        send(transport, MSG_EXT_INFO)
        transport.auth_publickey("globex", paramiko.Ed25519Key(filename=str(host.key)))
        assert transport.is_authenticated()
        transport.close()

    def test_a_first_line_without_an_end_ends_the_connection(self, host: Host) -> None:
        with socket.create_connection(host.address) as sock, pytest.raises(ConnectionError):
            for_ever(lambda: sock.sendall(b"x" * 4096))

    @pytest.mark.parametrize("option", ["MACs=hmac-sha1", "Ciphers=aes128-cbc", "KexAlgorithms=ecdh-sha2-nistp256"])
    def test_only_algorithms_of_today_are_spoken(self, host: Host, option: str) -> None:
        done = host.sftp("ls", options=("-o", option))
        assert ("no matching" in done.err) == ("Kex" not in option), done


def for_ever(act: Callable[[], object]) -> None:
    while True:
        act()


def send(transport: paramiko.Transport, kind: int) -> None:
    """A message that says of itself that there are four thousand million things in it."""
    message = paramiko.Message()
    message.add_byte(bytes((kind,)))
    message.add_int(0xFFFFFFFF)
    transport._send_message(message)  # type: ignore[attr-defined]


class TestSessions:
    def test_a_connection_has_four_at_a_time(self, host: Host) -> None:
        transport = logged_in(host)
        channels = [transport.open_session(timeout=30) for _ in range(4)]
        for each in channels[:2]:
            each.invoke_subsystem("sftp")
        with pytest.raises(paramiko.ChannelException):
            transport.open_session(timeout=30)
        transport.close()

    def test_one_after_the_other_it_may_have_as_many_as_it_likes(self, host: Host) -> None:
        """As `ControlMaster` of OpenSSH has them: also when it was refused what it asked for on some."""
        transport = logged_in(host)
        for _ in range(12):
            channel = transport.open_session(timeout=30)
            with pytest.raises(paramiko.SSHException):
                channel.exec_command("id")
            channel.close()
        for _ in range(12):
            client = paramiko.SFTPClient.from_transport(transport)
            assert client is not None
            assert "inbox" in client.listdir()
            client.close()
            wait(lambda: transport.is_active())
        transport.close()

    def test_what_is_sent_where_nobody_listens_ends_the_connection(self, host: Host) -> None:
        transport = logged_in(host)
        channel = transport.open_session(timeout=30)
        channel.out_window_size = 1 << 40
        with pytest.raises((OSError, EOFError)):
            for_ever(lambda: channel.sendall_stderr(b"x" * 1_000_000))
        transport.close()

    def test_nothing_but_sftp_is_given(self, host: Host) -> None:
        transport = logged_in(host)
        asked: list[Callable[[paramiko.Channel], object]] = [
            lambda each: each.get_pty(),
            lambda each: each.invoke_shell(),
            lambda each: each.exec_command("id"),
            lambda each: each.set_environment_variable("LD_PRELOAD", "x"),
            lambda each: each.request_x11(),
            lambda each: each.invoke_subsystem("shell"),
        ]
        for ask in asked:
            channel = transport.open_session(timeout=30)
            if ask is asked[3]:
                ask(channel)  # the library asks for no answer
            else:
                with pytest.raises(paramiko.SSHException):
                    ask(channel)
            channel.close()
        for kind in ("x11", "auth-agent@openssh.com", "forwarded-tcpip", "direct-tcpip"):
            with pytest.raises(paramiko.ChannelException):
                transport.open_channel(kind, ("127.0.0.1", 22), ("127.0.0.1", 22), timeout=30)
        transport.close()


class TestFiles:
    def test_an_account_has_so_many_open(self, host: Host) -> None:
        client = host.paramiko()
        opened = [client.open(f"inbox/{number}.tmp", "w") for number in range(32)]
        with pytest.raises(OSError, match="Too many"):
            client.open("inbox/more.tmp", "w")
        for each in opened:
            each.close()
        client.open("inbox/more.tmp", "w").close()
        assert len(client.listdir("inbox")) >= 33
        for name in client.listdir("inbox"):
            client.remove(f"inbox/{name}")
        client.get_channel().get_transport().close()  # type: ignore[union-attr]

    def test_names_of_every_kind_stay_names(self, host: Host) -> None:
        client = host.paramiko()
        for name in ("n" * 250, "Größe 订单.x12", "全角　空格.x12", "%2e%2e%2fa", "a\\..\\b", "-rf", "~"):
            client.open(f"inbox/{name}", "w").close()
            assert client.stat(f"inbox/{name}").st_size == 0
        for name in ("n" * 251, "a\0b", "a\nb", "a\u202eb"):
            with pytest.raises(OSError, match="Names"):
                client.open(f"inbox/{name}", "w")
        with pytest.raises(OSError, match="Paths"):
            client.stat("x/" * 40_000)
        client.get_channel().get_transport().close()  # type: ignore[union-attr]

    def test_what_looks_interrupted_is_received_when_it_comes_again(self, host: Host) -> None:
        """A table that is cut where the client's piece ends is what Ctrl-C leaves; a whole one ends within a piece."""
        table = b"sku;quantity\n" + os.urandom(1 << 20).hex().encode()
        host.file("whole.csv", table)
        host.file("cut.csv", table[: 255 * 1024 * 4])
        host.file("cut.x12", b"ISA*" + table[: 255 * 1024 * 4 - 4])
        before = len(host.received())
        assert host.sftp("put whole.csv inbox/a.csv", "put cut.x12 inbox/a.x12").code == 0
        assert host.sftp("put cut.csv inbox/a.csv").code != 0
        assert len(host.received()) == before + 2
        assert host.sftp("put cut.csv inbox/a.csv").code == 0
        assert len(host.received()) == before + 3

    def test_who_was_interrupted_goes_on(self, host: Host) -> None:
        # A part that ends a line would look whole, and so would one of a format that says where it ends.
        table = b"x" + os.urandom(300_000).replace(b"\n", b"x")
        host.file("t", table[: 255 * 1024])
        assert host.sftp("put t inbox/t.csv").code != 0
        host.file("t", table)
        assert host.sftp("reput t inbox/t.csv").code == 0
        assert host.received()[-1] == ("t.csv", table)

    def test_capitals_are_temporary_too(self, host: Host) -> None:
        host.file("a", b"capitals")
        assert host.sftp("put a inbox/ORDER.TMP", "put a inbox/b.x12.1a2b.partial").code == 0
        assert ("ORDER.TMP", b"capitals") not in host.received()
        assert host.sftp("rename inbox/ORDER.TMP inbox/ORDER.X12", "rm inbox/b.x12.1a2b.partial").code == 0
        assert host.received()[-1] == ("ORDER.X12", b"capitals")


class TestAccountsThatChange:
    @pytest.mark.parametrize("change", ["removed", "key"])
    def test_a_session_ends_with_its_account_and_its_key(self, host: Host, change: str) -> None:
        client, other = host.paramiko(), host.paramiko("initech")
        known = host._agreements
        texts = dict(host.texts)
        if change == "removed":
            del texts["globex"]
        else:
            line = next(each for each in texts["globex"].splitlines() if each.startswith("keys"))
            texts["globex"] = texts["globex"].replace(line, "")
        try:
            host._agreements = agreements.load({f"partners/{name}.toml": text for name, text in texts.items()})
            transport = client.get_channel().get_transport()  # type: ignore[union-attr]
            wait(lambda: not transport.is_active())
            assert "inbox" in other.listdir()
        finally:
            host._agreements = known
        other.get_channel().get_transport().close()  # type: ignore[union-attr]


class TestGuessing:
    def test_an_address_is_let_out_after_so_many_wrong_passwords(self, host: Host) -> None:
        for _ in range(4):
            transport = host.transport()
            with pytest.raises(host.Refused):
                transport.connect(username="globex", password="wrong")
            transport.close()
        with pytest.raises((host.Ended, EOFError, OSError)):
            host.transport().connect(username="globex", password=PASSWORD)
        host.server._strikes.clear("127.0.0.1")
        logged_in(host).close()

    def test_what_is_long_ago_does_not_count(self) -> None:
        now = [0.0]
        strikes = Strikes(2, lambda: now[0])
        strikes.add("192.0.2.1")
        strikes.add("192.0.2.1")
        assert strikes.out("192.0.2.1")
        assert not strikes.out("192.0.2.2")
        now[0] = SPAN + 1
        assert not strikes.out("192.0.2.1")

    def test_addresses_of_one_customer_are_one(self) -> None:
        assert place("::ffff:192.0.2.1") == place("192.0.2.1") == "192.0.2.1"
        assert place("2001:db8:1:2:3::1") == place("2001:db8:1:2::9%eth0") == "2001:db8:1:2::/64"
