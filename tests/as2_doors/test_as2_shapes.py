"""Two gateways with keys and certificates of their own: every shape of message, with each way of being answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from gateway.as2 import cms
from tests.as2_doors.gateways import Node, free_port, make_home, serving

BODY = b"ISA*00*" + bytes(range(32, 127)) * 20 + b"\r\n\n\r"


@pytest.fixture(scope="module")
def keys() -> dict[str, cms.PrivateKey]:
    return {name: cms.make_key(name, bits=2048) for name in ("here", "there")}


def prepare(home: Path, mine: cms.PrivateKey, theirs: cms.PrivateKey, us: str, them: str, out: str) -> None:
    """Keys in the home, and endpoints that use them."""
    (home / "mine.pem").write_bytes(cms.key_file(mine, b"secret"))
    (home / "mine.pem").chmod(0o600)
    (home / "theirs.pem").write_bytes(cms.certificate_file(theirs.certificate))
    (home / "passphrase").write_text("secret")
    own, partner = home / "partners" / "us.toml", home / "partners" / "them.toml"
    own.write_text(own.read_text() + 'keys = ["mine.pem"]\npassphrase = "file:passphrase"\n')
    text = partner.read_text().replace("[as2]\n", '[as2]\ncertificates = ["theirs.pem"]\n')
    text = text.replace('sign = "no"\nencrypt = "no"\nmdn_signed = false\n', "")
    partner.write_text(text + out)


@pytest.fixture
def pair(tmp_path: Path, migrated_sqlite: Path, keys: dict[str, cms.PrivateKey]) -> Iterator[object]:
    with ExitStack() as stack:

        def open_(out: str) -> tuple[Node, Node]:
            here_port, there_port = free_port(), free_port()
            url = f"http://127.0.0.1:{there_port}/as2"
            back = f'url = "http://127.0.0.1:{here_port}/as2"\n'
            here = make_home(tmp_path / "here", migrated_sqlite, here_port, settings="", url=url)
            config = here / "crossdock.toml"
            config.write_text(config.read_text().replace("[as2]\n", f"[as2]\n{back}"))
            allowed = f'mdn_urls = ["http://127.0.0.1:{here_port}/"]'
            sides = {"us": "they", "them": "them", "US": "THEM", "THEM": "US"}
            there = make_home(tmp_path / "there", migrated_sqlite, there_port, in_options=allowed, **sides)
            prepare(here, keys["here"], keys["there"], "us", "them", out)
            prepare(there, keys["there"], keys["here"], "they", "them", "")
            found = [stack.enter_context(serving(home, plain=False)) for home in (here, there)]
            return found[0], found[1]

        yield open_


SHAPES = {
    "plain": 'sign = "no"\nencrypt = "no"',
    "signed": 'sign = "sha384"\nencrypt = "no"',
    "encrypted": 'sign = "no"\nencrypt = "aes128-cbc"',
    "signed and encrypted": "",
    "compressed": 'sign = "no"\nencrypt = "no"\ncompress = "before"',
    "compressed, then signed": 'encrypt = "no"\ncompress = "before"',
    "signed, then compressed, encrypted": 'compress = "after"',
    "gcm, oaep, pss": 'encrypt = "aes256-gcm"\nkey_transport = "oaep-sha256"\nsignature = "pss"\nsign = "sha512"',
}


@pytest.mark.parametrize("mdn", ["sync", "async", "no"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_arrives_and_is_confirmed(pair: object, shape: str, mdn: str) -> None:
    here, there = pair(f'{SHAPES[shape]}\nmdn = "{mdn}"\n')  # type: ignore[operator]
    id = here.leave(BODY)
    here.deliver()
    there.deliver()
    assert here.status(id) == ("delivered", None)
    (row,) = there.rows(
        "SELECT t.file_name, t.status, p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id "
        "WHERE t.direction = 'in'"
    )
    assert (row.file_name, row.status, sha256(row.body).digest()) == ("order.x12", "received", sha256(BODY).digest())
    (exchange,) = here.rows("SELECT status FROM exchanges")
    assert exchange.status == ("delivered" if mdn == "no" else "confirmed")
    assert here.rows("SELECT id FROM expectations WHERE state = 'open'") == []


def test_what_is_less_safe_than_agreed_is_refused(pair: object) -> None:
    here, there = pair('sign = "no"\nencrypt = "no"\n')  # type: ignore[operator]
    partner = there.service.config.home / "partners" / "them.toml"
    partner.write_text(partner.read_text().replace("least = []\n", ""))
    id = here.leave(BODY)
    here.deliver()
    status, reason = here.status(id)
    assert status == "stopped"
    assert "insufficient-message-security" in str(reason)
    assert [row.status for row in there.rows("SELECT status FROM transmissions")] == ["refused"]


def test_what_somebody_must_mend_is_no_try_of_what_waits_for_it(pair: object, keys: dict[str, cms.PrivateKey]) -> None:
    """The partner's certificate is over: nothing is encrypted for it, nothing stops, and the new one lets all leave."""
    here, there = pair("")  # type: ignore[operator]
    old = cms.make_key("there", bits=2048, days=1, now=datetime.now(UTC) - timedelta(days=9))
    file = here.service.config.home / "theirs.pem"
    file.write_bytes(cms.certificate_file(old.certificate))
    ids = [here.leave(BODY, f"{n}.x12") for n in range(2)]
    for _ in range(3):
        here.deliver()
    (out,) = [each for each in here.service.context.agreements.endpoints("out") if each.name == "out"]
    assert "is not valid at this time" in here.service.standings.of(out).standing.error
    assert [here.status(id)[0] for id in ids] == ["composed", "composed"]
    assert {row.attempts for row in here.rows("SELECT attempts FROM work")} == {0}
    assert there.rows("SELECT id FROM exchanges") == []
    file.write_bytes(cms.certificate_file(keys["there"].certificate))
    partner = here.service.config.home / "partners" / "them.toml"
    partner.write_text(partner.read_text() + 'subject = "again"\n')  # looked at anew, and not after its pause
    here.service.current()
    here.deliver()
    assert [here.status(id) for id in ids] == [("delivered", None)] * 2
