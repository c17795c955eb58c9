"""TLS of the web server itself: with curl and openssl, who do not know us."""

from __future__ import annotations

import logging
import shutil
import socket
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.core.errors import ConfigurationError
from gateway.observe import metrics
from gateway.web import certificate as certificates
from gateway.web.certificate import Certificate
from tests.connectors.receiving import Authority
from tests.web.serving import Desk, serving
from tests.web.test_web_limits import answer_of, until


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    folder = tmp_path / "authority"
    folder.mkdir()
    return Authority(folder)


def install(authority: Authority, name: str, home: Path) -> None:
    """A new certificate lies where the configuration says."""
    for path in (authority.folder / f"{name}.pem", authority.folder / f"{name}.key"):
        path.unlink(missing_ok=True)
    chain, key = authority.issue(name)
    shutil.copy(chain, home / "web.pem")
    shutil.copy(key, home / "web.key")


@pytest.fixture
def desk(home: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(certificates, "_LOOK", 0.0)
    install(authority, "localhost", home)
    with serving(home, certificate="web.pem", certificate_key="web.key", header_seconds=0.5) as found:
        yield found


def curl(desk: Desk, authority: Authority, *more: str) -> subprocess.CompletedProcess[str]:
    where = f"https://localhost:{desk.port}/health/live"
    command = ["curl", "-sS", "--ipv4", "--cacert", str(authority.ca), *more, where]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def serial(desk: Desk, authority: Authority) -> str:
    """That of the certificate which a new connection is shown."""
    context = ssl.create_default_context(cafile=str(authority.ca))
    with (
        socket.create_connection(("127.0.0.1", desk.port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as safe,
    ):
        return str((safe.getpeercert() or {})["serialNumber"])


def test_curl_is_answered_where_it_trusts_our_authority(desk: Desk, authority: Authority) -> None:
    assert curl(desk, authority).stdout == '{"status":"ok"}'
    assert curl(desk, authority, "--tlsv1.3").stdout == '{"status":"ok"}'
    assert curl(desk, authority, "--tlsv1.2", "--tls-max", "1.2").stdout == '{"status":"ok"}'


def test_nothing_older_than_tls_1_2_is_spoken(
    desk: Desk, authority: Authority, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ("--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0")
    assert curl(desk, authority, *old).returncode == 35  # CURLE_SSL_CONNECT_ERROR
    load = Certificate._load

    def lax(self: Certificate) -> ssl.SSLContext:
        context = load(self)
        with warnings.catch_warnings(action="ignore"):  # that it is deprecated
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        return context

    monkeypatch.setattr(Certificate, "_load", lax)
    install(authority, "localhost", home)
    assert curl(desk, authority, *old).returncode == 0  # so it was the floor that refused


def test_who_does_not_know_the_authority_does_not_go_on(desk: Desk, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert curl(desk, Authority(tmp_path / "other")).returncode == 60  # CURLE_PEER_FAILED_VERIFICATION


def test_plain_http_is_told_that_this_port_speaks_https(desk: Desk) -> None:
    command = ["curl", "-sS", "-w", " %{http_code}", f"http://127.0.0.1:{desk.port}/api/documents"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert answer == "This port speaks HTTPS.\n 400"


@pytest.mark.parametrize("sent", [b"", b"\x16\x03\x01\x02\x00\x01", b"\x16not the beginning of a handshake at all"])
def test_a_handshake_that_does_not_come_is_cut_and_gives_its_place_back(desk: Desk, sent: bytes) -> None:
    before = metrics.http_connections.labels("handshake")._value.get()
    with socket.create_connection(("127.0.0.1", desk.port)) as client:
        client.sendall(sent)
        answer_of(client)
    assert until(lambda: metrics.http_connections.labels("handshake")._value.get() > before)


def test_a_renewed_certificate_is_shown_without_a_restart(desk: Desk, authority: Authority, home: Path) -> None:
    first = serial(desk, authority)
    assert serial(desk, authority) == first
    install(authority, "localhost", home)
    second = serial(desk, authority)
    assert second != first
    (home / "web.key").write_text("half of it")
    assert serial(desk, authority) == second
    (home / "web.key").unlink()
    assert serial(desk, authority) == second
    install(authority, "localhost", home)
    assert serial(desk, authority) not in {first, second}


def test_files_that_cannot_be_used_are_told_at_the_start(home: Path, authority: Authority, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"web\.certificate"):
        Certificate(tmp_path / "none.pem", tmp_path / "none.pem")
    chain, _ = authority.issue("localhost")
    _, other = authority.issue("elsewhere")
    with pytest.raises(ConfigurationError, match="cannot be used"):
        Certificate(chain, other)


def test_one_line_of_ours_says_where_and_none_of_the_library(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from gateway.observe import logs

    root = logging.getLogger()
    before = (root.handlers, root.level)
    import structlog

    try:
        logs.configure("json")
        with serving(home) as desk:
            assert desk.client().get("/health/live").status_code == 200
            with socket.create_connection(("127.0.0.1", desk.port)) as client:
                client.sendall(b"no request\r\n\r\n")
                assert answer_of(client).startswith(b"HTTP/1.1 400 ")
        told = capfd.readouterr().err
    finally:
        root.handlers, root.level = before
        structlog.reset_defaults()
    assert told.count(f'"on":"http://127.0.0.1:{desk.port}","event":"web.listening"') == 1, told
    assert "vicorn" not in told
    assert "Started server" not in told
