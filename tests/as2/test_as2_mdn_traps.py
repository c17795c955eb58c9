"""MDNs as other products write them, and what they ask for: what was met in the field, one row each."""

from __future__ import annotations

import base64

import pytest

from gateway.as2.mdn import PROCESSED, Disposition, Report, build_mdn, is_mdn, parse_mdn, request_of
from gateway.as2.mic import Mic, mic, parse
from gateway.core.exchanges import Pairs
from tests.as2.material import key_of, reader
from tests.as2.test_as2_traps import SIGNED, multipart

FOUND = mic([b"content"], "sha512")
SAID = "automatic-action/MDN-sent-automatically; processed"
FIELDS = (
    "Reporting-UA: Other 1.0\r\nFinal-Recipient: rfc822; US\r\nOriginal-Message-ID: <1@us>\r\n"
    f"Disposition: {SAID}\r\nReceived-Content-MIC: {FOUND}\r\n"
)
HUMAN = "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
NOTE = f"--b\r\nContent-Type: message/disposition-notification\r\n\r\n{FIELDS}"
REPORT: Pairs = (("Content-Type", "multipart/report; report-type=disposition-notification; boundary=b"),)


def read(body: str | bytes, fields: Pairs = REPORT, *, signed: bool = False, by: str | None = None) -> Report:
    data = body.encode() if isinstance(body, str) else body
    assert is_mdn(fields, reader(data))
    return parse_mdn(fields, data, [key_of(by).certificate] if by else [], signed=signed)


@pytest.mark.parametrize(
    "body",
    [
        f"{HUMAN}{NOTE}\r\n--b--\r\n",
        f"{NOTE}\r\n{HUMAN}--b--\r\n",
        f"{NOTE}\r\n--b--\r\n",
        f"Content-Type: multipart/report\r\n\r\nA preamble\r\n{HUMAN}{NOTE}\r\n--b--\r\nAn epilogue",
        f"{HUMAN}{NOTE}\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n--b--",
        f"{HUMAN}{NOTE}".replace("\r\n", "\n"),
        f"{HUMAN}{NOTE}".replace("message/disp", "Message/Disp").replace("Original-Mess", "ORIGINAL-mess"),
        f"{HUMAN}{NOTE}".replace("Disposition: ", "Disposition:\r\n\t").replace("; processed", ";\r\n processed"),
        f"{HUMAN}{NOTE}".replace(str(FOUND), f"{FOUND.value[:60]}\r\n {FOUND.value[60:]},\r\n\tSHA512"),
        f"{HUMAN}{NOTE}".replace("Disposition:", "\r\nDisposition:"),
        HUMAN
        + "--b\r\nContent-Type: message/disposition-notification\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(FIELDS.encode()).decode(),
    ],
    ids=[
        "usual", "text behind it", "no text", "preamble, epilogue", "the message's headers returned", "line feeds",
        "capitals and blanks", "folded disposition", "folded MIC", "groups of fields", "base64",
    ],
)  # fmt: skip
def test_each_way_it_is_written_says_the_same(body: str) -> None:
    found = read(body)
    assert (found.doubt, found.disposition.positive) == ("", True)
    assert (found.original_message_id, found.mic) == ("<1@us>", FOUND)


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/report; boundary=b",
        'Multipart/Report; Report-Type="Disposition-Notification"; boundary="b"',
        "multipart/report; report-type=disposition-notification",
    ],
    ids=["no report-type", "capitals", "no boundary"],
)
def test_it_is_known_as_one_however_its_header_is_written(content_type: str) -> None:
    assert read(f"{HUMAN}{NOTE}\r\n--b--\r\n", (("content-type", content_type),)).mic == FOUND


def test_its_headers_may_be_in_the_body_alone() -> None:
    body = f"Content-Type: {REPORT[0][1]}\r\nMIME-Version: 1.0\r\n\r\n{HUMAN}{NOTE}\r\n--b--\r\n"
    assert read(body, (("AS2-From", "THEM"),)).mic == FOUND


def test_the_notification_alone() -> None:
    assert read(FIELDS, (("Content-Type", "message/disposition-notification"),)).original_message_id == "<1@us>"


class TestSigned:
    CONTENT = f"Content-Type: {REPORT[0][1]}\r\n\r\n{HUMAN}{NOTE}\r\n--b--\r\n".encode()

    @pytest.mark.parametrize(
        "form",
        [
            "",
            "Content-Type: multipart/signed\r\n\r\n--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n{signature}--=_b--\r\n",
            "--=_b\r\n{content}\r\n--=_b\r\nContent-Type: application/x-pkcs7-signature\r\n\r\n{binary}\r\n--=_b--",
            "--=_b\n{content}\n--=_b\nContent-Type: application/pkcs7-signature\n\n{signature}",
        ],
        ids=["usual", "preamble", "binary", "line feeds"],
    )
    def test_its_signature_is_verified_however_it_is_written(self, form: str) -> None:
        found = read(multipart(self.CONTENT, form=form), (("Content-Type", SIGNED),), signed=True, by="acme")
        assert (found.doubt, found.signer, found.mic) == ("", key_of("acme").certificate, FOUND)

    @pytest.mark.parametrize("by", ["initech", "globex"])
    def test_nobody_else_can_sign_it(self, by: str) -> None:
        found = read(multipart(self.CONTENT, by=by), (("Content-Type", SIGNED),), signed=True, by="acme")
        assert found.doubt

    def test_a_signature_that_nobody_wants_and_nobody_can_judge_is_passed_by(self) -> None:
        assert read(multipart(self.CONTENT), (("Content-Type", SIGNED),)).doubt == ""
        assert read(multipart(self.CONTENT), (("Content-Type", SIGNED),), signed=True).doubt

    def test_what_stands_beside_what_was_signed_says_nothing(self) -> None:
        """A notification of the attacker before, behind and around one that was signed."""
        other = NOTE.replace(str(FOUND), str(mic([b"other"], "sha512"))).replace("--b", "--=_b")
        behind = "--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n{signature}" + other + "--=_b--\r\n"
        before = other + "\r\n--=_b\r\n{content}\r\n--=_b\r\n{head}\r\n\r\n{signature}--=_b--\r\n"
        fields = (("Content-Type", SIGNED),)
        assert read(multipart(self.CONTENT, form=behind), fields, signed=True, by="acme").mic == FOUND
        data = multipart(self.CONTENT, form=before)
        assert parse_mdn(fields, data, [key_of("acme").certificate], signed=True).doubt


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{FOUND.value}", "sha512"),
        (f"{FOUND.value},", "sha512"),
        (f"{FOUND.value}, sha2-512", "sha512"),
        (f"{mic([b''], 'sha1').value}", "sha1"),
        (f"{mic([b''], 'sha256').value}, SHA_256", "sha256"),
        (f"{mic([b''], 'md5').value} ,MD5", "md5"),
    ],
)
def test_a_mic_whose_algorithm_is_not_said_tells_it_by_its_length(text: str, name: str) -> None:
    assert parse(text) == Mic(text.partition(",")[0].strip(), name)


