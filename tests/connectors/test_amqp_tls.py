"""amqps: certificate and host name are verified; RabbitMQ stands behind a door of TLS that this test opens."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gateway.connectors.amqp import AmqpInbox, open_inbox
from gateway.core.errors import ConnectorError
from tests.connectors.rabbit import Rabbit, until


@pytest.fixture
def rabbit() -> Iterator[Rabbit]:
    rabbit = Rabbit()
    yield rabbit
    rabbit.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that signs itself, for "localhost"; key and certificate in one file."""
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    extra = ["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run([*command.split(), *extra], cwd=folder, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "certificate.pem").read_bytes())
    return both


class TlsDoor:
    """Takes TLS off and passes on to RabbitMQ."""

    def __init__(self, certificate: Path, rabbit: Rabbit) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._target = (rabbit.host, rabbit.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            try:
                secure = self._context.wrap_socket(plain, server_side=True)
            except (ssl.SSLError, OSError):
                plain.close()
                continue
            behind = socket.create_connection(self._target)
            self._open += [secure, behind]
            for way in ((secure, behind), (behind, secure)):
                self._threads.append(threading.Thread(target=self._carry, args=way))
                self._threads[-1].start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        for side in (source, target):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for side in self._open:
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=10)
        for side in self._open:
            side.close()


@pytest.fixture
def door(certificate: Path, rabbit: Rabbit) -> Iterator[TlsDoor]:
    door = TlsDoor(certificate, rabbit)
    yield door
    door.close()


def inbox(rabbit: Rabbit, url: str, home: Path, monkeypatch: pytest.MonkeyPatch, **options: object) -> AmqpInbox:
    monkeypatch.setenv("CROSSDOCK_HOME", str(home))
    monkeypatch.setenv("TEST_PASSWORD", rabbit.password)
    chosen = {"url": url, "password": "env:TEST_PASSWORD", **options}
    return open_inbox(chosen, home / "exchange", "tester", name="erp-in")


def test_a_certificate_that_is_trusted(
    rabbit: Rabbit, door: TlsDoor, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = rabbit.queue()
    rabbit.put(queue, b"ISA*" * 20_000, message_id="m")
    url = f"amqps://{rabbit.user}@localhost:{door.port}/"
    box = inbox(rabbit, url, tmp_path, monkeypatch, queue=queue, ca=str(certificate.parent / "certificate.pem"))
    found: list[bytes] = []

    def came() -> bool:
        arrivals = box.take(9)
        found.extend(arrival.body for arrival in arrivals)
        box.settle(arrivals)
        return bool(found)

    until(came)
    assert found == [b"ISA*" * 20_000]
    box.close()
    rabbit.until(queue, 0)


def test_one_that_nobody_vouches_for(
    rabbit: Rabbit, door: TlsDoor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"amqps://{rabbit.user}@localhost:{door.port}/"
    with pytest.raises(ConnectorError, match=r"its certificate is not trusted.*ca = "):
        inbox(rabbit, url, tmp_path, monkeypatch, queue="q").take(1)


def test_one_for_another_host(
    rabbit: Rabbit, door: TlsDoor, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"amqps://{rabbit.user}@127.0.0.1:{door.port}/"
    box = inbox(rabbit, url, tmp_path, monkeypatch, queue="q", ca=str(certificate.parent / "certificate.pem"))
    with pytest.raises(ConnectorError, match=r"its certificate is not trusted: .*127\.0\.0\.1"):
        box.take(1)


def test_a_file_of_certificates_that_is_not_there(
    rabbit: Rabbit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = inbox(rabbit, "amqps://erp@localhost:1/", tmp_path, monkeypatch, queue="q", ca="no.pem")
    with pytest.raises(ConnectorError, match=r"ca: there is no file .*no\.pem"):
        box.take(1)
