"""Messages as other products write them: what was met in the field, one row each."""

from __future__ import annotations

import base64
import quopri
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

import pytest

from gateway.as2 import cms
from gateway.as2.cms import der
from gateway.as2.mic import mic
from gateway.as2.opening import Opened, in_memory, open_message
from gateway.as2.problem import As2Error
from tests.as2.material import ORDER, files, joined, key_of, means, needs_openssl, openssl, reader

HEAD = b"Content-Type: application/edi-x12; name=order.x12\r\n"
CONTENT = HEAD + b"Content-Transfer-Encoding: binary\r\n\r\n" + ORDER
SIGNED = 'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="=_b"'
MIME = "application/pkcs7-mime; smime-type={}-data"


def opened(content_type: str, body: bytes, *further: tuple[str, str], signed: bool = False) -> Opened:
    found = means(key_of("globex"), of=key_of("acme"), micalg="sha256")._replace(signed=signed)
    return open_message((("Content-Type", content_type), *further), reader(body), found)


def refused(content_type: str, body: bytes, *further: tuple[str, str], signed: bool = False) -> As2Error:
    with pytest.raises(As2Error) as caught:
        opened(content_type, body, *further, signed=signed)
    return caught.value


def payload(found: Opened) -> bytes:
    return joined(found.parts[0].pieces())


def signature(content: bytes, by: str = "acme") -> bytes:
    return cms.sign(sha256(content).digest(), "sha256", key_of(by), at=0)


def multipart(content: bytes, *, form: str = "", by: str = "acme") -> bytes:
    """``form``: of the whole, with {content} and {signature} (base64) and {binary}."""
    made = signature(content, by)
    text = form or "--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n{signature}--=_b--\r\n"
    head = b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64"
    body = text.encode()
    for name, value in (
        (b"{content}", content),
        (b"{head}", head),
        (b"{signature}", base64.encodebytes(made)),
        (b"{binary}", made),
    ):
        body = body.replace(name, value)
    return body


def enveloped(content: bytes, cipher: str = "aes256-cbc", transport: str = "rsa") -> bytes:
    certificates = [key_of("globex").certificate]
    return joined(cms.encrypted(reader(content), len(content), certificates, cipher=cipher, key_transport=transport))


def compressed(content: bytes) -> bytes:
    into = in_memory()()
    cms.compress(reader(content), into)
    inside = into.finish().read()
    return cms.wrapping(len(inside)) + inside


