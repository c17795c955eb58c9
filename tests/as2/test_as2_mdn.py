"""MDNs: what is asked for, what is answered, and what others' answers mean."""

from __future__ import annotations

import pytest

from gateway.as2.mdn import Disposition, build_mdn, fits, is_mdn, parse_disposition, parse_mdn, request_of
from gateway.as2.mic import Mic, algorithm_named, mic, parse
from gateway.core.exchanges import Pairs
from tests.as2.material import key_of, reader

MESSAGE: Pairs = (
    ("AS2-From", '"ACME Corp"'),
    ("AS2-To", "GLOBEX"),
    ("Message-ID", "<with blanks in it@acme>"),
    ("Disposition-Notification-To", "anybody"),
    (
        "Disposition-Notification-Options",
        "signed-receipt-protocol=optional, pkcs7-signature;\tsigned-receipt-micalg=optional, what, SHA-256, sha1",
    ),
)
FOUND = mic([b"content"], "sha256")
PROCESSED = Disposition("processed")


def answer(disposition: Disposition = PROCESSED, *, signed: bool, found: Mic | None = FOUND) -> tuple[Pairs, bytes]:
    key = key_of("globex") if signed else None
    return build_mdn(
        MESSAGE, disposition, mic=found, mic_spelled="SHA-256", key=key, digest="sha256", host="globex", at=0
    )


@pytest.mark.parametrize("signed", [False, True])
def test_what_is_built_is_read_again(signed: bool) -> None:
    fields, body = answer(signed=signed)
    assert is_mdn(fields, reader(body))
    report = parse_mdn(fields, body, [key_of("globex").certificate], signed=signed)
    assert report.doubt == ""
    assert report.disposition == PROCESSED
    assert report.original_message_id == "<with blanks in it@acme>"
    assert report.mic == FOUND
    assert report.mic_text.endswith("SHA-256"), "as the partner spells it"
    assert (report.signer == key_of("globex").certificate) is signed


def test_names_are_exchanged_and_nothing_of_ours_is_told() -> None:
    fields, body = answer(Disposition("processed", "error", "decryption-failed"), signed=False)
    assert dict(fields)["AS2-From"] == "GLOBEX"
    assert dict(fields)["AS2-To"] == '"ACME Corp"'
    assert b"could not be decrypted" in body
    assert b"\r\nFinal-Recipient: rfc822; GLOBEX\r\n" in body
    assert b"; processed/error: decryption-failed\r\n" in body


def test_a_header_cannot_smuggle_others_into_the_mdn() -> None:
    fields, body = build_mdn(
        (("Message-ID", "<a>\r\nDisposition: x; processed"), ("AS2-From", "A\r\nX: y"), ("AS2-To", "B")),
        Disposition("processed", "error", "decryption-failed"),
        mic=None, mic_spelled="", key=None, digest="sha256", host="h", at=0,
    )  # fmt: skip
    assert not any("\n" in value for _, value in fields)
    assert body.count(b"\nDisposition:") == 1


def test_the_signature_of_another_certificate_is_doubted() -> None:
    fields, body = answer(signed=True)
    assert "cannot be verified" in parse_mdn(fields, body, [key_of("acme").certificate], signed=True).doubt
    changed = body.replace(b"processed", b"Processed", 1)
    assert parse_mdn(fields, changed, [key_of("globex").certificate], signed=True).doubt


def test_one_that_was_to_be_signed_and_is_not_is_doubted() -> None:
    fields, body = answer(signed=False)
    assert "not signed" in parse_mdn(fields, body, [], signed=True).doubt
    fields, body = answer(Disposition("processed", "error", "decryption-failed"), signed=False)
    assert "decryption-failed" in parse_mdn(fields, body, [], signed=True).doubt, (
        "what it says helps a person all the same"
    )
    fields, body = answer(signed=False)
    assert parse_mdn(fields, body, [], signed=False).doubt == ""


