"""A partner's SFTP server on the command line: the way to it, its page in the how-to, and the benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Command
from tests.interop.openssh import OpenSsh, sshd

PAGE = (Path(__file__).parents[2] / "docs/how-to/sftp.md").read_text("utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSsh]:
    with sshd(tmp_path_factory.mktemp("partner")) as running:
        for name in ("outgoing", "incoming"):
            (running.root / name).mkdir()
        (running.root / "outgoing/order.x12").write_text("ISA")
        yield running


def configured(home: Path, server: OpenSsh, **changes: str) -> None:
    """Globex of a new home, with the endpoints of the how-to in the place of its own, at this server."""
    mine = home / "partners/globex.toml"
    about, _, rest = mine.read_text().partition("[[endpoint]]")
    endpoints = PAGE.split("```toml\n", 1)[1].split("```", 1)[0]
    fingerprint = changes.get("fingerprint", server.fingerprint())
    (home / "secrets").mkdir(exist_ok=True)
    (home / "secrets/globex").write_text(server.key.read_text())
    for before, after in (
        ('"sftp.globex.example"', '"127.0.0.1"'),
        ("port = 22", f"port = {server.port}"),
        ('"acme"', f'"{server.username}"'),
        ("SHA256:" + "A" * 43, fingerprint),
        ('"outgoing"', f'"{server.root}/outgoing"'),
        ('"incoming"', f'"{server.root}/{changes.get("incoming", "incoming")}"'),
    ):
        endpoints = endpoints.replace(before, after)
    mine.write_text(f"{about}{endpoints}\n[[agreement]]{rest.partition('[[agreement]]')[2]}")


class TestWay:
    def test_every_step_works_and_nothing_is_left(self, dock: Command, home: Path, server: OpenSsh) -> None:
        configured(home, server)
        ran = dock("partners", "test", "globex", "--json")
        steps = ["options", "name", "connect", "keys", "login", "list"]
        assert [(each["step"], each["works"]) for each in ran.records] == [
            (step, True) for step in [*steps, "archive", *steps, "write"]
        ]
        assert ran.code == 0
        assert server.fingerprint() in ran.records[3]["detail"]
        assert [path.name for path in (server.root / "outgoing").glob("*.x12")] == ["order.x12"]
        assert list((server.root / "incoming").iterdir()) == []

    def test_another_key_ends_it_with_the_line_to_write(self, dock: Command, home: Path, server: OpenSsh) -> None:
        configured(home, server, fingerprint="SHA256:" + "B" * 43)
        ran = dock("partners", "test", "globex", "--endpoint", "globex-out", "--json")
        last = ran.records[-1]
        assert (ran.code, last["step"], last["works"]) == (1, "keys", False)
        assert server.fingerprint() in last["detail"]
        assert "host_key = [" in last["hint"]

    def test_people_see_marks(self, dock: Command, home: Path, server: OpenSsh) -> None:
        configured(home, server, incoming="nowhere")
        out = dock("partners", "test", "globex", "--endpoint", "globex-out").out
        assert "✓" in out
        assert "✗" in out
        assert "no such file" in " ".join(out.split())

    def test_an_endpoint_that_there_is_not(self, dock: Command) -> None:
        assert dock("partners", "test", "globex", "--endpoint", "hooli").code == 2


def test_the_benchmark_compares_with_openssh(crossdock: Command) -> None:
    ran = crossdock("bench", "sftp", "--files", "10", "--size-mb", "1", "--rounds", "1", "--json")
    assert [(each["case"], each["unit"], each["peer"]) for each in ran.records] == [
        ("put 10 KB", "files/s", "OpenSSH sftp"),
        ("get 10 KB", "files/s", "OpenSSH sftp"),
        ("put 1 MB", "MB/s", "OpenSSH sftp"),
        ("get 1 MB", "MB/s", "OpenSSH sftp"),
    ]
    assert all(each["ratio"] for each in ran.records)
