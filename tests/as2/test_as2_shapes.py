"""The shapes of messages: packed and opened again, and read by openssl."""

from __future__ import annotations

import time
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.as2 import cms
from gateway.as2.mic import LINES, mic
from gateway.as2.opening import in_memory, open_message
from gateway.as2.packing import Outgoing, Security, pack_message
from gateway.as2.problem import As2Error
from tests.as2.material import ORDER, files, joined, key_of, means, needs_openssl, openssl, reader

WAYS: tuple[Literal["no", "before", "after"], ...] = ("no", "before", "after")
SHAPES = [
    Security(sign, encrypt, compress)
    for sign, encrypt, compress in product(("no", "sha256"), ("no", "aes256-cbc"), WAYS)
]


def pack(security: Security, content: bytes = ORDER, name: str = "order.x12") -> Outgoing:
    certificates = [key_of("globex").certificate]
    return pack_message(
        reader(content), "application/edi-x12", name, security, key=key_of("acme"), certificates=certificates,
        at=time.time_ns() // 1000, micalg="sha256", scratch=in_memory(),
    )  # fmt: skip


def open_(found: Outgoing, **how: Any) -> Any:
    body = joined(found.pieces())
    assert len(body) == found.size, "the length is known before"
    of = how.pop("of", key_of("acme"))
    key = how.pop("key", key_of("globex"))
    return open_message(found.content_headers, reader(body), means(key, of=of, micalg="sha256"))


@pytest.mark.parametrize("security", SHAPES, ids=lambda each: f"{each.sign}-{each.encrypt}-{each.compress}")
def test_each_shape_is_opened_with_its_content_its_name_and_its_mic(security: Security) -> None:
    found = pack(security)
    opened = open_(found)
    (part,) = opened.parts
    assert joined(part.pieces()) == ORDER
    assert (part.file_name, part.content_type) == ("order.x12", "application/edi-x12")
    assert opened.mic == found.mic
    assert ("signed" in opened.facts) == (security.sign != "no")
    assert opened.facts.get("encrypted", "no") == security.encrypt
    assert ("compressed" in opened.facts) == (security.compress != "no")


@pytest.mark.parametrize("digest", ["sha1", "sha224", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("pss", [False, True])
def test_each_digest_and_scheme_signs_what_is_verified(digest: str, pss: bool) -> None:
    opened = open_(pack(Security(digest, "no", pss=pss)))
    assert opened.facts["signed"] == digest


@pytest.mark.parametrize("cipher", sorted(cms.CIPHER_OF))
@pytest.mark.parametrize("transport", ["rsa", "oaep-sha1", "oaep-sha256", "oaep-sha384", "oaep-sha512"])
def test_each_cipher_and_transport_encrypts_what_is_decrypted(cipher: str, transport: str) -> None:
    opened = open_(pack(Security("no", cipher, key_transport=transport)))
    assert (opened.facts["encrypted"], opened.facts["key_transport"]) == (cipher, transport)


@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=2000), security=st.sampled_from(SHAPES))
def test_any_content_comes_out_as_it_went_in(content: bytes, security: Security) -> None:
    opened = open_(pack(security, content))
    assert joined(opened.parts[0].pieces()) == content
    assert opened.mic is not None


@pytest.mark.parametrize("security", SHAPES, ids=lambda each: f"{each.sign}-{each.encrypt}-{each.compress}")
def test_what_is_written_leaves_nothing_to_be_guessed(security: Security) -> None:
    """Drummond's rounds: no folding, every entity says its transfer encoding, parameters that readers ask for."""
    found = pack(security._replace(encrypt="no"))
    body = joined(found.pieces())
    told = dict(found.content_headers)
    assert not any("\r" in value or "\n" in value for value in told.values())
    if security.compress != "after" and security.sign != "no":
        assert 'protocol="application/pkcs7-signature"; micalg=sha-256; boundary="' in told["Content-Type"]
        boundary = told["Content-Type"].partition('boundary="')[2].rstrip('"').encode()
        assert body.startswith(b"--" + boundary + b"\r\nContent-Type: ")
        assert body.endswith(b"\r\n--" + boundary + b"--\r\n"), "nothing behind the last delimiter"
        signed, signature = body.split(b"\r\n--" + boundary)[0:2]
        assert b"\r\nContent-Transfer-Encoding: binary\r\n" in signed
        assert b"\r\nContent-Transfer-Encoding: base64\r\n" in signature
        assert signature.count(b"\n") == signature.count(b"\r\n"), "its base64 has the line ends of mail"
    else:
        assert told["Content-Transfer-Encoding"] == "binary"


