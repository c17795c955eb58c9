"""``crossdock as2 explain`` with the keys and certificates of a home."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from gateway.as2 import cms
from tests.as2.material import joined
from tests.as2.test_as2_shapes import Security, pack
from tests.as2_doors.gateways import free_port, make_home, serving
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
    stranger = tmp_path / "stranger.as2"
    stranger.write_bytes(file.read_bytes().replace(b"AS2-From: THEM", b"AS2-From: Them"))
    done = subprocess.run([*command[:-1], str(stranger)], capture_output=True, check=False, text=True)
    assert done.returncode == 1, "it opens, and would be refused all the same"
    assert 'unknown-trading-relationship. Nobody is agreed on under AS2-From "Them" and AS2-To "US"' in done.stdout
    assert "It is taken" not in done.stdout
    plain = tmp_path / "plain.as2"
    plain.write_bytes(b"AS2-From: THEM\r\nAS2-To: US\r\nContent-Type: application/edi-x12\r\n\r\nISA*")
    partner = home / "partners" / "them.toml"
    partner.write_text(partner.read_text().replace("least = []\n", ""))
    done = subprocess.run([*command[:-1], str(plain)], capture_output=True, check=False, text=True)
    assert "It is not signed and not encrypted." in done.stdout
    assert "It is taken with least = []." in done.stdout, "what is told must help, and not lead to the next refusal"
    (home / "theirs.pem").write_bytes(cms.certificate_file(key_of("initech").certificate))
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert done.returncode == 1
    assert "not pinned for this partner" in done.stdout


def test_what_is_on_record_is_told_by_its_id(tmp_path: Path, migrated_sqlite: Path) -> None:
    """A message that was refused, with the certificate that was missing; and the MDN that the sender got."""
    here, there = _refused(tmp_path, migrated_sqlite)
    refused = _explain(there, "tx_2")
    assert refused.returncode == 1
    assert "not pinned for this partner" in refused.stdout
    mdn = _explain(here, "tx_2")
    assert mdn.returncode == 1
    assert "processed/error: authentication-failed" in mdn.stdout
    (there / "theirs.pem").write_bytes((tmp_path / "right.pem").read_bytes())
    assert "It is taken: processed." in _explain(there, "tx_2").stdout, "the change is tried on what was refused"
    nothing = _explain(there, "tx_77")
    assert "tx_77 did not come by AS2, and no MDN for it is kept." in nothing.stderr
    assert "is no file, and no id" in _explain(there, "message.as2").stderr


def test_an_mdn_of_ours_is_by_our_certificate(tmp_path: Path, migrated_sqlite: Path) -> None:
    from tests.as2.material import key_of

    _, there = _refused(tmp_path, migrated_sqlite, 'mdn = "async"')
    told = _explain(there, "tx_7").stdout
    assert f"by the certificate with serial {key_of('acme').certificate.serial:x}" in told


def _explain(home: Path, what: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gateway.cli", "--home", str(home), "as2", "explain", what]
    return subprocess.run(command, capture_output=True, check=False, text=True)


def _refused(folder: Path, database: Path, out: str = "") -> tuple[Path, Path]:
    """Two homes between which one message went that was not taken: the receiver has another certificate."""
    from tests.as2.material import key_of

    port = free_port()
    here = make_home(folder / "here", database, free_port(), settings="", url=f"http://127.0.0.1:{port}/")
    config = here / "crossdock.toml"
    config.write_text(config.read_text().replace("[as2]\n", '[as2]\nurl = "http://127.0.0.1:9/"\n'))
    sides = {"us": "they", "them": "them", "US": "THEM", "THEM": "US"}
    there = make_home(folder / "there", database, port, settings="", **sides)
    prepare(here, key_of("globex"), key_of("acme"), "us", "them", out)
    prepare(there, key_of("acme"), key_of("initech"), "they", "them", "")
    (folder / "right.pem").write_bytes(cms.certificate_file(key_of("globex").certificate))
    with serving(here, plain=False) as sender, serving(there, plain=False) as receiver:
        id = sender.leave()
        sender.deliver()
        (row,) = receiver.rows("SELECT id, status FROM transmissions WHERE direction = 'in'")
    assert (id, row.id, row.status) == (2, 2, "refused")
    return here, there
