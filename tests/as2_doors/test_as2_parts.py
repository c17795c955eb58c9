"""The small parts of the doors: who talks to whom, where MDNs may go, keys from files, which part is the document."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

import pytest

from gateway.agreements import load
from gateway.connectors.as2.guard import check_addresses, check_url, names_private
from gateway.connectors.as2.keyring import Keyring
from gateway.connectors.as2.names import unquoted
from gateway.connectors.as2.parts import sorted_parts
from gateway.connectors.as2.relations import Relations, mistakes
from gateway.connectors.as2.speech import Part
from gateway.core.errors import ConfigurationError, DeliveryRefusedError

OWN = 'id = "acme"\nname = "Acme"\nkind = "own"\n[as2]\nid = "ACME"\nids = ["ACME-TEST"]\nkeys = ["keys/acme.pem"]\n'
PARTNER = 'id = "globex"\nname = "Globex"\n[as2]\nid = "GLOBEX"\nids = ["GLOBEX 2"]\ncertificates = ["c.pem"]\n'
IN = '[[endpoint]]\nname = "in"\nconnector = "as2"\ndirection = "in"\nown = "acme"\n'
OUT = '[[endpoint]]\nname = "out"\nconnector = "as2"\ndirection = "out"\nown = "acme"\nurl = "https://as2.globex.example/x"\n'


def texts(partner: str, own: str = OWN) -> dict[str, str]:
    return {"partners/acme.toml": own, "partners/globex.toml": partner}


def test_an_endpoint_is_found_by_each_name_of_both_sides() -> None:
    known = Relations(load(texts(PARTNER + IN + OUT)))
    for names in (("GLOBEX", "ACME"), ("GLOBEX 2", "ACME-TEST")):
        relation = known.inbound(*names)
        assert relation is not None
        assert relation.endpoint.name == "in"
    assert known.inbound("globex", "ACME") is None
    answering = known.answering("GLOBEX", "ACME")
    assert answering is not None
    assert (answering.endpoint.name, answering.own_id, answering.partner_id) == ("out", "ACME", "GLOBEX")
    assert known.hosts(answering.partner) == {"as2.globex.example"}


def test_an_endpoint_may_be_for_one_name_alone() -> None:
    second = IN.replace('"in"\nconnector', '"test"\nconnector') + 'own_id = "ACME-TEST"\n'
    known = Relations(load(texts(PARTNER + IN + 'own_id = "ACME"\n' + second)))
    found = [known.inbound("GLOBEX", name) for name in ("ACME", "ACME-TEST")]
    assert [relation.endpoint.name if relation else None for relation in found] == ["in", "test"]


@pytest.mark.parametrize(
    ("partner", "own", "message"),
    [
        (PARTNER.partition("[as2]")[0] + IN, OWN, "globex has no name in AS2"),
        (PARTNER + IN, OWN.partition("[as2]")[0], "acme has no name in AS2"),
        (PARTNER + IN.replace("acme", "nobody"), OWN, "there is no such party. There are: acme."),
        (PARTNER + IN + 'partner_id = "X"', OWN, "this is no name of globex. There are: GLOBEX, GLOBEX 2."),
        (PARTNER + IN, OWN.replace('keys = ["keys/acme.pem"]', ""), "nothing can be encrypted for it"),
        (PARTNER.replace('certificates = ["c.pem"]', "") + OUT, OWN, "no certificates to encrypt for"),
        (PARTNER + IN + IN.replace('"in"\nconnector', '"in2"\nconnector'), OWN, "come in by in already"),
    ],
)
def test_what_does_not_fit_together_is_told_with_file_and_key(partner: str, own: str, message: str) -> None:
    found = [str(each) for each in mistakes(load(texts(partner, own)))]
    assert any(message in each and "partners/globex.toml: endpoint " in each for each in found), found


@pytest.mark.parametrize(
    ("url", "allowed", "hosts"),
    [
        ("https://as2.globex.example/mdn?a=b", [], ["as2.globex.example"]),
        ("https://AS2.globex.example/mdn", [], ["as2.globex.example"]),
        ("https://as2.globex.example:8443/mdn", ["https://as2.globex.example:8443/"], []),
        ("https://as2.globex.example/in/mdn", ["https://as2.globex.example/in"], []),
        ("https://as2.globex.example/in/a..b", ["https://as2.globex.example/in/"], []),
    ],
)
def test_an_mdn_goes_where_it_was_agreed(url: str, allowed: list[str], hosts: list[str]) -> None:
    check_url(url, allowed, hosts, "in")


@pytest.mark.parametrize(
    ("url", "allowed", "hosts"),
    [
        ("https://as2.globex.example.evil.example/", ["https://as2.globex.example"], []),
        ("https://as2.globex.example@evil.example/", [], ["as2.globex.example"]),
        ("https://user@as2.globex.example/", [], ["as2.globex.example"]),
        ("https://as2.globex.example/in/../admin", ["https://as2.globex.example/in/"], []),
        ("https://as2.globex.example/in/%2E%2e/admin", ["https://as2.globex.example/in/"], []),
        ("https://as2.globex.example/in/..%5cadmin", ["https://as2.globex.example/in/"], []),
        ("http://as2.globex.example/", ["https://as2.globex.example/"], []),
        ("file:///etc/passwd", [], [""]),
        ("gopher://as2.globex.example/", [], ["as2.globex.example"]),
        ("http://[::1", [], []),
        ("http://169.254.169.254/latest", [], ["as2.globex.example"]),
        ("https://as2.globex.example/\r\nX: y", [], ["as2.globex.example"]),
        ("https://as2.globex.example:99999/", [], ["as2.globex.example"]),
    ],
)
def test_an_mdn_goes_nowhere_else(url: str, allowed: list[str], hosts: list[str]) -> None:
    with pytest.raises(DeliveryRefusedError):
        check_url(url, allowed, hosts, "in")


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fd00::1", "::ffff:192.168.0.1"])
def test_private_networks_are_for_those_that_are_named(address: str) -> None:
    found = [ipaddress.ip_address(address)]
    with pytest.raises(DeliveryRefusedError):
        check_addresses("as2.globex.example", found, private=False, endpoint="in")
    check_addresses("as2.globex.example", found, private=True, endpoint="in")


def test_an_address_that_is_named_may_be_private_and_a_name_may_not() -> None:
    assert names_private("http://10.0.0.1/mdn", ["http://10.0.0.1/"])
    assert not names_private("https://as2.globex.example/mdn", ["https://as2.globex.example/"])


def test_names_are_read_with_and_without_quotes() -> None:
    assert [unquoted(text) for text in ("ACME", ' "A B" ', r'"a\"b\\c"', "")] == ["ACME", "A B", r'a"b\c', ""]


def test_documents_are_told_from_what_is_attached() -> None:
    pdf, order, xml = Part("application/pdf", "", b""), Part("application/edifact", "", b""), Part("text/xml", "", b"")
    assert sorted_parts([pdf, order, xml]) == ([order, xml], [pdf])
    assert sorted_parts([pdf]) == ([pdf], [])
    assert sorted_parts([pdf, Part("image/tiff", "", b"")])[0] == [pdf]


def ring(home: Path) -> Keyring[bytes, tuple[bytes, bytes | None]]:
    def certificates(data: bytes) -> list[bytes]:
        if data == b"no":
            raise ConfigurationError("this is no certificate.", file="x")
        return [data]

    return Keyring(home, lambda name: f"secret of {name}", certificates, lambda data, secret: [(data, secret)])


def test_certificates_are_read_again_when_their_file_changes(tmp_path: Path) -> None:
    party = load(texts(PARTNER)).party("globex")
    file = tmp_path / "c.pem"
    keys = ring(tmp_path)
    file.write_bytes(b"one")
    assert keys.certificates(party) == keys.encryption_certificates(party) == [b"one"]
    file.write_bytes(b"another")
    assert keys.certificates(party) == [b"another"]


@pytest.mark.parametrize("content", [None, b"no"])
def test_a_certificate_that_cannot_be_read_is_located(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "c.pem").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"partners/globex.toml: as2.certificates\[0\]: .*c\.pem"):
        ring(tmp_path).certificates(load(texts(PARTNER)).party("globex"))


def test_a_key_has_its_passphrase_and_others_that_may_read_it_are_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    party = load(texts(PARTNER, OWN + 'passphrase = "env:P"\n')).party("acme")
    file = tmp_path / "keys" / "acme.pem"
    file.parent.mkdir()
    file.write_bytes(b"key")
    os.chmod(file, 0o644)
    assert ring(tmp_path).keys(party) == [(b"key", b"secret of env:P")]
    assert "as2.key_readable_by_others" in "".join(capsys.readouterr())  # where the log goes another test may have said
