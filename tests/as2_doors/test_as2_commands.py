"""The door as a process of its own, several on one port, and the way to a partner tried."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.main import root
from gateway.connectors.as2 import probe
from gateway.core.errors import ConfigurationError
from gateway.service import Service
from gateway.work.bell import NullBell
from tests.as2_doors.conftest import Open
from tests.as2_doors.gateways import free_port, make_home
from tests.as2_doors.plain import PlainSpeaker


def test_without_an_address_the_door_says_what_to_write(tmp_path: Path, migrated_sqlite: Path) -> None:
    home = make_home(tmp_path / "us", migrated_sqlite, 0)
    (home / "crossdock.toml").write_text("")
    found = CliRunner().invoke(root, ["--home", str(home), "as2"])
    assert found.exit_code == 2
    assert 'Write listen = "0.0.0.0:4080" under [as2]' in found.output


def test_several_processes_share_one_port_and_others_do_not(tmp_path: Path, migrated_sqlite: Path) -> None:
    home = make_home(tmp_path / "us", migrated_sqlite, free_port())
    service = Service.open(home, {})
    service.as2.speaker = PlainSpeaker()
    one, other = (service.as2_server(NullBell(), shared=True) for _ in range(2))
    assert one.port == other.port
    with pytest.raises(ConfigurationError, match="another program listens there already"):
        service.as2_server(NullBell())
    stop = threading.Event()
    stop.set()
    for server in (one, other):
        server.run(stop)
    service.close()


def test_the_way_to_a_partner_is_tried_step_by_step(gateway: Open) -> None:
    there = gateway("there")
    steps = list(probe({"own": "us", "url": there.url}, "out", Path("/nowhere/exchange")))
    assert [(step.name, step.ok) for step in steps] == [("name", True), ("connection", True), ("answer", True)]
    assert steps[-1].detail == "HEAD was answered 200"


def test_a_partner_that_does_not_answer_is_told_of() -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    *_, last = probe({"own": "us", "url": url}, "out", Path("/nowhere/exchange"))
    assert (last.name, last.ok) == ("connection", False)
    assert "Is the port right" in last.hint