def test_what_was_signed_with_line_ends_and_sent_without_is_verified_in_that_form() -> None:
    content = b"Content-Type: text/plain\r\n\r\n" + ORDER
    made = _multipart(content, mic([content], "sha256"))
    bare = made[1].replace(content, content.replace(b"\r\n", b"\n"))
    opened = open_message(made[0], reader(bare), means(of=key_of("acme")))
    assert opened.facts["form"] == LINES
    assert opened.mic == mic([content], "sha256"), "the MIC is that of the form that was signed"


def _multipart(content: bytes, found: Any) -> Any:
    import base64

    from gateway.as2.packing import signed_parts

    signature = cms.sign(base64.b64decode(found.value), "sha256", key_of("acme"), at=0)
    made = signed_parts((content,), signature, "sha256")
    return made.headers, joined(made.body)


class TestRefused:
    """One word for the partner, whatever hinders; all words for the operator."""

    def test_content_that_was_changed(self) -> None:
        found = pack(Security(encrypt="no"))
        body = joined(found.pieces()).replace(b"4711", b"4712", 1)
        assert refused(found, body).modifier == "integrity-check-failed"

    def test_a_signer_that_is_not_pinned(self) -> None:
        found = pack(Security(encrypt="no"))
        error = refused(found, joined(found.pieces()), of="globex")
        assert error.modifier == "authentication-failed"
        assert f"{key_of('acme').certificate.serial:x}" in str(error), "who signed, for the operator"

    def test_a_key_that_is_not_ours(self) -> None:
        found = pack(Security())
        error = refused(found, joined(found.pieces()), key="initech")
        assert error.modifier == "decryption-failed"

    @pytest.mark.parametrize("cipher", ["aes256-cbc", "aes256-gcm"])
    def test_cipher_text_that_was_changed_is_told_alike(self, cipher: str) -> None:
        found = pack(Security(sign="no", encrypt=cipher))
        body = joined(found.pieces())
        for place in (len(body) - 1, len(body) - 20, len(body) - 300):
            broken = body[:place] + bytes((body[place] ^ 1,)) + body[place + 1 :]
            if cipher.endswith("gcm") or place > len(body) - 32:
                assert refused(found, broken).modifier == "decryption-failed"
            else:  # CBC alone cannot tell: what is signed can
                opened = open_message(found.content_headers, reader(broken), means(key_of("globex")))
                assert opened.mic != found.mic

    def test_what_grows_without_end(self) -> None:
        found = pack(Security("no", "no", "before"), bytes(1 << 22))
        limited = means()._replace(most=1 << 20)
        with pytest.raises(As2Error) as caught:
            open_message(found.content_headers, reader(joined(found.pieces())), limited)
        assert caught.value.modifier == "decompression-failed"

    def test_layers_without_end(self) -> None:
        found = pack(Security("no", "aes256-cbc"))
        again = pack(Security("no", "aes256-cbc"), joined(found.pieces()))
        inner = joined(again.pieces())
        opened = open_(again)
        assert len(opened.parts) == 1, "content that looks encrypted and does not say so is content"
        assert inner


def refused(found: Outgoing, body: bytes, of: str = "acme", key: str = "globex") -> As2Error:
    with pytest.raises(As2Error) as caught:
        open_message(found.content_headers, reader(body), means(key_of(key), of=key_of(of)))
    return caught.value


