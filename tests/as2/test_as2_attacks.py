"""Messages that were made to learn something, to be taken for somebody else's, or to hurt."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from contextlib import suppress

import pytest

from gateway.as2 import cms
from gateway.as2.cms import der
from gateway.as2.opening import open_message
from gateway.as2.packing import Security
from gateway.as2.policy import check
from gateway.as2.problem import As2Error
from gateway.core.exchanges import Pairs
from tests.as2.material import joined, key_of, means, reader
from tests.as2.test_as2_shapes import pack
from tests.as2.test_as2_traps import CONTENT, SIGNED, enveloped, multipart, opened, payload, refused, signature


class TestNothingTellsThemApart:
    """Who changes what he recorded is told the same, whatever it decrypts to."""

    @pytest.mark.parametrize("cipher", ["aes256-cbc", "3des", "aes256-gcm"])
    @pytest.mark.parametrize("transport", ["rsa", "oaep-sha256"])
    @pytest.mark.parametrize("signed", [True, False])
    def test_a_key_of_the_same_name_that_is_another(self, cipher: str, transport: str, signed: bool) -> None:
        other = cms.PrivateKey(key_of("globex").certificate, key_of("initech").key)
        with_ = means(other, of=key_of("acme"))._replace(signed=signed)
        with pytest.raises(As2Error) as caught:
            open_message(
                (("Content-Type", "application/pkcs7-mime"),), reader(enveloped(CONTENT, cipher, transport)), with_
            )
        assert caught.value.modifier == "decryption-failed"

    @pytest.mark.parametrize("keep", ["nothing", "all", "a beginning"])
    @pytest.mark.parametrize("security", [Security(), Security(compress="after"), Security(sign="no")], ids=str)
    def test_padding_decides_nothing_of_what_has_to_be_signed(self, keep: str, security: Security) -> None:
        """One block of what was recorded, behind a block of the attacker's: of 256 of these one has right padding."""
        whole = joined(pack(security, b"A" * 64).pieces())
        start, cipher = _split(whole)
        kept = {"nothing": b"", "all": cipher, "a beginning": cipher[: len(cipher) // 32 * 16]}[keep]
        target = cipher[32:48]
        said = {
            _told(_joined(start, kept + bytes(15) + bytes((guess,)) + target), security)
            for guess in range(256)
        }  # fmt: skip
        assert len(said) == 1

    def test_content_that_was_cut_off_is_not_taken(self) -> None:
        start, cipher = _split(enveloped(CONTENT))
        assert refused("application/pkcs7-mime", _joined(start, cipher[:-16])).modifier == "decryption-failed"


def _split(body: bytes) -> tuple[list[bytes], bytes]:
    """What stands before the cipher text of EnvelopedData, and it."""
    outer = der.Ber(reader(body)).element(len(body))
    data = outer.child(1).child(0)
    inside = data.child(2)
    start = [data.child(0).encoded(), data.child(1).encoded(), inside.child(0).encoded(), inside.child(1).encoded()]
    return start, inside.child(2).content


def _joined(start: Sequence[bytes], cipher: bytes) -> bytes:
    inside = der.tlv(der.SEQUENCE, start[2], start[3], der.tlv(0x80, cipher))
    data = der.tlv(der.SEQUENCE, start[0], start[1], inside)
    return der.tlv(der.SEQUENCE, der.oid(cms.ENVELOPED_DATA), der.tlv(0xA0, data))


def _told(body: bytes, security: Security) -> str:
    found = means(key_of("globex"), of=key_of("acme"))._replace(signed=True)
    try:
        check(
            open_message((("Content-Type", "application/pkcs7-mime"),), reader(body), found),
            least=("signed",),
            allow=(),
        )
    except As2Error as error:
        return error.modifier
    return "processed"


class TestSignatures:
    def test_attributes_are_not_passed_off_as_content(self) -> None:
        """What a signature was made over is the set of its attributes: as content, it would be signed as well."""
        made = signature(CONTENT)
        (signer,) = cms.signers(made)
        assert signer.attributes is not None
        outer = der.Ber(reader(made)).element(len(made)).child(1).child(0)
        info = outer.children[-1].child(0)
        without = der.tlv(der.SEQUENCE, *(each.encoded() for each in info.children if each.tag != 0xA0))
        parts = [each.encoded() for each in outer.children[:-1]]
        forged = der.tlv(der.SEQUENCE, *parts, der.tlv(der.SET, without))
        forged = der.tlv(der.SEQUENCE, der.oid(cms.SIGNED_DATA), der.tlv(0xA0, forged))
        body = multipart(CONTENT).replace(CONTENT, signer.attributes)
        body = body.replace(base64.encodebytes(made), base64.encodebytes(forged))
        assert refused(SIGNED, body).modifier == "authentication-failed"

    def test_a_weak_digest_within_the_signature_is_told_as_weak(self) -> None:
        """The content by SHA-256, what is signed of it by SHA-1."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        made = signature(CONTENT)
        (signer,) = cms.signers(made)
        weak = key_of("acme").key.sign(signer.attributes or b"", padding.PKCS1v15(), hashes.SHA1())  # type: ignore[call-arg,arg-type]
        new = made.replace(signer.signature, weak)
        old = der.tlv(der.SEQUENCE, der.oid("1.2.840.113549.1.1.1"), b"\x05\x00")
        sha1 = der.tlv(der.SEQUENCE, der.oid("1.2.840.113549.1.1.5"), b"\x05\x00")
        new = sha1.join(new.rsplit(old, 1))
        body = multipart(CONTENT).replace(base64.encodebytes(made), base64.encodebytes(new))
        found = opened(SIGNED, body)
        assert (found.facts["signed"], found.facts["weak"]) == ("sha1", True)

    def test_numbers_and_names_as_long_as_one_likes_are_told_short(self) -> None:
        issuer = der.tlv(der.SEQUENCE, der.tlv(der.SEQUENCE), der.tlv(der.INTEGER, b"\x7f" * 100_000))
        digest = der.tlv(der.SEQUENCE, der.oid("2.16.840.1.101.3.4.2.1"))
        info = der.tlv(der.SEQUENCE, der.integer(1), issuer, digest, digest, der.tlv(der.OCTETS, b"x"))
        data = der.tlv(der.SEQUENCE, der.integer(1), der.tlv(der.SET), der.tlv(der.SEQUENCE), der.tlv(der.SET, info))
        body = der.tlv(der.SEQUENCE, der.oid(cms.SIGNED_DATA), der.tlv(0xA0, data))
        form = "--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n" + base64.b64encode(body).decode() + "\r\n--=_b--\r\n"
        assert len(str(refused(SIGNED, multipart(CONTENT, form=form)))) < 1000


HOSTILE: dict[str, tuple[str, bytes]] = {
    "strings in strings": ("application/pkcs7-mime", b"\x30\x80" + b"\x24\x80" * 5000),
    "structures side by side": ("application/pkcs7-mime", b"\x30\x83\x0f\xff\xff" + b"\x30\x00" * 500_000),
    "pieces of nothing": (
        "application/pkcs7-mime",
        b"\x30\x80" + der.oid(cms.SIGNED_DATA) + b"\xa0\x80\x30\x80" + der.integer(1) + der.tlv(der.SET)
        + b"\x30\x80" + der.oid("1.2.840.113549.1.7.1") + b"\xa0\x80\x24\x80" + b"\x04\x00" * 1_000_000,
    ),
    "a length of all": ("application/pkcs7-mime", b"\x30\x88" + b"\xff" * 8),
    "a large name": ("application/pkcs7-mime", der.tlv(der.SEQUENCE, der.tlv(der.OID, b"\xff" * 500_000))),
    "a header without end": ("multipart/related; boundary=b", b"--b\r\nContent-Type: " + b"a" * 1_000_000),
    "many headers": ("multipart/related; boundary=b", b"--b\r\n" + b"Content-Type: a\r\n" * 3000 + b"\r\n"),
    "blanks": ("multipart/related; boundary=b", b"--b\r\nContent-Type: a" + b" " * 60_000 + b";" * 1000 + b"\r\n\r\n"),
    "many parameters": ("multipart/related; boundary=b", b"--b\r\nContent-Type: a" + b';a*9="' * 9000 + b"\r\n\r\n"),
    "one long quoted line": ("multipart/related; boundary=b", b"--b\r\nContent-Transfer-Encoding: quoted-printable\r\n"
                             b"Content-Type: a/b\r\n\r\n" + b"a=" * 2_000_000),
    "words": ("multipart/related; boundary=b", b"--b\r\nContent-Type: a; name=\"" + b"=?a?q?" * 9000 + b"\"\r\n\r\nx"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_was_made_to_hurt_is_content_or_an_error(name: str) -> None:
    content_type, body = HOSTILE[name]
    for kind in (content_type, "multipart/signed; boundary=b", "multipart/report"):
        with suppress(As2Error):
            for part in opened(kind, body, ("Disposition", "x" * 1000)).parts:
                assert sum(map(len, part.pieces())) <= len(body)


def test_base64_that_goes_on_behind_its_end_is_not_cut_silently() -> None:
    fields: Pairs = (("Content-Transfer-Encoding", "base64"),)
    with pytest.raises(As2Error):
        payload(opened("application/edi-x12", b"QUJD\r\nRA==\r\nRUZH", *fields))
    assert payload(opened("application/edi-x12", b"QUJD\r\nRA==\r\n\r\n", *fields)) == b"ABCD"
