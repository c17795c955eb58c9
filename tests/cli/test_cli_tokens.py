"""``crossdock tokens`` and ``crossdock web``."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.cli.running import Command

DOOR = '\n[[endpoint]]\nname = "globex-http"\nconnector = "http"\ndirection = "in"\n'


def test_a_token_is_shown_once_listed_and_revoked(dock: Command, home: Path) -> None:
    file = home / "partners/globex.toml"
    file.write_text(file.read_text() + DOOR)
    made = dock("tokens", "add", "globex", "--role", "partner", "--party", "globex", "--expires", "1y")
    token = made.out.splitlines()[0]
    assert re.fullmatch(r"cd_[\w-]{43}", token)
    (listed,) = dock.json("tokens", "list")
    assert (listed["name"], listed["role"], listed["party"]) == ("globex", "partner", "globex")
    assert listed["expires_at"] > listed["created_at"]
    assert token not in dock("tokens", "list").out
    assert "There is a token globex already" in dock("tokens", "add", "globex", "--role", "viewer").err
    assert dock("tokens", "revoke", "globex").code == 0
    assert dock("tokens", "revoke", "globex").code == 1


def test_what_a_token_cannot_be_for_is_told(dock: Command) -> None:
    def add(*options: str) -> str:
        ran = dock("tokens", "add", "erp", *options)
        assert ran.code != 0
        return ran.err

    assert "is for one party" in add("--role", "partner")
    assert "nobody" in add("--role", "partner", "--party", "nobody")
    assert "over HTTP" in add("--role", "partner", "--party", "globex", "--endpoint", "globex-in")
    assert "Write --party globex" in add("--role", "partner", "--party", "initech", "--endpoint", "globex-in")
    assert "no length of time" in add("--role", "viewer", "--expires", "soon")
    assert dock("tokens", "list").out.startswith("There are no tokens")


def test_the_web_runs_by_itself_until_it_is_told_to_stop(dock: Command, home: Path) -> None:
    assert "it is not said where to listen" in dock("web").err
    token = dock.json("tokens", "add", "me", "--role", "viewer")[0]["token"]
    command = [sys.executable, "-m", "gateway.cli", "--home", str(home), "web", "--listen", "127.0.0.1:0"]
    environ = os.environ | {"CROSSDOCK_LOG__FORMAT": "json"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ) as process:
        try:
            assert process.stderr is not None
            port = next(
                int(found[1]) for line in process.stderr if (found := re.search(r'"on":"http://[^"]+:(\d+)"', line))
            )
            url = f"http://127.0.0.1:{port}/api/documents"
            answer = httpx.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
            assert answer.json() == {"items": []}
            taken = dock("web", "--listen", f"127.0.0.1:{port}")
            assert "another program listens there already" in taken.err
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