@pytest.mark.parametrize(
    ("text", "positive", "reason"),
    [
        ("automatic-action/MDN-sent-automatically; processed", True, ""),
        ("automatic-action/MDN-sent-automatically;processed", True, ""),
        ("Automatic-Action/mdn-sent-automatically ; Processed", True, ""),
        ("automatic-action/MDN-sent-automatically; processed/warning: duplicate-document", True, "duplicate-document"),
        ("automatic-action/MDN-sent-automatically; processed/Error:decryption-failed", False, "decryption-failed"),
        ("automatic-action/MDN-sent-automatically; processed/error: Decryption-Failed", False, "decryption-failed"),
        ("automatic-action/MDN-sent-automatically; failed/Failure: unsupported format", False, "unsupported format"),
        ("automatic-action/MDN-sent-automatically; failed", False, ""),
        ("automatic-action/MDN-sent-automatically; processed/decryption-failed", False, "decryption-failed"),
    ],
)  # fmt: skip
def test_dispositions_as_they_were_met(text: str, positive: bool, reason: str) -> None:
    found = parse_disposition(text)
    assert found is not None
    assert (found.positive, found.reason) == (positive, reason)


def test_what_says_nothing_is_no_disposition() -> None:
    assert parse_disposition("") is None
    assert parse_disposition("processed") is None


def test_an_mdn_as_others_write_it() -> None:
    """A preamble that looks like a header, bare line feeds, no last delimiter, empty lines between fields."""
    body = (
        b'Content-Type: multipart/report; boundary="x"\n\n--x\nContent-Type: text/plain\n\nhello\n--x\n'
        b"content-type: message/disposition-notification\n\nFinal-Recipient: rfc822;B\n\n"
        b"original-message-id:<a@b>\nDISPOSITION: automatic-action/MDN-sent-automatically;processed\n"
        b"Received-content-MIC: " + FOUND.value.encode() + b" ,\n sha-256\n"
    )
    for content_type in ('multipart/report; report-type="disposition-notification"; boundary="x"', "multipart/report"):
        fields = (("content-type", content_type),)
        assert is_mdn(fields, reader(body))
        report = parse_mdn(fields, body, [], signed=False)
        assert (report.doubt, report.original_message_id, report.mic, report.text) == ("", "<a@b>", FOUND, "hello")


class TestAsked:
    def test_a_signed_one_with_the_first_digest_that_is_known(self) -> None:
        found = request_of(MESSAGE)
        assert (found.wanted, found.signed, found.micalgs, found.url) == (True, True, ("sha256", "sha1"), None)

    def test_the_protocol_is_no_digest(self) -> None:
        options = "signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required,md5"
        assert request_of((("Disposition-Notification-Options", options),)).micalgs == ("md5",)

    def test_none(self) -> None:
        assert not request_of(()).wanted

    def test_elsewhere(self) -> None:
        url = "https://globex.example/mdn?a=b;c=" + "d" * 200
        assert request_of((*MESSAGE, ("receipt-delivery-option", url))).url == url


class TestMic:
    @pytest.mark.parametrize("word", ["sha1", "sha-1", "SHA1", "rsa-sha1", " Sha-1 "])
    def test_algorithms_however_they_are_spelled(self, word: str) -> None:
        assert algorithm_named(word) == "sha1"

    @pytest.mark.parametrize("text", ["{}, sha-256", "{},sha256", " {} , SHA-256 ", "{},\r\n SHA256"])
    def test_blanks_and_folding_do_not_matter(self, text: str) -> None:
        assert parse(text.format(FOUND.value)) == FOUND

    def test_none(self) -> None:
        assert parse("") is None
        assert parse("abc, whirlpool") is None

    def test_another_way_to_take_it_fits_too(self) -> None:
        other = mic([b"without headers"], "sha256")
        assert fits(FOUND, (), FOUND)
        assert fits(FOUND, (other,), other)
        assert not fits(FOUND, (), other)
        assert not fits(FOUND, (), FOUND._replace(algorithm="sha1")), "the one that was asked for"
