"""Connecting to OpenSSH servers: who is trusted, how we log in, and what errors say."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.connectors.sftp import OutboxOptions
from gateway.connectors.sftp.pins import Pin
from gateway.connectors.sftp.session import close, connect, load_key
from gateway.core.errors import ConfigurationError, ConnectorError, Fault
from gateway.core.strict import convert
from tests.interop.openssh import OpenSsh, keygen, secrets, sshd


def account(server: OpenSsh, **options: object) -> OutboxOptions:
    return convert({**server.options(), **options}, OutboxOptions, "test")


def failure(options: OutboxOptions) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        connect(options, secrets).close()
    return caught.value


class TestHostKeys:
    @pytest.mark.parametrize("kind", ["ed25519", "rsa"])
    @pytest.mark.parametrize("form", ["host_key", "fingerprint"])
    def test_a_pinned_key_is_trusted_also_when_it_is_not_the_servers_first(
        self, server: OpenSsh, kind: str, form: str
    ) -> None:
        pin = getattr(server, form)(kind)
        session = connect(account(server, host_key=[pin]), secrets)
        assert session.alive
        session.close()

    @pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
    def test_another_key_is_refused_and_shown(self, server: OpenSsh, tmp_path: Path, kind: str) -> None:
        keygen(tmp_path / "other", kind)
        pin = (tmp_path / "other.pub").read_text()
        error = failure(account(server, host_key=[pin]))
        assert error.fault is Fault.PARTY
        assert ("ssh-ed25519 " + server.fingerprint() in str(error)) == (kind == "ed25519")

    def test_a_fingerprint_of_no_key_shows_all_that_were_met(self, server: OpenSsh) -> None:
        error = failure(account(server, host_key=["SHA256:" + "A" * 43]))
        assert "is not the pinned one" in error.detail
        assert server.fingerprint("ed25519") in error.detail
        assert server.fingerprint("rsa") in error.detail

    def test_nothing_pinned_is_refused_with_the_line_to_write(self, server: OpenSsh) -> None:
        error = failure(account(server, host_key=[]))
        assert "no host key is pinned" in error.detail
        assert f'host_key = ["{server.fingerprint()}"]' in str(error.hint)

    @pytest.mark.parametrize("text", ["", "SHA256:short", "ssh-rsa AAAA", "ssh-ed25519", "MD5:00:11", "ä SHA256:x"])
    def test_what_is_no_key_is_a_mistake_in_the_configuration(self, server: OpenSsh, text: str) -> None:
        with pytest.raises(ValueError, match="is no host key"):
            Pin.parse(text)
        with pytest.raises(ConfigurationError, match="is no host key"):
            account(server, host_key=[text])


class TestLogin:
    @pytest.mark.parametrize(
        ("kind", "passphrase"), [("rsa", ""), ("ecdsa", "open sesame"), ("ed25519", "open sesame")]
    )
    def test_keys_of_all_kinds_with_and_without_passphrase(
        self, server: OpenSsh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, passphrase: str
    ) -> None:
        keygen(tmp_path / "id", kind, passphrase)
        with (server.folder / "authorized_keys").open("a") as file:
            file.write((tmp_path / "id.pub").read_text())
        monkeypatch.setenv("CD_TEST_PHRASE", passphrase)
        more = {"passphrase": "env:CD_TEST_PHRASE"} if passphrase else {}
        session = connect(account(server, key=f"file:{tmp_path / 'id'}", **more), secrets)
        assert session.alive
        session.close()
        assert not session.alive

    def test_a_key_that_nobody_knows_is_refused_with_what_the_server_takes(
        self, server: OpenSsh, tmp_path: Path
    ) -> None:
        keygen(tmp_path / "id")
        error = failure(account(server, key=f"file:{tmp_path / 'id'}"))
        assert "did not let us in by publickey" in error.detail
        assert error.fault is Fault.PARTY

    def test_a_password_where_only_keys_are_taken(self, server: OpenSsh, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CD_TEST_PASSWORD", "hunter22")
        error = failure(account(server, key="", password="env:CD_TEST_PASSWORD"))
        assert "It takes: publickey" in error.detail
        assert "hunter22" not in str(error)

    def test_neither_key_nor_password(self, server: OpenSsh) -> None:
        with pytest.raises(ConfigurationError, match="neither key nor password"):
            connect(account(server, key=""), secrets)

    def test_a_secret_itself_is_a_mistake(self, server: OpenSsh) -> None:
        with pytest.raises(ConfigurationError, match="password is no reference") as caught:
            account(server, password="hunter22")
        assert "hunter22" not in str(caught.value)

    def test_a_key_that_cannot_be_read(self, tmp_path: Path) -> None:
        keygen(tmp_path / "id", passphrase="open sesame")
        text = (tmp_path / "id").read_text()
        with pytest.raises(ConfigurationError, match="needs its passphrase"):
            load_key(text, None, "test")
        for wrong, phrase in ((text, "wrong"), ("nonsense", None), ("", None)):
            with pytest.raises(ConfigurationError, match="cannot be read"):
                load_key(wrong, phrase, "test")


OLD = [
    ("KexAlgorithms", "diffie-hellman-group14-sha1", "key exchange"),
    ("HostKeyAlgorithms", "ssh-rsa", "host keys"),
    ("Ciphers", "aes256-cbc", "encryption"),
    ("MACs", "hmac-sha1", "message authentication"),
]


class TestOldServers:
    @pytest.mark.parametrize(("word", "name", "what"), OLD)
    def test_the_error_names_what_is_missing_and_allow_admits_it(
        self, server: OpenSsh, tmp_path: Path, word: str, name: str, what: str
    ) -> None:
        lines = [f"{word} {name}"] + (["Ciphers aes128-ctr"] if word == "MACs" else [])
        with sshd(tmp_path / "old", lines, like=server) as old:
            pins = [old.host_key("rsa"), old.host_key("ed25519")]
            error = failure(account(old, host_key=pins))
            assert f"nothing in common for {what}: the server only offers {name}" in error.detail
            assert f'allow = ["{name}"]' in str(error.hint)
            connect(account(old, host_key=pins, allow=[name]), secrets).close()

    def test_an_algorithm_that_does_not_exist(self, server: OpenSsh) -> None:
        with pytest.raises(ConfigurationError, match="there is no algorithm rot13"):
            account(server, allow=["rot13"])


@contextmanager
def saying(text: bytes) -> Iterator[int]:
    """A server that says this to whoever comes, and then nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kept: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    sock, _ = listening.accept()
                except OSError:
                    return
                kept.append(sock)
                sock.sendall(text)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        for sock in kept:
            sock.close()


class TestTimeouts:
    @pytest.mark.parametrize("text", [b"", b"SSH-2.0-silent\r\n"])
    def test_a_server_that_says_nothing_is_given_up(self, server: OpenSsh, text: bytes) -> None:
        before = threading.active_count()
        with saying(text) as port:
            error = failure(account(server, port=port, banner_seconds=0.3))
        assert error.fault is Fault.NETWORK
        assert threading.active_count() <= before

    def test_what_is_no_ssh_server(self, server: OpenSsh) -> None:
        with saying(b"HTTP/1.1 400 Bad Request\r\n" * 3) as port:
            assert "Exchanging keys" in str(failure(account(server, port=port, banner_seconds=0.5)))

    def test_a_name_that_nobody_knows(self, server: OpenSsh) -> None:
        error = failure(account(server, host="sftp.globex.invalid"))
        assert "Looking up sftp.globex.invalid" in error.detail


def test_no_thread_is_left(server: OpenSsh) -> None:
    before = threading.active_count()
    session = connect(account(server), secrets)
    close(session.transport)
    assert threading.active_count() == before
