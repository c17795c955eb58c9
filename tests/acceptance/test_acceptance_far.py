"""``crossdock serve`` delivers to far endpoints beside one that hangs, counts it, and stops in time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.observe.shared_metrics import FOLDER
from gateway.service import Service
from gateway.work.exposition import exposition
from tests.connectors.receiving import receiver
from tests.store.making import column
from tests.work.far import endpoint, eventually, home, leave, silent, statuses


@pytest.mark.slow
def test_serve_delivers_beside_an_endpoint_that_hangs_and_stops_in_time(tmp_path: Path) -> None:
    with receiver() as fine, silent() as hanging:
        folder = home(tmp_path / "home", endpoint("fine", fine.url), endpoint("hangs", hanging, seconds=2.0))
        service = Service.open(folder)
        command = [sys.executable, "-m", "gateway.cli", "--home", str(folder), "serve"]
        with (tmp_path / "log").open("w") as log:
            process = subprocess.Popen(command, stderr=log, env=os.environ | {"CROSSDOCK_WEB__LISTEN": ""})
        try:
            leave(service, "hangs", 5)
            mine = leave(service, "fine", 30)
            eventually(lambda: set(statuses(service, mine)) == {"delivered"}, seconds=60)
            counted = exposition(service.database, service.clock, folder / FOLDER).decode()
            told = 'crossdock_transmissions_total{direction="out",endpoint="fine",outcome="delivered"} 30.0'
            assert told in counted
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()
            service.close()
    assert len(fine.requests) == 30


@pytest.mark.slow
@pytest.mark.parametrize("command", ["partners test", "resend"])
def test_who_mended_an_endpoint_says_so_and_what_waited_leaves(tmp_path: Path, command: str) -> None:
    """A secret is missing: serve leaves the endpoint alone for minutes. It is put there, and tried by hand."""
    with receiver() as fine:
        folder = home(tmp_path / "home", endpoint("far", fine.url, more='token = "file:secrets/token"\n'))
        service = Service.open(folder)
        program = [sys.executable, "-m", "gateway.cli", "--home", str(folder)]
        with (tmp_path / "log").open("w") as log:
            process = subprocess.Popen([*program, "serve"], stderr=log, env=os.environ | {"CROSSDOCK_WEB__LISTEN": ""})
        try:
            mine = leave(service, "far", 5)
            opened = "SELECT endpoint FROM endpoint_states WHERE state = 'open'"
            eventually(lambda: column(service.database, opened) == ["far"], seconds=60)
            (folder / "secrets").mkdir()
            (folder / "secrets" / "token").write_text("beautiful")
            more = ["partners", "test"] if command == "partners test" else ["resend", f"tx_{mine[0]}"]
            done = subprocess.run([*program, *more], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            eventually(lambda: set(statuses(service, mine)) == {"delivered"}, seconds=20)
        finally:
            process.kill()
            process.wait()
            service.close()
    assert len(fine.requests) >= 5
