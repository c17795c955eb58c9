"""Signatures of customs messages: ours are good by xmlsec1, and what was changed afterwards is found out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.as2 import cms
from gateway.codecs.xml_signature import RSA_SHA1, RSA_SHA256, Algorithms, RsaSigner, sign, verify
from tests.customs import made

BOTH = pytest.mark.parametrize("algorithms", [RSA_SHA1, RSA_SHA256], ids=["sha1", "sha256"])


class Holder:
    """A key and its certificate."""

    def __init__(self, name: str, folder: Path) -> None:
        made_key = cms.make_key(name, bits=2048)
        self.pem = folder / f"{name}.crt"
        self.pem.write_bytes(cms.certificate_file(made_key.certificate))
        file = cms.key_file(made_key, None)
        key = serialization.load_pem_private_key(file, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        self.key, self.certificate = key, x509.load_pem_x509_certificate(self.pem.read_bytes())

    def signer(self, algorithms: Algorithms = RSA_SHA1) -> RsaSigner:
        return RsaSigner(self.key, self.certificate, algorithms, "card-1")


@pytest.fixture(scope="module")
def holder(tmp_path_factory: pytest.TempPathFactory) -> Holder:
    return Holder("hooli", tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Holder:
    return Holder("initech", tmp_path_factory.mktemp("keys"))


@BOTH
def test_xmlsec_finds_our_signature_good(holder: Holder, tmp_path: Path, algorithms: Algorithms) -> None:
    file = tmp_path / "CEB621.xml"
    file.write_bytes(sign(made.message("621", made.inventory()), holder.signer(algorithms)))
    command = ["xmlsec1", "--verify", "--pubkey-cert-pem", str(holder.pem), "--enabled-key-data", "rsa", str(file)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    file.write_bytes(file.read_bytes().replace(b">260<", b">261<").replace(b"PO-1", b"PO-2"))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


@BOTH
def test_a_signed_list_is_in_order(holder: Holder, algorithms: Algorithms) -> None:
    from gateway.grammar.ceb_validator import CebValidator

    signed = sign(made.message("621", made.inventory()), holder.signer(algorithms))
    assert CebValidator(made.table("621"), outgoing=True).validate(made.text(signed)) == []
    found = verify(signed, [holder.certificate])
    assert (found.good, found.certificate) == (True, holder.certificate)


def test_what_was_changed_after_it_was_signed_is_found_out(holder: Holder) -> None:
    signed = sign(made.message("621", made.inventory()), holder.signer())
    changed = signed.replace(b"C-PO-1", b"C-PO-2")
    assert verify(changed).reason == "the document is not the one that was signed"
    pretty = signed.replace(b"<ceb:Inventory>", b"\n<ceb:Inventory>")
    assert verify(pretty).reason == "the document is not the one that was signed"


def test_a_key_that_is_not_trusted_is_not_believed(holder: Holder, other: Holder) -> None:
    signed = sign(made.message("311", made.order()), other.signer())
    assert verify(signed, [holder.certificate]).reason == "its certificate is none that is trusted"
    assert verify(signed, [holder.certificate, other.certificate]).good


def test_a_signature_under_another_certificate_is_refused(holder: Holder, other: Holder) -> None:
    mixed = RsaSigner(holder.key, other.certificate, RSA_SHA1, "card-1")
    signed = sign(made.message("311", made.order()), mixed)
    assert verify(signed).reason == "it was not made with the key of its certificate"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'URI=""', b'URI="#part"', "it is not one of the whole document"),
        (b"#enveloped-signature", b"#base64", "its transform is not enveloped-signature"),
        (b"REC-xml-c14n-20010315", b"REC-xml-c14n-other", "its canonical form is not inclusive C14N 1.0"),
        (b"#rsa-sha1", b"#sm2-sm3", "is not verified here"),
        (b"<?xml", b"<!DOCTYPE a []><?xml", "it cannot be read"),
    ],
)
def test_what_is_not_the_agreed_form_is_not_good(holder: Holder, old: bytes, new: bytes, reason: str) -> None:
    signed = sign(made.message("311", made.order()), holder.signer())
    assert reason in verify(signed.replace(old, new)).reason


def test_a_document_has_one_signature(holder: Holder) -> None:
    body = made.message("311", made.order())
    assert verify(body).reason == "there are 0 signatures"
    assert verify(sign(sign(body, holder.signer()), holder.signer())).reason == "there are 2 signatures"


def test_blanks_behind_the_signature_belong_to_the_document(holder: Holder) -> None:
    """Programs that write line by line put them there, and sign them."""
    body = made.message("311", made.order())
    signed = sign(body.replace(b"</ceb:CEB311Message>", b"  </ceb:CEB311Message>"), holder.signer())
    assert verify(signed).good
    assert not verify(signed.replace(b"</ds:Signature>", b"</ds:Signature> ")).good


@settings(max_examples=200)
@given(st.data())
def test_no_bytes_make_verifying_fail(holder: Holder, data: st.DataObject) -> None:
    body = bytearray(sign(made.message("311", made.order()), holder.signer()))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    assert isinstance(verify(bytes(body)).reason, str)
