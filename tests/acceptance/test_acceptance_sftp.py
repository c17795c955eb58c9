"""A partner calls by SFTP: it uploads an order, and fetches the receipt; both ends of it are on record."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.newcomer import COMMAND, Newcomer
from tests.acceptance.test_acceptance_serve import orders, serving, wait
from tests.pipeline.yard import segments

_IN = 'connector = "directory"\ndirection = "in"\npath = "in/globex"'
_OUT = 'connector = "directory"\ndirection = "out"\npath = "out/globex"'


@pytest.fixture
def dock(newcomer: Newcomer) -> Path:
    """A home whose partner has an account, by a key and by a password."""
    folder = newcomer.folder / "dock"
    newcomer.run("init", folder)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(newcomer.folder / "id")], check=True)
    key = (newcomer.folder / "id.pub").read_text().strip()
    partner = folder / "partners/globex.toml"
    account = 'connector = "sftp-server"\nusername = "globex"\n'
    text = partner.read_text().replace(_IN, f'{account}direction = "in"\nkeys = ["{key}"]')
    partner.write_text(text.replace(_OUT, f'{account}direction = "out"'))
    (folder / "crossdock.toml").write_text('[sftp]\nlisten = "127.0.0.1:0"\n')
    return folder


def sftp(newcomer: Newcomer, port: str, *commands: str) -> subprocess.CompletedProcess[str]:
    """OpenSSH's client, which knows our host key by what ``crossdock sftp fingerprints`` says."""
    options = ("BatchMode=yes", f"UserKnownHostsFile={newcomer.folder}/known", "StrictHostKeyChecking=yes")
    given = [part for option in options for part in ("-o", option)]
    where = ["-i", str(newcomer.folder / "id"), "-P", port, "-b", "-", "globex@127.0.0.1"]
    return subprocess.run(
        ["sftp", "-F", "/dev/null", *given, *where],
        input="\n".join(commands) + "\n",
        capture_output=True,
        text=True,
        cwd=newcomer.folder,
        timeout=60,
        check=False,
    )


def test_an_order_comes_in_and_its_receipt_is_fetched(newcomer: Newcomer, dock: Path) -> None:
    assert newcomer.run("--home", dock, "partners", "check").strip() == "Nothing is wrong."
    keys = [json.loads(line) for line in newcomer.run("--home", dock, "sftp", "fingerprints", "--json").splitlines()]
    with serving(newcomer, dock):
        port = re.findall(r'"at":"127.0.0.1:(\d+)"', (newcomer.folder / "serve.log").read_text())[0]
        (newcomer.folder / "known").write_text("".join(f"[127.0.0.1]:{port} {key['public']}\n" for key in keys))
        put = ("put dock/examples/order.x12 inbox/order.x12.tmp", "rename inbox/order.x12.tmp inbox/order.x12")
        done = sftp(newcomer, port, *put)
        assert done.returncode == 0, done.stderr
        wait(lambda: bool(orders(dock)) and bool(_deposited(newcomer, dock)))
        (receipt,) = _deposited(newcomer, dock)
        done = sftp(newcomer, port, "get ack/*", "rm ack/*", "-ls ack/*")
        assert done.returncode == 0, done.stderr
    (fetched,) = newcomer.folder.glob("997*")
    assert segments(fetched.read_bytes(), "AK9")[0].startswith("AK9*A*")
    story = json.loads(newcomer.run("--home", dock, "trace", receipt["id"], "--json"))
    names = [event["name"] for event in story["events"]]
    assert names.index("transmission.deposited") < names.index("transmission.delivered")
    assert _deposited(newcomer, dock) == []


def test_the_role_by_itself_says_where_to_listen(newcomer: Newcomer, dock: Path) -> None:
    (dock / "crossdock.toml").write_text("")
    newcomer.run("--home", dock, "sftp", code=2)
    newcomer.environment |= {"CROSSDOCK_SFTP__LISTEN": "127.0.0.1:0"}
    log = newcomer.folder / "sftp.log"
    with newcomer.start("--home", dock, "sftp", log=log) as process:
        try:
            wait(lambda: "sftp.listening" in log.read_text())
            process.terminate()
            assert process.wait(30) == 0
            assert "Traceback" not in log.read_text()
        finally:
            process.kill()


def test_a_hash_of_a_password_is_what_a_reference_refers_to(newcomer: Newcomer, dock: Path) -> None:
    ran = subprocess.run(
        [str(COMMAND), "sftp", "hash-password"],
        input="correct horse\n",
        capture_output=True,
        text=True,
        env=newcomer.environment,
        check=True,
    )
    assert ran.stdout.startswith("$argon2id$")
    assert "horse" not in ran.stdout + ran.stderr


def _deposited(newcomer: Newcomer, dock: Path) -> list[dict[str, str]]:
    found = newcomer.run("--home", dock, "transmissions", "--status", "deposited", "--json")
    return [json.loads(line) for line in found.splitlines()]