class TestMultipart:
    @pytest.mark.parametrize(
        "form",
        [
            "Content-Type: a/b\r\n\r\nA\r\n--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n{signature}--=_b--\r\n",
            "--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n{signature}--=_b--\r\nAn epilogue\r\n--=_b--\r\n",
            "--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n{signature}",
            "--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n{signature}--=_b--",
            "--=_b \t\r\n{content}\r\n--=_b  \r\n{head}\r\n\r\n{signature}--=_b-- \r\n",
            "--=_b\n{content}\n--=_b\nContent-Type: application/pkcs7-signature\n\n{signature}--=_b--\n",
            "--=_b\r\n{content}\r\n--=_b\r\nCONTENT-TYPE:Application/X-PKCS7-Signature\r\n\r\n{binary}\r\n--=_b--\r\n",
            "--=_b\r\n{content}\r\n--=_b\r\nContent-Type: application/pkcs7-signature\r\n\r\n{signature}--=_b--\r\n",
            "--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n{binary}\r\n--=_b--\r\n",
            "--=_b\r\n{content}\r\n--=_b\r\nContent-Type: application/pkcs7-signature;\r\n\tname=smime.p7s\r\n"
            "Content-Transfer-Encoding:\r\n base64\r\n\r\n{signature}\r\n\r\n--=_b--\r\n",
        ],
        ids=[
            "preamble", "epilogue", "no last delimiter", "no last line end", "blanks behind delimiters", "line feeds",
            "x-pkcs7, binary", "base64, not told", "binary, told base64", "folded headers",
        ],
    )  # fmt: skip
    def test_each_way_it_is_written_is_verified_over_the_same_bytes(self, form: str) -> None:
        found = opened(SIGNED, multipart(CONTENT, form=form))
        assert payload(found) == ORDER
        assert found.mic == mic([CONTENT], "sha256")
        assert found.signer == key_of("acme").certificate

    @pytest.mark.parametrize(
        "content_type",
        [
            'Multipart/Signed;BOUNDARY="=_b";\r\n\tMicAlg=SHA256',
            "multipart/signed; boundary==_b",
            'multipart/signed ; protocol="application/x-pkcs7-signature" ; boundary = "=_b" ; what',
            "multipart/signed; boundary*=\"us-ascii''=_b\"",
        ],
    )
    def test_the_boundary_is_found_however_the_header_is_written(self, content_type: str) -> None:
        assert payload(opened(content_type, multipart(CONTENT))) == ORDER

    @pytest.mark.parametrize(
        ("encoding", "body"),
        [
            ("base64", base64.encodebytes(ORDER).replace(b"\n", b"\r\n")),
            ("BASE64", base64.b64encode(ORDER)),
            ("quoted-printable", quopri.encodestring(ORDER.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")),
            ("7bit", ORDER),
            ("8Bit", ORDER),
            ('"binary"', ORDER),
            ("8bit; what (a comment)", ORDER),
        ],
    )
    def test_what_is_inside_is_decoded_and_the_mic_is_of_what_was_signed(self, encoding: str, body: bytes) -> None:
        content = HEAD + f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body
        found = opened(SIGNED, multipart(content))
        assert payload(found) == ORDER
        assert found.mic == mic([content], "sha256")

    def test_headers_of_mime_may_be_in_the_body_alone(self) -> None:
        found = opened("", f"Content-Type: {SIGNED}\r\n\r\n".encode() + multipart(CONTENT))
        assert (payload(found), found.mic) == (ORDER, mic([CONTENT], "sha256"))

    def test_the_digest_is_that_of_the_form_that_was_signed(self) -> None:
        lines = CONTENT.replace(b"\r\n", b"\n")
        half = lines.replace(b"\n\n", b"\r\n\r\n", 1).replace(b"x12\n", b"x12\r\n")
        for sent, of, form in ((CONTENT, CONTENT, None), (lines, CONTENT, "canonical lines")):
            found = opened(SIGNED, multipart(of).replace(of, sent))
            assert (found.facts.get("form"), found.mic) == (form, mic([of], "sha256"))
        found = opened(SIGNED, multipart(half).replace(half, lines))
        assert (found.facts.get("form"), found.mic) == ("canonical headers", mic([half], "sha256"))

    def test_further_parts_behind_the_signature_count_for_nothing(self) -> None:
        extra = "--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n{signature}\r\n--=_b\r\n" + HEAD.decode() + "\r\nevil"
        found = opened(SIGNED, multipart(CONTENT, form=extra))
        assert [joined(part.pieces()) for part in found.parts] == [ORDER]

    def test_content_before_the_signed_part_is_what_is_not_signed(self) -> None:
        form = "--=_b\r\n" + HEAD.decode() + "\r\nevil\r\n--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n{signature}"
        assert refused(SIGNED, multipart(CONTENT, form=form)).modifier == "authentication-failed"

    def test_the_signature_of_another_partner_is_none_of_this_one(self) -> None:
        assert refused(SIGNED, multipart(CONTENT, by="initech")).modifier == "authentication-failed"

    def test_what_was_signed_twice_is_refused(self) -> None:
        again = f"Content-Type: {SIGNED.replace('=_b', 'c')}\r\n\r\n".encode() + multipart(CONTENT).replace(
            b"=_b", b"c"
        )
        assert refused(SIGNED, multipart(again)).modifier == "authentication-failed"


class TestParts:
    BODY = (
        b"--r\r\nContent-Type: %b\r\nContent-ID: <1>\r\n\r\nfirst\r\n"
        b"--r\r\n%b\r\nContent-Type: application/pdf\r\n"
        b"Content-Disposition: attachment; %b\r\n\r\n%%PDF\r\n--r--\r\n"
    )

    @pytest.mark.parametrize(
        "kind", ["multipart/related; type=application/xml; boundary=r", "multipart/mixed;boundary=r"]
    )
    def test_several_parts_each_of_its_own_type(self, kind: str) -> None:
        found = opened(kind, self.BODY % (b"application/xml", b"Content-ID: <2>", b"filename=a.pdf"))
        told = [(part.content_type, part.file_name, joined(part.pieces())) for part in found.parts]
        assert told == [("application/xml", "", b"first"), ("application/pdf", "a.pdf", b"%PDF")]

    def test_the_root_is_first_wherever_it_stands(self) -> None:
        body = self.BODY % (b"application/pdf", b"Content-ID: <2>", b"filename=a.pdf")
        found = opened('multipart/related; boundary=r; start="<2>"', body)
        assert [joined(part.pieces()) for part in found.parts] == [b"%PDF", b"first"]

    def test_two_of_one_name_are_refused(self) -> None:
        body = self.BODY % (b"application/pdf; name=a.pdf", b"X: y", b"filename=a.pdf")
        assert refused("multipart/related; boundary=r", body).modifier == "duplicate-filename"

    def test_what_is_signed_is_all_of_it_with_its_headers(self) -> None:
        body = self.BODY % (b"application/xml", b"Content-ID: <2>", b"filename=a.pdf")
        content = b"Content-Type: multipart/related; type=application/xml; boundary=r\r\n\r\n" + body
        found = opened(SIGNED, multipart(content))
        assert len(found.parts) == 2
        assert found.mic == mic([content], "sha256")

    @pytest.mark.parametrize(
        ("said", "name"),
        [
            (b'filename="../../etc/passwd"', "passwd"),
            (b'filename="C:\\\\orders\\\\a.edi"', "a.edi"),
            (b"filename*=UTF-8''K%C3%B6ln.edi", "Köln.edi"),
            (b"filename*0=long; filename*1=er.edi", "longer.edi"),
            (b'filename="=?UTF-8?Q?K=C3=B6ln.edi?="', "Köln.edi"),
            (b'filename="=?UTF-8?B?Li4vLi4veA==?="', "x"),
            (b'filename="a\0b<c>.edi"', "a_b_c_.edi"),
            (b'filename=".."', ""),
        ],
    )
    def test_names_are_read_and_no_place_is_told_by_them(self, said: bytes, name: str) -> None:
        body = self.BODY % (b"application/xml", b"Content-ID: <2>", said)
        assert opened("multipart/related; boundary=r", body).parts[1].file_name == name

    @pytest.mark.parametrize(
        "body",
        [b"--r\r\n\r\nx\r\n" * 200, b"--rr\r\n" * 20_000, b"", b"no delimiter", b"--r--\r\n"],
        ids=["parts", "lines that look alike", "empty", "none", "the last alone"],
    )
    def test_what_has_no_parts_or_too_many_is_refused(self, body: bytes) -> None:
        assert refused("multipart/related; boundary=r", body).modifier == "unexpected-processing-error"


#: What some products encrypt without any header.
BARE = [
    b"UNA:+.? 'UNB+UNOC:3+A+B",
    b"UNB+UNOC:3+A:14+B:14'\r\n\r\nUNH",
    ORDER,
    b'{"a": 1}\n\n',
    b"<?xml version='1.0'?>",
    b"x",
]


class TestEncrypted:
    @pytest.mark.parametrize("content", BARE)
    def test_content_without_headers_is_all_of_it_content(self, content: bytes) -> None:
        found = opened(MIME.format("enveloped"), enveloped(content))
        assert payload(found) == content
        assert found.mic == mic([content], "sha256")

    @pytest.mark.parametrize(
        ("content_type", "encode", "told"),
        [
            ("application/pkcs7-mime", bytes, ""),
            ("Application/X-PKCS7-MIME; SMIME-Type=Enveloped-Data", bytes, "binary"),
            ('application/octet-stream; name="smime.p7m"', bytes, ""),
            ("application/octet-stream; smime-type=enveloped-data", bytes, ""),
            ("application/pkcs7-mime; smime-type=signed-data", bytes, ""),
            ("application/pkcs7-mime", base64.encodebytes, "base64"),
            ("application/pkcs7-mime", base64.encodebytes, ""),
            ("application/pkcs7-mime", base64.b64encode, "binary"),
            ("application/pkcs7-mime", bytes, "base64"),
            ("application/pkcs7-mime", lambda data: data + b"\r\n\0\0", ""),
        ],
    )  # fmt: skip
    def test_bytes_say_what_they_are_where_headers_do_not(self, content_type: str, encode: Any, told: str) -> None:
        body = encode(enveloped(CONTENT))
        assert payload(opened(content_type, body, ("Content-Transfer-Encoding", told))) == ORDER

    def test_layers_in_other_orders_are_taken_off_and_the_mic_stays_that_of_what_was_signed(self) -> None:
        outer = f"Content-Type: {MIME.format('enveloped')}\r\n\r\n".encode() + enveloped(CONTENT)
        found = opened(SIGNED, multipart(outer))
        assert (payload(found), found.mic) == (ORDER, mic([outer], "sha256"))

    @pytest.mark.parametrize(("kind", "wrap", "said"), [
        ("compressed", compressed, "decompression-failed"),
        ("enveloped", enveloped, "decryption-failed"),
    ])  # fmt: skip
    def test_the_same_layer_twice_is_refused(self, kind: str, wrap: Any, said: str) -> None:
        inner = f"Content-Type: {MIME.format(kind)}\r\n\r\n".encode() + wrap(CONTENT)
        assert refused(MIME.format(kind), wrap(inner)).modifier == said

    def test_gcm_within_enveloped_data_has_its_tag_at_the_end(self) -> None:
        from cryptography.hazmat.primitives.asymmetric import padding
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        theirs = key_of("globex")
        sealed = AESGCM(bytes(32)).encrypt(bytes(12), CONTENT, None)
        wrapped = theirs.key.public_key().encrypt(bytes(32), padding.PKCS1v15())  # type: ignore[union-attr,call-arg]
        own = theirs.certificate
        who = der.tlv(der.SEQUENCE, own.issuer_der, der.integer(own.serial))
        rsa = der.tlv(der.SEQUENCE, der.oid("1.2.840.113549.1.1.1"))
        to = der.tlv(der.SEQUENCE, der.integer(0), who, rsa, der.tlv(der.OCTETS, wrapped))
        for nonce in (der.tlv(der.OCTETS, bytes(12)), der.tlv(der.SEQUENCE, der.tlv(der.OCTETS, bytes(12)))):
            cipher = der.tlv(der.SEQUENCE, der.oid("2.16.840.1.101.3.4.1.46"), nonce)
            inside = der.tlv(der.SEQUENCE, der.oid("1.2.840.113549.1.7.1"), cipher, der.tlv(0x80, sealed))
            data = der.tlv(der.SEQUENCE, der.integer(0), der.tlv(der.SET, to), inside)
            body = der.tlv(der.SEQUENCE, der.oid(cms.ENVELOPED_DATA), der.tlv(0xA0, data))
            assert payload(opened("application/pkcs7-mime", body)) == ORDER
            assert refused("application/pkcs7-mime", body[:-1] + b"\0").modifier == "decryption-failed"


class TestSignedWithin:
    """SignedData that has its content in it: AS2 does not send it, some of its products do."""

    @needs_openssl
    @pytest.mark.parametrize("stream", ["", "-stream"])
    @pytest.mark.parametrize("encrypt", [False, True])
    def test_it_is_opened_and_verified(self, tmp_path: Path, stream: str, encrypt: bool) -> None:
        files(tmp_path, key_of("acme"))
        (tmp_path / "content").write_bytes(CONTENT)
        told = (
            f"cms -sign -binary -nodetach {stream} -md sha512 -outform DER -in content -signer cert.pem -inkey key.pem"
        )
        body = openssl(tmp_path, *told.split()).stdout
        if encrypt:
            body = enveloped(f"Content-Type: {MIME.format('signed')}\r\n\r\n".encode() + body)
        found = opened(MIME.format("enveloped" if encrypt else "signed"), body, signed=True)
        assert payload(found) == ORDER
        assert (found.signer, found.facts["signed"]) == (key_of("acme").certificate, "sha512")
        assert found.mic == mic([CONTENT], "sha512")
        assert refused(MIME.format("signed"), body.replace(b"4711", b"4712") + b"\0" if not encrypt else body[:-9])

    @needs_openssl
    @pytest.mark.parametrize("kind", ["application/pkcs7-mime; smime-type=signed-data", "application/octet-stream"])
    def test_a_document_with_a_signature_of_its_own_is_a_document(self, tmp_path: Path, kind: str) -> None:
        """Invoices come as ``.xml.p7m``, signed by whoever issued them and not by who sends them."""
        files(tmp_path, key_of("initech"))
        (tmp_path / "content").write_bytes(b"<invoice/>")
        told = "cms -sign -binary -nodetach -md sha256 -outform DER -in content -signer cert.pem -inkey key.pem"
        invoice = openssl(tmp_path, *told.split()).stdout
        content = f'Content-Type: {kind}; name="1.xml.p7m"\r\n\r\n'.encode() + invoice
        assert payload(opened(SIGNED, multipart(content))) == invoice

    @needs_openssl
    def test_certificates_alone_are_no_signature(self, tmp_path: Path) -> None:
        files(tmp_path, key_of("acme"))
        told = "crl2pkcs7 -nocrl -certfile cert.pem -outform DER"
        body = openssl(tmp_path, *told.split()).stdout
        assert refused(MIME.format("certs-only"), body).modifier == "authentication-failed"


@needs_openssl
class TestOpenssl:
    """Recipients and parameters that we do not write ourselves."""

    @pytest.mark.parametrize(
        "how",
        [
            "-recip other.pem -recip cert.pem",
            "-keyid -recip other.pem -recip cert.pem",
            "-recip cert.pem -keyopt rsa_padding_mode:oaep",
            "-recip cert.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha512 -keyopt rsa_mgf1_md:sha1",
            "-recip cert.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_label:00ff",
        ],
    )
    @pytest.mark.parametrize("stream", ["", "-stream"])
    def test_recipients_and_oaep_with_its_parameters(self, tmp_path: Path, how: str, stream: str) -> None:
        files(tmp_path, key_of("globex"))
        (tmp_path / "other.pem").write_bytes(cms.certificate_file(key_of("initech").certificate))
        (tmp_path / "content").write_bytes(CONTENT)
        done = openssl(tmp_path, *f"cms -encrypt -binary {stream} -aes256 -outform DER -in content {how}".split())
        assert payload(opened("application/pkcs7-mime", done.stdout)) == ORDER, done.stderr

    @pytest.mark.parametrize(
        "how", ["-keyopt rsa_pss_saltlen:20", "-keyopt rsa_mgf1_md:sha1", "-keyopt rsa_pss_saltlen:max"]
    )
    def test_pss_with_its_parameters(self, tmp_path: Path, how: str) -> None:
        files(tmp_path, key_of("acme"))
        (tmp_path / "content").write_bytes(CONTENT)
        told = "cms -sign -binary -md sha256 -outform DER -in content -signer cert.pem -keyopt rsa_padding_mode:pss"
        made = openssl(tmp_path, *told.split(), *how.split(), "-inkey", "key.pem").stdout
        form = "--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n" + base64.b64encode(made).decode() + "\r\n--=_b--\r\n"
        assert payload(opened(SIGNED, multipart(CONTENT, form=form))) == ORDER

    def test_several_signers_of_whom_one_is_known(self, tmp_path: Path) -> None:
        files(tmp_path, key_of("acme"))
        (tmp_path / "content").write_bytes(CONTENT)
        (tmp_path / "other.pem").write_bytes(
            cms.certificate_file(key_of("initech").certificate) + cms.key_file(key_of("initech"), None)
        )
        told = "cms -sign -binary -md sha512 -outform DER -in content -signer other.pem -signer cert.pem -inkey key.pem"
        both = openssl(tmp_path, *told.split())
        form = (
            "--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n" + base64.b64encode(both.stdout).decode() + "\r\n--=_b--\r\n"
        )
        found = opened(SIGNED, multipart(CONTENT, form=form))
        assert found.mic is not None
        assert (found.mic.algorithm, base64.b64decode(found.mic.value)) == ("sha512", sha512(CONTENT).digest())