@needs_openssl
class TestOpenssl:
    """openssl reads what we write, and we read what it writes."""

    @pytest.mark.parametrize("cipher", sorted(cms.CIPHER_OF))
    @pytest.mark.parametrize("transport", ["rsa", "oaep-sha256", "oaep-sha512"])
    def test_encryption(self, tmp_path: Path, cipher: str, transport: str) -> None:
        key = key_of("globex")
        files(tmp_path, key)
        found = pack(Security("no", cipher, key_transport=transport))
        (tmp_path / "ours").write_bytes(joined(found.pieces()))
        told = "cms -decrypt -binary -inform DER -in ours -inkey key.pem -recip cert.pem"
        assert openssl(tmp_path, *told.split()).stdout.endswith(ORDER)
        (tmp_path / "content").write_bytes(ORDER)
        name = "-des3" if cipher == "3des" else f"-{cipher.replace('aes', 'aes-')}"
        how = "" if transport == "rsa" else f"-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:{transport[5:]}"
        for stream in ("", "-stream"):  # BER, with indefinite lengths
            told = f"cms -encrypt -binary {stream} {name} -outform DER -in content -recip cert.pem {how}"
            theirs, into = openssl(tmp_path, *told.split()).stdout, in_memory()()
            done = cms.decrypt(reader(theirs), [key_of("initech"), key], into)
            assert into.finish().read() == ORDER
            assert (done.cipher, done.transport, done.key) == (cipher, transport, key)

    @pytest.mark.parametrize("digest", ["sha1", "sha224", "sha256", "sha384", "sha512"])
    @pytest.mark.parametrize("pss", [False, True])
    def test_signatures(self, tmp_path: Path, digest: str, pss: bool) -> None:
        import hashlib

        key = key_of("acme")
        files(tmp_path, key)
        (tmp_path / "content").write_bytes(ORDER)
        value = hashlib.new(digest, ORDER).digest()
        (tmp_path / "ours").write_bytes(cms.sign(value, digest, key, at=time.time_ns() // 1000, pss=pss))
        told = "cms -verify -binary -inform DER -in ours -content content -CAfile cert.pem -purpose any"
        assert openssl(tmp_path, *told.split()).returncode == 0
        how = "-keyopt rsa_padding_mode:pss" if pss else ""
        for form in ("", "-noattr", "-nocerts", "-keyid"):
            told = (
                f"cms -sign -binary {form} -md {digest} -outform DER -in content -signer cert.pem -inkey key.pem {how}"
            )
            theirs = cms.signers(openssl(tmp_path, *told.split(), *how.split()).stdout)
            found = cms.verify(theirs, {(digest, "raw"): value}, [key_of("globex").certificate, key.certificate])
            assert (found.certificate, found.digest.name) == (key.certificate, digest)

    def test_elliptic_signatures(self, tmp_path: Path) -> None:
        told = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -subj /CN=ec"
        openssl(tmp_path, *told.split())
        (tmp_path / "content").write_bytes(ORDER)
        told = "cms -sign -binary -md sha256 -outform DER -in content -signer cert.pem -inkey key.pem"
        theirs = cms.signers(openssl(tmp_path, *told.split()).stdout)
        pinned = cms.certificates((tmp_path / "cert.pem").read_bytes())
        import hashlib

        assert cms.verify(theirs, {("sha256", "raw"): hashlib.sha256(ORDER).digest()}, pinned).certificate == pinned[0]

    def test_a_whole_message(self, tmp_path: Path) -> None:
        """smime reads the multipart with its header, and we read what it signs."""
        files(tmp_path, key_of("acme"))
        found = pack(Security(encrypt="no"))
        head = "".join(f"{name}: {value}\r\n" for name, value in found.content_headers).encode()
        (tmp_path / "ours").write_bytes(b"MIME-Version: 1.0\r\n" + head + b"\r\n" + joined(found.pieces()))
        told = "cms -verify -in ours -CAfile cert.pem -purpose any"
        done = openssl(tmp_path, *told.split())
        assert done.returncode == 0, done.stderr
        assert done.stdout.endswith(ORDER)

    def test_what_is_declined_is_named(self, tmp_path: Path) -> None:
        files(tmp_path, key_of("globex"))
        (tmp_path / "content").write_bytes(ORDER)
        told = (
            "cms -encrypt -binary -rc2-128 -provider legacy -provider default -outform DER -in content -recip cert.pem"
        )
        theirs = openssl(tmp_path, *told.split()).stdout
        assert theirs, "openssl has RC2 no more"
        with pytest.raises(cms.CmsError, match="RC2"):
            cms.decrypt(reader(theirs), [key_of("globex")], in_memory()())
