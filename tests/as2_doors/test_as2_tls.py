"""AS2 over TLS: own authorities, pins, host names, certificates of callers; with curl and openssl at the door, too."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import trustme

from tests.as2_doors.gateways import Node, free_port, make_home, serving

Exchange = Callable[..., tuple[Node, Node]]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(organization_name="Initrode")


@pytest.fixture(scope="module")
def callers() -> trustme.CA:
    """Who issues certificates to those who may call."""
    return trustme.CA(organization_name="Callers")


@pytest.fixture
def exchange(tmp_path: Path, migrated_sqlite: Path, authority: trustme.CA, callers: trustme.CA) -> Iterator[Exchange]:
    """A sender with these options, and a receiver with this certificate, which may ask for one."""
    with ExitStack() as stack:

        def open_(out: str, server: trustme.LeafCert | None = None, *, ask: bool = False) -> tuple[Node, Node]:
            server = server or authority.issue_cert("localhost", "127.0.0.1")
            port = free_port()
            there = make_home(tmp_path / "there", migrated_sqlite, port, us="they", them="them", US="THEM", THEM="US")
            server.private_key_and_cert_chain_pem.write_to_path(str(there / "server.pem"))
            callers.cert_pem.write_to_path(str(there / "callers.pem"))
            told = 'certificate = "server.pem"\n' + ('client_ca = "callers.pem"\n' if ask else "")
            config = there / "crossdock.toml"
            config.write_text(config.read_text().replace("[as2]\n", f"[as2]\n{told}"))
            url = f"https://localhost:{port}/as2"
            here = make_home(tmp_path / "here", migrated_sqlite, free_port(), url=url, out_options=out)
            authority.cert_pem.write_to_path(str(here / "ca.pem"))
            callers.issue_cert("us").private_key_and_cert_chain_pem.write_to_path(str(here / "us.pem"))
            authority.issue_cert("us").private_key_and_cert_chain_pem.write_to_path(str(here / "others.pem"))
            found = [stack.enter_context(serving(home)) for home in (here, there)]
            return found[0], found[1]

        yield open_


def sent(here: Node, there: Node) -> tuple[str, str]:
    """One message: its status with the sender and why, and whether it came."""
    id = here.leave()
    here.deliver()
    status, _ = here.status(id)
    (work,) = here.rows("SELECT count(*) AS number FROM work WHERE subject = :id", id=id)
    arrived = len(there.rows("SELECT id FROM transmissions WHERE direction = 'in'"))
    assert arrived == (status == "delivered")
    return status, "waits" if work.number else "settled"


def fingerprint(server: trustme.LeafCert) -> str:
    return sha256(ssl.PEM_cert_to_DER_cert(server.cert_chain_pems[0].bytes().decode())).hexdigest()


def test_an_authority_of_the_partner_is_trusted_where_it_is_named(exchange: Exchange) -> None:
    assert sent(*exchange('ca = "ca.pem"')) == ("delivered", "settled")


def test_nobody_is_believed_by_default_and_the_message_waits(exchange: Exchange) -> None:
    assert sent(*exchange("")) == ("composed", "waits")


@pytest.mark.parametrize(("right", "expected"), [(True, ("delivered", "settled")), (False, ("composed", "waits"))])
def test_a_pin_is_for_one_certificate(
    exchange: Exchange, authority: trustme.CA, right: bool, expected: tuple[str, str]
) -> None:
    server = authority.issue_cert("localhost")
    pinned = server if right else authority.issue_cert("localhost")
    assert sent(*exchange(f'pin = ["{fingerprint(pinned)}"]', server)) == expected


@pytest.mark.parametrize(
    ("option", "expected"),
    [("", ("composed", "waits")), ("check_host = false", ("delivered", "settled"))],
    ids=["checked", "not checked"],
)
def test_the_certificate_must_be_the_hosts_unless_it_is_agreed_otherwise(
    exchange: Exchange, authority: trustme.CA, option: str, expected: tuple[str, str]
) -> None:
    assert sent(*exchange(f'ca = "ca.pem"\n{option}', authority.issue_cert("edi.initrode.example"))) == expected


def test_a_certificate_that_is_over_is_not_trusted(exchange: Exchange, authority: trustme.CA) -> None:
    over = authority.issue_cert("localhost", not_after=datetime.now(UTC) - timedelta(days=1))
    assert sent(*exchange('ca = "ca.pem"', over)) == ("composed", "waits")


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ('certificate = "us.pem"', ("delivered", "settled")),
        ('certificate = "others.pem"', ("composed", "waits")),
        ("", ("composed", "waits")),
    ],
    ids=["ours", "of another authority", "none"],
)
def test_a_door_that_asks_for_certificates_takes_none_without(
    exchange: Exchange, option: str, expected: tuple[str, str]
) -> None:
    assert sent(*exchange(f'ca = "ca.pem"\n{option}', ask=True)) == expected


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_curl_comes_in_with_a_certificate_and_not_without(exchange: Exchange) -> None:
    here, there = exchange("", ask=True)
    home = here.service.config.home
    names = ["-H", "AS2-From: US", "-H", "AS2-To: THEM", "-H", "Message-ID: <1@us>", "-H", "AS2-Version: 1.1"]
    command = ["curl", "-sS", "--cacert", str(home / "ca.pem"), *names, "--data-binary", "ISA*1"]
    url = f"https://localhost:{there.port}/as2"
    refused = subprocess.run([*command, url], capture_output=True, check=False)
    assert refused.returncode != 0
    assert there.rows("SELECT id FROM transmissions") == []
    done = subprocess.run([*command, "--cert", str(home / "us.pem"), url], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(there.rows("SELECT id FROM transmissions")) == 1


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")
@pytest.mark.parametrize(("version", "works"), [("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)])
def test_tls_is_1_2_at_least(exchange: Exchange, version: str, works: bool) -> None:
    here, there = exchange("")
    command = ["openssl", "s_client", "-connect", f"localhost:{there.port}", "-CAfile",
               str(here.service.config.home / "ca.pem"), "-cipher", "ALL:@SECLEVEL=0", version]  # fmt: skip
    done = subprocess.run(command, input=b"", capture_output=True, check=False, timeout=20)
    assert (b"Verify return code: 0 (ok)" in done.stdout and done.returncode == 0) is works
