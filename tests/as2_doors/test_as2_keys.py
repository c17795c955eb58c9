"""Keys and certificates by the command: made, handed to partners, watched."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.as2 import cms
from tests.as2_doors.gateways import free_port, make_home


@pytest.fixture
def home(tmp_path: Path, migrated_sqlite: Path) -> Path:
    return make_home(tmp_path / "home", migrated_sqlite, free_port(), settings="")


def crossdock(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gateway.cli", "--home", str(home), "as2", *arguments]
    return subprocess.run(command, capture_output=True, check=False, text=True)


def test_a_key_is_made_encrypted_and_used_by_the_lines_that_are_shown(home: Path) -> None:
    (home / "passphrase").write_text("correct horse")
    done = crossdock(home, "keygen", "us", "--bits", "2048", "--passphrase", "file:passphrase", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    key = home / told["key"]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert b"ENCRYPTED PRIVATE KEY" in key.read_bytes()
    (found,) = cms.private_keys(key.read_bytes(), b"correct horse")
    assert found.certificate.sha256 == told["sha256"]
    with pytest.raises(cms.KeyFileError):
        cms.private_keys(key.read_bytes(), b"wrong")
    own = home / "partners" / "us.toml"
    own.write_text(own.read_text() + told["configuration"] + "\n")
    exported = crossdock(home, "export", "us")
    assert cms.certificates(exported.stdout.encode()) == [found.certificate]
    assert (home / told["certificate"]).read_text() == exported.stdout


def test_nothing_is_overwritten_and_nobody_elses_key_is_made(home: Path) -> None:
    assert crossdock(home, "keygen", "us", "--bits", "2048", "--no-passphrase").returncode == 0
    again = crossdock(home, "keygen", "us", "--bits", "2048", "--no-passphrase")
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert "is a partner" in crossdock(home, "keygen", "them", "--no-passphrase").stderr
    assert "--passphrase" in crossdock(home, "keygen", "us").stderr, "no key without a passphrase by oversight"


def test_certificates_are_listed_with_the_days_that_are_left(home: Path) -> None:
    old = cms.make_key("old", bits=2048, days=10, now=datetime.now(UTC) - timedelta(days=20))
    new = cms.make_key("new", bits=2048, days=30)
    (home / "theirs.pem").write_bytes(cms.certificate_file(old.certificate, new.certificate))
    partner = home / "partners" / "them.toml"
    partner.write_text(partner.read_text().replace("[as2]\n", '[as2]\ncertificates = ["theirs.pem"]\n'))
    done = crossdock(home, "expiry", "--json")
    assert done.returncode == 0, "one of them is over, and another has taken over"
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["party"], each["state"]) for each in found] == [("them", "over"), ("them", "warning")]
    (home / "theirs.pem").write_bytes(cms.certificate_file(old.certificate))
    done = crossdock(home, "expiry", "--json")
    assert (done.returncode, json.loads(done.stdout)["state"]) == (1, "error")
    (home / "theirs.pem").write_text("no certificate")
    assert crossdock(home, "keygen", "us", "--bits", "2048", "--no-passphrase").returncode == 0
    own = home / "partners" / "us.toml"
    own.write_text(own.read_text() + f'keys = ["keys/us-{datetime.now(UTC):%Y%m%d}.pem"]\n')
    done = crossdock(home, "expiry", "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["party"], each["state"]) for each in found] == [("them", "error"), ("us", "valid")]
    assert "There is no certificate in it" in found[0]["sha256"]
    assert done.returncode == 1


def test_keys_are_made_and_handed_out_before_the_endpoints_can_work(home: Path) -> None:
    """The endpoints stand there, and neither side has keys: what says so names this command."""
    partner = home / "partners" / "them.toml"
    partner.write_text(partner.read_text().replace("least = []\n", "").replace('sign = "no"\nencrypt = "no"\n', ""))
    made = crossdock(home, "keygen", "us", "--bits", "2048", "--no-passphrase", "--json")
    assert made.returncode == 0, made.stderr
    own = home / "partners" / "us.toml"
    own.write_text(own.read_text() + json.loads(made.stdout)["configuration"] + "\n")
    (home / "keys").joinpath(Path(json.loads(made.stdout)["key"]).name).chmod(0o644)
    exported = crossdock(home, "export", "us")
    assert exported.stdout.startswith("-----BEGIN CERTIFICATE-----"), "and nothing else: no word of the log"
    assert "as2.key_readable_by_others" in exported.stderr
    assert crossdock(home, "expiry").returncode == 0


def test_a_key_for_later_is_known_now_and_signs_then(home: Path) -> None:
    """Partners may encrypt for it as soon as they like; nobody has to be at the desk when it takes over."""
    later = datetime.now(UTC) + timedelta(days=30)
    own = home / "partners" / "us.toml"
    names = []
    for from_ in ([], ["--from", f"{later:%Y-%m-%d}"]):
        made = crossdock(home, "keygen", "us", "--bits", "2048", "--no-passphrase", "--json", *from_)
        names.append(json.loads(made.stdout)["key"])
    assert names[1] == f"keys/us-{later:%Y%m%d}.pem"
    own.write_text(own.read_text() + f"keys = {json.dumps(names)}\n")
    now, then = (cms.private_keys((home / name).read_bytes(), None)[0].certificate for name in names)
    assert cms.certificates(crossdock(home, "export", "us").stdout.encode()) == [now]
    at = int((later + timedelta(days=1)).timestamp() * 1_000_000)
    assert cms.newest_first([now, then], at)[0] == then
    days = [json.loads(line)["days"] for line in crossdock(home, "expiry", "--json").stdout.splitlines()]
    assert days == [729, 759]
