"""What partners mail and other programs export is taken into the home; what we have is handed out in their forms."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gateway.as2 import cms
from tests.as2.material import needs_openssl, openssl
from tests.as2_doors.gateways import free_port, make_home
from tests.as2_doors.test_as2_keys import crossdock

pytestmark = needs_openssl


@pytest.fixture
def home(tmp_path: Path, migrated_sqlite: Path) -> Path:
    return make_home(tmp_path / "home", migrated_sqlite, free_port(), settings="")


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of an issuer of its own, in the forms in which partners mail it."""
    folder = tmp_path_factory.mktemp("mailed")
    make = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "400"]
    openssl(folder, *make, "-subj", "/CN=Globex CA", "-keyout", "ca.key", "-out", "ca.pem")
    request = [
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=globex-as2",
        "-keyout",
        "own.key",
        "-out",
        "own.csr",
    ]
    openssl(folder, *request)
    sign = ["x509", "-req", "-in", "own.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "300", "-out", "own.pem"]
    openssl(folder, *sign)
    openssl(folder, "x509", "-in", "own.pem", "-outform", "DER", "-out", "own.der")
    openssl(folder, "crl2pkcs7", "-nocrl", "-certfile", "own.pem", "-certfile", "ca.pem", "-out", "chain.p7b")
    openssl(folder, "crl2pkcs7", "-nocrl", "-certfile", "own.pem", "-certfile", "ca.pem", "-outform", "DER",
            "-out", "chain.der.p7b")  # fmt: skip
    (folder / "words.cer").write_text("Dear partner,\n\nhere it is.\n\n" + (folder / "own.pem").read_text() + "\nBye\n")
    (folder / "bundle.pem").write_text((folder / "own.pem").read_text() + (folder / "ca.pem").read_text())
    return folder


def imported(home: Path, *arguments: str) -> dict[str, Any]:
    done = crossdock(home, "import", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def fingerprint(folder: Path, name: str, digest: str) -> str:
    text = openssl(folder, "x509", "-in", name, "-noout", "-fingerprint", f"-{digest}").stdout.decode()
    return text.strip().partition("=")[2]


@pytest.mark.parametrize("form", ["own.pem", "own.der", "chain.p7b", "chain.der.p7b", "words.cer", "bundle.pem"])
def test_a_partners_certificate_in_every_form(home: Path, mailed: Path, form: str) -> None:
    told = imported(home, "them", str(mailed / form))
    (one,) = told["certificates"]
    assert one["subject"] == "CN=globex-as2", "and not its issuer's"
    assert one["sha256"] == fingerprint(mailed, "own.pem", "sha256").replace(":", "").lower()
    assert one["sha1"] == fingerprint(mailed, "own.pem", "sha1").replace(":", "").lower()
    assert one["key"] == "RSA, 2048 bits"
    assert one["warnings"] == []
    (kept,) = cms.certificates((home / told["written"]).read_bytes())
    assert kept.sha256 == one["sha256"]
    assert told["configuration"] == f'certificates = ["{told["written"]}"]'
    partner = home / "partners" / "them.toml"
    partner.write_text(partner.read_text().replace("[as2]\n", f"[as2]\n{told['configuration']}\n"))
    again = imported(home, "them", str(mailed / form))
    assert (again["written"], again["configuration"]) == (None, ""), "it is known already"


def test_people_get_the_fingerprint_to_compare_and_the_line_to_write(home: Path, mailed: Path) -> None:
    done = crossdock(home, "import", "them", str(mailed / "own.pem"))
    assert fingerprint(mailed, "own.pem", "sha256") in done.stdout
    assert "In partners/them.toml:" in done.stdout


def test_a_second_certificate_stands_beside_the_first(home: Path, mailed: Path) -> None:
    first = imported(home, "them", str(mailed / "own.pem"))
    partner = home / "partners" / "them.toml"
    partner.write_text(partner.read_text().replace("[as2]\n", f"[as2]\n{first['configuration']}\n"))
    old = cms.make_key("small", bits=1024, days=1)
    (home / "small.cer").write_bytes(cms.certificate_file(old.certificate))
    told = imported(home, "them", str(home / "small.cer"))
    assert told["certificates"][0]["warnings"] == ["Its key is shorter than 2048 bits."]
    assert told["configuration"] == f'certificates = ["{first["written"]}", "{told["written"]}"]'
    other = imported(home, "them", str(home / "small.cer"), "--encryption")
    assert other["configuration"] == f'encryption_certificates = ["{other["written"]}"]'


def test_a_partners_private_key_and_what_is_none_are_refused(home: Path, mailed: Path) -> None:
    (mailed / "both.pem").write_text((mailed / "own.key").read_text() + (mailed / "own.pem").read_text())
    for name, says in (("both.pem", "There is a private key in"), ("own.csr", "There is no certificate in it")):
        done = crossdock(home, "import", "them", str(mailed / name))
        assert done.returncode == 2
        assert says in done.stderr
    assert not (home / "certificates").exists()


def test_the_key_pair_of_another_program_comes_in_and_leaves_again(home: Path, mailed: Path, tmp_path: Path) -> None:
    (home / "passphrase").write_text("correct horse")
    pack = [
        "pkcs12",
        "-export",
        "-inkey",
        "own.key",
        "-in",
        "own.pem",
        "-passout",
        "pass:correct horse",
        "-out",
        "o.p12",
    ]
    openssl(mailed, *pack)
    assert crossdock(home, "import", "us", str(mailed / "o.p12")).returncode == 2, "not without a passphrase"
    told = imported(home, "us", str(mailed / "o.p12"), "--passphrase", "file:passphrase")
    assert imported(home, "us", str(mailed / "o.p12"), "--passphrase", "file:passphrase") == told, "not twice"
    key = home / told["written"]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert b"ENCRYPTED PRIVATE KEY" in key.read_bytes()
    own = home / "partners" / "us.toml"
    own.write_text(own.read_text() + told["configuration"] + "\n")
    assert imported(home, "us", str(mailed / "o.p12"), "--passphrase", "file:passphrase")["written"] is None
    safe = tmp_path / "us.p12"
    passphrase = ["--passphrase", "file:passphrase"]
    assert crossdock(home, "export", "us", "--pkcs12", "--output", str(safe)).returncode == 2
    assert crossdock(home, "export", "us", "--pkcs12", "--output", str(safe), *passphrase).returncode == 0
    assert stat.S_IMODE(safe.stat().st_mode) == 0o600
    told_back = openssl(tmp_path, "pkcs12", "-in", "us.p12", "-nodes", "-passin", "pass:correct horse").stdout
    assert b"PRIVATE KEY-----" in told_back
    assert cms.certificates(told_back) == cms.certificates((mailed / "own.pem").read_bytes())


@pytest.mark.parametrize(("form", "read"), [("pem", "x509 -in out"), ("der", "x509 -inform DER -in out"),
                                            ("p7b", "pkcs7 -inform DER -print_certs -in out")])  # fmt: skip
def test_our_certificate_leaves_in_the_forms_that_partners_read(home: Path, form: str, read: str) -> None:
    made = crossdock(home, "keygen", "us", "--bits", "2048", "--no-passphrase", "--json")
    own = home / "partners" / "us.toml"
    own.write_text(own.read_text() + json.loads(made.stdout)["configuration"] + "\n")
    assert crossdock(home, "export", "us", "--format", form, "--output", str(home / "out")).returncode == 0
    assert cms.certificates(openssl(home, *read.split()).stdout)[0].sha256 == json.loads(made.stdout)["sha256"]
    assert crossdock(home, "export", "us", "--output", str(home / "out")).returncode == 2, "nothing is overwritten"


def test_a_certificate_that_is_over_is_not_handed_out_and_half_a_pair_is_never_made(home: Path) -> None:
    (home / "certificates").mkdir()
    made = crossdock(home, "keygen", "us", "--bits", "2048", "--no-passphrase", "--from", "2020-01-01", "--days", "30")
    assert made.returncode == 0
    (home / "keys/us-20200101.pem").rename(home / "old.pem")
    again = crossdock(home, "keygen", "us", "--bits", "2048", "--no-passphrase", "--from", "2020-01-01")
    assert again.returncode == 2
    assert list((home / "keys").iterdir()) == [], "its certificate could not be written, so neither was the key"
    own = home / "partners" / "us.toml"
    own.write_text(own.read_text() + 'keys = ["old.pem"]\n')
    done = crossdock(home, "export", "us")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is over since 2020-01-31" in done.stderr
    doctor = subprocess.run(
        [sys.executable, "-m", "gateway.cli", "--home", str(home), "doctor"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "the key of us is over since 2020-01-31" in doctor.stdout + doctor.stderr
    check = subprocess.run(
        [sys.executable, "-m", "gateway.cli", "--home", str(home), "partners", "check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert check.returncode == 1
    assert "the key of us is over" in check.stdout
    tested = subprocess.run(
        [sys.executable, "-m", "gateway.cli", "--home", str(home), "partners", "test", "them", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    steps = [json.loads(line) for line in tested.stdout.splitlines()]
    assert {step["detail"] for step in steps if step["step"] == "key"} == {"the key of us is over since 2020-01-31"}
    assert tested.returncode == 1