class TestAsked:
    @pytest.mark.parametrize(
        ("options", "micalgs", "lacks"),
        [
            ("signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha1, md5",
             ("sha1", "md5"), ""),
            ("signed-receipt-protocol=required,pkcs7-signature;signed-receipt-micalg=required,SHA256", ("sha256",), ""),
            ("signed-receipt-protocol=required,x-pkcs7-signature", (), ""),
            ("signed-receipt-micalg=sha-384 ; signed-receipt-protocol=optional,pkcs7-signature", ("sha384",), ""),
            ("\tSigned-Receipt-Protocol = Optional, PKCS7-Signature ;\tSigned-Receipt-MicAlg = optional, x, SHA-512",
             ("sha512",), ""),
            ("signed-receipt-protocol=required, pgp-signature", (), "unsupported format"),
            ("signed-receipt-protocol=optional, pgp-signature", (), ""),
            ("signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=required, what", (),
             "unsupported MIC-algorithms"),
            ("signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, what", (), ""),
        ],
    )  # fmt: skip
    def test_options_however_they_are_written(self, options: str, micalgs: tuple[str, ...], lacks: str) -> None:
        fields: Pairs = (("Disposition-Notification-To", ""), ("Disposition-Notification-Options", options))
        found = request_of(fields)
        assert (found.wanted, found.micalgs, found.lacks) == (True, micalgs, lacks)
        assert found.signed is ("protocol" in options.lower())


class TestBuilt:
    def built(self, *fields: tuple[str, str], disposition: Disposition = PROCESSED) -> tuple[dict[str, str], str]:
        how = {"mic": FOUND, "mic_spelled": "sha-512", "key": None, "digest": "sha256", "host": "h", "at": 0}
        found, body = build_mdn(fields, disposition, **how)  # type: ignore[arg-type]
        return dict(found), body.decode()

    @pytest.mark.parametrize(
        "id",
        [
            "<with blanks in it@acme>",
            "no brackets",
            "<a>",
            "<" + "x" * 990 + "@acme>",
            '<"quoted"@acme>',
            "<no-at-sign>",
        ],
    )
    def test_the_message_id_stands_there_byte_for_byte(self, id: str) -> None:
        _, body = self.built(("AS2-From", "A"), ("AS2-To", "B"), ("message-id", id))
        assert f"\r\nOriginal-Message-ID: {id}\r\n" in body

    def test_a_message_without_one_has_none_in_its_mdn(self) -> None:
        assert "Original-Message-ID" not in self.built(("AS2-From", "A"), ("AS2-To", "B"))[1]

    @pytest.mark.parametrize("name", ['"ACME Corp"', r'"a\"b\\c"', "<[]!#;,>", "a.b-c_1"])
    def test_names_are_exchanged_and_quoted_as_they_came(self, name: str) -> None:
        found, body = self.built(("AS2-From", name), ("AS2-To", '"US 1"'))
        assert (found["AS2-To"], found["AS2-From"]) == (name, '"US 1"')
        assert (found["AS2-Version"], found["EDIINT-Features"]) == ("1.2", "multiple-attachments")
        assert '\r\nFinal-Recipient: rfc822; "US 1"\r\n' in body

    def test_nothing_is_folded(self) -> None:
        _, body = self.built(("AS2-From", "A"), ("AS2-To", "B" * 128), ("Message-ID", "<" + "x" * 990 + ">"))
        assert f"\r\nReceived-Content-MIC: {FOUND}\r\n" in body
        assert "\r\n " not in body
        assert "\r\n\t" not in body

    @pytest.mark.parametrize(
        ("disposition", "said"),
        [
            (Disposition("processed"), "processed"),
            (Disposition("processed", "error", "decryption-failed"), "processed/error: decryption-failed"),
            (Disposition("processed", "warning", "duplicate-document"), "processed/warning: duplicate-document"),
            (Disposition("failed", "Failure", "unsupported format"), "failed/Failure: unsupported format"),
        ],
    )
    def test_dispositions_are_spelled_as_the_standard_has_them(self, disposition: Disposition, said: str) -> None:
        _, body = self.built(("AS2-From", "A"), ("AS2-To", "B"), disposition=disposition)
        assert f"\r\nDisposition: automatic-action/MDN-sent-automatically; {said}\r\n" in body
