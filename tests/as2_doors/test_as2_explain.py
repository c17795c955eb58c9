"""``crossdock as2 explain`` with the keys and certificates of a home."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from gateway.as2 import cms
from tests.as2.material import joined
from tests.as2.test_as2_shapes import Security, pack
from tests.as2_doors.gateways import free_port, make_home
from tests.as2_doors.test_as2_shapes import prepare


def test_a_stored_message_is_told_with_the_parties_of_the_home(tmp_path: Path, migrated_sqlite: Path) -> None:
    from tests.as2.material import key_of

    home = make_home(tmp_path / "home", migrated_sqlite, free_port(), settings="")
    prepare(home, key_of("globex"), key_of("acme"), "us", "them", "")
    found = pack(Security())
    names = (("AS2-From", "THEM"), ("AS2-To", "US"), ("Message-ID", "<1@them>"))
    head = "".join(f"{name}: {value}\r\n" for name, value in (*names, *found.content_headers))
    file = tmp_path / "message.as2"
    file.write_bytes(head.encode() + b"\r\n" + joined(found.pieces()))
    command = [sys.executable, "-m", "gateway.cli", "--home", str(home), "as2", "explain", str(file)]
    done = subprocess.run([*command, "--json"], capture_output=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert [line["layer"] for line in lines][-2:] == ["mic", "verdict"]
    (home / "theirs.pem").write_bytes(cms.certificate_file(key_of("initech").certificate))
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert done.returncode == 1
    assert "not pinned for this partner" in done.stdout
