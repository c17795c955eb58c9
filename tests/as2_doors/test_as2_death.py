"""The receiver is killed between the commit and the MDN: the sender asks again, and nothing is there twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.as2_doors.conftest import Open
from tests.as2_doors.gateways import free_port, make_home, serving

#: A gateway that dies after its first commit of a message, before anything is answered.
DIES = """
import os, signal, sys, time
from pathlib import Path
from gateway.observe import configure
from gateway.pipeline.exchanges import DatabaseExchanges
from tests.as2_doors.gateways import serving

configure("console", "error")
accept = DatabaseExchanges.accept

def die(self, incoming):
    accept(self, incoming)
    os.kill(os.getpid(), signal.SIGKILL)

DatabaseExchanges.accept = die
with serving(Path(sys.argv[1])):
    print("ready", flush=True)
    time.sleep(60)
"""


def test_killed_after_the_commit_and_before_the_mdn(gateway: Open, tmp_path: Path, migrated_sqlite: Path) -> None:
    port = free_port()
    home = make_home(tmp_path / "there", migrated_sqlite, port, us="they", them="them", US="THEM", THEM="US")
    here = gateway("here", url=f"http://127.0.0.1:{port}/")
    id = here.leave()
    checkout = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", DIES, str(home)],
        stdout=subprocess.PIPE,
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
    ) as dying:
        assert dying.stdout is not None
        assert dying.stdout.readline() == b"ready\n"
        here.deliver()
        assert dying.wait(20) == -signal.SIGKILL
    assert here.status(id)[0] == "composed"
    with serving(home) as there:
        _until_it_answers(there.url)
        here.deliver(2)
        assert here.status(id) == ("delivered", None)
        assert len(there.rows("SELECT id FROM transmissions")) == 1
        assert len(there.rows("SELECT id FROM work")) == 1
        assert [row.status for row in there.rows("SELECT status FROM exchanges")] == ["processed"]
        names = [row.name for row in there.rows("SELECT name FROM events ORDER BY id")]
        assert names == ["transmission.received", "mdn.sent", "mdn.repeated"]


def _until_it_answers(url: str) -> None:
    for _ in range(100):
        try:
            httpx.head(url, trust_env=False)
            return
        except httpx.ConnectError:
            time.sleep(0.05)
